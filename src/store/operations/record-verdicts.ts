import type { Store } from "../store.ts";

/** What a rule or a gate said. `feed` is null for a verdict on the whole group. */
export interface VerdictRecord {
  readonly scope: "rule" | "gate";
  readonly feed: string | null;
  readonly name: string;
  readonly verdict: "pass" | "warn" | "fail" | "error";
  readonly observed: string | null;
  readonly limit: string | null;
  readonly detail: unknown;
}

const RECORD = `
insert into ledgerloop.verdict (run_id, scope, feed, name, verdict, observed, limit_text, detail)
select $1, v.scope, coalesce(v.feed, ''), v.name, v.verdict, v.observed, v."limit", coalesce(v.detail, 'null')
  from jsonb_to_recordset($2::jsonb)
       as v (scope text, feed text, name text, verdict text, observed text, "limit" text, detail jsonb)
on conflict (run_id, scope, feed, name) do update
   set verdict = excluded.verdict, observed = excluded.observed, limit_text = excluded.limit_text, detail = excluded.detail`;

/** Writes verdicts of a run; a repeated stage replaces its own. */
export async function recordVerdicts(store: Store, runId: string, verdicts: readonly VerdictRecord[]): Promise<void> {
  await store.ask(RECORD, [runId, JSON.stringify(verdicts)]);
}
