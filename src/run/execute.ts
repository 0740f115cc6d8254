import { Failure, messageOf } from "../kernel/problem.ts";
import { formatWindow } from "../kernel/window.ts";
import { asOf } from "../lineage/as-of.ts";
import { projectLedger } from "../projector/project.ts";
import { feedReports, gateReport, NO_RULES, type RunReport, type StageReport } from "../projector/run-report.ts";
import { NEWLY_BAD } from "../projector/samples.ts";
import { gateRecord, ruleRecord } from "../projector/verdict-records.ts";
import { flowLine } from "../publish/flow-terms.ts";
import { isBlocked } from "../publish/gate.ts";
import { summarizeRules } from "../publish/rule-verdicts.ts";
import { finishRun } from "../store/operations/finish-run.ts";
import { recordBase } from "../store/operations/record-base.ts";
import { recordSamples } from "../store/operations/record-samples.ts";
import { recordStep } from "../store/operations/record-step.ts";
import { recordVerdicts } from "../store/operations/record-verdicts.ts";
import { startRun } from "../store/operations/start-run.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { auditStage } from "./audit-stage.ts";
import { begin } from "./begin.ts";
import { unlessDiskFull } from "./disk-full.ts";
import type { Engine } from "./engine.ts";
import { extract, refuseUnknown, verify } from "./extract.ts";
import { judgeStage } from "./judge-stage.ts";
import { lastLook, refuseCancelled } from "./last-look.ts";
import { underLease } from "./lease.ts";
import { withoutFailing } from "./leave-out.ts";
import { goOn, look } from "./look.ts";
import { planRun, type Stage } from "./plan.ts";
import { windowInFuture } from "./problems.ts";
import { publishStage } from "./publish-stage.ts";
import { journalled, type RunRequest, readsOf, windowOf } from "./request.ts";
import { type Run, usageOf } from "./run.ts";
import {
  type Audited,
  type Begun,
  type Ended,
  type Findings,
  isEnded,
  type Judged,
  type Landed,
  type Published,
  type RunEnding,
} from "./stages.ts";

const EXIT_BY_OUTCOME: Readonly<Record<RunEnding["outcome"], number>> = {
  published: 0,
  already_published: 0,
  nothing_to_do: 0,
  blocked: 10,
};

/** How far a run has come: for its report, whatever ends it. */
interface Progress {
  readonly stages: StageReport[];
  /** What the last stage that came to its end handed on. */
  found: Partial<Findings & Pick<Published, "instants">>;
  /** Set as soon as the run's publication is durable: whatever fails behind it, the run has published. */
  publicationId: string | null;
}

interface StageCall<T> {
  readonly stage: Stage["stage"];
  readonly work: () => Promise<T | Ended>;
  /** What the journal keeps of it. */
  readonly detail?: (value: T) => object;
  /** What it has cost, which the journal keeps whether it came to its end or failed. */
  readonly cost?: () => object;
  /** Why nothing had to be done. */
  readonly skipped?: (value: T) => string | null;
}

/** Runs one stage, journals it, and ends the run where a gate blocks. */
async function runStage<T extends { readonly gates: Findings["gates"] }>(
  run: Run,
  progress: Progress,
  { stage, work, detail = () => ({}), cost = () => ({}), skipped = () => null }: StageCall<T>,
): Promise<T | Ended> {
  const { engine, runId } = run;
  const line = { runId, stage, ordinal: progress.stages.length };
  run.at.stage = stage;
  engine.emit({ event: "stage-started", runId, stage });
  await recordStep(engine.store, { ...line, status: "running", detail: {} });
  const began = performance.now();
  try {
    await refuseCancelled(run);
    const value = await work();
    const seconds = Math.round(performance.now() - began) / 1000;
    const why = isEnded(value) ? null : skipped(value);
    const kept = { ...(isEnded(value) ? {} : detail(value)), ...cost() };
    await recordStep(engine.store, { ...line, status: why ? "skipped" : "done", detail: kept });
    engine.emit({ event: "stage-ended", runId, stage, seconds, skipped: why });
    progress.stages.push({ stage, seconds, skipped: why });
    progress.found = value;
    if (isEnded(value) || !isBlocked(value.gates)) return value;
    return { ...value, ending: { outcome: "blocked", publicationId: null, message: null } };
  } catch (error) {
    const failed = { ...line, status: "failed", detail: { says: messageOf(error), ...cost() } } as const;
    await recordStep(engine.store, failed).catch(() => undefined);
    throw error;
  }
}

