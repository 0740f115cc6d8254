import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { sinkInto } from "../landing/land-extract.ts";
import { extractFolder } from "../landing/layout.ts";
import type { PublishedCursor } from "../ledger/head.ts";
import type { ContentPart, ContentRequest, FeedContent, KeyTexts } from "../sources/contents.ts";
import { ownRates } from "../sources/rate.ts";
import type { RowFiles, SourceReader } from "../sources/source.ts";
import type { Extent, Stretch } from "./extent.ts";
import { reasonOf } from "./found.ts";
import type { CountedStretches } from "./sums.ts";
import type { ProvingTools } from "./tools.ts";

/** A feed as it was published before its source is read. */
export interface PublishedFeed {
  readonly feed: Feed;
  readonly head: bigint;
  /** Null where nobody can say up to where it was read. */
  readonly cursor: PublishedCursor | null;
}

/** The content of an extent of a feed's rows at its source, and how some of them are read again. */
export interface SourceContent extends PublishedFeed {
  readonly extent: Extent;
  /** What was asked for of the source, and what it gave. */
  readonly part: ContentPart;
  readonly content: FeedContent;
  /** The content of another part, in a later snapshot. */
  readonly more: (part: ContentPart, files: string) => Promise<FeedContent>;
  /** Rows by the landed texts of their keys; all of them for null. */
  readonly again: (keys: KeyTexts | null) => Promise<RowFiles>;
}

/** What there is of a feed's source to compare with; `why` it could not be read, null where nobody asked, and whether it may be `later`. */
export type Beside =
  | { readonly by: "content"; readonly content: SourceContent }
  | { readonly by: "sums"; readonly sums: CountedStretches }
  | { readonly by: "landing"; readonly extent: Extent }
  | { readonly by: "nothing"; readonly why: string | null; readonly later: boolean };

export const UNASKED: Extract<Beside, { by: "nothing" }> = { by: "nothing", why: null, later: false };

function unread(error: unknown, { signal }: ReadOptions): Beside {
  if (signal.aborted) throw error;
  return { by: "nothing", why: reasonOf(error), later: error instanceof Failure && error.kind === "retryable" };
}

/** Whose files they are that a source's content is landed in. */
export interface ContentFolder {
  /** Of the whole comparison. */
  readonly id: string;
  /** Counts the readings of it, from 1 on. */
  readonly nth: number;
}

export interface ReadOptions extends ContentFolder {
  readonly signal: AbortSignal;
  readonly onRead: (feed: string, bytes: number) => void;
  readonly onStatement: (sql: string) => void;
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
    sink: sinkInto(objects, extractFolder(feed.id, options.id, options.nth)),
    onProgress: (bytes) => options.onRead(feed.id, bytes),
    onStatement: options.onStatement,
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
export async function removeContents({ objects }: ProvingTools, feed: Feed, { id, nth }: ContentFolder): Promise<void> {
  const folder = extractFolder(feed.id, id, nth);
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

/** What of a source belongs to an extent; everything where nothing says which rows those are. */
function partOf({ feed }: PublishedFeed, extent: Extent): ContentPart {
  if (extent.by === "touched" && extent.since.cursor !== null) return { by: "changed", since: extent.since.cursor };
  const column = feed.postingDate;
  return extent.by === "stretches" && column !== undefined ? { by: "dates", column, of: extent.of } : { by: "all" };
}

/** What a reader that gives contents can do. */
function able<T>(ability: T | undefined): T {
  if (ability === undefined) throw new Error("a reader that gives contents lacks what belongs to it");
  return ability;
}

/**
 * Reads the content of an extent of a feed, in a snapshot of its own, into the object store, from where `removeContents` takes it. A source that
 * cannot be read is said, and stops nothing else.
 */
export async function readContents(
  tools: ProvingTools,
  of: PublishedFeed,
  { extent, ...options }: ReadOptions & { extent: Extent },
): Promise<Beside> {
  const { feed, cursor } = of;
  if (cursor === null) return { ...UNASKED, why: `nothing of ${feed.id} is published up to a cursor yet` };
  const request = requestOf(tools, { feed, cursor }, options);
  const more = (part: ContentPart, files: string) =>
    withReader(tools, feed, async (reader) => able(reader.contents)({ ...request, part, files }));
  const again = (keys: KeyTexts | null) => withReader(tools, feed, async (reader) => able(reader.rowsOf)({ ...request, keys }));
  try {
    const part = partOf(of, extent);
    const content = await more(part, "content");
    return { by: "content", content: { ...of, extent, part, content, more, again } };
  } catch (error) {
    return unread(error, options);
  }
}

/** Lets a source count rows and money in stretches of a feed's posting date; nothing where its column has no dates. */
export async function readSums(
  tools: ProvingTools,
  { feed, cursor }: PublishedFeed,
  { of, ...options }: ReadOptions & { of: readonly Stretch[] },
): Promise<Beside> {
  const column = feed.postingDate;
  if (cursor === null || column === undefined) return UNASKED;
  const request = { ...requestOf(tools, { feed, cursor }, options), column, of };
  try {
    const counted = await withReader(tools, feed, async (reader) => able(reader.sums)(request));
    return counted === null ? UNASKED : { by: "sums", sums: { feed, column, of, counted } };
  } catch (error) {
    return unread(error, options);
  }
}
