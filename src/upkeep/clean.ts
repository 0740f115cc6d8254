import { DAY_MS } from "../kernel/clock.ts";
import { megabytes } from "../kernel/megabytes.ts";
import { Failure } from "../kernel/problem.ts";
import { listEvidence } from "../landing/evidence.ts";
import { listLandedSets } from "../landing/landed-sets.ts";
import { raiseFence } from "../ledger/fence.ts";
import { prepareOps } from "../schema/upgrade.ts";
import { findRuns } from "../store/operations/find-runs.ts";
import { countOldSamples, removeOldSamples } from "../store/operations/old-samples.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Decision, leaseOf, recordEvents, type UpkeepEngine } from "./engine.ts";
import { type JudgedEvidence, judgeEvidence } from "./evidence-retention.ts";
import { readLedgerFacts } from "./ledger-facts.ts";
import { expiredWithoutReason } from "./problems.ts";
import { dropRaw, type RawRelation, rawRelations } from "./raw-relations.ts";
import { removeEvidence, removeLandings } from "./remove.ts";
import { type Finding, type JudgedSet, judgeLandings } from "./retention.ts";
import { underLeases } from "./under-leases.ts";

export interface CleanRequest extends Decision {
  readonly dryRun: boolean;
  /** Remove evidence beyond its retention too. */
  readonly expired: boolean;
}

export interface CleanResult {
  readonly cleanId: string;
  readonly dryRun: boolean;
  /** Everything that was looked at, what goes first. */
  readonly findings: readonly Finding[];
}

interface Found {
  readonly landings: readonly JudgedSet[];
  readonly evidence: readonly JudgedEvidence[];
  readonly rawRelations: readonly RawRelation[];
  readonly samples: number;
}

function samplesBefore({ pipeline, clock }: UpkeepEngine): Date {
  return new Date(clock.now().getTime() - pipeline.retention.samplesDays * DAY_MS);
}

async function look(engine: UpkeepEngine, session: Session, request: CleanRequest): Promise<Found> {
  const { pipeline, store, objects, clock, warehouse } = engine;
  // The ledger is read after the landings: what is published in between must not look unpublished.
  const sets = await listLandedSets(objects);
  const runs = await findRuns(store, [...new Set(sets.map((set) => set.runId))]);
  const context = {
    facts: await readLedgerFacts(session, warehouse.dialect),
    runs: new Map(runs.map((run) => [run.runId, run])),
    groups: new Set(pipeline.groups.keys()),
    retention: pipeline.retention,
    expired: request.expired,
    now: clock.now(),
  };
  const landings = judgeLandings(sets, context);
  return {
    landings,
    evidence: judgeEvidence(await listEvidence(objects), landings, context),
    rawRelations: await rawRelations(session),
    samples: await countOldSamples(store, samplesBefore(engine)),
  };
}

/** Landings, evidence, relations and samples as findings; what goes comes first. */
function findingsOf({ landings, evidence, rawRelations: raw, samples }: Found, { pipeline }: UpkeepEngine): Finding[] {
  const nothing = { files: 0, bytes: 0, ageDays: null, action: "remove" as const };
  const findings: Finding[] = [
    ...landings.map((l) => l.finding),
    ...evidence.map((e) => e.finding),
    ...raw.map(({ name }) => ({
      kind: "raw" as const,
      subject: `raw.${name}`,
      ...nothing,
      reason: "left by an ended run; the next one makes it again",
    })),
  ];
  if (samples > 0) {
    const reason = `samples of runs that ended more than ${pipeline.retention.samplesDays} days ago`;
    findings.push({ kind: "samples", subject: `${samples} masked samples`, ...nothing, reason });
  }
  return findings.sort((a, b) => Number(a.action === "keep") - Number(b.action === "keep"));
}

/**
 * Drops what runs left behind, shuts out every run that was paused before this one, and records what will be removed: the
 * record is durable before the first byte goes, so that nothing ever disappears without one.
 */
async function record(
  engine: UpkeepEngine,
  session: Session,
  options: { clean: CleanRequest & { id: string }; found: Found; going: readonly Finding[] },
): Promise<void> {
  const { dialect: d } = engine.warehouse;
  for (const relation of options.found.rawRelations) await session.run(dropRaw(d, relation));
  const now = d.timestamp(engine.clock.now().toISOString());
  await session.transaction(async () => {
    for (const group of engine.pipeline.groups.keys()) {
      for (const statement of raiseFence(d, { group, runId: options.clean.id, now })) await session.run(statement);
    }
    const events = options.going.map(({ kind, subject, files, bytes, ageDays, reason }) => ({
      event: `removal.${kind}`,
      subject,
      detail: { clean_id: options.clean.id, files, bytes, age_days: ageDays, why: reason },
    }));
    await recordEvents(engine, { session, decision: options.clean, events });
  });
}

