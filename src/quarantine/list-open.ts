import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Open rows of one feed that wait for the same reasons, in one currency; identical copies are counted. */
export interface OpenLine {
  readonly feed: string;
  readonly kind: string;
  readonly reasons: readonly string[];
  readonly currency: string;
  readonly rows: bigint;
  readonly minor: bigint;
  /** ISO text, UTC. */
  readonly oldest: string;
}

/** Counts the open rows of a feed, or of all. */
export function listOpen(dialect: Dialect, feed: string | null): Statement {
  return {
    name: "quarantine.list-open",
    sql: `SELECT q.feed, q.kind, q.reasons, q.currency, ${asText(exactSum(dialect, "q.copies"))} AS row_count,
  ${asText(exactSum(dialect, "q.copies * q.minor"))} AS minor, ${asText("MIN(q.opened_at)")} AS oldest
FROM ${ops(dialect, "open_quarantine")} q
${feed === null ? "" : `WHERE q.feed = ${dialect.literal(feed)}\n`}GROUP BY q.feed, q.kind, q.reasons, q.currency
ORDER BY q.feed, q.kind, q.reasons, q.currency`,
  };
}

/** Reads a line of `listOpen`. */
export function openLine(row: TextRow): OpenLine {
  return {
    feed: row["feed"] ?? "",
    kind: row["kind"] ?? "",
    reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
    oldest: utcText(row["oldest"]),
  };
}

/** An instant as the engine writes it, in ISO 8601 to the second. */
export function utcText(instant: string | null | undefined): string {
  if (!instant) return "";
  return `${instant.slice(0, 10)}T${instant.slice(11, 19)}Z`;
}
