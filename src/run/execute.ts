import { fingerprint } from "../kernel/fingerprint.ts";
import { Failure, messageOf } from "../kernel/problem.ts";
import { formatWindow } from "../kernel/window.ts";
import { isBlocked } from "../publish/gates.ts";
import { finishRun } from "../store/operations/finish-run.ts";
import { recordSamples } from "../store/operations/record-samples.ts";
import { recordStep } from "../store/operations/record-step.ts";
import { recordVerdicts } from "../store/operations/record-verdicts.ts";
import { startRun } from "../store/operations/start-run.ts";
import { afterGates, auditStage } from "./audit-stage.ts";
import { begin } from "./begin.ts";
import { filled, type RunContext, type RunEnding, usageOf } from "./context.ts";
import { unlessDiskFull } from "./disk-full.ts";
import { type Engine, kindOf, type RunRequest } from "./engine.ts";
import { extract, verify } from "./extract.ts";
import { groupFingerprints } from "./fingerprints.ts";
import { judgeStage } from "./judge-stage.ts";
import { underLease } from "./lease.ts";
import { planRun, type Stage } from "./plan.ts";
import { windowInFuture } from "./problems.ts";
import { publishStage, refuseCancelled } from "./publish-stage.ts";
import { feedReports, NO_RULES, type RunReport, type StageReport } from "./report.ts";
import { summarizeRules } from "./rule-verdicts.ts";

type Work = (run: RunContext) => Promise<RunEnding | null>;

/** A blocking gate ends the run where it is found. */
function unlessBlocked(work: (run: RunContext) => Promise<void>): Work {
  return async (run) => {
    await work(run);
    return isBlocked(run.gates) ? { outcome: "blocked", publicationId: null, message: null } : null;
  };
}

const WORK: Readonly<Record<Stage["stage"], Work>> = {
  begin,
  extract: unlessBlocked(extract),
  verify: unlessBlocked(verify),
  judge: unlessBlocked(judgeStage),
  audit: unlessBlocked(auditStage),
  publish: publishStage,
};

function journalKey(run: RunContext, stage: Stage): string {
  return fingerprint({
    stage,
    batches: run.batches.map((batch) => batch.id),
    inForce: groupFingerprints(run.engine.pipeline, run.group),
    code: run.engine.codeVersion,
  });
}

function stageDetail(run: RunContext, stage: Stage): unknown {
  if (stage.stage === "extract")
    return {
      batches: run.batches.map((b) => ({ feed: b.manifest.extract.feed, batch: b.id, manifest: b.key })),
      reused: run.reused,
    };
  if (stage.stage === "judge") return { parts: Object.fromEntries(run.parts) };
  return {};
}

async function runStage(
  run: RunContext,
  stage: Stage,
  ordinal: number,
): Promise<{ ending: RunEnding | null; report: StageReport }> {
  const { engine, runId } = run;
  const line = { runId, stage: stage.stage, ordinal, journalKey: journalKey(run, stage) };
  run.stage = stage.stage;
  engine.emit({ event: "stage-started", runId, stage: stage.stage });
  await recordStep(engine.store, { ...line, status: "running", detail: {} });
  const began = performance.now();
  try {
    await refuseCancelled(run);
    const ending = await WORK[stage.stage](run);
    const seconds = Math.round(performance.now() - began) / 1000;
    const skipped = stage.stage === "extract" && run.reused ? "landed before" : null;
    await recordStep(engine.store, { ...line, status: skipped ? "skipped" : "done", detail: stageDetail(run, stage) });
    engine.emit({ event: "stage-ended", runId, stage: stage.stage, seconds, skipped });
    return { ending, report: { stage: stage.stage, seconds, skipped } };
  } catch (error) {
    await recordStep(engine.store, { ...line, status: "failed", detail: { says: messageOf(error) } }).catch(() => undefined);
    throw error;
  }
}

const EXIT_BY_OUTCOME: Readonly<Record<RunEnding["outcome"], number>> = {
  published: 0,
  already_published: 0,
  nothing_to_do: 0,
  blocked: 10,
};

function reportOf(
  run: RunContext,
  end: {
    outcome: string;
    exitCode: number;
    publicationId: string | null;
    message: string | null;
    stages: readonly StageReport[];
  },
): RunReport {
  return {
    run_id: run.runId,
    group: run.group.name,
    window: run.request.window ? formatWindow(run.request.window) : null,
    publication_id: end.publicationId,
    outcome: end.outcome,
    exit_code: end.exitCode,
    message: end.message,
    feeds: feedReports(run.accounts, run.group.feeds),
    gates: run.gates,
    rules: run.verdicts.length === 0 ? NO_RULES : summarizeRules(run.verdicts),
    stages: end.stages,
    warehouse: usageOf(run),
  };
}

