import { readPublishedKeys } from "../checks/published-keys.ts";
import { isReadFreely } from "../config/groups.ts";
import type { Feed, Source } from "../config/pipeline.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import { landExtract } from "../landing/land-extract.ts";
import { type Batch, batchOf, readManifest } from "../landing/manifest.ts";
import { readAdapterState } from "../ledger/adapter-state.ts";
import { loadingSince } from "../ledger/head.ts";
import { type RecordedPart, readPartDecisions } from "../ledger/part-decisions.ts";
import { type DriftChange, driftGate, findDrift, isStopped } from "../publish/drift.ts";
import type { Cursor, ExtractRequest, FeedRequest, Progress, SourceColumn } from "../sources/source.ts";
import { keepProgress, readProgress } from "../store/operations/progress.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { beforeDeadline } from "./deadline.ts";
import { type Extracting, landingRun, orReported } from "./extracting.ts";
import { extractFingerprint } from "./fingerprints.ts";
import { unreadGate } from "./leave-out.ts";
import { sourceLate } from "./problems.ts";
import { asksForKeys, readsOf } from "./request.ts";
import { countRequests, openSession, type Run } from "./run.ts";
import { sharedRates } from "./shared-rates.ts";
import { withReader } from "./with-reader.ts";

/** Columns of a feed's newest published extract; null without one that had any, or when its manifest is gone. */
async function publishedColumns(work: Extracting, feed: Feed): Promise<SourceColumn[] | null> {
  const key = work.begun.head.newestManifests.get(feed.id);
  const batch = key ? await orReported(work, feed.id, () => readManifest(work.run.engine.objects, key)) : null;
  const columns = batch?.manifest.extract.sourceColumns ?? [];
  return columns.length > 0 ? columns : null;
}

/** Looks each feed's columns over before it is read, and keeps what it found for the drift gates. */
async function driftOf(work: Extracting, feeds: readonly Feed[]) {
  const { drift: policy } = work.run.engine.pipeline;
  const before = new Map<string, SourceColumn[] | null>();
  for (const feed of feeds) before.set(feed.id, await publishedColumns(work, feed));
  const found = new Map<string, DriftChange[]>();
  return {
    accepts: (feed: Feed, columns: readonly SourceColumn[]) => {
      const changes = findDrift(feed, columns, before.get(feed.id) ?? null);
      found.set(feed.id, changes);
      return !isStopped(changes, policy);
    },
    gates: () => feeds.flatMap((feed) => driftGate(feed, found.get(feed.id) ?? [], policy) ?? []),
  };
}

/** What the warehouse keeps for adapters. */
export interface Kept extends Pick<ExtractRequest, "state" | "publishedKeys"> {
  readonly decisions: (feed: string) => Promise<readonly RecordedPart[]>;
}

/**
 * The port through which adapters read their own state, and what people decided, in a run. The warehouse is asked by one session at a
 * time, however many sources are read side by side.
 */
export function keptPort(run: Run): Kept {
  const group = run.group.name;
  const { dialect } = run.engine.warehouse;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(purpose: string, ask: (session: Session) => Promise<R>): Promise<R> => {
    const next = last.then(async () => {
      const session = await openSession(run, purpose, { readOnly: true });
      try {
        return await ask(session);
      } finally {
        await session.close();
      }
    });
    last = next.catch(() => undefined);
    return next;
  };
  const feedOf = (id: string) => run.engine.pipeline.feeds.get(id) as Feed;
  return {
    publishedKeys: (feed, query) =>
      inTurn(`keys of ${feed}`, (session) => readPublishedKeys(session, dialect, { feed: feedOf(feed), query })),
    state: (feed) => inTurn(`state of ${feed}`, (session) => readAdapterState(session, dialect, { group, feed })),
    decisions: async (feed) => {
      const all = await inTurn(`decisions on ${feed}`, (session) => readPartDecisions(session, dialect, group));
      return all.filter((decision) => decision.feed === feed);
    },
  };
}

/** The published cursor of a feed as its adapter made it: one that it leaves where it is, it hands back. */
function publishedCursor({ begun }: Extracting, feed: Feed): Cursor | null {
  const found = begun.head.cursors.get(feed.id);
  if (found === undefined) return null;
  const { kind, position, identity, horizon } = found;
  return { kind, position, identity, horizon };
}

