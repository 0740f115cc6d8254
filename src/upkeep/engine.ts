import type { Pipeline } from "../config/pipeline.ts";
import type { Clock, Ids } from "../kernel/clock.ts";
import { Failure } from "../kernel/problem.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import type { ObjectInventory } from "../objects/object-store.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
import type { Store } from "../store/store.ts";
import type { Session, Warehouse } from "../warehouse/warehouse.ts";
import type { FileUse } from "../warehouse/warehouse-file.ts";
import { notFiles } from "./problems.ts";

/** A warehouse that is a file. */
export interface WarehouseState {
  readonly warehouse: string;
  use(): Promise<FileUse>;
  /** Rewrites the file without its free blocks. */
  compact(): Promise<Pick<FileUse, "bytes">>;
  /** Does work while no session of any process has the warehouse file open. */
  alone<T>(purpose: string, work: () => Promise<T>): Promise<T>;
  /** A warehouse in another file. */
  warehouseAt(path: string): Warehouse;
}

/** The state of an environment whose warehouse and object store are files. */
export interface StateFiles extends WarehouseState {
  /** The folder of the object store. */
  readonly objects: string;
  /** The file of an object. */
  objectPath(key: string): string;
}

/** Everything that upkeep works on. `warehouseFile` is absent where the warehouse is no file, `files` where the object store is none either. */
export interface UpkeepEngine {
  readonly pipeline: Pipeline;
  readonly warehouse: Warehouse;
  readonly warehouseFile?: WarehouseState;
  readonly files?: StateFiles;
  readonly store: Store;
  readonly objects: ObjectInventory;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly codeVersion: string;
  readonly actor: string;
  /** Takes a line of progress. */
  readonly emit: (line: string) => void;
}

/** Why somebody asks for something, as it is recorded. */
export interface Decision {
  readonly reason: string | null;
  readonly ticket: string | null;
}

/**
 * The state as files.
 * @throws Failure `usage` where it is none.
 */
export function filesOf(engine: UpkeepEngine): StateFiles {
  if (!engine.files) throw new Failure("usage", notFiles());
  return engine.files;
}

/** A lease of every group for one piece of upkeep. */
export function leaseOf({ pipeline }: Pick<UpkeepEngine, "pipeline">, runId: string) {
  const { groups, environment } = pipeline;
  return { groups: [...groups.keys()], runId, seconds: environment.leaseSeconds };
}

/** Appends to the warehouse's audit trail who did what and why; inside the caller's transaction. */
export async function recordEvents(
  engine: UpkeepEngine,
  options: { session: Session; decision: Decision; events: readonly { event: string; subject: string; detail: unknown }[] },
): Promise<void> {
  const { actor, codeVersion, clock, ids } = engine;
  const { reason, ticket } = options.decision;
  const origin = { id: ids.next("upkeep"), group: null, actor, reason, ticket, codeVersion, at: clock.now() };
  const entries = options.events.map((entry) => ({ ...entry, detail: JSON.stringify(entry.detail) }));
  for (const statement of recordAudit(engine.warehouse.dialect, origin, entries)) await options.session.run(statement);
}

/** The same in a session and a transaction of their own. */
export async function recordAlone(
  engine: UpkeepEngine,
  options: Omit<Parameters<typeof recordEvents>[1], "session">,
): Promise<void> {
  const { warehouse, pipeline } = engine;
  const session = await warehouse.open({ purpose: "audit trail" });
  try {
    const { dialect } = warehouse;
    if (dialect.can.ddl === "by_run") await prepareOps(session, dialect, pipeline.groups.keys());
    else await requireOpsVersion(session, dialect);
    await session.transaction(() => recordEvents(engine, { ...options, session }));
  } finally {
    await session.close();
  }
}
