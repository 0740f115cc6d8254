import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { MEASURED_COLUMNS } from "../warehouse/measured.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";

/** The class of `ops.flow` rows that hold a publication's closing stock. */
export const CLOSING_STOCK = "closing_stock";

/** The stock that the group's last publication counted when it closed: what the next one opens with, without counting again. */
export function closingStock(dialect: Dialect, group: string): Question {
  const name = dialect.literal(group);
  return {
    name: "stock",
    columns: MEASURED_COLUMNS,
    sql: `SELECT f.feed, f.currency, ${asText("f.row_count")} AS row_count, ${asText("f.minor")} AS minor FROM ${ops(dialect, "flow")} f
WHERE f.run_group = ${name} AND f.class = ${dialect.literal(CLOSING_STOCK)} AND f.number = (SELECT MAX(p.number) FROM ${ops(dialect, "publication")} p WHERE p.run_group = ${name})`,
  };
}

/** Counted classes of a group's earlier publications inside a day, for gates that need a sample. */
export function recentFlow(dialect: Dialect, options: { group: string; since: string; until: string }): Question {
  return {
    name: "recent",
    columns: ["feed", "class", "row_count"],
    sql: `SELECT f.feed, f.class, CAST(${exactSum(dialect, "f.row_count")} AS VARCHAR) AS row_count FROM ${ops(dialect, "flow")} f
WHERE f.run_group = ${dialect.literal(options.group)} AND f.window_end > ${dialect.timestamp(options.since)} AND f.window_end <= ${dialect.timestamp(options.until)}
GROUP BY f.feed, f.class`,
  };
}

/** Row counts of a feed's earlier batches with a window, newest first: five weeks of hours for each of the feeds. */
export function earlierBatches(dialect: Dialect, feeds: readonly string[]): Statement {
  return {
    name: "gate.earlier-batches",
    sql: `SELECT b.feed, CAST(b.window_end AS VARCHAR) AS window_end, CAST(b.row_count AS VARCHAR) AS row_count FROM ${ops(dialect, "batch")} b
WHERE b.feed IN (${feeds.map((feed) => dialect.literal(feed)).join(", ")}) AND b.replay_of IS NULL AND b.window_end IS NOT NULL
ORDER BY b.number DESC LIMIT ${5 * 7 * 24 * feeds.length}`,
  };
}