function progressOf(work: Extracting, feed: Feed): Progress {
  const { run, begun } = work;
  const { engine, group, request } = run;
  const asked = [readsOf(request), asksForKeys(request)];
  const started = fingerprint([
    publishedCursor(work, feed),
    extractFingerprint(feed),
    ...asked,
    loadingSince(begun.head, feed.id),
  ]);
  const of = { group: group.name, feed: feed.id, started };
  return { read: () => readProgress(engine.store, of), keep: (token) => keepProgress(engine.store, of, token) };
}

/** What a run asks of a feed's adapter. */
function feedRequest(work: Extracting, feed: Feed): FeedRequest {
  const { run, begun } = work;
  const { request, engine } = run;
  const published = publishedCursor(work, feed);
  const since = loadingSince(begun.head, feed.id);
  const rows = begun.head.liveRows.get(feed.id);
  const isWhole = readsOf(request) === "whole";
  const own = request.kind === "heal" ? request.keys.find(({ feed: id }) => id === feed.id) : undefined;
  const { keys: only, neverSeen, within } = own ?? {};
  return {
    feed,
    cursor: isWhole || only ? null : published,
    published,
    mayReadWhole: isWhole || isReadFreely(engine.pipeline, rows),
    keys: asksForKeys(request),
    loading: since === null || isWhole || only ? null : { since },
    ...(readsOf(request) === "slice" && { net: { rows: rows ?? 0n } }),
    ...(only && { only }),
    ...(neverSeen && { neverSeen }),
    ...(within && { within }),
  };
}

interface SourceWork {
  readonly source: Source;
  readonly feeds: readonly Feed[];
  readonly kept: Kept;
  /** Aborts when the run stops, or another source has failed for good. */
  readonly signal: AbortSignal;
}

/**
 * Extracts and lands the feeds of one source, within its deadline; those that its drift stops have no batch.
 * @throws Failure as its reader, `retryable` when the deadline passed.
 */
export async function extractSource(work: Extracting, of: SourceWork): Promise<readonly Batch[]> {
  const { source, feeds, kept } = of;
  const { run, gates } = work;
  const { engine } = run;
  const drift = await driftOf(work, feeds);
  const late = () => sourceLate({ source: source.id, seconds: source.deadlineSeconds ?? 0 });
  const milliseconds = source.deadlineSeconds === null ? null : source.deadlineSeconds * 1000;
  const { batches, leftOut } = await beforeDeadline({ timer: engine.timer, milliseconds, signal: of.signal, late }, (signal) =>
    withReader(run, source, (reader) =>
      landExtract({
        reader,
        objects: engine.objects,
        run: landingRun(work),
        configFingerprint: extractFingerprint,
        request: {
          source,
          feeds: feeds.map((feed) => feedRequest(work, feed)),
          currencies: engine.pipeline.currencies,
          signal,
          onProgress: (feed, bytes) => engine.emit({ event: "progress", runId: run.runId, stage: "extract", feed, bytes }),
          accepts: drift.accepts,
          ...kept,
          rate: sharedRates(engine.store, engine.timer),
          used: (usage) => countRequests(run, source.id, usage),
          progress: (id) => progressOf(work, feeds.find((feed) => feed.id === id) as Feed),
          clock: engine.clock,
          timer: engine.timer,
          budget: source.budget,
        },
      }),
    ),
  );
  gates.push(...drift.gates(), ...leftOut.map(({ feed, says }) => unreadGate(feed, says)));
  return batches;
}

/** What an earlier attempt landed of one source, its columns looked over once more: what that attempt told of them ended with it. */
export async function lookOver(work: Extracting, feeds: readonly Feed[], batches: readonly Batch[]): Promise<readonly Batch[]> {
  const drift = await driftOf(work, feeds);
  const refused = (feed: Feed) => {
    const columns = batchOf(batches, feed.id)?.manifest.extract.sourceColumns ?? [];
    return columns.length > 0 && !drift.accepts(feed, columns);
  };
  const stopped = feeds.filter(refused).map((feed) => feed.id);
  work.gates.push(...drift.gates());
  return batches.filter((batch) => !stopped.includes(batch.manifest.extract.feed));
}
