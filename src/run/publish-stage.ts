import { modelsOf } from "../config/groups.ts";
import type { Pipeline } from "../config/pipeline.ts";
import { canonicalJson } from "../kernel/fingerprint.ts";
import { Failure } from "../kernel/problem.ts";
import { rowsOf } from "../landing/extract-files.ts";
import { type Batch, batchOf, isReplay } from "../landing/manifest.ts";
import { type AuditEntry, recordAudit } from "../ledger/audit-trail.ts";
import { MODEL_RECOMPUTED, recomputedDetail } from "../ledger/recorded.ts";
import { lookUp, type PublicationOutcome, type PublicationPlan, prepare, publish } from "../publish/publication.ts";
import { viewsAmong } from "../schema/curated-views.ts";
import type { Recompute } from "../schema/recompute.ts";
import { columnsOf, selectFingerprint } from "../schema/select-eras.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import { UnknownOutcome } from "../warehouse/warehouse.ts";
import { extractedTotals } from "./audit-stage.ts";
import { originOf } from "./decisions.ts";
import type { RunTools } from "./engine.ts";
import { groupFingerprints } from "./fingerprints.ts";
import { healedEvents } from "./healed-breaks.ts";
import { lostLead, notCommitted, partlyPublished } from "./problems.ts";
import { rowsAsked, windowOf } from "./request.ts";
import { openSession, type Run } from "./run.ts";
import type { Audited, Ended, Findings, Published } from "./stages.ts";

type PublicationKey = Pick<OpsRow<"batch">, "publication_id" | "run_group" | "number">;

function batchRow(run: Run<RunTools>, batch: Batch, base: PublicationKey): OpsRow<"batch"> {
  const { manifest, id, key } = batch;
  const { extract } = manifest;
  const window = windowOf(run.request);
  return {
    ...base,
    feed: extract.feed,
    batch_id: id,
    replay_of: manifest.replayOf ?? null,
    seq: BigInt(manifest.extractSeq),
    window_start: window?.start.toISOString() ?? null,
    window_end: window?.end.toISOString() ?? null,
    witness: extract.witness,
    manifest: key,
    row_count: BigInt(rowsOf(extract)),
  };
}

/** Whether a batch says how far its feed was read: old bytes do not, nor parts that were read again. */
function saysHowFar({ manifest }: Batch): boolean {
  return !isReplay(manifest) && (manifest.asked === "changes" || manifest.asked === "whole");
}

/** The instant that an extract shows; instalments of a load show none before the last of them. */
const instantOf = (extract: Batch["manifest"]["extract"] | undefined) => (extract?.loading ? null : extract?.asOf);

/** How far each feed of the group goes with this publication; one of which no batch says how far it was read stays where it was. */
function horizonRow(audited: Audited, feed: string, base: PublicationKey): OpsRow<"feed_horizon"> {
  const batch = batchOf(audited.batches, feed);
  const read = batch && saysHowFar(batch) ? batch : undefined;
  const before = audited.head.horizons.get(feed) ?? { horizon: null, asOf: null, loadingSince: null };
  const extract = read?.manifest.extract;
  const cursor = extract?.cursor ?? null;
  return {
    ...base,
    feed,
    batch_id: read?.id ?? null,
    cursor_kind: cursor?.kind ?? null,
    cursor_position: cursor && canonicalJson(cursor.position),
    cursor_identity: cursor && canonicalJson(cursor.identity),
    horizon: cursor ? cursor.horizon : before.horizon,
    as_of: instantOf(extract) ?? before.asOf,
    loading_since: cursor ? null : (extract?.loading?.since ?? before.loadingSince),
  };
}

/** Adapters' changes of their own state; old bytes bring none. */
function stateRows({ batches }: Audited, base: PublicationKey): OpsRow<"adapter_state">[] {
  return batches.flatMap(({ manifest: { extract } }) =>
    (extract.state ?? []).map(({ key, value }) => ({
      ...base,
      feed: extract.feed,
      state_key: key,
      state_value: value === null ? null : canonicalJson(value),
    })),
  );
}

/** History keeps what a replaced row held in columns that its contract no longer names. */
function withRetired(pipeline: Pipeline, { retired }: Audited): Pipeline {
  const models = [...pipeline.models].map(([name, model]) => [name, { ...model, retired: retired.get(name) ?? [] }] as const);
  return { ...pipeline, models: new Map(models) };
}

/** What the audit trail has of tables that were computed again. */
function recomputed(
  { models }: Pipeline,
  { publicationId: publication, number }: { publicationId: string; number: bigint },
  tables: readonly Recompute[],
): AuditEntry[] {
  return tables.flatMap(({ table, why }) => {
    const model = models.get(table);
    if (!model) return [];
    const select = selectFingerprint(model);
    const detail = recomputedDetail({ publication, number, select, columns: columnsOf(model), why });
    return [{ event: MODEL_RECOMPUTED, subject: table, detail }];
  });
}

