import type { Feed, Source } from "../config/pipeline.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import { rowsOf } from "../landing/extract-files.ts";
import { type Batch, batchOf, isReplay } from "../landing/manifest.ts";
import { verifyExtract, verifyJustLanded } from "../landing/verify-extract.ts";
import { loadingSince } from "../ledger/head.ts";
import { findingGates } from "../publish/finding-gates.ts";
import type { SourceReader } from "../sources/source.ts";
import { dropProgress } from "../store/operations/progress.ts";
import { extractSource, type Kept, keptPort, lookOver } from "./extract-source.ts";
import { bringsAll, type Extracting } from "./extracting.ts";
import { staleGate, unreadGate } from "./leave-out.ts";
import { emptyWhole, horizonLowered } from "./problems.ts";
import { batchToReplay, replay } from "./replay.ts";
import { movesCursors, readsOf } from "./request.ts";
import { earlierRuns, reusable } from "./reuse.ts";
import type { Run } from "./run.ts";
import type { Begun, Landed } from "./stages.ts";
import { withReader } from "./with-reader.ts";

/** A source and those of its feeds that are extracted. */
interface Asked {
  readonly source: Source;
  readonly feeds: readonly Feed[];
}

/** What one source gave, whose bytes they are, and why feeds were left out. */
interface Given {
  readonly batches: readonly Batch[];
  readonly reused: boolean;
  readonly leftOut: readonly string[];
}

function askedSources({ run, begun }: Extracting): Asked[] {
  return [...run.engine.pipeline.sources.values()]
    .map((source) => ({ source, feeds: begun.feeds.filter((feed) => feed.source === source.id) }))
    .filter(({ feeds }) => feeds.length > 0);
}

/** Warns that optional feeds are left out, and why. */
function warnLeftOut({ gates }: Extracting, feeds: readonly Feed[], why: string): void {
  gates.push(...feeds.map((feed) => unreadGate(feed.id, why)));
}

/** A source that fails stops the run, unless none of its feeds is required: then the rest goes on. */
async function orLeftOut(
  work: Extracting,
  { feeds }: Asked,
  landing: () => Promise<readonly Batch[]>,
): Promise<readonly Batch[]> {
  try {
    return await landing();
  } catch (error) {
    const passing = error instanceof Failure && (error.kind === "incomplete" || error.kind === "retryable");
    const isNeeded = work.run.request.kind === "heal" || feeds.some((feed) => feed.required);
    if (!passing || work.run.signal.aborted || isNeeded) throw error;
    warnLeftOut(work, feeds, error.problems[0]?.says ?? "");
    return [];
  }
}

/** A whole read that gives no rows where live rows are published is a broken source until somebody says otherwise, with a reason. */
function emptied({ run, begun: { head } }: Extracting, { manifest: { extract } }: Batch): Problem | null {
  if (readsOf(run.request) === "whole" && run.request.reason !== null) return null;
  const staged = head.liveRows.get(extract.feed) ?? 0n;
  return bringsAll(extract) && rowsOf(extract) === 0 && staged > 0n ? emptyWhole({ feed: extract.feed, rows: staged }) : null;
}

/** A cursor that falls, or another system, needs a person who says why. */
function lowered({ run, begun }: Extracting, reader: SourceReader, { feeds, batch }: { feeds: readonly Feed[]; batch: Batch }) {
  const { feed: id, cursor } = batch.manifest.extract;
  const [feed, published] = [feeds.find((f) => f.id === id), begun.head.cursors.get(id)];
  // What somebody decided when everything was begun to be read again holds to its end.
  const decided = (readsOf(run.request) === "whole" && run.request.reason !== null) || loadingSince(begun.head, id) !== null;
  if (decided || !(feed && published && cursor)) return null;
  const found = reader.compare(feed, published, cursor);
  return found === "behind" || found === "foreign" ? horizonLowered({ feed: id }) : null;
}

/** Leaves out optional feeds whose extract cannot be believed; a required one stops the run. */
async function believed(work: Extracting, asked: Asked, batches: readonly Batch[]): Promise<Batch[]> {
  const problems: { kind: "blocked" | "incomplete"; feed: string; problem: Problem }[] = [];
  await withReader(work.run, asked.source, (reader) => {
    for (const batch of batches) {
      const { feed } = batch.manifest.extract;
      const empty = emptied(work, batch);
      if (empty) problems.push({ kind: "blocked", feed, problem: empty });
      const low = lowered(work, reader, { feeds: asked.feeds, batch });
      if (low) problems.push({ kind: "incomplete", feed, problem: low });
    }
  });
  const isRequired = (id: string) => asked.feeds.some((feed) => feed.id === id && feed.required);
  const [first, ...rest] = problems.filter((p) => isRequired(p.feed));
  if (first) {
    const alike = rest.filter((p) => p.kind === first.kind).map((p) => p.problem);
    throw new Failure(first.kind, [first.problem, ...alike]);
  }
  for (const { feed: id, problem } of problems) {
    warnLeftOut(
      work,
      asked.feeds.filter((feed) => feed.id === id),
      problem.says,
    );
  }
  return batches.filter((batch) => !problems.some((p) => p.feed === batch.manifest.extract.feed));
}