async function beginLeading(run: Run): Promise<Begun | Ended> {
  const { runId, engine } = run;
  await refuseUnknown(run);
  return begin(run, async ({ token, number }, session) => {
    await recordBase(engine.store, { runId, token: token.toString(), baseHead: number.toString() });
    await tell(run, session, { head: number, told: number });
  });
}

function landedDetail({ batches, reused }: Landed): object {
  return { batches: batches.map((b) => ({ feed: b.manifest.extract.feed, batch: b.id, manifest: b.key })), reused };
}

const requestsOf = ({ requests }: Run) => (requests.size === 0 ? {} : { requests: Object.fromEntries(requests) });

const judgedDetail = ({ parts }: Judged) => ({ parts: Object.fromEntries(parts) });

/** An audit, and what the run goes on with when optional feeds fail it. */
type AuditedOrLess = Audited & { readonly without: Landed | null };

async function audit(run: Run, landed: Landed, judged: Judged): Promise<AuditedOrLess> {
  const audited = await auditStage(run, judged);
  const without = withoutFailing(run, landed, audited);
  if (without) await judged.session.close();
  // Gates of feeds that are left out do not stop the run; why they were is told by the gates it goes on with.
  return { ...audited, without, gates: without ? without.gates : audited.gates };
}

/** Judges and audits, without optional feeds that fail gates of their own; each round has fewer of them. */
async function judgeAndAudit(run: Run, progress: Progress, landed: Landed): Promise<Audited | Ended> {
  const judged = await runStage(run, progress, { stage: "judge", work: () => judgeStage(run, landed), detail: judgedDetail });
  if (isEnded(judged)) return judged;
  const audited = await runStage(run, progress, { stage: "audit", work: () => audit(run, landed, judged) });
  if (isEnded(audited) || audited.without === null) return audited;
  return judgeAndAudit(run, progress, audited.without);
}

/** Publishes, and tells the control store in the session that did, or that looked up what had become of a lost answer. */
async function publishDurably(run: Run, progress: Progress, audited: Audited): Promise<Published | Ended> {
  const published = await publishStage(run, audited, () => lastLook(run));
  if (isEnded(published)) return published;
  progress.publicationId = published.publicationId;
  const { number } = audited.head;
  await tell(run, run.sessions.at(-1) ?? audited.session, { head: number + 1n, told: number });
  return published;
}

/** Lands what is asked for, and reads it again. */
async function read(run: Run, progress: Progress, begun: Begun): Promise<Landed | Ended> {
  const landed = await runStage(run, progress, {
    stage: "extract",
    work: () => extract(run, begun),
    detail: landedDetail,
    cost: () => requestsOf(run),
    skipped: ({ batches, reused }) =>
      batches.length > 0 && batches.every((b) => reused.includes(b.id)) ? "landed before" : null,
  });
  if (isEnded(landed)) return landed;
  return runStage(run, progress, { stage: "verify", work: () => verify(run, landed) });
}

async function judgeToEnd(run: Run, progress: Progress, landed: Landed): Promise<Ended> {
  const audited = await judgeAndAudit(run, progress, landed);
  if (isEnded(audited)) return audited;
  const published = await runStage(run, progress, { stage: "publish", work: () => publishDurably(run, progress, audited) });
  if (isEnded(published)) return published;
  return { ...published, ending: { outcome: "published", publicationId: published.publicationId, message: null } };
}

/** What a run goes on with that reads no source. */
const NOTHING_LANDED = { batches: [], reused: [], leftOut: [], since: [] } as const;

