import { FEEDS, type FeedId, type Row } from "../billing/tables.ts";

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

/** What should be published and what should wait, after some runs. */
export interface ExpectedState {
  readonly published: Readonly<Record<FeedId, Map<string, Published>>>;
  readonly waiting: Readonly<Record<FeedId, Waiting[]>>;
  /** The newest commit that a published run has seen. */
  lastCommit: number;
  /** When the last published run read the source, by the real clock; null before the first. */
  lastStart: number | null;
  lastRetyped: readonly string[];
}

function perFeed<T>(make: () => T): Record<FeedId, T> {
  return Object.fromEntries(FEEDS.map((feed) => [feed, make()])) as Record<FeedId, T>;
}

/** Nothing is published yet. */
export function emptyState(): ExpectedState {
  return {
    published: perFeed(() => new Map<string, Published>()),
    waiting: perFeed((): Waiting[] => []),
    lastCommit: 0,
    lastStart: null,
    lastRetyped: [],
  };
}
