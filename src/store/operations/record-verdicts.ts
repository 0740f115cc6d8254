import type { Store } from "../store.ts";

/** What a rule or a gate said. `feed` is null for a verdict on the whole group. */
export interface VerdictRecord {
  readonly scope: "rule" | "gate";
  readonly feed: string | null;
  readonly name: string;
  /** Null in lines that were written before severities were kept. */
  readonly severity: string | null;
  readonly verdict: "pass" | "warn" | "fail" | "error";
  readonly observed: string | null;
  readonly limit: string | null;
  /** What else a gate is about. */
  readonly currency: string | null;
  readonly table: string | null;
  readonly rule: string | null;
  readonly subject: string | null;
  readonly detail: unknown;
}

/** Takes a run and its `VerdictRecord`s as JSON. */
export const RECORD_VERDICTS = `
insert into ledgerloop.verdict
       (run_id, scope, feed, name, severity, verdict, observed, limit_text, currency, curated, rule, subject, detail)
select $1, v.scope, coalesce(v.feed, ''), v.name, v.severity, v.verdict, v.observed, v."limit",
       coalesce(v.currency, ''), coalesce(v."table", ''), coalesce(v.rule, ''), coalesce(v.subject, ''), coalesce(v.detail, 'null')
  from jsonb_to_recordset($2::jsonb)
       as v (scope text, feed text, name text, severity text, verdict text, observed text, "limit" text,
             currency text, "table" text, rule text, subject text, detail jsonb)
on conflict (run_id, scope, feed, name, currency, curated, rule, subject) do update
   set severity = excluded.severity, verdict = excluded.verdict, observed = excluded.observed,
       limit_text = excluded.limit_text, detail = excluded.detail`;

/** Writes verdicts of a run; a repeated stage replaces its own. */
export async function recordVerdicts(store: Store, runId: string, verdicts: readonly VerdictRecord[]): Promise<void> {
  await store.ask(RECORD_VERDICTS, [runId, JSON.stringify(verdicts)]);
}
