import type { Feed, Source } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { findBatch, findExtracts } from "../landing/find-extracts.ts";
import { type LandingRun, landExtract, landReplay } from "../landing/land-extract.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { verifyExtract } from "../landing/verify-extract.ts";
import { publishedBatches } from "../publish/fence.ts";
import { type Gate, gate } from "../publish/gate.ts";
import type { SourceColumn } from "../sources/source.ts";
import { lastRuns } from "../store/operations/last-runs.ts";
import { type DriftChange, driftGate, findDrift, isStopped } from "./drift.ts";
import { extractFingerprint } from "./fingerprints.ts";
import { batchUnknown, emptyWhole, horizonLowered, replayOvertaken } from "./problems.ts";
import { asksForKeys, windowOf } from "./request.ts";
import { openSession, type Run } from "./run.ts";
import type { Begun, Landed } from "./stages.ts";

/** A run that extracts: what it builds on, and the warnings it has met on the way. */
interface Extracting {
  readonly run: Run;
  readonly begun: Begun;
  readonly gates: Gate[];
}

function landingRun({ run, begun: { head } }: Extracting): LandingRun {
  return {
    runId: run.runId,
    group: run.group.name,
    window: windowOf(run.request),
    baseHead: head.number.toString(),
    extractSeq: Number(head.token),
    startedAt: run.startedAt,
    codeVersion: run.engine.codeVersion,
  };
}

/** Evidence that cannot be read any more is reported; what can be read again from the source does not need it. */
async function orReported<T>({ gates }: Extracting, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "incomplete") throw error;
    const observed = error.problems[0]?.says ?? "";
    gates.push(gate("evidence", { subject: what }, { holds: false, observed, limit: "landed bytes as their manifest says" }));
    return null;
  }
}

/** Columns of a feed's last published extract; null for a first one, or when its manifest is gone. */
async function publishedColumns(work: Extracting, feed: Feed): Promise<SourceColumn[] | null> {
  const key = work.begun.head.cursors.get(feed.id)?.manifest;
  const batch = key ? await orReported(work, feed.id, () => readManifest(work.run.engine.objects, key)) : null;
  return batch ? batch.manifest.extract.sourceColumns : null;
}

function stillFits(work: Extracting, feed: Feed, batch: Batch): boolean {
  const { manifest } = batch;
  const { request } = manifest.extract;
  return (
    manifest.baseHead === work.begun.head.number.toString() &&
    manifest.configFingerprint === extractFingerprint(feed) &&
    request.whole === isWhole(work, feed) &&
    (manifest.extract.keys !== undefined) === asksForKeys(work.run.request)
  );
}

function isWhole({ run, begun }: Extracting, feed: Feed): boolean {
  return run.request.kind === "whole" || feed.reads === "whole" || !begun.head.cursors.has(feed.id);
}

/** Endings that say nothing against the bytes a run had landed: it died (null), was broken off or overtaken. */
const BROKEN_OFF: ReadonlySet<string | null> = new Set([null, "failed", "retryable", "lost"]);

/**
 * A landed extract of an earlier attempt that may be used: after a crash, or when asked for. Once a run was blocked or refused
 * what it read, bytes of that time and before stay as evidence only, whoever landed them, so that a fix at the source counts.
 */
async function reusable(work: Extracting, sameExtract: boolean): Promise<Batch[] | null> {
  const { engine, group, request, runId } = work.run;
  const earlier = await lastRuns(engine.store, { group: group.name, window: windowOf(request), except: runId, limit: 5 });
  const judged = earlier.findIndex((r) => !BROKEN_OFF.has(r.outcome));
  const candidates = sameExtract || judged < 0 ? earlier : earlier.slice(0, judged);
  for (const candidate of candidates) {
    const find = () => landedBy(work, candidate.runId);
    const batches = sameExtract ? await find() : await orReported(work, candidate.runId, find);
    if (batches) return batches;
  }
  return null;
}

