import { type FeedToJudge, type Judgement, judge } from "../checks/judge.ts";
import type { LandedRows } from "../checks/landed-keys.ts";
import type { Complete } from "../checks/vanished.ts";
import type { Feed } from "../config/pipeline.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { Failure } from "../kernel/problem.ts";
import { BESIDE, type Beside } from "../landing/extract-files.ts";
import { type Batch, batchOf, isReplay } from "../landing/manifest.ts";
import { rawFiles } from "../landing/raw-files.ts";
import { loadingSince } from "../ledger/head.ts";
import { measureBefore } from "../publish/publication.ts";
import { stem } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { RunTools } from "./engine.ts";
import { bringsAll } from "./extracting.ts";
import { rowsAbsent } from "./problems.ts";
import { windowOf } from "./request.ts";
import { openSession, type Run } from "./run.ts";
import type { Judged, Landed } from "./stages.ts";

async function loadBatch(run: Run<RunTools>, session: Session, { feed, batch }: { feed: Feed; batch: Batch }): Promise<void> {
  const { files, columns, ...extract } = batch.manifest.extract;
  const of = { feed: feed.id, batchId: batch.id };
  await session.loadRaw({ ...of, relation: stem(feed), columns, files: rawFiles(run.engine.objects, files) });
  for (const name of BESIDE) {
    const beside = extract[name];
    const rows = besideRows(feed, batch, name);
    if (!beside || !rows) continue;
    await session.loadRaw({ ...of, ...rows, columns: beside.columns, files: rawFiles(run.engine.objects, beside.files) });
  }
}

/** Makes readable what hourly runs have read of a feed while nets did: rows, and what they say is gone or complete. */
async function loadSince(
  run: Run<RunTools>,
  session: Session,
  { feed, batches }: { feed: Feed; batches: readonly Batch[] },
): Promise<LandedRows[]> {
  const loaded: LandedRows[] = [];
  for (const [nth, { id: batchId, manifest }] of batches.filter((b) => b.manifest.extract.feed === feed.id).entries()) {
    const { extract } = manifest;
    const parts = { rows: extract, deletes: feed.scoped ? undefined : extract.deletes, scopes: extract.scopes };
    for (const [name, part] of Object.entries(parts)) {
      if (!part || part.files.length === 0) continue;
      const rows = { relation: `${stem(feed)}__since_${nth}_${name}`, batchId };
      await session.loadRaw({ feed: feed.id, ...rows, columns: part.columns, files: rawFiles(run.engine.objects, part.files) });
      loaded.push(rows);
    }
  }
  return loaded;
}

/**
 * Rows that were landed beside a batch's own; null without any. A key pass without keys says that nothing is left. What a
 * replayed batch has beside its rows it would say of an earlier moment; its deletes alone are needed, since rows of its own may
 * have lost against them.
 */
function besideRows(feed: Feed, { id, manifest }: Batch, name: Beside): LandedRows | null {
  const beside = manifest.extract[name];
  if (!beside || (isReplay(manifest) && name !== "deletes") || (beside.rows === 0 && name !== "keys")) return null;
  return { relation: `${stem(feed)}__${name}`, batchId: id };
}

/** What the batch is complete of, where absence from it means anything; a replayed one of nothing. */
function completeOf(feed: Feed, batch: Batch, but: readonly LandedRows[]): Complete | null {
  if (feed.absence === "nothing" || isReplay(batch.manifest)) return null;
  const keys = besideRows(feed, batch, "keys");
  if (keys) return { of: "feed", by: "keys", ...keys };
  if (bringsAll(batch.manifest.extract)) return { of: "feed", by: "rows" };
  const only = besideRows(feed, batch, "only");
  if (only) return { of: "keys", listed: only };
  const { complete } = batch.manifest.extract;
  if (complete) return { of: "ranges", ...complete, but };
  const scopes = besideRows(feed, batch, "scopes");
  return scopes && { of: "scopes", listed: scopes, parent: null, but };
}

/** What a batch says of rows that it does not bring. */
function saysOf(
  feed: Feed,
  { batch, canVanish, but }: { batch: Batch | undefined; canVanish: boolean; but: readonly LandedRows[] },
): FeedToJudge["says"] {
  if (!batch) return { complete: null, deletes: null };
  return { complete: canVanish ? completeOf(feed, batch, but) : null, deletes: besideRows(feed, batch, "deletes") };
}

/** What a batch of nets says beside its rows; null for every other one, and where its bytes are replayed. */
function netOf(feed: Feed, batch: Batch | undefined, since: readonly LandedRows[]): FeedToJudge["net"] {
  if (batch?.manifest.asked !== "slice" || isReplay(batch.manifest)) return null;
  const own = besideRows(feed, batch, "underway");
  return { underway: own === null ? since : [own, ...since] };
}

