import { keyColumns, MASK, parseSamples, SAMPLE_ROWS } from "../checks/samples.ts";
import type { Feed } from "../config/pipeline.ts";
import { inRange, type NumberRange } from "../ledger/publications.ts";
import type { SampleRecord } from "../store/operations/record-samples.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Why rows are shown: they wait since this publication. */
export const NEWLY_BAD = "newly bad";

const nameOf = (feed: Feed) => `samples.${feed.id}`;

/**
 * The first rows of a feed that wait since a publication of the range, as landed, with their key columns; personal ones are
 * masked, by what today's contract or the one of that time says.
 */
export function samplesIn(dialect: Dialect, feed: Feed, range: NumberRange): Question {
  const keys = keyColumns(feed).map((name, i) => {
    const pii = feed.contract.columns.some((c) => c.name === name && c.pii);
    const masked = dialect.literal(MASK);
    const shown = `CASE WHEN ${dialect.jsonText("s.payload_pii", name)} IS NULL THEN ${dialect.jsonText("s.payload", name)} ELSE ${masked} END`;
    return `${pii ? masked : shown} AS key_${i}`;
  });
  return {
    name: nameOf(feed),
    columns: ["number", "at_position", "reasons", ...keys.map((_, i) => `key_${i}`)],
    sql: `SELECT ${asText("s.number")} AS number, s.position AS at_position, s.reasons, ${keys.join(", ")} FROM (
  SELECT q.number, q.position, q.reasons, q.payload, q.payload_pii, ROW_NUMBER() OVER (PARTITION BY q.number ORDER BY q.position, q.row_id) AS nth
  FROM ${ops(dialect, "quarantine_row")} q JOIN ${ops(dialect, "batch")} b ON b.batch_id = q.batch_id AND b.publication_id = q.publication_id
  WHERE q.feed = ${dialect.literal(feed.id)} AND ${inRange(dialect, "q", range)}
) s WHERE s.nth <= ${SAMPLE_ROWS}`,
  };
}

/** The samples of one publication, one record for each feed that has any. */
export function sampleRecords(feeds: readonly Feed[], rowsOf: (question: string) => readonly TextRow[]): SampleRecord[] {
  return feeds.flatMap((feed) => {
    const rows = parseSamples({ feed }, rowsOf(nameOf(feed)));
    return rows.length === 0 ? [] : [{ feed: feed.id, reason: NEWLY_BAD, rows }];
  });
}
