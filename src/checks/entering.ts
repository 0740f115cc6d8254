import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { rowNumber, workTable } from "../warehouse/relations.ts";
import { ENTERS, isNotClass, type RowClass } from "./row-class.ts";

/**
 * True for a label row `alias` that has no verdict row, which is inserted, or one of these classes. Of the ways to
 * write this, DuckDB 1.5.5 inserts only behind NOT IN in whole row groups; behind NOT EXISTS or LEFT JOIN it wrote 500,000 rows
 * once at the INSERT and again, for a second or more, at COMMIT.
 */
function isJudged(dialect: Dialect, feed: Feed, { alias, as }: { alias: string; as: readonly RowClass[] }): string {
  return `${rowNumber(dialect, alias)} NOT IN (SELECT v._row FROM ${workTable(dialect, "verdict", feed)} v WHERE ${isNotClass(dialect, "v._class", as)})`;
}

/** True for a label row that enters staging. */
export function entersStaging(dialect: Dialect, feed: Feed, alias: string): string {
  return isJudged(dialect, feed, { alias, as: ENTERS });
}

/** True for a label row that enters staging as a new one. */
export function isInserted(dialect: Dialect, feed: Feed, alias: string): string {
  return isJudged(dialect, feed, { alias, as: ["inserted"] });
}
