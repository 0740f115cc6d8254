import type { Pipeline } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import type { App } from "./ports.ts";

/** Asks the open warehouse a question. */
export type AskWarehouse = (statement: Statement) => Promise<TextRow[]>;

/** A look must not hold up a run that has the warehouse open. */
const GLANCE_MS = 2_000;

async function opened<T>(
  app: App,
  pipeline: Pipeline,
  { work, ...how }: { purpose: string; waitMs?: number; work: (session: Session, dialect: Dialect) => Promise<T> },
): Promise<T> {
  const warehouse = await app.look.warehouse(pipeline);
  const session = await warehouse.open({ ...how, readOnly: true });
  try {
    return await work(session, warehouse.dialect);
  } finally {
    await session.close();
  }
}

/**
 * Looks at the warehouse read-only and closes it again, where the answer is not worth a wait.
 * @throws Failure `retryable` when somebody else has it for more than two seconds.
 */
export function glance<T>(
  app: App,
  pipeline: Pipeline,
  of: { purpose: string; work: (session: Session, dialect: Dialect) => Promise<T> },
): Promise<T> {
  return opened(app, pipeline, { ...of, waitMs: GLANCE_MS });
}

/** Opens the warehouse read-only and closes it again: nobody else can use it meanwhile. */
export function readingIn<T>(app: App, pipeline: Pipeline, work: (session: Session, dialect: Dialect) => Promise<T>): Promise<T> {
  return opened(app, pipeline, { purpose: "reading", work });
}

/** The same for some questions. */
export function reading<T>(app: App, pipeline: Pipeline, work: (ask: AskWarehouse, dialect: Dialect) => Promise<T>): Promise<T> {
  return readingIn(app, pipeline, (session, dialect) => work((statement) => session.rows(statement), dialect));
}
