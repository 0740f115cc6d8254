import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { CLOSING_STOCK } from "./earlier.ts";

/** What a feed has in a group's published state. */
export interface PublishedFeed {
  readonly feed: string;
  readonly group: string;
  /** Live rows when a publication last counted them. */
  readonly rows: bigint;
  /** Rows that wait, held or quarantined. */
  readonly waiting: bigint;
}

/** Every feed that has live rows by a group's last publication, or rows that wait in it. Reads `ops` alone. */
export async function publishedFeeds(session: Session, dialect: Dialect, group: string | null): Promise<PublishedFeed[]> {
  const flow = ops(dialect, "flow");
  const of = (alias: string) => (group === null ? "" : ` AND ${alias}.run_group = ${dialect.literal(group)}`);
  const rows = await session.rows({
    name: "begin.published-feeds",
    sql: `SELECT u.feed, u.run_group, ${asText(exactSum(dialect, "u.live"))} AS live, ${asText(exactSum(dialect, "u.waiting"))} AS waiting FROM (
  SELECT f.feed, f.run_group, f.row_count AS live, 0 AS waiting FROM ${flow} f
  JOIN (SELECT run_group, MAX(number) AS number FROM ${ops(dialect, "publication")} GROUP BY run_group) p ON p.run_group = f.run_group AND p.number = f.number
  WHERE f.class = ${dialect.literal(CLOSING_STOCK)}${of("f")}
  UNION ALL
  SELECT q.feed, q.run_group, 0 AS live, 1 AS waiting FROM ${ops(dialect, "open_quarantine")} q WHERE 1 = 1${of("q")}
) u GROUP BY u.feed, u.run_group ORDER BY u.feed, u.run_group`,
  });
  return rows.map((row) => ({
    feed: row["feed"] ?? "",
    group: row["run_group"] ?? "",
    rows: BigInt(row["live"] ?? "0"),
    waiting: BigInt(row["waiting"] ?? "0"),
  }));
}
