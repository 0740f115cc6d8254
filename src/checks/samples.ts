import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText, column } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import type { FeedBatch } from "./label.ts";

/** Rows shown per feed; enough to recognise the fault, few enough to read. */
export const SAMPLE_ROWS = 20;

/** What stands for a value that is classified as personal. */
export const MASK = "•••";

/** A bad row for people: where it is, why it is bad, and its key columns, masked where they are personal. */
export interface SampleRow {
  readonly position: string;
  readonly reasons: readonly string[];
  readonly key: Readonly<Record<string, string | null>>;
}

/** The columns that a row is found by, at the source and in the business. */
export function keyColumns(feed: Feed): string[] {
  return [...new Set([...feed.sourceKey, ...feed.businessKey])];
}

/** Key columns under an alias as texts `key_0`, `key_1`, …; masked where they are personal. */
export function maskedKeys(
  dialect: Dialect,
  { contract }: Pick<Feed, "contract">,
  { alias, names }: { alias: string; names: readonly string[] },
): string[] {
  return names.map((name, i) => {
    const pii = contract.columns.some((c) => c.name === name && c.pii);
    return `${pii ? dialect.literal(MASK) : asText(column(dialect, alias, name))} AS key_${i}`;
  });
}

/** The first newly waiting rows of a feed. */
export function sampleQuestion(dialect: Dialect, { feed }: FeedBatch): Question {
  const keys = maskedKeys(dialect, feed, { alias: "w", names: keyColumns(feed) });
  return {
    name: `samples.${feed.id}`,
    columns: ["at_position", "reasons", ...keys.map((_, i) => `key_${i}`)],
    sql: `SELECT w._position AS at_position, w._reasons AS reasons, ${keys.join(", ")}
FROM ${workTable(dialect, "waiting", feed)} w
ORDER BY w._position, ${dialect.hashText("w._hash")} LIMIT ${SAMPLE_ROWS}`,
  };
}

/** Reads rows as `sampleQuestion` gives them. */
export function parseSamples({ feed }: Pick<FeedBatch, "feed">, rows: readonly TextRow[]): SampleRow[] {
  const names = keyColumns(feed);
  return rows
    .map((row) => ({
      position: row["at_position"] ?? "",
      reasons: JSON.parse(row["reasons"] ?? "[]") as string[],
      key: Object.fromEntries(names.map((name, i) => [name, row[`key_${i}`] ?? null])),
    }))
    .sort((a, b) => (a.position === b.position ? 0 : a.position < b.position ? -1 : 1));
}