async function leadAndRead(run: Run, progress: Progress): Promise<Ended> {
  const begun = await runStage(run, progress, { stage: "begin", work: () => beginLeading(run) });
  if (isEnded(begun)) return begun;
  const landed = run.request.kind === "recompute" ? { ...begun, ...NOTHING_LANDED } : await read(run, progress, begun);
  return isEnded(landed) ? landed : judgeToEnd(run, progress, landed);
}

/** Milliseconds, an hour: an hourly run that leads has ended by then. */
const NETS_WAIT = 3_600_000;

/** Does work while the run has a lease; it is waited for, for so long, where another run has it. */
function withLease<T>(run: Run, lease: { name: string; waitMs: number }, work: () => Promise<T>): Promise<T> {
  const { engine, runId, signal } = run;
  const seconds = engine.pipeline.environment.leaseSeconds;
  const told = new Set<string>();
  const onHeld = async (holder: string) => {
    await refuseCancelled(run);
    if (!told.has(holder)) engine.emit({ event: "waiting", runId, group: lease.name, holder });
    told.add(holder);
  };
  const patience = { milliseconds: lease.waitMs, timer: engine.timer, signal, onHeld };
  return underLease(engine.store, { group: lease.name, runId, seconds, patience }, work);
}

/** Reads while others lead, and leads only to judge and publish. A lease of its own says that it lives, and keeps its like away. */
function readAndLead(run: Run, progress: Progress): Promise<Ended> {
  const { name } = run.group;
  return withLease(run, { name: `${name}/nets`, waitMs: 0 }, async () => {
    const looked = await runStage(run, progress, { stage: "look", work: () => look(run) });
    if (isEnded(looked)) return looked;
    const landed = await read(run, progress, looked);
    if (isEnded(landed)) return landed;
    return withLease(run, { name, waitMs: NETS_WAIT }, async () => {
      const work = async () => goOn(run, landed, await beginLeading(run));
      const begun = await runStage(run, progress, { stage: "begin", work });
      return isEnded(begun) ? begun : judgeToEnd(run, progress, begun);
    });
  });
}

/** The stages in their order; each takes what the one before handed on. */
function runStages(run: Run, progress: Progress): Promise<Ended> {
  if (readsOf(run.request) === "slice") return readAndLead(run, progress);
  return withLease(run, { name: run.group.name, waitMs: 0 }, () => leadAndRead(run, progress));
}

interface End extends Omit<RunEnding, "outcome"> {
  readonly outcome: string;
  readonly exitCode: number;
}

function reportOf(run: Run, { stages, found }: Progress, end: End): RunReport {
  const window = windowOf(run.request);
  const { accounts = [], gates = [], verdicts = [], instants } = found;
  const { feeds, models: tables } = run.group;
  return {
    run_id: run.runId,
    group: run.group.name,
    window: window && formatWindow(window),
    publication_id: end.publicationId,
    outcome: end.outcome,
    exit_code: end.exitCode,
    message: end.message,
    feeds: feedReports(accounts.map(flowLine), feeds),
    gates: gates.map(gateReport),
    rules: verdicts.length === 0 ? NO_RULES : summarizeRules(verdicts),
    as_of: instants ? asOf(run.engine.pipeline, instants, { feeds, tables }) : null,
    stages,
    warehouse: usageOf(run),
  };
}

/** Verdicts and masked samples of a run that published nothing, of which the ledger knows nothing. */
async function recordEvidence({ engine, runId }: Run, found: Partial<Findings>): Promise<void> {
  const { verdicts = [], gates = [], samples = new Map() } = found;
  await recordVerdicts(engine.store, runId, [...verdicts.map(ruleRecord), ...gates.map(gateRecord)]);
  const rows = [...samples].map(([feed, masked]) => ({ feed, reason: NEWLY_BAD, rows: masked }));
  await recordSamples(engine.store, runId, rows);
}

/**
 * Tells the control store what the ledger has and it does not know: of earlier runs that could not, or of this one. What fails here
 * fails no run and is told: the ledger stays, and the next run tells again.
 */
