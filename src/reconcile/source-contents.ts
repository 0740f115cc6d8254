import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { sinkInto } from "../landing/land-extract.ts";
import { extractFolder } from "../landing/layout.ts";
import type { PublishedCursor } from "../ledger/head.ts";
import type { ContentRequest, FeedContent } from "../sources/contents.ts";
import { ownRates } from "../sources/rate.ts";
import type { RowFiles, SourceReader } from "../sources/source.ts";
import { reasonOf } from "./found.ts";
import type { ProvingTools } from "./tools.ts";

/** A feed as it was published before its source is read. */
export interface PublishedFeed {
  readonly feed: Feed;
  readonly head: bigint;
  /** Null where nobody can say up to where it was read. */
  readonly cursor: PublishedCursor | null;
}

/** The content of a feed's rows at its source, and how some of them are read again. */
export interface SourceContent extends PublishedFeed {
  readonly content: FeedContent;
  /** Rows by the landed texts of their keys; all of them for null. */
  readonly again: (keys: (string | null)[][] | null) => Promise<RowFiles>;
}

/** What came of reading the contents of some feeds; everything that was put into the object store is removed in the end. */
export interface Contents {
  readonly read: ReadonlyMap<string, SourceContent>;
  /** Why a feed could not be read, by its id. */
  readonly failed: ReadonlyMap<string, string>;
  /** Feeds whose sources compute no content: they are held beside what was landed of them. */
  readonly landed: ReadonlySet<string>;
  remove(): Promise<void>;
}

export interface ReadOptions {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly onRead: (feed: string, bytes: number) => void;
}

function requestOf(
  tools: ProvingTools,
  { feed, cursor }: { readonly feed: Feed; readonly cursor: PublishedCursor },
  options: ReadOptions,
): ContentRequest {
  const { pipeline, objects, clock, timer } = tools;
  const source = pipeline.sources.get(feed.source);
  if (!source) throw new Error(`feed ${feed.id} has no source`);
  return {
    source,
    feed,
    feeds: [],
    published: cursor,
    currencies: pipeline.currencies,
    sink: sinkInto(objects, extractFolder(feed.id, options.id, 1)),
    onProgress: (bytes) => options.onRead(feed.id, bytes),
    signal: options.signal,
    state: async () => new Map(),
    rate: ownRates(timer),
    clock,
    timer,
  };
}

/**
 * Removes what was landed of feeds. Objects under lock stay as long as it lasts; `ledgerloop clean` takes them then, as it takes landings that
 * have no manifest.
 */
async function removeLanded({ objects }: ProvingTools, feeds: readonly PublishedFeed[], id: string): Promise<void> {
  for (const { feed } of feeds) {
    const folder = extractFolder(feed.id, id, 1);
    try {
      for (const key of await objects.list(`${folder}/`)) await objects.remove(key);
      await objects.removeFolder(folder);
    } catch (error) {
      if (!(error instanceof Failure) || error.problems[0]?.code !== "objects.locked") throw error;
    }
  }
}

async function withReader<T>(tools: ProvingTools, feed: Feed, work: (reader: SourceReader) => Promise<T>): Promise<T> {
  const source = tools.pipeline.sources.get(feed.source);
  if (!source) throw new Error(`feed ${feed.id} has no source`);
  const reader = await tools.readerOf(source);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

/** What a reader that gives contents can do. */
function able<T>(ability: T | undefined): T {
  if (ability === undefined) throw new Error("a reader that gives contents lacks what belongs to it");
  return ability;
}

/** Reads the contents of feeds, each in a snapshot of its own, into the object store. A source that cannot be read stops no other. */
export async function readContents(
  tools: ProvingTools,
  feeds: readonly PublishedFeed[],
  options: ReadOptions,
): Promise<Contents> {
  const read = new Map<string, SourceContent>();
  const failed = new Map<string, string>();
  const landed = new Set<string>();
  const remove = () => removeLanded(tools, feeds, options.id);
  const one = async (of: PublishedFeed) => {
    const { feed, cursor } = of;
    if (!(await withReader(tools, feed, async (reader) => reader.contents !== undefined))) return void landed.add(feed.id);
    if (cursor === null) return void failed.set(feed.id, `nothing of ${feed.id} is published up to a cursor yet`);
    const request = requestOf(tools, { feed, cursor }, options);
    const content = await withReader(tools, feed, async (reader) => able(reader.contents)(request));
    const again = (texts: (string | null)[][] | null) =>
      withReader(tools, feed, async (reader) => able(reader.rowsOf)({ ...request, keys: texts }));
    read.set(of.feed.id, { ...of, content, again });
  };
  try {
    for (const of of feeds) {
      try {
        await one(of);
      } catch (error) {
        if (options.signal.aborted) throw error;
        failed.set(of.feed.id, reasonOf(error));
      }
    }
    return { read, failed, landed, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
