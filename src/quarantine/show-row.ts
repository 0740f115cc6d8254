import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";

/** Everything stored of quarantined rows but their hash; integers and instants as text. */
const COLUMNS = `q.row_id, q.feed, q.run_group, q.kind, q.batch_id, q.publication_id, q.file, q.position, q.source_key,
  q.business_key, q.version, ${asText("q.copies")} AS copies, q.currency, ${asText("q.minor")} AS minor, q.reasons, q.fingerprints,
  CASE WHEN q.kind = 'held' OR q.unique_only THEN 'true' ELSE 'false' END AS in_pool, q.payload, q.payload_pii, ${asText("q.opened_at")} AS opened_at`;

/** One row by its id, closed or not. */
export function showRow(dialect: Dialect, rowId: string): Statement {
  return {
    name: "quarantine.show-row",
    sql: `SELECT ${COLUMNS} FROM ${ops(dialect, "quarantine_row")} q WHERE q.row_id = ${dialect.literal(rowId)}`,
  };
}

/** The oldest open rows of a feed. */
export function showOpenRows(dialect: Dialect, options: { feed: string; limit: number }): Statement {
  return {
    name: "quarantine.show-open-rows",
    sql: `SELECT ${COLUMNS} FROM ${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(options.feed)}
ORDER BY q.opened_at, q.row_id LIMIT ${options.limit}`,
  };
}

/** What happened to rows since they were stored, in order. */
export function rowEvents(dialect: Dialect, rowIds: readonly string[]): Statement {
  return {
    name: "quarantine.row-events",
    sql: `SELECT e.row_id, e.event, e.class, e.publication_id, ${asText("e.happened_at")} AS happened_at
FROM ${ops(dialect, "quarantine_event")} e WHERE e.row_id IN (${rowIds.map((id) => dialect.literal(id)).join(", ")})
ORDER BY e.number, e.row_id`,
  };
}
