import type { Feed } from "../config/pipeline.ts";
import type { Column } from "../contract/contract.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText, column } from "../warehouse/sql-text.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { rowNumber } from "./match.ts";

/** The text that a source usually lands for a typed value of label row `l`; `isAsLanded` says whether it did. */
export function likelyText(dialect: Dialect, of: Column): string {
  return dialect.landedText(column(dialect, "l", of.name), of.type);
}

/** True where the likely texts of label row `l` are the landed ones, byte for byte: their hash is the one taken of those. */
export function isAsLanded(dialect: Dialect, feed: Feed): string {
  return `${dialect.rowHash(feed.contract.columns.map((c) => likelyText(dialect, c)))} = l._hash`;
}

/** Label rows `l` with verdict `v` that a publication puts into quarantine or the pool, once per content. */
export function newlyWaiting(dialect: Dialect, feed: Feed): { from: string; where: string } {
  return {
    from: `${workTable(dialect, "verdict", feed)} v\nJOIN ${workTable(dialect, "label", feed)} l ON ${rowNumber(dialect, "l")} = v._row`,
    where: `v._origin = ${ORIGIN.batch} AND v._class IN ('unreadable', 'quarantined', 'held') AND NOT v._seen_again AND v._copy = 1`,
  };
}

/** How many newly waiting rows of each feed can be written from the label, and how many only from their landed bytes. */
export function countLanded(dialect: Dialect, inputs: readonly FeedBatch[]): Question {
  const selects = inputs.map(({ feed }) => {
    const { from, where } = newlyWaiting(dialect, feed);
    const same = dialect.countIf(isAsLanded(dialect, feed));
    return `SELECT ${dialect.literal(feed.id)} AS feed, ${asText(same)} AS as_landed, ${asText(`COUNT(*) - ${same}`)} AS otherwise
FROM ${from}\nWHERE ${where}`;
  });
  return { name: "landed", columns: ["feed", "as_landed", "otherwise"], sql: selects.join("\nUNION ALL\n") };
}
