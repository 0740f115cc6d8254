import type { Feed, Source } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { findBatch, findExtracts } from "../landing/find-extracts.ts";
import { type LandingRun, landExtract, landReplay } from "../landing/land-extract.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { verifyExtract } from "../landing/verify-extract.ts";
import { publishedBatches } from "../publish/fence.ts";
import type { SourceColumn } from "../sources/source.ts";
import { lastRuns } from "../store/operations/last-runs.ts";
import { filled, openSession, type RunContext } from "./context.ts";
import { type DriftChange, driftGate, findDrift, isStopped } from "./drift.ts";
import { extractFingerprint } from "./fingerprints.ts";
import { batchUnknown, emptyWhole, horizonLowered, replayOvertaken } from "./problems.ts";

function landingRun(run: RunContext): LandingRun {
  const head = filled(run.head, "head");
  return {
    runId: run.runId,
    group: run.group.name,
    window: run.request.window,
    baseHead: head.number.toString(),
    extractSeq: Number(head.token),
    startedAt: run.startedAt,
    codeVersion: run.engine.codeVersion,
  };
}

/** Evidence that cannot be read any more is reported; what can be read again from the source does not need it. */
async function orReported<T>(run: RunContext, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "incomplete") throw error;
    run.gates.push({
      gate: `evidence/${what}`,
      verdict: "warn",
      observed: error.problems[0]?.says ?? "",
      limit: "landed bytes as their manifest says",
    });
    return null;
  }
}

/** Columns of a feed's last published extract; null for a first one, or when its manifest is gone. */
async function publishedColumns(run: RunContext, feed: Feed): Promise<SourceColumn[] | null> {
  const key = filled(run.head, "head").cursors.get(feed.id)?.manifest;
  const batch = key ? await orReported(run, feed.id, () => readManifest(run.engine.objects, key)) : null;
  return batch ? batch.manifest.extract.sourceColumns : null;
}

function stillFits(run: RunContext, feed: Feed, batch: Batch): boolean {
  const { manifest } = batch;
  const { request } = manifest.extract;
  return (
    manifest.baseHead === filled(run.head, "head").number.toString() &&
    manifest.configFingerprint === extractFingerprint(feed) &&
    request.whole === isWhole(run, feed) &&
    (manifest.extract.keys !== undefined) === run.request.keys
  );
}

function isWhole(run: RunContext, feed: Feed): boolean {
  return run.request.full || feed.reads === "whole" || !filled(run.head, "head").cursors.has(feed.id);
}

/** Endings that say nothing against the bytes a run had landed: it died (null), was broken off or overtaken. */
const BROKEN_OFF: ReadonlySet<string | null> = new Set([null, "failed", "retryable", "lost"]);

/**
 * A landed extract of an earlier attempt that may be used: after a crash, or when asked for. Once a run was blocked or refused
 * what it read, bytes of that time and before stay as evidence only, whoever landed them, so that a fix at the source counts.
 */
async function reusable(run: RunContext): Promise<Batch[] | null> {
  const { store } = run.engine;
  const earlier = await lastRuns(store, { group: run.group.name, window: run.request.window, except: run.runId, limit: 5 });
  const judged = earlier.findIndex((r) => !BROKEN_OFF.has(r.outcome));
  const candidates = run.request.sameExtract || judged < 0 ? earlier : earlier.slice(0, judged);
  for (const candidate of candidates) {
    const find = () => landedBy(run, candidate.runId);
    const batches = run.request.sameExtract ? await find() : await orReported(run, candidate.runId, find);
    if (batches) return batches;
  }
  return null;
}

/** The extracts of all feeds that an earlier run landed, if they fit and their bytes are whole. */
async function landedBy(run: RunContext, runId: string): Promise<Batch[] | null> {
  const { objects } = run.engine;
  const found = await Promise.all(run.feeds.map((feed) => findExtracts(objects, { feed: feed.id, runId, newest: 1 })));
  const batches = run.feeds.flatMap((feed, i) => (found[i] ?? []).filter((batch) => stillFits(run, feed, batch)));
  if (batches.length < run.feeds.length) return null;
  for (const batch of batches) await verifyExtract(objects, batch.manifest);
  return batches;
}

/**
 * The landed batch that a replay asks for.
 * @throws Failure `usage` when there is none.
 */
export async function batchToReplay(run: RunContext, id: string): Promise<Batch> {
  const batch = await findBatch(run.engine.objects, run.group.feeds, id);
  if (!batch) throw new Failure("usage", batchUnknown({ batch: id }));
  return batch;
}

async function replayed(run: RunContext, id: string): Promise<Batch[]> {
  const batch = await batchToReplay(run, id);
  const { feed } = batch.manifest.extract;
  const cursor = filled(run.head, "head").cursors.get(feed);
  const newest = cursor?.manifest ? await readManifest(run.engine.objects, cursor.manifest) : null;
  const overtaken =
    newest && newest.id !== id && newest.manifest.extractSeq > batch.manifest.extractSeq && !(await wasPublished(run, id));
  if (overtaken) throw new Failure("usage", replayOvertaken({ batch: id, feed }));
  run.feeds = run.feeds.filter((f) => f.id === feed);
  return [await landReplay(run.engine.objects, batch, { ...landingRun(run), extractSeq: batch.manifest.extractSeq })];
}

