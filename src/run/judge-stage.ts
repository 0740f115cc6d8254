import type { KeySet } from "../checks/vanished.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Batch } from "../landing/manifest.ts";
import { stem } from "../warehouse/relations.ts";
import { filled, openSession, type RunContext } from "./context.ts";
import { type FeedToJudge, judge } from "./judge.ts";
import { measureBefore } from "./publication.ts";

function keysRelation(feed: Feed): string {
  return `${stem(feed)}__keys`;
}

async function loadBatch(run: RunContext, feed: Feed, batch: Batch): Promise<void> {
  const session = filled(run.session, "warehouse session");
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

function toJudge(run: RunContext, feed: Feed, batch: Batch | undefined): FeedToJudge {
  const head = filled(run.head, "head");
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

/** Opens the warehouse, makes the landed bytes readable and judges the group's batches and waiting rows. */
export async function judgeStage(run: RunContext): Promise<void> {
  const { engine, group } = run;
  const session = await openSession(run, "publish");
  run.session = session;
  const d = engine.warehouse.dialect;
  const feeds: FeedToJudge[] = [];
  for (const id of group.feeds) {
    const feed = engine.pipeline.feeds.get(id);
    if (!feed) continue;
    const batch = run.batches.find((b) => b.manifest.extract.feed === id);
    if (batch) await loadBatch(run, feed, batch);
    const work = toJudge(run, feed, batch);
    if (batch || work.open.pool > 0n) feeds.push(work);
  }
  run.before = await measureBefore(session, d, {
    pipeline: engine.pipeline,
    group,
    stagingRows: filled(run.head, "head").stagingRows,
    recount: run.request.full,
  });
  run.judgement = await judge(session, d, {
    pipeline: engine.pipeline,
    feeds,
    now: d.timestamp(run.startedAt.toISOString()),
    timed: async (part, work) => {
      const began = performance.now();
      try {
        return await work();
      } finally {
        run.parts.set(part, (run.parts.get(part) ?? 0) + (performance.now() - began) / 1000);
      }
    },
  });
}
