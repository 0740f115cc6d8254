import type { Store } from "../store.ts";
import { RUN_COLUMNS, type RunRow } from "./list-runs.ts";
import type { SampleRecord } from "./record-samples.ts";
import type { StepRecord } from "./record-step.ts";
import type { VerdictRecord } from "./record-verdicts.ts";

/** Everything that the control store knows about a run. */
export interface RunDetail {
  readonly run: RunRow & { readonly args: unknown; readonly result: unknown };
  readonly steps: readonly (Omit<StepRecord, "runId"> & { readonly startedAt: Date; readonly finishedAt: Date | null })[];
  readonly verdicts: readonly VerdictRecord[];
  readonly samples: readonly SampleRecord[];
}

const STEPS = `
select stage, ordinal, status, detail, started_at as "startedAt", finished_at as "finishedAt"
  from ledgerloop.step where run_id = $1 order by ordinal`;

const VERDICTS = `
select scope, nullif(feed, '') as feed, name, severity, verdict, observed, limit_text as "limit",
       nullif(currency, '') as currency, nullif(curated, '') as "table", nullif(rule, '') as rule, nullif(subject, '') as subject, detail
  from ledgerloop.verdict v where run_id = $1
 order by v.scope, v.feed, v.name, v.curated, v.rule, v.currency, v.subject`;

/** A run with its steps, verdicts and samples; null if there is no such run. */
export async function showRun(store: Store, runId: string): Promise<RunDetail | null> {
  return store.inTransaction(async (ask) => {
    const [run] = await ask<RunDetail["run"]>(
      `select ${RUN_COLUMNS}, r.args, r.result from ledgerloop.run r where r.run_id = $1`,
      [runId],
    );
    if (!run) return null;
    return {
      run,
      steps: await ask<RunDetail["steps"][number]>(STEPS, [runId]),
      verdicts: await ask<VerdictRecord>(VERDICTS, [runId]),
      samples: await ask<SampleRecord>(
        "select feed, reason, rows from ledgerloop.sample where run_id = $1 order by feed, reason",
        [runId],
      ),
    };
  });
}
