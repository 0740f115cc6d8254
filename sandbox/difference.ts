import type { FeedId } from "./feed.ts";

/** A key that is otherwise than it should be, for whoever has to find out why. */
export interface Difference {
  /** The feed or the curated table that it is of. */
  readonly feed: FeedId;
  readonly key: string;
  /** What is wrong with it: columns, or that it is `missing`, `surplus` or there `twice`. */
  readonly columns: readonly string[];
}

/** Notes differences; one that stands for several hours is one. */
export function noteDifferences(noted: Map<string, Difference>, found: readonly Difference[]): void {
  for (const one of found) noted.set(JSON.stringify(one), one);
}