/** The extracts of all feeds that an earlier run landed, if they fit and their bytes are whole. */
async function landedBy(work: Extracting, runId: string): Promise<Batch[] | null> {
  const { objects } = work.run.engine;
  const { feeds } = work.begun;
  const found = await Promise.all(feeds.map((feed) => findExtracts(objects, { feed: feed.id, runId, newest: 1 })));
  const batches = feeds.flatMap((feed, i) => (found[i] ?? []).filter((batch) => stillFits(work, feed, batch)));
  if (batches.length < feeds.length) return null;
  for (const batch of batches) await verifyExtract(objects, batch.manifest);
  return batches;
}

/**
 * The landed batch that a replay asks for.
 * @throws Failure `usage` when there is none.
 */
export async function batchToReplay(run: Run, id: string): Promise<Batch> {
  const batch = await findBatch(run.engine.objects, run.group.feeds, id);
  if (!batch) throw new Failure("usage", batchUnknown({ batch: id }));
  return batch;
}

async function replayed(work: Extracting, id: string): Promise<Batch> {
  const { run, begun } = work;
  const batch = await batchToReplay(run, id);
  const { feed } = batch.manifest.extract;
  const cursor = begun.head.cursors.get(feed);
  const newest = cursor?.manifest ? await readManifest(run.engine.objects, cursor.manifest) : null;
  const overtaken =
    newest && newest.id !== id && newest.manifest.extractSeq > batch.manifest.extractSeq && !(await wasPublished(run, id));
  if (overtaken) throw new Failure("usage", replayOvertaken({ batch: id, feed }));
  return landReplay(run.engine.objects, batch, { ...landingRun(work), extractSeq: batch.manifest.extractSeq });
}

async function wasPublished(run: Run, id: string): Promise<boolean> {
  const session = await openSession(run, "look-up", { readOnly: true });
  try {
    return (await publishedBatches(session, run.engine.warehouse.dialect, [id])).size > 0;
  } finally {
    await session.close();
  }
}

/** A whole read that gives no rows where live rows are published is a broken source until somebody says otherwise. */
function refuseEmptyWhole({ begun: { head } }: Extracting, batches: readonly Batch[]): void {
  const problems = batches.flatMap((batch) => {
    const { extract } = batch.manifest;
    const rows = extract.files.reduce((sum, file) => sum + file.rows, 0);
    const staged = head.stagingRows.get(extract.feed) ?? 0n;
    return extract.request.whole && rows === 0 && staged > 0n ? [emptyWhole({ feed: extract.feed, rows: staged })] : [];
  });
  if (problems.length > 0) throw new Failure("blocked", problems);
}

const DIGITS = /^\d+$/;

/** Horizons are numbers, or texts that sort as they grow. */
function isLower(horizon: string, than: string): boolean {
  return DIGITS.test(horizon) && DIGITS.test(than) ? BigInt(horizon) < BigInt(than) : horizon < than;
}

/** A horizon that falls, or another system, needs a person who says why. */
function refuseLowered({ run, begun: { head } }: Extracting, batches: readonly Batch[]): void {
  if (run.request.reason !== null) return;
  const problems = batches.flatMap(({ manifest: { extract } }) => {
    const was = head.cursors.get(extract.feed);
    const is = extract.cursor;
    if (!was || is.horizon === null || was.horizon === null || was.mode !== is.mode) return [];
    const lower = isLower(is.horizon, was.horizon);
    const moved = was.systemIdentifier !== is.systemIdentifier || was.timeline !== is.timeline;
    return lower || moved ? [horizonLowered({ feed: extract.feed })] : [];
  });
  if (problems.length > 0) throw new Failure("incomplete", problems);
}

