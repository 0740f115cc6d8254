import type { Dialect, Literal, Statement } from "../warehouse/dialect.ts";
import { OPS_TABLES, type OpsRow, type OpsTable, ops, opsColumns } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { exactSum } from "../warehouse/sql-text.ts";

function value(dialect: Dialect, type: string, cell: Literal): string {
  if (cell === null) return "NULL";
  return type === "instant" && typeof cell === "string" ? dialect.timestamp(cell) : dialect.literal(cell);
}

/** INSERT of literal rows into an `ops` table: publication, batches, flow and verdicts are a few hundred small rows. */
export function insertOps<T extends OpsTable>(dialect: Dialect, table: T, rows: readonly OpsRow<T>[]): Statement[] {
  if (rows.length === 0) return [];
  const columns = OPS_TABLES[table];
  const cells = rows as readonly Readonly<Record<string, Literal>>[];
  const values = cells.map((row) => `(${columns.map(([name, type]) => value(dialect, type, row[name] ?? null)).join(", ")})`);
  return [
    { name: `ledger.${table}`, sql: `INSERT INTO ${ops(dialect, table)} (${opsColumns(table)}) VALUES\n${values.join(",\n")}` },
  ];
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
