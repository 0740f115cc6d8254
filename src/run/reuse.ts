import type { Feed } from "../config/pipeline.ts";
import { findExtracts } from "../landing/find-extracts.ts";
import { type Batch, isReplay } from "../landing/manifest.ts";
import { verifyExtract } from "../landing/verify-extract.ts";
import { lastRuns } from "../store/operations/last-runs.ts";
import type { Kept } from "./extract-source.ts";
import { type Extracting, orReported } from "./extracting.ts";
import { extractFingerprint } from "./fingerprints.ts";
import { asksForKeys, readsOf, windowOf } from "./request.ts";

/** Endings that say nothing against the bytes a run had landed: it died (null), failed, was broken off or overtaken. */
const BROKEN_OFF: ReadonlySet<string | null> = new Set([null, "failed", "retryable", "lost"]);

/** So many unexpected failures in a row, and the bytes may be what they fail by: the source is read again. */
const SUSPICIOUS = 2;

/** How many earlier runs of a window are looked at. */
const REMEMBERED = 5;

function stillFits(work: Extracting, feed: Feed, { manifest }: Batch): boolean {
  const { request } = work.run;
  return (
    !isReplay(manifest) &&
    manifest.baseHead === work.begun.head.number.toString() &&
    manifest.configFingerprint === extractFingerprint(feed) &&
    manifest.asked === readsOf(request) &&
    (manifest.extract.keys !== undefined) === asksForKeys(request)
  );
}

/** The extracts of some feeds that an earlier run landed from one snapshot, if all of them fit and their bytes are whole. */
async function landedBy(work: Extracting, runId: string, feeds: readonly Feed[]): Promise<Batch[] | null> {
  const { objects } = work.run.engine;
  const found = await Promise.all(feeds.map((feed) => findExtracts(objects, { feed: feed.id, runId, newest: 1 })));
  const batches = feeds.flatMap((feed, i) => (found[i] ?? []).filter((batch) => stillFits(work, feed, batch)));
  if (batches.length < feeds.length) return null;
  for (const batch of batches) await verifyExtract(objects, batch.manifest);
  return batches;
}

/**
 * Earlier runs whose landed bytes may be used: after a crash, or when asked for. Once a run was blocked or refused what it read,
 * bytes of that time and before stay as evidence only, whoever landed them, so that a fix at the source counts.
 */
export async function earlierRuns({ run }: Extracting, sameExtract: boolean): Promise<string[]> {
  const { engine, group, request, runId } = run;
  const options = { group: group.name, window: windowOf(request), except: runId, limit: REMEMBERED };
  const earlier = await lastRuns(engine.store, options);
  if (!sameExtract && earlier.length >= SUSPICIOUS && earlier.slice(0, SUSPICIOUS).every((r) => r.outcome === "failed"))
    return [];
  const judged = earlier.findIndex((r) => !BROKEN_OFF.has(r.outcome));
  const candidates = sameExtract || judged < 0 ? earlier : earlier.slice(0, judged);
  return candidates.map((candidate) => candidate.runId);
}

/** Somebody decided about parts of a feed after the run began that landed its bytes: it cannot have followed that. */
async function isOverruled(kept: Kept, { manifest: { startedAt, extract } }: Batch): Promise<boolean> {
  return (await kept.decisions(extract.feed)).some(({ at }) => Date.parse(at) >= Date.parse(startedAt));
}

async function landedSoFar(work: Extracting, { runId, kept }: { runId: string; kept: Kept }, feeds: readonly Feed[]) {
  const batches = await landedBy(work, runId, feeds);
  for (const batch of batches ?? []) if (await isOverruled(kept, batch)) return null;
  return batches;
}

/** Landed extracts of one source's feeds that may be used again, of the newest of some runs that has any; null if none has. */
export async function reusable(
  work: Extracting,
  feeds: readonly Feed[],
  { runs, sameExtract, kept }: { runs: readonly string[]; sameExtract: boolean; kept: Kept },
): Promise<Batch[] | null> {
  for (const runId of runs) {
    const find = () => (sameExtract ? landedBy(work, runId, feeds) : landedSoFar(work, { runId, kept }, feeds));
    const batches = sameExtract ? await find() : await orReported(work, runId, find);
    if (batches) return batches;
  }
  return null;
}