async function wasPublished(run: RunContext, id: string): Promise<boolean> {
  const session = await openSession(run, "look-up", true);
  try {
    return (await publishedBatches(session, run.engine.warehouse.dialect, [id])).size > 0;
  } finally {
    await session.close();
  }
}

/** A whole read that gives no rows where live rows are published is a broken source until somebody says otherwise. */
function refuseEmptyWhole(run: RunContext, batches: readonly Batch[]): void {
  const problems = batches.flatMap((batch) => {
    const { extract } = batch.manifest;
    const rows = extract.files.reduce((sum, file) => sum + file.rows, 0);
    const staged = filled(run.head, "head").stagingRows.get(extract.feed) ?? 0n;
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
function refuseLowered(run: RunContext, batches: readonly Batch[]): void {
  if (run.request.reason !== null) return;
  const problems = batches.flatMap(({ manifest: { extract } }) => {
    const was = filled(run.head, "head").cursors.get(extract.feed);
    const is = extract.cursor;
    if (!was || is.horizon === null || was.horizon === null || was.mode !== is.mode) return [];
    const lower = isLower(is.horizon, was.horizon);
    const moved = was.systemIdentifier !== is.systemIdentifier || was.timeline !== is.timeline;
    return lower || moved ? [horizonLowered({ feed: extract.feed })] : [];
  });
  if (problems.length > 0) throw new Failure("incomplete", problems);
}

async function extractSource(
  run: RunContext,
  source: Source,
  feeds: readonly Feed[],
): Promise<{ batches: Batch[]; stopped: string[] }> {
  const { engine, request } = run;
  const head = filled(run.head, "head");
  const before = new Map<string, SourceColumn[] | null>();
  for (const feed of feeds) before.set(feed.id, await publishedColumns(run, feed));
  const drift = new Map<string, DriftChange[]>();
  const reader = await engine.readerOf(source);
  try {
    const landed = await landExtract({
      reader,
      objects: engine.objects,
      run: landingRun(run),
      configFingerprint: extractFingerprint,
      request: {
        source,
        feeds: feeds.map((feed) => ({
          feed,
          cursor: request.full ? null : (head.cursors.get(feed.id) ?? null),
          keys: request.keys,
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
      const gate = driftGate(feed, drift.get(feed.id) ?? [], engine.pipeline.drift);
      if (gate) run.gates.push(gate);
    }
    return { batches: landed.batches, stopped: landed.refused.map((r) => r.feed) };
  } finally {
    await reader.close();
  }
}

/** A source that fails stops the run, unless none of its feeds is required: then its staleness is shown and the rest goes on. */
async function extractOrLeaveOut(
  run: RunContext,
  source: Source,
  feeds: readonly Feed[],
): Promise<{ batches: Batch[]; stopped: string[] }> {
  try {
    return await extractSource(run, source, feeds);
  } catch (error) {
    const passing = error instanceof Failure && (error.kind === "incomplete" || error.kind === "retryable");
    if (!passing || feeds.some((feed) => feed.required)) throw error;
    const observed = error.problems[0]?.says ?? "";
    run.gates.push(
      ...feeds.map((feed) => ({ gate: `source/${feed.id}`, verdict: "warn" as const, observed, limit: "optional feed" })),
    );
    return { batches: [], stopped: feeds.map((feed) => feed.id) };
  }
}

/** An optional feed that is left out does not stop the others; how old its published rows are is shown. */
function reportStaleness(run: RunContext, stopped: ReadonlySet<string>): void {
  const { cursors } = filled(run.head, "head");
  for (const feed of run.feeds.filter((f) => stopped.has(f.id) && !f.required)) {
    const last = cursors.get(feed.id);
    const observed = last ? `left out; last published as ${run.group.name}-${last.number}` : "left out; never published";
    run.gates.push({ gate: `stale/${feed.id}`, verdict: "warn", observed, limit: "optional feed" });
  }
}

async function extractAll(run: RunContext): Promise<Batch[]> {
  const batches: Batch[] = [];
  const stopped = new Set<string>();
  for (const source of run.engine.pipeline.sources.values()) {
    const feeds = run.feeds.filter((feed) => feed.source === source.id);
    if (feeds.length === 0) continue;
    const landed = await extractOrLeaveOut(run, source, feeds);
    batches.push(...landed.batches);
    for (const feed of landed.stopped) stopped.add(feed);
  }
  reportStaleness(run, stopped);
  run.feeds = run.feeds.filter((feed) => !stopped.has(feed.id));
  return batches;
}

/** Lands the run's batches: bytes of an earlier attempt where they still fit, a replayed batch, or a fresh extract. */
export async function extract(run: RunContext): Promise<void> {
  if (run.request.replay !== null) {
    run.batches = await replayed(run, run.request.replay);
    return;
  }
  const earlier = await reusable(run);
  run.reused = earlier !== null;
  run.batches = earlier ?? (await extractAll(run));
  refuseEmptyWhole(run, run.batches);
  refuseLowered(run, run.batches);
}

/** Reads every landed byte again and compares it with the manifests; bytes of an earlier attempt were read to be chosen. */
export async function verify(run: RunContext): Promise<void> {
  if (run.reused) return;
  for (const batch of run.batches) await verifyExtract(run.engine.objects, batch.manifest);
}
