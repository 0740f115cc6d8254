import type { Store } from "../store.ts";
import { RUN_COLUMNS, type RunRow } from "./list-runs.ts";

/** The journal's lines of the named runs; unknown ones are left out. */
export async function findRuns(store: Store, runIds: readonly string[]): Promise<RunRow[]> {
  return store.ask<RunRow>(`select ${RUN_COLUMNS} from ledgerloop.run r where r.run_id = any($1)`, [runIds]);
}
