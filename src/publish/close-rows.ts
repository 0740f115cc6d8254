import { type FeedBatch, ORIGIN } from "../checks/label.ts";
import { GOOD, isClass, isNotClass, STAYS } from "../checks/row-class.ts";
import { type Departures, keylessRowLeaves, openRowLeaves } from "../checks/vanished.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops, opsColumns } from "../warehouse/ops-tables.ts";
import { rowNumber, workTable } from "../warehouse/relations.ts";
import type { QuarantineWriting } from "./open-rows.ts";

/** A feed whose waiting rows may end in this run. */
export interface Closing {
  readonly input: FeedBatch;
  /** How rows leave with the batch; null when nothing can. */
  readonly departures: Departures | null;
}

/** Rows of the pool that were judged by themselves: what became of them. */
function judgedPool(dialect: Dialect, { input }: Closing): string {
  return `SELECT v._pool_row AS row_id, ${dialect.literal(input.feed.id)} AS feed,
  CASE WHEN v._class = 'vanished' THEN 'vanished' WHEN v._class = 'expired' THEN 'expired'
    WHEN v._origin = ${ORIGIN.uniqueOnly} AND v._class = 'superseded' THEN 'superseded' ELSE 'released' END AS event,
  CASE WHEN v._class IN ('unreadable', 'expired') THEN 'quarantined' WHEN v._class <> 'vanished' THEN v._class END AS class
FROM ${workTable(dialect, "verdict", input.feed)} v
WHERE v._origin <> ${ORIGIN.batch} AND ${isNotClass(dialect, "v._class", STAYS)}`;
}

/**
 * Waiting rows whose source key came again: a row of the same content that is still broken keeps them open; a good row closes
 * them, a later bad or held version takes their place.
 */
function cameAgain(dialect: Dialect, { input }: Closing): string {
  const { scoped } = input.feed;
  const verdict = workTable(dialect, "verdict", input.feed);
  return `SELECT o.row_id, o.feed, CASE WHEN o.kind <> 'held' AND b.good > 0 THEN 'closed_by_newer' ELSE 'superseded' END AS event, CAST(NULL AS VARCHAR) AS class
FROM ${ops(dialect, "open_quarantine")} o
JOIN (
  SELECT v._waiting_key, ${dialect.countIf(isClass(dialect, "v._class", GOOD))} AS good
  FROM ${verdict} v WHERE v._origin = ${ORIGIN.batch} AND v._waiting_key IS NOT NULL AND v._class <> 'superseded' GROUP BY v._waiting_key
) b ON b._waiting_key = o.source_key
LEFT JOIN (
  SELECT DISTINCT v._waiting_key, l._hash, ${scoped ? "l._scope, " : ""}v._class = 'held' AS held FROM ${verdict} v
  JOIN ${workTable(dialect, "label", input.feed)} l ON ${rowNumber(dialect, "l")} = v._row WHERE v._seen_again
) s ON s._waiting_key = o.source_key AND s._hash = o.row_hash AND s.held = (o.kind = 'held')${scoped ? " AND s._scope IS NOT DISTINCT FROM o.scope" : ""}
WHERE o.feed = ${dialect.literal(input.feed.id)} AND s._waiting_key IS NULL`;
}

function vanishedEvent(dialect: Dialect, { input }: Closing, condition: string): string {
  return `SELECT o.row_id, o.feed, 'vanished' AS event, CAST(NULL AS VARCHAR) AS class
FROM ${ops(dialect, "open_quarantine")} o
WHERE o.feed = ${dialect.literal(input.feed.id)} AND ${condition}`;
}

/** Quarantined rows outside the pool that leave with the batch: rows of the pool are judged, and say so themselves. */
function vanished(dialect: Dialect, closing: Closing): string[] {
  const { departures } = closing;
  if (departures === null) return [];
  const outside = "o.source_key <> '' AND o.kind <> 'held' AND NOT (o.kind = 'quarantined' AND o.unique_only)";
  const keyed = openRowLeaves(dialect, departures).map((leaves) =>
    vanishedEvent(dialect, closing, `${outside}\n  AND ${leaves}`),
  );
  const keyless = keylessRowLeaves(dialect, departures);
  return [
    ...(keyless === null ? [] : [vanishedEvent(dialect, closing, `o.source_key = ''\n  AND ${keyless}`)]),
    // A row that leaves in two ways leaves once.
    ...(keyed.length > 1 ? [`SELECT u.* FROM (\n${keyed.join("\nUNION\n")}\n) u`] : keyed),
  ];
}

/** Appends the closing events of all feeds in one statement. Must run before `openRows` of the same publication. */
export function closeRows(dialect: Dialect, closings: readonly Closing[], writing: QuarantineWriting): Statement[] {
  if (closings.length === 0) return [];
  const selects = closings.flatMap((c) => [judgedPool(dialect, c), cameAgain(dialect, c), ...vanished(dialect, c)]);
  return [
    {
      name: "quarantine.close",
      sql: `INSERT INTO ${ops(dialect, "quarantine_event")} (${opsColumns("quarantine_event")})
SELECT e.row_id, e.feed, ${dialect.literal(writing.group)}, ${dialect.literal(writing.publicationId)}, ${writing.number}, e.event, e.class, ${writing.now}
FROM (
${selects.join("\nUNION ALL\n")}
) e`,
    },
  ];
}
