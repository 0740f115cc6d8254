import type { Store } from "../store.ts";

const REQUEST = `
update ledgerloop.run
   set cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()), cancel_requested_by = coalesce(cancel_requested_by, $2)
 where run_id = $1 and status = 'running'
returning run_id`;

/** Asks a run to stop before it publishes; the first who asks is remembered. */
export async function requestCancel(store: Store, runId: string, by: string): Promise<"requested" | "finished" | "unknown"> {
  return store.inTransaction(async (ask) => {
    if ((await ask(REQUEST, [runId, by])).length === 1) return "requested";
    return (await ask("select from ledgerloop.run where run_id = $1", [runId])).length === 1 ? "finished" : "unknown";
  });
}