/** The trail says beforehand what goes; what was locked is corrected there. */
async function recordLocked(
  engine: UpkeepEngine,
  session: Session,
  options: { clean: CleanRequest & { id: string }; kept: readonly Finding[] },
): Promise<void> {
  if (options.kept.length === 0) return;
  const events = options.kept.map(({ kind, subject, reason }) => ({
    event: `kept.${kind}`,
    subject,
    detail: { clean_id: options.clean.id, why: reason },
  }));
  await session.transaction(() => recordEvents(engine, { session, decision: options.clean, events }));
}

async function removeAll(engine: UpkeepEngine, session: Session, clean: CleanRequest & { id: string }): Promise<Finding[]> {
  const { warehouse, store, pipeline } = engine;
  await prepareOps(session, warehouse.dialect, pipeline.groups.keys());
  const found = await look(engine, session, clean);
  const findings = findingsOf(found, engine);
  const going = findings.filter((f) => f.action === "remove");
  if (going.length === 0) return findings;
  await record(engine, session, { clean, found, going });
  const landings = await removeLandings(engine, found.landings);
  const evidence = await removeEvidence(engine, found.evidence, landings);
  const looked = new Set(findings);
  const kept = [...landings, ...evidence].map((done) => done.finding).filter((f) => f.action === "keep" && !looked.has(f));
  await recordLocked(engine, session, { clean, kept });
  await removeOldSamples(store, samplesBefore(engine));
  return findingsOf({ ...found, landings, evidence }, engine);
}

async function withSession<T>(engine: UpkeepEngine, readOnly: boolean, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await engine.warehouse.open({ purpose: "clean", readOnly });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Compacts the warehouse file when enough of it is free; DuckDB itself only gives back what lies at the file's end. */
async function compactFile(engine: UpkeepEngine, dryRun: boolean): Promise<Finding[]> {
  const { warehouseFile: file, pipeline } = engine;
  if (!file) return [];
  const { warehouseFreeShare } = pipeline.retention;
  const { bytes, freeBytes, roomBytes } = await file.use();
  const share = bytes === 0 ? 0 : freeBytes / bytes;
  const reason = `${percent(share)} of the file is free, compacted from ${percent(warehouseFreeShare)}`;
  const subject = "free blocks of the warehouse file";
  const finding = { kind: "warehouse" as const, subject, files: 1, ageDays: null, reason };
  const kept = { ...finding, bytes: freeBytes, action: "keep" as const };
  if (share < warehouseFreeShare) return [kept];
  const needed = bytes - freeBytes;
  if (roomBytes < needed)
    return [{ ...kept, reason: `${reason}; a copy needs ${megabytes(needed)} MB, and the disk has ${megabytes(roomBytes)}` }];
  if (dryRun) return [{ ...finding, bytes: freeBytes, action: "remove" }];
  engine.emit("compacting the warehouse file");
  const after = await file.compact();
  return [{ ...finding, bytes: Math.max(0, bytes - after.bytes), action: "remove" }];
}

/**
 * Removes what is past its declared age and needed by nothing: landings of runs that published nothing, evidence beyond its
 * retention (only when asked, with a reason), relations of ended runs, old samples, free blocks and replaced rows of the warehouse file. It holds
 * every group's lease, so no run goes on beside it; killed, it is simply repeated. A dry run only looks, and takes no lease.
 * @throws Failure `usage` without a warehouse (then nothing proves what is published), `retryable` while a run is on its way.
 */
export async function clean(engine: UpkeepEngine, request: CleanRequest): Promise<CleanResult> {
  if (request.expired && request.reason === null) throw new Failure("usage", expiredWithoutReason());
  const cleanId = engine.ids.next("clean");
  // Opened read-only first: without a warehouse this refuses, instead of making an empty one in which nothing is published.
  const planned = await withSession(engine, true, async (session) => findingsOf(await look(engine, session, request), engine));
  if (request.dryRun) return { cleanId, dryRun: true, findings: [...planned, ...(await compactFile(engine, true))] };
  return underLeases(engine.store, leaseOf(engine, cleanId), async () => {
    const findings = await withSession(engine, false, (session) => removeAll(engine, session, { ...request, id: cleanId }));
    return { cleanId, dryRun: false, findings: [...findings, ...(await compactFile(engine, false))] };
  });
}
