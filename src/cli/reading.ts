import type { Pipeline } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import type { CommandContext } from "./context.ts";

/** Asks the open warehouse a question. */
export type AskWarehouse = (statement: Statement) => Promise<TextRow[]>;

/** Opens the warehouse read-only for some questions and closes it again: nobody else can use it meanwhile. */
export async function reading<T>(
  context: CommandContext,
  pipeline: Pipeline,
  work: (ask: AskWarehouse, dialect: Dialect) => Promise<T>,
): Promise<T> {
  const warehouse = await context.app.warehouse(pipeline);
  const session = await warehouse.open({ purpose: "reading", readOnly: true });
  try {
    return await work((statement) => session.rows(statement), warehouse.dialect);
  } finally {
    await session.close();
  }
}