interface Sharing {
  /** Earlier runs whose landed bytes may be used; what is read beside cursors is always read anew. */
  readonly runs: readonly string[];
  readonly sameExtract: boolean;
  readonly kept: Kept;
  readonly signal: AbortSignal;
}

/** Also after an attempt that died as soon as it had landed: what an instalment was resumed from would seem to fit the next one. */
async function forgetProgress({ run }: Extracting, batches: readonly Batch[]): Promise<void> {
  const feeds = batches.map((batch) => batch.manifest.extract.feed);
  await dropProgress(run.engine.store, run.group.name, feeds);
}

/** Bytes of an earlier attempt where they still fit, else a fresh extract; each source by itself. */
async function landSource(work: Extracting, asked: Asked, { runs, sameExtract, kept, signal }: Sharing): Promise<Given> {
  const earlier = await reusable(work, asked.feeds, { runs, sameExtract, kept });
  const landed =
    earlier === null
      ? await orLeftOut(work, asked, () => extractSource(work, { ...asked, kept, signal }))
      : await lookOver(work, asked.feeds, earlier);
  if (movesCursors(work.run.request)) await forgetProgress(work, landed);
  const batches = await believed(work, asked, landed);
  const leftOut = asked.feeds.filter((feed) => batchOf(batches, feed.id) === undefined);
  return { batches, reused: earlier !== null, leftOut: leftOut.map((feed) => feed.id) };
}

/** Reads all sources side by side. The first that fails for good ends the others, and only then the run. */
async function landAll(work: Extracting, sameExtract: boolean): Promise<Given[]> {
  const { run } = work;
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const runs = movesCursors(run.request) ? await earlierRuns(work, sameExtract) : [];
  const sharing = { runs, sameExtract, kept: keptPort(run), signal };
  const failures: unknown[] = [];
  const given = await Promise.all(
    askedSources(work).map(async (asked) => {
      try {
        return [await landSource(work, asked, sharing)];
      } catch (error) {
        failures.push(error);
        stop.abort();
        return [];
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return given.flat();
}

/** An optional feed that is left out does not stop the others; how old its published rows are is shown. */
function warnStale({ run, begun, gates }: Extracting, leftOut: readonly string[]): void {
  const optional = begun.feeds.filter((feed) => leftOut.includes(feed.id) && !feed.required);
  gates.push(...optional.map((feed) => staleGate(run, begun, feed.id)));
}

function landed({ begun, gates }: Extracting, given: readonly Given[]): Landed {
  const all = given.flatMap((g) => g.batches);
  const batches = begun.feeds.flatMap((feed) => batchOf(all, feed.id) ?? []);
  const feeds = begun.feeds.filter((feed) => batchOf(batches, feed.id) !== undefined);
  const reused = given.filter((g) => g.reused).flatMap((g) => g.batches.map((batch) => batch.id));
  const leftOut = given.flatMap((g) => g.leftOut);
  return { ...begun, feeds, batches, reused, leftOut, since: [], gates: [...begun.gates, ...gates, ...findingGates(batches)] };
}

/**
 * Refuses what a run cannot begin with, before it raises the fence against a run on its way.
 * @throws Failure `usage` for a batch that is not there.
 */
export async function refuseUnknown(run: Run): Promise<void> {
  const { request } = run;
  switch (request.kind) {
    case "changes":
    case "whole":
    case "slice":
    case "recompute":
    case "heal":
      return;
    case "replay":
      await batchToReplay(run, request.batch);
      return;
    default:
      request satisfies never;
  }
}

/** What the run goes on with, by its kind. */
async function given(work: Extracting): Promise<Given[]> {
  const { request } = work.run;
  switch (request.kind) {
    case "changes":
    case "whole":
      return landAll(work, request.sameExtract);
    case "slice":
    case "heal":
      return landAll(work, false);
    case "recompute":
      throw new Error("computing tables again reads no source");
    case "replay":
      return [{ batches: [await replay(work, request.batch)], reused: false, leftOut: [] }];
    default:
      return request satisfies never;
  }
}

/** Lands the run's batches: bytes of an earlier attempt where they still fit, a replayed batch, or a fresh extract. */
export async function extract(run: Run, begun: Begun): Promise<Landed> {
  const work: Extracting = { run, begun, gates: [] };
  const batches = await given(work);
  warnStale(
    work,
    batches.flatMap((g) => g.leftOut),
  );
  return landed(work, batches);
}

/** Compares what is landed with the manifests: bytes that others landed by reading them, those of an earlier attempt when they are chosen. */
export async function verify(run: Run, from: Landed): Promise<Landed> {
  const { objects } = run.engine;
  for (const { id, manifest } of from.batches) {
    if (from.reused.includes(id)) continue;
    await (isReplay(manifest) ? verifyExtract(objects, manifest) : verifyJustLanded(objects, manifest));
  }
  return from;
}
