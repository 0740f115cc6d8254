import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { SCOPE, stagingRows } from "../warehouse/relations.ts";
import { asText, column, exactSum } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Rows of one part of a feed that are alike, in one currency; identical copies are counted. */
export interface PartLine {
  readonly kind: "live" | "tombstoned" | "unreadable" | "quarantined" | "held";
  /** Why they wait; none for published ones. */
  readonly reasons: readonly string[];
  readonly currency: string;
  readonly rows: bigint;
  readonly minor: bigint;
}

/** A record of a part that waits. */
export interface RefusedRecord {
  readonly kind: string;
  readonly reasons: readonly string[];
  /** Its reader's word for why it could not be read; null where it could. */
  readonly fault: string | null;
  /** The reader's text for where it stands in its part. */
  readonly position: string;
  /** How often it stands there, alike to the last byte. */
  readonly copies: bigint;
  /** The publication since which it waits: the content of the part may be another since. */
  readonly number: bigint;
}

/** The reason of records that could not be read, as a list of reasons has it. */
const OF_RECORD = '%"record"%';

function waitsIn(dialect: Dialect, feed: Feed, part: string): string {
  return `q.feed = ${dialect.literal(feed.id)} AND q.scope = ${dialect.literal(part)}`;
}

/** Counts the rows of a part of a scoped feed by what has become of them. */
export function countPart(dialect: Dialect, feed: Feed, part: string): Statement {
  const kind = `CASE WHEN s._deleted_at IS NULL THEN 'live' ELSE 'tombstoned' END`;
  return {
    name: `parts.rows.${feed.id}`,
    sql: `SELECT ${kind} AS kind, '[]' AS reasons, s._currency AS currency, ${asText("COUNT(*)")} AS row_count, ${asText(exactSum(dialect, "s._minor"))} AS minor
FROM ${stagingRows(dialect, feed)} s WHERE ${column(dialect, "s", SCOPE)} = ${dialect.literal(part)}
GROUP BY ${kind}, s._currency
UNION ALL
SELECT q.kind, q.reasons, q.currency, ${asText(exactSum(dialect, "q.copies"))} AS row_count, ${asText(exactSum(dialect, "q.copies * q.minor"))} AS minor
FROM ${ops(dialect, "open_quarantine")} q WHERE ${waitsIn(dialect, feed, part)}
GROUP BY q.kind, q.reasons, q.currency`,
  };
}

/** Reads a line of `countPart`. */
export function partLine(row: TextRow): PartLine {
  return {
    kind: (row["kind"] ?? "live") as PartLine["kind"],
    reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
  };
}

/** Which records of a part are asked for. */
export interface RefusedRows {
  readonly part: string;
  /** Only those that could not be read. */
  readonly onlyMalformed: boolean;
  readonly limit: number;
}

/** Records of a part that wait, the newest first; of what they hold only why they could not be read. */
export function refusedRecords(dialect: Dialect, feed: Feed, { part, onlyMalformed, limit }: RefusedRows): Statement {
  const isMalformed = `q.reasons LIKE ${dialect.literal(OF_RECORD)}`;
  return {
    name: "parts.refused",
    sql: `SELECT q.kind, q.reasons, CASE WHEN ${isMalformed} THEN q.payload END AS payload, q.position, ${asText("q.copies")} AS copies, ${asText("q.number")} AS number
FROM ${ops(dialect, "open_quarantine")} q WHERE ${waitsIn(dialect, feed, part)}${onlyMalformed ? ` AND ${isMalformed}` : ""}
ORDER BY q.number DESC, q.row_id LIMIT ${limit}`,
  };
}

/** Reads a line of `refusedRecords`. */
export function refusedRecord(row: TextRow): RefusedRecord {
  const { _fault: fault } = JSON.parse(row["payload"] ?? "{}") as { _fault?: string | null };
  return {
    kind: row["kind"] ?? "",
    reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
    fault: fault ?? null,
    position: row["position"] ?? "",
    copies: BigInt(row["copies"] ?? "1"),
    number: BigInt(row["number"] ?? "0"),
  };
}