/** Whether a batch has all rows that there are, or all of the keys that were asked for. */
function isComplete({ extract }: Batch["manifest"]): boolean {
  return bringsAll(extract) || extract.only !== undefined;
}

function toJudge(
  { head }: Landed,
  feed: Feed,
  { batch, since }: { batch: Batch | undefined; since: readonly LandedRows[] },
): FeedToJudge {
  const open = head.open.get(feed.id) ?? { pool: 0n, all: 0n };
  const canVanish = (head.liveRows.get(feed.id) ?? 0n) > 0n || open.all > 0n;
  const net = netOf(feed, batch, since);
  return {
    feed,
    batchId: batch?.id ?? null,
    seq: BigInt(batch?.manifest.extractSeq ?? 0),
    isReplay: batch !== undefined && isReplay(batch.manifest),
    // Before anything of the feed is published there is nothing to hold it beside.
    byValue: canVanish && batch !== undefined && !isReplay(batch.manifest) && isComplete(batch.manifest),
    asked: canVanish && batch && !isReplay(batch.manifest) ? besideRows(feed, batch, "only") : null,
    says: saysOf(feed, { batch, canVanish, but: net?.underway ?? [] }),
    keys: batch?.manifest.extract.cursor ? besideRows(feed, batch, "keys") : null,
    below: batch?.manifest.extract.below ?? null,
    net,
    open,
  };
}

/**
 * Absent rows of a feed whose rows cannot go say that the extract is not whole. An optional feed stops nobody: its gate leaves it out.
 * @throws Failure `incomplete` that names the feeds.
 */
function refuseAbsent({ pipeline }: RunTools, { absent }: Judgement): void {
  const missing = absent.filter((line) => line.rows > 0n && pipeline.feeds.get(line.feed)?.required);
  if (missing.length > 0) throw new Failure("incomplete", missing.map(rowsAbsent));
}

/**
 * Makes the landed bytes readable.
 * @returns the feeds that have a batch or waiting rows, parents first; none where tables alone are computed, which changes no feed row's class.
 */
async function load(run: Run<RunTools>, session: Session, landed: Landed): Promise<FeedToJudge[]> {
  const feeds: FeedToJudge[] = [];
  if (run.request.kind === "recompute") return feeds;
  for (const id of run.group.feeds) {
    const feed = run.engine.pipeline.feeds.get(id);
    if (!feed) continue;
    const batch = batchOf(landed.batches, id);
    if (batch) await loadBatch(run, session, { feed, batch });
    const since = batch ? await loadSince(run, session, { feed, batches: landed.since }) : [];
    const work = toJudge(landed, feed, { batch, since });
    if (batch || work.open.pool > 0n) feeds.push(work);
  }
  return feeds;
}

/** Feeds whose rows cannot all be here: left out of this run, or in the middle of a first load. */
function absentFeeds({ group }: Run<RunTools>, { head, batches, leftOut }: Landed): Set<string> {
  const loading = group.feeds.filter((id) => {
    const extract = batchOf(batches, id)?.manifest.extract;
    if (extract?.cursor) return false;
    return extract?.loading !== undefined || loadingSince(head, id) !== null;
  });
  return new Set([...leftOut, ...loading]);
}

/** Feeds whose stock is counted again: what another hand has changed of them may be put right. */
function recounted({ group, request }: Run<RunTools>): readonly string[] {
  if (request.kind === "whole") return group.feeds;
  return request.kind === "heal" ? request.keys.map(({ feed }) => feed) : [];
}

/** Opens the warehouse, makes the landed bytes readable and judges the group's batches and waiting rows. */
export async function judgeStage(run: Run<RunTools>, landed: Landed): Promise<Judged> {
  const { engine, group } = run;
  const session = await openSession(run, "publish");
  const d = engine.warehouse.dialect;
  const feeds = await load(run, session, landed);
  const until = windowOf(run.request)?.end ?? run.startedAt;
  const since = new Date(until.getTime() - DAY_MS);
  const day = { group: group.name, since: since.toISOString(), until: until.toISOString() };
  const before = await measureBefore(session, d, {
    pipeline: engine.pipeline,
    group,
    head: landed.head,
    recount: recounted(run),
    day,
  });
  const parts = new Map<string, number>();
  const judgement = await judge(session, d, {
    pipeline: engine.pipeline,
    feeds,
    absent: absentFeeds(run, landed),
    now: d.timestamp(run.startedAt.toISOString()),
    day,
    timed: async (part, work) => {
      const began = performance.now();
      try {
        return await work();
      } finally {
        parts.set(part, (parts.get(part) ?? 0) + (performance.now() - began) / 1000);
      }
    },
  });
  refuseAbsent(engine, judgement);
  return { ...landed, session, before, judgement, parts };
}
