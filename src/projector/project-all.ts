import { Failure, type Problem } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { opsVersion } from "../schema/upgrade.ts";
import { OPS_VERSION } from "../warehouse/ops-tables.ts";
import type { Session, Warehouse } from "../warehouse/warehouse.ts";
import { type Projecting, type Projection, projectLedger } from "./project.ts";

/** What the control store was told of every group, or why it was not: then the next run of a group tells it. */
export type ProjectedAll = { readonly groups: readonly Projection[] } | { readonly untold: Problem };

/** Whether anything was ever published here; a file or a database may be there before. */
async function hasLedger(session: Session): Promise<boolean> {
  const rows = await session.rows({
    name: "project.has-ledger",
    sql: "SELECT t.table_name FROM information_schema.tables t WHERE LOWER(t.table_schema) = 'ops' AND LOWER(t.table_name) = 'schema_version'",
  });
  return rows.length > 0;
}

async function tellAll(session: Session, projecting: Omit<Projecting, "session">): Promise<Projection[]> {
  const { dialect, pipeline } = projecting;
  if (!(await hasLedger(session))) return [];
  // Tables of an earlier version are upgraded by the next run, which tells then.
  if ((await opsVersion(session, dialect)) !== OPS_VERSION) return [];
  const groups: Projection[] = [];
  for (const group of pipeline.groups.keys()) {
    const { head } = await readNumbers(session, dialect, group);
    groups.push(await projectLedger({ ...projecting, session }, { group, head }));
  }
  return groups;
}

/** The warehouse is in use, cannot be reached or does not let us read: no reason for whoever asked to fail. */
function untold(error: unknown): ProjectedAll {
  const problem = error instanceof Failure ? error.problems[0] : undefined;
  if (problem?.code === "warehouse.missing") return { groups: [] };
  if (problem) return { untold: problem };
  throw error;
}

/**
 * Tells the control store of every group of a pipeline what the ledger has and it does not know. Waits for somebody who has the
 * warehouse open as long as it is told to, usually not at all.
 * @throws Failure `retryable` when the control store cannot be reached.
 */
export async function projectAll(
  warehouse: Warehouse,
  { waitMs = 0, ...projecting }: Omit<Projecting, "session" | "dialect"> & { readonly waitMs?: number },
): Promise<ProjectedAll> {
  let session: Session;
  try {
    session = await warehouse.open({ purpose: "tell the control store", readOnly: true, waitMs });
  } catch (error) {
    return untold(error);
  }
  try {
    return { groups: await tellAll(session, { ...projecting, dialect: warehouse.dialect }) };
  } catch (error) {
    if (error instanceof Failure && error.kind !== "retryable") return untold(error);
    throw error;
  } finally {
    await session.close();
  }
}
