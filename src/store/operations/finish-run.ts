import type { Store } from "../store.ts";

/** How a run ended. `result` is the document that `run --json` prints. */
export interface RunEnd {
  readonly runId: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly publicationId: string | null;
  readonly result: unknown;
}

const FINISH = `
update ledgerloop.run
   set status = 'finished', outcome = $2, exit_code = $3, publication_id = coalesce($4, publication_id), result = $5, finished_at = clock_timestamp()
 where run_id = $1 and status = 'running'
returning run_id`;

/** Journals how a run ended; false when it had ended already (the first word stands). */
export async function finishRun(store: Store, end: RunEnd): Promise<boolean> {
  const rows = await store.ask(FINISH, [end.runId, end.outcome, end.exitCode, end.publicationId, JSON.stringify(end.result)]);
  return rows.length === 1;
}
