import type { SampleRow } from "../checks/samples.ts";
import { groupOption } from "../config/commands.ts";
import type { Pipeline } from "../config/pipeline.ts";
import type { AsOf } from "../lineage/as-of.ts";
import { recordReport } from "../projector/run-report.ts";
import type { RequestUsage } from "../sources/request-usage.ts";
import type { RunDetail } from "../store/operations/show-run.ts";
import { type RunDocument, runDocument } from "./run.ts";

/** What one source was asked, and what that took. */
export interface RequestsDocument {
  readonly source: string;
  /** Sent, again too. */
  readonly requests: number;
  readonly retries: number;
  readonly rate_wait_seconds: number;
  readonly retry_wait_seconds: number;
  readonly bytes: number;
}

/** The requests that the step of extracting kept; none of a source that is no API, and none in steps of earlier versions. */
function requestsOf(steps: RunDetail["steps"]): RequestsDocument[] {
  const details = steps.map(({ detail }) => detail as { requests?: Readonly<Record<string, RequestUsage>> });
  const kept = details.flatMap(({ requests = {} }) => Object.entries(requests));
  return kept.map(([source, { requests, retries, rateWaitMs, retryWaitMs, bytes }]) => ({
    source,
    requests,
    retries,
    rate_wait_seconds: Math.round(rateWaitMs) / 1000,
    retry_wait_seconds: Math.round(retryWaitMs) / 1000,
    bytes,
  }));
}

/** A run with everything that is known of it, and what to type next in a pipeline. */
export function shownRun(detail: RunDetail, pipeline: Pick<Pipeline, "defaultGroup">) {
  const verdicts = (scope: "rule" | "gate") => detail.verdicts.filter((v) => v.scope === scope);
  const run = runDocument(detail.run);
  return {
    run,
    steps: detail.steps.map((step) => ({
      stage: step.stage,
      status: step.status,
      seconds: step.finishedAt && (step.finishedAt.getTime() - step.startedAt.getTime()) / 1000,
      detail: step.detail,
    })),
    requests: requestsOf(detail.steps),
    gates: verdicts("gate").map(recordReport),
    rules_passed: verdicts("rule").filter((v) => v.verdict === "pass").length,
    rules: verdicts("rule")
      .filter((v) => v.verdict !== "pass")
      .map((v) => ({
        feed: v.feed,
        rule: v.name,
        ...(v.detail as { severity: string; fingerprint: string }),
        verdict: v.verdict,
        observed: v.observed,
        limit: v.limit,
      })),
    samples: detail.samples.map((sample) => ({ ...sample, rows: sample.rows as readonly SampleRow[] })),
    as_of: (detail.run.result as { as_of?: AsOf | null } | null)?.as_of ?? null,
    message: (detail.run.result as { message?: string | null } | null)?.message ?? null,
    next: nextOf(run, groupOption(pipeline, run.group)),
  };
}

/** What a repeated run needs to be of the same kind. */
const OPTION: Readonly<Record<string, string>> = { whole: ' --full --reason "…"', replay: " --replay BATCH" };

function nextOf(run: RunDocument, group: string): string {
  if (run.status === "died" && run.kind !== "heal") return "`ledgerloop run` with the same options: the landed extract is reused";
  if (run.status === "running") return `wait, or stop it with \`ledgerloop cancel ${run.run_id}\``;
  if (run.kind === "heal" && run.outcome !== "published")
    return "`ledgerloop reconcile breaks` lists what is open, `ledgerloop reconcile heal` heals it";
  const again = `\`ledgerloop run${group}${run.window ? ` --window ${run.window}` : ""}${run.keys ? " --keys" : (OPTION[run.kind] ?? "")}\``;
  switch (run.outcome) {
    case "published":
      return "`ledgerloop quarantine list` shows what waits";
    case "blocked":
      return `fix the source, or the contract where it is wrong, and ${again}; --same-extract judges the same bytes`;
    case "already_published":
    case "nothing_to_do":
      return "nothing; `ledgerloop runs` lists what was published";
    default:
      return `\`ledgerloop doctor\`, then ${again}`;
  }
}

export type ShownRun = ReturnType<typeof shownRun>;