function planPublication(run: Run<RunTools>, audited: Audited): Omit<PublicationPlan, "views"> {
  const { engine, group, request } = run;
  const { head, batches, judgement } = audited;
  const window = windowOf(request);
  const number = head.number + 1n;
  const publicationId = `${group.name}-${number}`;
  const publishedAt = engine.clock.now().toISOString();
  const base = { publication_id: publicationId, run_group: group.name, number };
  return {
    pipeline: withRetired(engine.pipeline, audited),
    group,
    judgement,
    totals: extractedTotals(audited),
    writing: { publicationId, group: group.name, number, now: engine.warehouse.dialect.timestamp(publishedAt) },
    baseHead: head.number,
    token: head.token,
    runId: run.runId,
    batchIds: batches.map((batch) => batch.id),
    gates: audited.gates,
    recorded: head.recorded,
    recompute: audited.recompute,
    named: rowsAsked(request),
    audit: [
      ...healedEvents(run, { number, publicationId, publishedAt }),
      ...recordAudit(engine.warehouse.dialect, originOf(run), [
        ...audited.declares,
        ...recomputed(engine.pipeline, { publicationId, number }, audited.recompute),
      ]),
    ],
    ledger: {
      publication: {
        ...base,
        base_head: head.number,
        token: head.token,
        run_id: run.runId,
        kind: request.kind,
        window_start: window?.start.toISOString() ?? null,
        window_end: (window?.end ?? run.startedAt).toISOString(),
        published_at: publishedAt,
        code_version: engine.codeVersion,
        fingerprints: canonicalJson(groupFingerprints(engine.pipeline, group)),
        actor: engine.actor,
        reason: request.reason,
        ticket: request.ticket,
      },
      batches: batches.map((batch) => batchRow(run, batch, base)),
      horizons: group.feeds.map((feed) => horizonRow(audited, feed, base)),
      state: stateRows(audited, base),
      verdicts: audited.verdicts.map((v) => ({
        ...base,
        scope: "rule",
        feed: v.feed,
        name: v.rule,
        severity: v.severity,
        fingerprint: v.fingerprint,
        verdict: v.verdict,
        observed: v.observed,
        limit_text: v.limit,
        currency: null,
        curated: null,
        rule: null,
        subject: null,
      })),
    },
  };
}

/** Nobody is helped by not knowing, so no signal ends the look-up. */
const UNSTOPPABLE = new AbortController().signal;

/** The session that lost its answer is gone; a new one asks the ledger what happened. */
async function afterLostAnswer(
  run: Run<RunTools>,
  audited: Audited,
  { plan, lost }: { plan: PublicationPlan; lost: UnknownOutcome },
): Promise<PublicationOutcome> {
  await audited.session.close();
  const session = await openSession(run, "look-up", { signal: UNSTOPPABLE });
  const found = await lookUp(session, run.engine.warehouse.dialect, plan);
  if (found) return found;
  throw new Failure("retryable", notCommitted(), { cause: lost });
}

function ended(run: Run<RunTools>, found: Findings, { plan, result }: { plan: PublicationPlan; result: PublicationOutcome }) {
  const { verdicts, samples } = found;
  const instants = new Map(plan.ledger.horizons.map(({ feed, as_of }) => [feed ?? "", as_of]));
  switch (result.outcome) {
    case "published":
      return {
        publicationId: plan.writing.publicationId,
        accounts: result.accounts,
        gates: result.gates,
        verdicts,
        samples,
        instants,
      };
    case "already": {
      const [publicationId = plan.writing.publicationId] = result.publicationIds;
      // What the transaction itself found is in the ledger, from which the control store is told.
      if (result.isMine) return { publicationId, accounts: found.accounts, gates: found.gates, verdicts, samples, instants };
      const message = `published by ${result.publicationIds.join(", ")}`;
      return {
        ...found,
        ending: { outcome: "already_published", publicationId: result.publicationIds[0] ?? null, message },
      } as const;
    }
    case "blocked": {
      const accounts = result.accounts.length > 0 ? result.accounts : found.accounts;
      const ending = { outcome: "blocked", publicationId: null, message: null } as const;
      return { accounts, gates: result.gates, verdicts, samples, ending };
    }
    case "lost":
      throw new Failure("lost", lostLead({ group: run.group.name, head: result.head, base: plan.baseHead }));
    case "partial":
      throw new Failure("internal", partlyPublished({ batches: result.found }));
  }
}

/**
 * The publish transaction, and what is known after it. `lastLook` is called when everything is ready to be written: it throws
 * where the run must not publish after all.
 * @throws Failure `lost` when another run took over, `retryable` when the transaction did not happen.
 */
export async function publishStage(
  run: Run<RunTools>,
  audited: Audited,
  lastLook: () => Promise<void>,
): Promise<Published | Ended> {
  const { session, before } = audited;
  const views = await viewsAmong(session, run.engine.warehouse.dialect, modelsOf(run.engine.pipeline, run.group));
  const plan = { ...planPublication(run, audited), views };
  run.at.publication = plan.writing.publicationId;
  const d = run.engine.warehouse.dialect;
  await prepare(session, d, plan);
  await lastLook();
  let result: PublicationOutcome;
  try {
    result = await publish(session, d, { plan, before });
  } catch (error) {
    if (!(error instanceof UnknownOutcome)) throw error;
    result = await afterLostAnswer(run, audited, { plan, lost: error });
  }
  return ended(run, audited, { plan, result });
}
