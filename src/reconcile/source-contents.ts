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

/** What there is of a feed's source to compare with; `why` it could not be read, null where nobody asked. */
export type Beside =
  | { readonly by: "content"; readonly content: SourceContent }
  | { readonly by: "landing" }
  | { readonly by: "nothing"; readonly why: string | null };

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
 * Removes what was landed of a feed. Objects under lock stay as long as it lasts; `ledgerloop clean` takes them then, as it takes landings that
 * have no manifest.
 */
export async function removeContents({ objects }: ProvingTools, feed: Feed, id: string): Promise<void> {
  const folder = extractFolder(feed.id, id, 1);
  try {
    for (const key of await objects.list(`${folder}/`)) await objects.remove(key);
    await objects.removeFolder(folder);
  } catch (error) {
    if (!(error instanceof Failure) || error.problems[0]?.code !== "objects.locked") throw error;
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

/**
 * Reads the content of a feed, in a snapshot of its own, into the object store, from where `removeContents` takes it. A source that cannot be
 * read is said, and stops nothing else.
 */
export async function readContents(tools: ProvingTools, of: PublishedFeed, options: ReadOptions): Promise<Beside> {
  const { feed, cursor } = of;
  if (cursor === null) return { by: "nothing", why: `nothing of ${feed.id} is published up to a cursor yet` };
  const request = requestOf(tools, { feed, cursor }, options);
  try {
    const content = await withReader(tools, feed, async (reader) => able(reader.contents)(request));
    const again = (keys: (string | null)[][] | null) =>
      withReader(tools, feed, async (reader) => able(reader.rowsOf)({ ...request, keys }));
    return { by: "content", content: { ...of, content, again } };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return { by: "nothing", why: reasonOf(error) };
  }
}