/** Verdicts and masked samples also of runs that publish nothing: the warehouse keeps none of those. */
async function recordEvidence(run: RunContext): Promise<void> {
  const { store } = run.engine;
  const rules = run.verdicts.map((v) => ({
    scope: "rule" as const,
    feed: v.feed,
    name: v.rule,
    verdict: v.verdict,
    observed: v.observed,
    limit: v.limit,
    detail: { severity: v.severity, fingerprint: v.fingerprint },
  }));
  const gates = run.gates.map((g) => ({
    scope: "gate" as const,
    feed: null,
    name: g.gate,
    verdict: g.verdict,
    observed: g.observed,
    limit: g.limit,
    detail: null,
  }));
  await recordVerdicts(store, run.runId, [...rules, ...gates]);
  const samples = [...run.samples].map(([feed, rows]) => ({ feed, reason: "newly bad", rows }));
  await recordSamples(store, run.runId, samples);
}

async function runStages(run: RunContext): Promise<RunReport> {
  const stages: StageReport[] = [];
  let ending: RunEnding | null = null;
  for (const [ordinal, stage] of planRun(run.engine.pipeline, run.group, run.request).entries()) {
    const done = await runStage(run, stage, ordinal);
    stages.push(done.report);
    ending = done.ending;
    if (ending !== null) break;
  }
  const end = filled(ending, "ending");
  if (end.outcome === "published") run.gates.push(...afterGates(run));
  for (const gate of run.gates.filter((g) => g.verdict !== "pass")) run.engine.emit({ event: "gate", runId: run.runId, gate });
  await recordEvidence(run);
  return reportOf(run, { ...end, exitCode: EXIT_BY_OUTCOME[end.outcome], stages });
}

function newContext(engine: Engine, request: RunRequest, signal: AbortSignal): RunContext {
  const group = engine.pipeline.groups.get(request.group);
  if (!group) throw new Error(`no group ${request.group}: the command line should have refused it`);
  const startedAt = engine.clock.now();
  if (request.window && request.window.end > startedAt) {
    throw new Failure("usage", windowInFuture({ end: request.window.end.toISOString() }));
  }
  return {
    engine,
    request,
    group,
    runId: engine.ids.next("run"),
    startedAt,
    signal,
    stage: "start",
    publicationId: null,
    sessions: [],
    feeds: [],
    head: null,
    retired: new Map(),
    batches: [],
    reused: false,
    session: null,
    judgement: null,
    before: null,
    verdicts: [],
    samples: new Map(),
    gates: [],
    accounts: [],
    parts: new Map(),
  };
}

async function journalFailure(run: RunContext, error: unknown): Promise<void> {
  const failure = error instanceof Failure ? error : null;
  const outcome = failure === null ? "failed" : failure.kind === "internal" ? "failed" : failure.kind;
  const exitCode = failure?.exitCode ?? 1;
  const result = { ...reportOf(run, { outcome, exitCode, publicationId: null, message: messageOf(error), stages: [] }) };
  run.engine.emit({ event: "run-ended", runId: run.runId, outcome, exitCode });
  await finishRun(run.engine.store, { runId: run.runId, outcome, exitCode, publicationId: null, result }).catch(() => false);
}

/**
 * Runs one group once: extract, land, judge, audit, publish. Can be killed at any point and repeated.
 * @returns the report of a run that published, had nothing to publish or was blocked by a gate.
 * @throws Failure of the kind that the exit codes name; it is journalled before.
 */
export async function executeRun(engine: Engine, request: RunRequest, signal: AbortSignal): Promise<RunReport> {
  const run = newContext(engine, request, signal);
  const { store } = engine;
  const { runId } = run;
  const window = request.window ? formatWindow(request.window) : null;
  await startRun(store, {
    runId,
    group: request.group,
    window: request.window,
    kind: kindOf(request),
    args: { ...request, window },
    actor: engine.actor,
    reason: request.reason,
    ticket: request.ticket,
    codeVersion: engine.codeVersion,
  });
  const stages = planRun(engine.pipeline, run.group, request).map((s) => s.stage);
  engine.emit({ event: "run-started", runId, group: request.group, window, stages });
  try {
    const seconds = engine.pipeline.environment.leaseSeconds;
    const report = await underLease(store, { group: request.group, runId, seconds }, () => runStages(run));
    await finishRun(store, {
      runId,
      outcome: report.outcome,
      exitCode: report.exit_code,
      publicationId: report.publication_id,
      result: report,
    });
    engine.emit({ event: "run-ended", runId, outcome: report.outcome, exitCode: report.exit_code });
    return report;
  } catch (error) {
    const failure = unlessDiskFull(error);
    await journalFailure(run, failure);
    throw failure;
  } finally {
    await run.session?.close();
  }
}
