import type { Store } from "../store.ts";

/** Rows kept per run, feed and reason; the table refuses more. */
const SAMPLE_ROWS = 20;

/** A few rows that failed for one reason. The caller has masked every personal value. */
export interface SampleRecord {
  readonly feed: string;
  readonly reason: string;
  readonly rows: readonly unknown[];
}

/** Takes a run and `sampleValues` as JSON. */
export const RECORD_SAMPLES = `
insert into ledgerloop.sample (run_id, feed, reason, rows)
select $1, s.feed, s.reason, s.rows from jsonb_to_recordset($2::jsonb) as s (feed text, reason text, rows jsonb)
on conflict (run_id, feed, reason) do update set rows = excluded.rows`;

/** Samples as the table takes them. */
export function sampleValues(samples: readonly SampleRecord[]): SampleRecord[] {
  return samples.map(({ feed, reason, rows }) => ({ feed, reason, rows: rows.slice(0, SAMPLE_ROWS) }));
}

/** Writes masked samples of a run, at most 20 rows per feed and reason; a repeated stage replaces its own. */
export async function recordSamples(store: Store, runId: string, samples: readonly SampleRecord[]): Promise<void> {
  await store.ask(RECORD_SAMPLES, [runId, JSON.stringify(sampleValues(samples))]);
}
