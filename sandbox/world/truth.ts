import type { Fault } from "../faults.ts";
import type { Feed, FeedId, Row } from "../feed.ts";
import type { LyingFile, SentFile } from "./sent-file.ts";

/** One physical row as it is committed, and the number of the commit that wrote it. */
export interface TrueRow {
  readonly cells: Row;
  readonly commit: number;
}

/** What a commit did to one feed. */
export type Effect =
  | { readonly does: "insert" | "update"; readonly feed: FeedId; readonly rows: readonly Row[] }
  | { readonly does: "remove"; readonly feed: FeedId; readonly ids: readonly string[] }
  | { readonly does: "tidy"; readonly feed: FeedId }
  | { readonly does: "send"; readonly feed: FeedId; readonly files: readonly SentFile[] };

/** Everything that is committed in the company's systems, known to the generator by its own records. */
export interface Truth {
  /** All rows of a feed; identical physical copies appear each. */
  rows(feed: FeedId): TrueRow[];
  /** The rows of one source key. */
  find(feed: FeedId, id: string): readonly TrueRow[];
  /** The files that lie where a feed's senders sent them. */
  files(feed: FeedId): LyingFile[];
  /** One commit. Throws for a feed that no book has. */
  apply(effects: readonly Effect[]): void;
  /** Marks a row as planted. The last mark counts. */
  tag(feed: FeedId, id: string, fault: Fault): void;
  tags(): ReadonlyMap<string, Fault>;
}

/** The name under which a row's fault is kept. */
export function tagName(feed: FeedId, id: string): string {
  return `${feed}|${id}`;
}

/** The record of some feeds, of which nothing is committed yet. */
export function emptyTruth(feeds: readonly Feed[]): Truth {
  const tables = new Map(feeds.map((feed) => [feed.id, { keyOf: feed.keyOf, rows: new Map<string, TrueRow[]>() }]));
  const lying = new Map(feeds.map(({ id }) => [id, new Map<string, LyingFile>()]));
  const tags = new Map<string, Fault>();
  const table = (feed: FeedId) => {
    const found = tables.get(feed);
    if (!found) throw new Error(`no book has the feed ${feed}`);
    return found;
  };
  let commit = 0;
  const write = (effect: Extract<Effect, { rows: readonly Row[] }>) => {
    const { keyOf, rows } = table(effect.feed);
    for (const cells of effect.rows) {
      const before = rows.get(keyOf(cells)) ?? [];
      const now = { cells, commit };
      rows.set(keyOf(cells), effect.does === "insert" ? [...before, now] : before.map(() => now));
    }
  };
  const remove = ({ feed, ids }: Extract<Effect, { does: "remove" }>) => {
    for (const id of ids) table(feed).rows.delete(id);
  };
  const tidy = (feed: FeedId) => {
    const { rows } = table(feed);
    for (const [id, copies] of rows) rows.set(id, copies.slice(0, 1));
  };
  const send = ({ feed, files }: Extract<Effect, { does: "send" }>) => {
    for (const file of files) lying.get(feed)?.set(file.path, { ...file, commit });
  };
  return {
    rows: (feed) => [...table(feed).rows.values()].flat(),
    find: (feed, id) => table(feed).rows.get(id) ?? [],
    files: (feed) => [...(lying.get(feed)?.values() ?? [])],
    apply: (effects) => {
      commit += 1;
      for (const effect of effects) {
        if (effect.does === "tidy") tidy(effect.feed);
        else if (effect.does === "remove") remove(effect);
        else if (effect.does === "send") send(effect);
        else write(effect);
      }
    },
    tag: (feed, id, fault) => tags.set(tagName(feed, id), fault),
    tags: () => new Map(tags),
  };
}