async function extractSource(
  work: Extracting,
  source: Source,
  feeds: readonly Feed[],
): Promise<{ batches: Batch[]; stopped: string[] }> {
  const { run, begun, gates } = work;
  const { engine, request } = run;
  const before = new Map<string, SourceColumn[] | null>();
  for (const feed of feeds) before.set(feed.id, await publishedColumns(work, feed));
  const drift = new Map<string, DriftChange[]>();
  const reader = await engine.readerOf(source);
  try {
    const landed = await landExtract({
      reader,
      objects: engine.objects,
      run: landingRun(work),
      configFingerprint: extractFingerprint,
      request: {
        source,
        feeds: feeds.map((feed) => ({
          feed,
          cursor: request.kind === "whole" ? null : (begun.head.cursors.get(feed.id) ?? null),
          keys: asksForKeys(request),
        })),
        currencies: engine.pipeline.currencies,
        signal: run.signal,
        onProgress: (feed, bytes) => engine.emit({ event: "progress", runId: run.runId, stage: "extract", feed, bytes }),
        accepts: (feed, columns) => {
          const changes = findDrift(feed, columns, before.get(feed.id) ?? null);
          drift.set(feed.id, changes);
          return !isStopped(changes, engine.pipeline.drift);
        },
      },
    });
    for (const feed of feeds) {
      const found = driftGate(feed, drift.get(feed.id) ?? [], engine.pipeline.drift);
      if (found) gates.push(found);
    }
    return { batches: landed.batches, stopped: landed.refused.map((r) => r.feed) };
  } finally {
    await reader.close();
  }
}

/** A source that fails stops the run, unless none of its feeds is required: then its staleness is shown and the rest goes on. */
async function extractOrLeaveOut(
  work: Extracting,
  source: Source,
  feeds: readonly Feed[],
): Promise<{ batches: Batch[]; stopped: string[] }> {
  try {
    return await extractSource(work, source, feeds);
  } catch (error) {
    const passing = error instanceof Failure && (error.kind === "incomplete" || error.kind === "retryable");
    if (!passing || feeds.some((feed) => feed.required)) throw error;
    const observed = error.problems[0]?.says ?? "";
    work.gates.push(
      ...feeds.map((feed) => gate("source", { feed: feed.id }, { holds: false, observed, limit: "optional feed" })),
    );
    return { batches: [], stopped: feeds.map((feed) => feed.id) };
  }
}

/** An optional feed that is left out does not stop the others; how old its published rows are is shown. */
function reportStaleness({ run, begun, gates }: Extracting, stopped: ReadonlySet<string>): void {
  for (const feed of begun.feeds.filter((f) => stopped.has(f.id) && !f.required)) {
    const last = begun.head.cursors.get(feed.id);
    const observed = last ? `left out; last published as ${run.group.name}-${last.number}` : "left out; never published";
    gates.push(gate("stale", { feed: feed.id }, { holds: false, observed, limit: "optional feed" }));
  }
}

async function extractAll(work: Extracting): Promise<Batch[]> {
  const batches: Batch[] = [];
  const stopped = new Set<string>();
  for (const source of work.run.engine.pipeline.sources.values()) {
    const feeds = work.begun.feeds.filter((feed) => feed.source === source.id);
    if (feeds.length === 0) continue;
    const landed = await extractOrLeaveOut(work, source, feeds);
    batches.push(...landed.batches);
    for (const feed of landed.stopped) stopped.add(feed);
  }
  reportStaleness(work, stopped);
  return batches;
}

function landed({ begun, gates }: Extracting, batches: readonly Batch[], reused: boolean): Landed {
  const feeds = begun.feeds.filter((feed) => batches.some((batch) => batch.manifest.extract.feed === feed.id));
  return { ...begun, feeds, batches, reused, gates: [...begun.gates, ...gates] };
}

/** Lands the run's batches: bytes of an earlier attempt where they still fit, a replayed batch, or a fresh extract. */
export async function extract(run: Run, begun: Begun): Promise<Landed> {
  const work: Extracting = { run, begun, gates: [] };
  const { request } = run;
  if (request.kind === "replay") return landed(work, [await replayed(work, request.batch)], false);
  const earlier = await reusable(work, request.sameExtract);
  const batches = earlier ?? (await extractAll(work));
  refuseEmptyWhole(work, batches);
  refuseLowered(work, batches);
  return landed(work, batches, earlier !== null);
}

/** Reads every landed byte again and compares it with the manifests; bytes of an earlier attempt were read to be chosen. */
export async function verify(run: Run, from: Landed): Promise<Landed> {
  if (!from.reused) for (const batch of from.batches) await verifyExtract(run.engine.objects, batch.manifest);
  return from;
}
