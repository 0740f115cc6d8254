import { reasonList } from "../checks/breaches.ts";
import { type FeedBatch, ORIGIN } from "../checks/label.ts";
import { rowNumber } from "../checks/match.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask, type Question } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** Rows shown per feed; enough to recognise the fault, few enough to read. */
const ROWS = 20;

/** What stands for a value that is classified as personal. */
export const MASK = "•••";

/** A bad row for people: where it is, why it is bad, and its key columns, masked where they are personal. */
export interface SampleRow {
  readonly position: string;
  readonly reasons: readonly string[];
  readonly key: Readonly<Record<string, string | null>>;
}

function keyColumns(feed: Feed): string[] {
  return [...new Set([...feed.sourceKey, ...feed.businessKey])];
}

function sampleQuestion(dialect: Dialect, input: FeedBatch): Question {
  const { feed } = input;
  const keys = keyColumns(feed).map((name, i) => {
    const pii = feed.contract.columns.some((c) => c.name === name && c.pii);
    return `${pii ? dialect.literal(MASK) : asText(`l.${dialect.identifier(name)}`)} AS key_${i}`;
  });
  return {
    name: feed.id,
    columns: ["at_position", "reasons", ...keys.map((_, i) => `key_${i}`)],
    sql: `SELECT l._position AS at_position, ${reasonList(dialect, input, "id")} AS reasons, ${keys.join(", ")}
FROM ${workTable(dialect, "label", feed)} l
JOIN ${workTable(dialect, "verdict", feed)} v ON v._row = ${rowNumber(dialect, "l")}
WHERE l._origin = ${ORIGIN.batch} AND v._class IN ('unreadable', 'quarantined', 'held') AND NOT v._seen_again
ORDER BY l._position LIMIT ${ROWS}`,
  };
}

/** Masked samples of the newly bad rows of each feed. */
export async function sampleRows(
  session: Session,
  dialect: Dialect,
  inputs: readonly FeedBatch[],
): Promise<Map<string, SampleRow[]>> {
  const samples = new Map<string, SampleRow[]>();
  const questions = inputs.map((input) => sampleQuestion(dialect, input));
  const answer = await ask(session, { dialect, name: "samples" }, questions);
  for (const input of inputs) {
    const names = keyColumns(input.feed);
    const rows = answer(input.feed.id);
    if (rows.length === 0) continue;
    samples.set(
      input.feed.id,
      rows
        .map((row) => ({
          position: row["at_position"] ?? "",
          reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
          key: Object.fromEntries(names.map((name, i) => [name, row[`key_${i}`] ?? null])),
        }))
        .sort((a, b) => (a.position < b.position ? -1 : 1)),
    );
  }
  return samples;
}
