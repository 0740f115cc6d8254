import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { SCOPE } from "../warehouse/relations.ts";
import { and, column, or } from "../warehouse/sql-text.ts";
import { type LandedRows, landedKey, landedRows } from "./landed-keys.ts";

/**
 * True where a row of a net is one that changed since the published horizon, or that an hourly run has read since, by its key, or by its part
 * in a scoped feed. Such rows are left to the hourly runs: what a net has read of them may be older than what an hourly run finds equal to
 * what is published, or gone.
 */
export function isUnderway(
  dialect: Dialect,
  feed: Feed,
  { underway, alias }: { underway: readonly LandedRows[]; alias: "l" | "s" },
) {
  const same = feed.scoped
    ? `${column(dialect, "k", SCOPE)} = ${alias}.${SCOPE}`
    : and(feed.sourceKey.map((name) => `${landedKey(dialect, feed, name)} = ${column(dialect, alias, name)}`));
  return or(underway.map((rows) => `EXISTS (SELECT 1 FROM ${landedRows(dialect, rows)} AND ${same})`));
}
