import type { Store } from "../store.ts";

/** Whether somebody asked a run to stop. */
export async function isCancelRequested(store: Store, runId: string): Promise<boolean> {
  const rows = await store.ask("select from ledgerloop.run where run_id = $1 and cancel_requested_at is not null", [runId]);
  return rows.length === 1;
}
