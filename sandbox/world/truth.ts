import { FEEDS, type FeedId, keyOf, type Row } from "../billing/tables.ts";
import type { Fault } from "../faults.ts";

/** One physical row as it is committed, and the number of the commit that wrote it. */
export interface TrueRow {
  readonly cells: Row;
  readonly commit: number;
}

/** What a transaction did to one table. */
export type Effect =
  | { readonly does: "insert" | "update"; readonly feed: FeedId; readonly rows: readonly Row[] }
  | { readonly does: "remove"; readonly feed: FeedId; readonly ids: readonly string[] }
  | { readonly does: "tidy"; readonly feed: FeedId };

/** Everything that is committed in the database, known to the generator by its own books. */
export interface Truth {
  /** All rows of a table; identical physical copies appear each. */
  rows(feed: FeedId): TrueRow[];
  /** The rows of one source key. */
  find(feed: FeedId, id: string): readonly TrueRow[];
  apply(effects: readonly Effect[]): void;
  /** Marks a row as planted. The last mark counts. */
  tag(feed: FeedId, id: string, fault: Fault): void;
  tags(): ReadonlyMap<string, Fault>;
}

/** The name under which a row's fault is kept. */
export function tagName(feed: FeedId, id: string): string {
  return `${feed}|${id}`;
}

/** Empty books. */
export function emptyTruth(): Truth {
  const tables = new Map<FeedId, Map<string, TrueRow[]>>(FEEDS.map((feed) => [feed, new Map()]));
  const tags = new Map<string, Fault>();
  const table = (feed: FeedId) => tables.get(feed) ?? new Map<string, TrueRow[]>();
  let commit = 0;
  const write = (effect: Extract<Effect, { rows: readonly Row[] }>) => {
    const rows = table(effect.feed);
    for (const cells of effect.rows) {
      const before = rows.get(keyOf(cells)) ?? [];
      const now = { cells, commit };
      rows.set(keyOf(cells), effect.does === "insert" ? [...before, now] : before.map(() => now));
    }
  };
  const remove = ({ feed, ids }: Extract<Effect, { does: "remove" }>) => {
    for (const id of ids) table(feed).delete(id);
  };
  const tidy = (feed: FeedId) => {
    for (const [id, copies] of table(feed)) table(feed).set(id, copies.slice(0, 1));
  };
  return {
    rows: (feed) => [...table(feed).values()].flat(),
    find: (feed, id) => table(feed).get(id) ?? [],
    apply: (effects) => {
      commit += 1;
      for (const effect of effects) {
        if (effect.does === "tidy") tidy(effect.feed);
        else if (effect.does === "remove") remove(effect);
        else write(effect);
      }
    },
    tag: (feed, id, fault) => tags.set(tagName(feed, id), fault),
    tags: () => new Map(tags),
  };
}
