import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** How long rows have waited: less than a day, a week, thirty days, or longer. */
export const WAITING_AGES = ["day", "week", "month", "older"] as const;

export type WaitingAge = (typeof WAITING_AGES)[number];

/** Hours from which on a row is of the next age. */
const HOURS = [24, 7 * 24, 30 * 24] as const;

/** Open rows of one feed that wait for the same reasons, equally long, in one currency; identical copies are counted. */
export interface AgedLine {
  readonly feed: string;
  readonly kind: string;
  readonly reasons: readonly string[];
  readonly currency: string;
  readonly age: WaitingAge;
  readonly rows: bigint;
  readonly minor: bigint;
}

/** Counts the rows that wait by how long they do. */
export function waitingByAge(dialect: Dialect, now: Date): Statement {
  const at = dialect.timestamp(now.toISOString());
  const isOlder = (hours: number) => dialect.isOlderThan({ since: "q.opened_at", now: at, hours });
  const cases = HOURS.map((hours, i) => `WHEN ${isOlder(hours)} THEN ${i + 1}`).reverse();
  return {
    name: "quarantine.by-age",
    sql: `SELECT w.feed, w.kind, w.reasons, w.currency, ${asText("w.age")} AS age,
  ${asText(exactSum(dialect, "w.copies"))} AS row_count, ${asText(exactSum(dialect, "w.copies * w.minor"))} AS minor
FROM (
  SELECT q.feed, q.kind, q.reasons, q.currency, q.copies, q.minor, CASE ${cases.join(" ")} ELSE 0 END AS age FROM ${ops(dialect, "open_quarantine")} q
) w GROUP BY w.feed, w.kind, w.reasons, w.currency, w.age ORDER BY w.feed, w.kind, w.reasons, w.currency, w.age`,
  };
}

/** Reads a line of `waitingByAge`. */
export function agedLine(row: TextRow): AgedLine {
  return {
    feed: row["feed"] ?? "",
    kind: row["kind"] ?? "",
    reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
    currency: row["currency"] ?? "-",
    age: WAITING_AGES[Number(row["age"] ?? "0")] ?? "day",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
  };
}
