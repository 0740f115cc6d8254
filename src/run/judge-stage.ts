import type { KeySet } from "../checks/vanished.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Batch } from "../landing/manifest.ts";
import { stem } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type FeedToJudge, judge } from "./judge.ts";
import { measureBefore } from "./publication.ts";
import { windowOf } from "./request.ts";
import { openSession, type Run, type RunTools } from "./run.ts";
import type { Judged, Landed } from "./stages.ts";

function keysRelation(feed: Feed): string {
  return `${stem(feed)}__keys`;
}

async function loadBatch(run: Run<RunTools>, session: Session, { feed, batch }: { feed: Feed; batch: Batch }): Promise<void> {
  const { extract } = batch.manifest;
  const { objects } = run.engine;
  const rawFiles = (files: typeof extract.files) =>
    files.map(({ key, rows, bytes, sha256 }) => {
      const local = () => objects.local(key, { bytes, sha256 });
      return { key, rows, bytes, url: objects.url(key), local };
    });
  const files = rawFiles(extract.files);
  await session.loadRaw({ feed: feed.id, relation: stem(feed), batchId: batch.id, columns: extract.columns, files });
  if (!extract.keys) return;
  await session.loadRaw({
    feed: feed.id,
    relation: keysRelation(feed),
    batchId: batch.id,
    columns: extract.keys.columns,
    files: rawFiles(extract.keys.files),
  });
}

/** Where the batch shows all keys of the source; a replay shows those of an earlier moment. */
function keySet(feed: Feed, batch: Batch): KeySet | null {
  const { extract, replayOf } = batch.manifest;
  if (extract.keys) return { from: "keys", relation: keysRelation(feed), batchId: batch.id };
  return extract.request.whole && replayOf === undefined ? { from: "label" } : null;
}

function toJudge({ head }: Landed, feed: Feed, batch: Batch | undefined): FeedToJudge {
  const open = head.open.get(feed.id) ?? { pool: 0n, all: 0n };
  const canVanish = (head.stagingRows.get(feed.id) ?? 0n) > 0n || open.all > 0n;
  return {
    feed,
    batchId: batch?.id ?? null,
    seq: BigInt(batch?.manifest.extractSeq ?? 0),
    keys: batch && canVanish ? keySet(feed, batch) : null,
    open,
  };
}

/** Makes the landed bytes readable. @returns the feeds that have a batch or waiting rows, parents first. */
async function load(run: Run<RunTools>, session: Session, landed: Landed): Promise<FeedToJudge[]> {
  const feeds: FeedToJudge[] = [];
  for (const id of run.group.feeds) {
    const feed = run.engine.pipeline.feeds.get(id);
    if (!feed) continue;
    const batch = landed.batches.find((b) => b.manifest.extract.feed === id);
    if (batch) await loadBatch(run, session, { feed, batch });
    const work = toJudge(landed, feed, batch);
    if (batch || work.open.pool > 0n) feeds.push(work);
  }
  return feeds;
}

/** Feeds whose rows cannot all be here: left out of this run, or in the middle of a first load. */
function absentFeeds({ group }: Run<RunTools>, { head, batches, leftOut }: Landed): Set<string> {
  const loading = group.feeds.filter((id) => {
    const extract = batches.find((b) => b.manifest.extract.feed === id)?.manifest.extract;
    if (extract?.cursor) return false;
    return extract?.loading !== undefined || (head.horizons.get(id)?.loadingSince ?? null) !== null;
  });
  return new Set([...leftOut, ...loading]);
}

/** Opens the warehouse, makes the landed bytes readable and judges the group's batches and waiting rows. */
export async function judgeStage(run: Run<RunTools>, landed: Landed): Promise<Judged> {
  const { engine, group } = run;
  const session = await openSession(run, "publish");
  const d = engine.warehouse.dialect;
  const feeds = await load(run, session, landed);
  const before = await measureBefore(session, d, {
    pipeline: engine.pipeline,
    group,
    stagingRows: landed.head.stagingRows,
    recount: run.request.kind === "whole",
    until: windowOf(run.request)?.end ?? run.startedAt,
  });
  const parts = new Map<string, number>();
  const judgement = await judge(session, d, {
    pipeline: engine.pipeline,
    feeds,
    absent: absentFeeds(run, landed),
    now: d.timestamp(run.startedAt.toISOString()),
    timed: async (part, work) => {
      const began = performance.now();
      try {
        return await work();
      } finally {
        parts.set(part, (parts.get(part) ?? 0) + (performance.now() - began) / 1000);
      }
    },
  });
  return { ...landed, session, before, judgement, parts };
}
