import { Command } from "commander";
import type { RunDocument } from "../documents/run.ts";
import { type ShownRun, shownRun } from "../documents/shown-run.ts";
import { Failure } from "../kernel/problem.ts";
import { listRuns } from "../store/operations/list-runs.ts";
import { type RunDetail, showRun } from "../store/operations/show-run.ts";
import type { Store } from "../store/store.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { paintVerdict } from "./paint.ts";
import { runUnknown } from "./problems.ts";
import { showRowCommand } from "./show-row.ts";
import { renderTable } from "./table.ts";

/** Enough newest runs to find the one that was meant. */
const REMEMBERED = 200;
/** Sample rows shown to people; JSON has all that were kept. */
const SHOWN = 5;

/** The journal's run, or a failure that names the closest one. */
export async function runOrFailure(store: Store, runId: string): Promise<RunDetail> {
  const detail = await showRun(store, runId);
  if (detail) return detail;
  const known = await listRuns(store, { limit: REMEMBERED });
  throw new Failure(
    "usage",
    runUnknown(
      runId,
      known.map((run) => run.runId),
    ),
  );
}

function section(title: string, rows: readonly Readonly<Record<string, string | null>>[]): string {
  return rows.length === 0 ? "" : `\n${title}\n${renderTable(rows)}`;
}

function samplesText(samples: ShownRun["samples"]): string {
  return samples
    .map(({ feed, reason, rows }) => {
      const lines = rows.slice(0, SHOWN).map((row) => ({ position: row.position, reasons: row.reasons.join(", "), ...row.key }));
      const more = rows.length > SHOWN ? `(${rows.length - SHOWN} more in --json)\n` : "";
      return `${section(`${reason} rows of ${feed}, personal values masked`, lines)}${more}`;
    })
    .join("");
}

function requestsText({ requests }: ShownRun): string {
  const lines = requests.map((of) => {
    const waits = `waited ${of.rate_wait_seconds.toFixed(1)} s for its rate and ${of.retry_wait_seconds.toFixed(1)} s to ask again`;
    return `source ${of.source}: ${of.requests} requests, ${of.retries} of them again; ${waits}; ${(of.bytes / 1_000_000).toFixed(1)} MB received\n`;
  });
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}

function publicationText({ publication_id: id, undone_by: by }: RunDocument): string[] {
  return id === null ? [] : [`publication ${id}${by === null ? "" : `, undone by ${by}`}`];
}

function head({ run, message }: ShownRun, paint: CommandContext["paint"]): string {
  const lines = [
    `run ${run.run_id}: ${paintVerdict(paint, run.outcome ?? run.status)}${run.exit_code === null ? "" : `, exit code ${run.exit_code}`}`,
    `group ${run.group}, ${run.kind}${run.window ? ` for ${run.window}` : ""}, started ${run.started_at} by ${run.actor}`,
    ...(run.reason || run.ticket ? [`reason: ${run.reason ?? "none"}${run.ticket ? ` (${run.ticket})` : ""}`] : []),
    ...publicationText(run),
    ...(run.cancel_requested_by ? [`cancel requested by ${run.cancel_requested_by}`] : []),
    ...(message ? [message] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function render(context: CommandContext, shown: ShownRun): string {
  const verdict = (word: string) => paintVerdict(context.paint, word);
  const steps = shown.steps.map((s) => ({ stage: s.stage, status: verdict(s.status), seconds: s.seconds?.toFixed(2) ?? "" }));
  const doubtful = shown.gates.filter((g) => g.verdict !== "pass");
  const gates = doubtful.map(({ gate, verdict: v, observed, limit }) => ({ gate, verdict: verdict(v), observed, limit }));
  const passed = shown.gates.length - gates.length;
  const rules = shown.rules.map(({ feed, rule, severity, verdict: v, observed }) => ({
    feed,
    rule,
    severity,
    verdict: verdict(v),
    observed,
  }));
  return [
    head(shown, context.paint),
    section("stages", steps),
    requestsText(shown),
    gates.length === 0 && passed > 0
      ? `\nall ${passed} gates passed\n`
      : section(`gates that did not pass (${passed} passed)`, gates),
    section(`rules that did not pass (${shown.rules_passed} passed)`, rules),
    samplesText(shown.samples),
    `\nnext: ${shown.next}\n`,
  ].join("");
}

/** `ledgerloop show` */
export function showCommand(context: CommandContext): Command {
  const command = new Command("show")
    .description("show a run: stages, gates, rules that did not pass, masked samples, what to type next")
    .argument("<run>", "run id, as `ledgerloop runs` lists it")
    .addCommand(showRowCommand(context));
  return withCommonOptions(command, ["show run_20261123T100502114Z_5f0c1a", "show run_20261123T100502114Z_5f0c1a --json"]).action(
    async (runId: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const shown = shownRun(await context.app.look.withStore(pipeline, (store) => runOrFailure(store, runId)), pipeline);
      if (options.json) return printJson(context, shown);
      context.out(render(context, shown));
    },
  );
}
