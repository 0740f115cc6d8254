import type { Store } from "../store.ts";

/** Notes the fencing token of a run and the head it builds on, once both are known. */
export async function recordBase(store: Store, run: { runId: string; token: string; baseHead: string }): Promise<void> {
  await store.ask("update ledgerloop.run set token = $2, base_head = $3 where run_id = $1", [run.runId, run.token, run.baseHead]);
}
