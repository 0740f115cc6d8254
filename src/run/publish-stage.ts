import type { Pipeline } from "../config/pipeline.ts";
import { canonicalJson } from "../kernel/fingerprint.ts";
import { Failure } from "../kernel/problem.ts";
import type { Batch } from "../landing/manifest.ts";
import type { OpsRow } from "../publish/ledger.ts";
import { isCancelRequested } from "../store/operations/is-cancel-requested.ts";
import { UnknownOutcome } from "../warehouse/warehouse.ts";
import { controlTotals } from "./audit-stage.ts";
import { filled, openSession, type RunContext, type RunEnding } from "./context.ts";
import { kindOf } from "./engine.ts";
import { groupFingerprints } from "./fingerprints.ts";
import { cancelled, configurationChanged, lostLead, notCommitted, partlyPublished } from "./problems.ts";
import { lookUp, type PublicationOutcome, type PublicationPlan, prepare, publish } from "./publication.ts";

function batchRow(run: RunContext, batch: Batch, base: OpsRow): OpsRow {
  const { manifest, id, key } = batch;
  const { extract } = manifest;
  const replayed = manifest.replayOf !== undefined;
  return {
    ...base,
    feed: extract.feed,
    batch_id: id,
    replay_of: manifest.replayOf,
    seq: BigInt(manifest.extractSeq),
    window_start: run.request.window?.start.toISOString(),
    window_end: run.request.window?.end.toISOString(),
    cursor_mode: extract.cursor.mode,
    horizon: replayed ? null : extract.cursor.horizon,
    system_identifier: extract.cursor.systemIdentifier,
    timeline: extract.cursor.timeline,
    manifest: key,
    row_count: extract.files.reduce((sum, file) => sum + BigInt(file.rows), 0n),
  };
}

/** History keeps what a replaced row held in columns that its contract no longer names. */
function withRetired(run: RunContext): Pipeline {
  const { pipeline } = run.engine;
  const models = [...pipeline.models].map(([name, model]) => [name, { ...model, retired: run.retired.get(name) ?? [] }] as const);
  return { ...pipeline, models: new Map(models) };
}

function planPublication(run: RunContext): PublicationPlan {
  const { engine, group, request } = run;
  const head = filled(run.head, "head");
  const number = head.number + 1n;
  const publicationId = `${group.name}-${number}`;
  const publishedAt = engine.clock.now().toISOString();
  const base = { publication_id: publicationId, run_group: group.name, number };
  return {
    pipeline: withRetired(run),
    group,
    judgement: filled(run.judgement, "judgement"),
    totals: controlTotals(run),
    writing: { publicationId, group: group.name, number, now: engine.warehouse.dialect.timestamp(publishedAt) },
    baseHead: head.number,
    token: head.token,
    runId: run.runId,
    batchIds: run.batches.map((batch) => batch.id),
    gates: run.gates,
    ledger: {
      publication: {
        ...base,
        base_head: head.number,
        token: head.token,
        run_id: run.runId,
        kind: kindOf(request),
        window_start: request.window?.start.toISOString(),
        window_end: (request.window?.end ?? run.startedAt).toISOString(),
        published_at: publishedAt,
        code_version: engine.codeVersion,
        fingerprints: canonicalJson(groupFingerprints(engine.pipeline, group)),
        actor: engine.actor,
        reason: request.reason,
        ticket: request.ticket,
      },
      batches: run.batches.map((batch) => batchRow(run, batch, base)),
      verdicts: run.verdicts.map((v) => ({
        ...base,
        scope: "rule",
        feed: v.feed,
        name: v.rule,
        severity: v.severity,
        fingerprint: v.fingerprint,
        verdict: v.verdict,
        observed: v.observed,
        limit_text: v.limit,
      })),
    },
  };
}

/** What is published must have been labelled by what is in force now. */
function refuseChangedConfiguration(run: RunContext): void {
  const now = run.engine.reread();
  const group = now.groups.get(run.group.name);
  const then = canonicalJson(groupFingerprints(run.engine.pipeline, run.group));
  if (!group || canonicalJson(groupFingerprints(now, group)) !== then) throw new Failure("retryable", configurationChanged());
}

/** Throws when somebody asked this run to stop; called between stages and last before the transaction. */
export async function refuseCancelled(run: RunContext): Promise<void> {
  const by = run.signal.aborted
    ? "a signal"
    : (await isCancelRequested(run.engine.store, run.runId))
      ? "`ledgerloop cancel`"
      : null;
  if (by !== null) throw new Failure("retryable", cancelled({ runId: run.runId, by }));
}

/** Nobody is helped by not knowing, so no signal ends the look-up. */
const UNSTOPPABLE = new AbortController().signal;

/** The session that lost its answer is gone; a new one asks the ledger what happened. */
async function afterLostAnswer(run: RunContext, plan: PublicationPlan, lost: UnknownOutcome): Promise<PublicationOutcome> {
  await run.session?.close();
  run.session = await openSession({ ...run, signal: UNSTOPPABLE }, "look-up");
  const found = await lookUp(run.session, run.engine.warehouse.dialect, plan);
  if (found) return found;
  throw new Failure("retryable", notCommitted(), { cause: lost });
}

function ending(run: RunContext, plan: PublicationPlan, result: PublicationOutcome): RunEnding {
  const { publicationId } = plan.writing;
  switch (result.outcome) {
    case "published":
      run.accounts = result.accounts;
      run.gates = [...result.gates];
      return { outcome: "published", publicationId, message: null };
    case "already":
      return {
        outcome: "already_published",
        publicationId: result.publicationIds[0] ?? null,
        message: `published by ${result.publicationIds.join(", ")}`,
      };
    case "blocked":
      if (result.accounts.length > 0) run.accounts = result.accounts;
      run.gates = [...result.gates];
      return { outcome: "blocked", publicationId: null, message: null };
    case "lost":
      throw new Failure("lost", lostLead({ group: run.group.name, head: result.head, base: plan.baseHead }));
    case "partial":
      throw new Failure("internal", partlyPublished({ batches: result.found }));
  }
}

/** The publish transaction, and what is known after it. */
export async function publishStage(run: RunContext): Promise<RunEnding> {
  const { engine } = run;
  const plan = planPublication(run);
  run.publicationId = plan.writing.publicationId;
  const session = filled(run.session, "warehouse session");
  const d = engine.warehouse.dialect;
  await prepare(session, d, plan);
  refuseChangedConfiguration(run);
  await refuseCancelled(run);
  let result: PublicationOutcome;
  try {
    result = await publish(session, d, { plan, before: filled(run.before, "measurements") });
  } catch (error) {
    if (!(error instanceof UnknownOutcome)) throw error;
    result = await afterLostAnswer(run, plan, error);
  }
  return ending(run, plan, result);
}
