import type { Absence, Feed } from "../config/pipeline.ts";

/** How changes of a feed are seen. */
export interface CoverageDocument {
  readonly feed: string;
  readonly changes: string;
  readonly absence: Absence;
  readonly unseen: string;
  /** What nets read again. */
  readonly nets: readonly string[];
}

/** What a feed's kind says of changes that it sees; null where it sees them all alike. */
export function coverageDocument({ id, coverage, absence, nets }: Feed): CoverageDocument | null {
  return coverage ? { feed: id, changes: coverage.changes, absence, unseen: coverage.unseen, nets: nets?.says ?? [] } : null;
}
