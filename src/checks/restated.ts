import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { rowNumber, stagingRows, workTable } from "../warehouse/relations.ts";
import { and, firstOf, sameKey } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { hasSameValues } from "./same-values.ts";
import { keyColumns, maskedKeys } from "./samples.ts";

/** Keys that are named. */
const NAMED = 5;

/** Live rows whose stored hash is that of the source's row, and whose values are other ones: somebody, or a disk, has changed them. */
export interface RestatedRows {
  readonly feed: string;
  readonly rows: bigint;
  /** The first of their keys; personal values are masked. */
  readonly examples: readonly string[];
}

/** Counts the restated rows of feeds that were held beside their batch value by value: they are among those that the verdict does not call unchanged. */
export function countRestated(dialect: Dialect, inputs: readonly FeedBatch[]): Question | null {
  const selects = inputs.map((input) => {
    const { feed } = input;
    const conditions = [
      `l._origin = ${ORIGIN.batch}`,
      "v._class NOT IN ('unchanged', 'duplicate')",
      "s._deleted_at IS NULL",
      "s._hash = l._hash",
      `NOT ${hasSameValues(dialect, input)}`,
    ];
    const keys = maskedKeys(dialect, feed, { alias: "s", names: keyColumns(feed) });
    const named = keyColumns(feed).map((name, i) => `${dialect.literal(`${name} `)} || COALESCE(f.key_${i}, 'NULL')`);
    const first = firstOf({
      rows: `SELECT ${keys.join(", ")}
FROM ${workTable(dialect, "verdict", feed)} v
JOIN ${workTable(dialect, "label", feed)} l ON ${rowNumber(dialect, "l")} = v._row
JOIN ${stagingRows(dialect, feed)} s ON ${sameKey(dialect, feed.sourceKey, ["l", "s"])}
WHERE ${and(conditions)}`,
      columns: [`${named.join(" || ', ' || ")} AS named`],
      total: "row_count",
      order: keyColumns(feed).map((_, i) => `f.key_${i}`),
      limit: NAMED,
    });
    return `SELECT ${dialect.literal(feed.id)} AS feed, r.named, r.row_count FROM (\n${first}\n) r`;
  });
  if (selects.length === 0) return null;
  return { name: "restated", columns: ["feed", "named", "row_count"], sql: selects.join("\nUNION ALL\n") };
}

/** Reads what `countRestated` asks, one entry for each feed that was asked. */
export function parseRestated(inputs: readonly FeedBatch[], rows: readonly TextRow[]): RestatedRows[] {
  return inputs.map(({ feed: { id } }) => {
    const mine = rows.filter((row) => row["feed"] === id);
    return { feed: id, rows: BigInt(mine[0]?.["row_count"] ?? "0"), examples: mine.map((row) => row["named"] ?? "") };
  });
}
