import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Rows and money of waiting rows by feed, kind and currency. */
export interface WaitingLine {
  readonly feed: string;
  readonly kind: string;
  readonly currency: string;
  readonly rows: bigint;
  readonly minor: bigint;
  /** When the longest waiting of them came, as the engine prints it. */
  readonly oldest: string | null;
}

/** How many rows wait, copies counted, from the tables. */
export function measureWaiting(dialect: Dialect, group: string): Question {
  return {
    name: "waiting",
    columns: ["feed", "kind", "currency", "row_count", "minor", "oldest"],
    sql: `SELECT q.feed, q.kind, q.currency, ${asText(exactSum(dialect, "q.copies"))} AS row_count, ${asText(exactSum(dialect, "q.copies * q.minor"))} AS minor, ${asText("MIN(q.opened_at)")} AS oldest
FROM ${ops(dialect, "open_quarantine")} q WHERE q.run_group = ${dialect.literal(group)} GROUP BY q.feed, q.kind, q.currency`,
  };
}

export function parseWaiting(rows: readonly TextRow[]): WaitingLine[] {
  return rows.map((row) => ({
    feed: row["feed"] ?? "",
    kind: row["kind"] ?? "",
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
    oldest: row["oldest"] ?? null,
  }));
}

/** A closing event counted: `first` counts each stored row once, `copies` its further identical copies. */
export interface ClosedLine extends WaitingLine {
  readonly event: string;
  readonly class: string;
  readonly copies: bigint;
  readonly copiesMinor: bigint;
}

/** Events of this publication by feed, kind, event, class and currency. */
export function measureClosed(dialect: Dialect, publicationId: string): Question {
  return {
    name: "closed",
    columns: ["feed", "kind", "currency", "event", "class", "row_count", "minor", "copies", "copies_minor"],
    sql: `SELECT q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '') AS class, ${asText("COUNT(*)")} AS row_count, ${asText(exactSum(dialect, "q.minor"))} AS minor,
  ${asText(exactSum(dialect, "q.copies - 1"))} AS copies, ${asText(exactSum(dialect, "(q.copies - 1) * q.minor"))} AS copies_minor
FROM ${ops(dialect, "quarantine_event")} e JOIN ${ops(dialect, "quarantine_row")} q ON q.row_id = e.row_id
WHERE e.publication_id = ${dialect.literal(publicationId)} GROUP BY q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '')`,
  };
}

export function parseClosed(rows: readonly TextRow[]): ClosedLine[] {
  return parseWaiting(rows).map((line, i) => ({
    ...line,
    event: rows[i]?.["event"] ?? "",
    class: rows[i]?.["class"] ?? "",
    copies: BigInt(rows[i]?.["copies"] ?? "0"),
    copiesMinor: BigInt(rows[i]?.["copies_minor"] ?? "0"),
  }));
}
