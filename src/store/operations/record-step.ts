import type { Store } from "../store.ts";

/** Where a stage of a run stands. */
export interface StepRecord {
  readonly runId: string;
  readonly stage: string;
  readonly ordinal: number;
  readonly status: "running" | "done" | "skipped" | "failed";
  readonly detail: unknown;
}

const RECORD = `
insert into ledgerloop.step (run_id, stage, ordinal, status, detail, started_at, finished_at)
values ($1, $2, $3, $4, $5, clock_timestamp(), case when $4 <> 'running' then clock_timestamp() end)
on conflict (run_id, stage) do update
   set ordinal = excluded.ordinal, status = excluded.status, detail = excluded.detail,
       started_at = case when excluded.status = 'running' then excluded.started_at else step.started_at end,
       finished_at = excluded.finished_at`;

/** Writes a stage's line: once as `running`, once more with how it ended. */
export async function recordStep(store: Store, step: StepRecord): Promise<void> {
  const { runId, stage, ordinal, status, detail } = step;
  await store.ask(RECORD, [runId, stage, ordinal, status, JSON.stringify(detail)]);
}
