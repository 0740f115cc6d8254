import type { Feed, FeedId, Row } from "../feed.ts";
import type { LyingFile } from "../world/sent-file.ts";

/** A row as it should stand in staging. */
export interface Published {
  readonly cells: Row;
  /** The source no longer has it. */
  readonly deleted: boolean;
}

/** A row that should wait. */
export interface Waiting {
  readonly id: string;
  readonly cells: Row;
  readonly version: string;
  readonly kind: "unreadable" | "quarantined" | "held";
  readonly reasons: readonly string[];
  /** Loses a contest for its business key and has no other fault. */
  readonly uniqueOnly: boolean;
}

/** What is known of a file that a run has looked at. */
export interface KnownFile {
  /** The commit that had put it there. */
  readonly commit: number;
  /** The version whose rows are published; null where none is. */
  readonly inForce: LyingFile | null;
}

/** What should be published and what should wait of one feed. */
export interface FeedState {
  readonly feed: Feed;
  /** By source key. */
  readonly published: Map<string, Published>;
  readonly waiting: Waiting[];
  /** By path, of a feed that is made of files. */
  files: ReadonlyMap<string, KnownFile>;
}

/** What should be published and what should wait, after some runs. */
export interface ExpectedState {
  /** The feeds that are loaded, parents before children. */
  readonly feeds: readonly Feed[];
  /** Throws for a feed that is not among them. */
  of(feed: FeedId): FeedState;
  /** The newest commit that a published run has seen. */
  lastCommit: number;
  /** When the last published run read the source, by the real clock; null before the first. */
  lastStart: number | null;
  lastRetyped: readonly string[];
  /** Feeds whose tables were written anew since the last published run, which the next one reads whole. */
  readonly rewritten: Set<FeedId>;
}

/** Nothing is published yet. `feeds` are given parents first. */
export function emptyState(feeds: readonly Feed[]): ExpectedState {
  const states = new Map(
    feeds.map((feed): [FeedId, FeedState] => [feed.id, { feed, published: new Map(), waiting: [], files: new Map() }]),
  );
  return {
    feeds,
    of: (feed) => {
      const found = states.get(feed);
      if (!found) throw new Error(`nothing is expected of the feed ${feed}`);
      return found;
    },
    lastCommit: 0,
    lastStart: null,
    lastRetyped: [],
    rewritten: new Set(),
  };
}