async function tell(
  { engine, runId, group: { name: group } }: Run,
  session: Session,
  { head, told }: { head: bigint; told: bigint },
): Promise<void> {
  const { store, pipeline, clock, warehouse } = engine;
  try {
    const projecting = { session, dialect: warehouse.dialect, store, pipeline, now: clock.now() };
    const { rebuilt, undone } = await projectLedger(projecting, { group, head, told });
    if (rebuilt + undone > 0) engine.emit({ event: "journal-mended", runId, group, rebuilt, undone });
  } catch (error) {
    const says = error instanceof Failure ? (error.problems[0]?.says ?? "") : messageOf(error);
    engine.emit({ event: "journal-behind", runId, group, says });
  }
}

async function runToEnd(run: Run, progress: Progress): Promise<RunReport> {
  const { ending, ...found } = await runStages(run, progress);
  progress.found = found;
  const { gates = [] } = found;
  for (const gate of gates.filter((g) => g.verdict !== "pass")) run.engine.emit({ event: "gate", runId: run.runId, gate });
  if (ending.outcome !== "published") await recordEvidence(run, found);
  return reportOf(run, progress, { ...ending, exitCode: EXIT_BY_OUTCOME[ending.outcome] });
}

function newRun(engine: Engine, request: RunRequest, signal: AbortSignal): Run {
  const group = engine.pipeline.groups.get(request.group);
  if (!group) throw new Error(`no group ${request.group}: the command line should have refused it`);
  const startedAt = engine.clock.now();
  const window = windowOf(request);
  if (window && window.end > startedAt) {
    throw new Failure("usage", windowInFuture({ end: window.end.toISOString() }));
  }
  const at = { stage: "start", publication: null };
  return { engine, request, group, runId: engine.ids.next("run"), startedAt, signal, at, sessions: [], requests: new Map() };
}

async function journalFailure(run: Run, progress: Progress, error: unknown): Promise<void> {
  const failure = error instanceof Failure ? error : null;
  const outcome = failure === null ? "failed" : failure.kind === "internal" ? "failed" : failure.kind;
  const exitCode = failure?.exitCode ?? 1;
  const { publicationId } = progress;
  const end = { outcome: publicationId === null ? outcome : "published", exitCode, publicationId };
  const result = reportOf(run, progress, { ...end, message: messageOf(error) });
  run.engine.emit({ event: "run-ended", runId: run.runId, outcome: end.outcome, exitCode });
  await finishRun(run.engine.store, { runId: run.runId, ...end, result }).catch(() => false);
}

async function journalStart({ engine, request, runId, group }: Run): Promise<void> {
  const window = windowOf(request);
  const text = window && formatWindow(window);
  await startRun(engine.store, {
    runId,
    group: group.name,
    window,
    kind: request.kind,
    args: { ...journalled(request), window: text },
    actor: engine.actor,
    reason: request.reason,
    ticket: request.ticket,
    codeVersion: engine.codeVersion,
  });
  const stages = planRun(engine.pipeline, group, request).map((s) => s.stage);
  engine.emit({ event: "run-started", runId, group: group.name, window: text, stages });
}

/**
 * Runs one group once: extract, land, judge, audit, publish. Can be killed at any point and repeated.
 * @returns the report of a run that published, had nothing to publish or was blocked by a gate.
 * @throws Failure of the kind that the exit codes name; it is journalled before.
 */
export async function executeRun(engine: Engine, request: RunRequest, signal: AbortSignal): Promise<RunReport> {
  const run = newRun(engine, request, signal);
  const { runId } = run;
  const progress: Progress = { stages: [], found: {}, publicationId: null };
  await journalStart(run);
  try {
    const report = await runToEnd(run, progress);
    const { outcome, exit_code: exitCode, publication_id: publicationId } = report;
    await finishRun(engine.store, { runId, outcome, exitCode, publicationId, result: report });
    engine.emit({ event: "run-ended", runId, outcome, exitCode });
    return report;
  } catch (error) {
    const failure = unlessDiskFull(error);
    await journalFailure(run, progress, failure);
    throw failure;
  } finally {
    for (const session of run.sessions) await session.close();
  }
}
