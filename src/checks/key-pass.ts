import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, sameKey } from "../warehouse/sql-text.ts";
import type { FeedBatch } from "./label.ts";
import { landedHash, ORIGIN } from "./label.ts";
import { type LandedRows, landedKey, landedKeys, landedRows } from "./landed-keys.ts";
import { labelWithVerdict } from "./tally.ts";
import { openRows } from "./vanished.ts";

/** All source keys of a feed, landed beside the batch that was read in the same snapshot. */
export interface KeyPass {
  readonly feed: Feed;
  readonly keys: LandedRows;
  /** Open quarantined, unreadable or held rows of this feed exist. */
  readonly hasOpen: boolean;
}

/**
 * The keys that the source has and the warehouse knows nothing of: not in the batch, which has all that its cursor could bring, nor
 * live, nor waiting. A text that is no key of its type waits without one, and is left out.
 */
export function collectMissing(dialect: Dialect, { feed, keys, hasOpen }: KeyPass): Statement {
  const same = (alias: string) => sameKey(dialect, feed.sourceKey, [alias, "k"]);
  const known = [
    `SELECT 1 FROM ${workTable(dialect, "label", feed)} l WHERE l._origin = ${ORIGIN.batch} AND ${same("l")}`,
    `SELECT 1 FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL AND ${same("s")}`,
    ...(hasOpen ? [openRows(dialect, feed, "k")] : []),
  ];
  const complete = feed.sourceKey.map((name) => `${column(dialect, "k", name)} IS NOT NULL`);
  const select = `SELECT DISTINCT ${columns(dialect, "k", feed.sourceKey)} FROM (
  SELECT ${landedKeys(dialect, feed)} FROM ${landedRows(dialect, keys)}
) k
WHERE ${and([...complete, ...known.map((row) => `NOT EXISTS (${row})`)])}`;
  return { name: `missing.${feed.id}`, sql: dialect.createWork(workName("missing", stem(feed)), select) };
}

/** Keys as they were landed, those of them that differ, and those that are missing. */
export function countKeys(dialect: Dialect, passes: readonly KeyPass[]): Question {
  const selects = passes.map(({ feed, keys }) => {
    const values = feed.sourceKey.flatMap((name) => {
      const typed = landedKey(dialect, feed, name);
      // What is no key of its type is told apart by its text.
      return [typed, `CASE WHEN ${typed} IS NULL THEN ${column(dialect, "k", name)} END`];
    });
    const distinct = `SELECT DISTINCT ${values.map((value, i) => `${value} AS key_${i}`).join(", ")} FROM ${landedRows(dialect, keys)}`;
    return `SELECT ${dialect.literal(feed.id)} AS feed, ${asText(`(SELECT COUNT(*) FROM ${landedRows(dialect, keys)})`)} AS keys,
  ${asText(`(SELECT COUNT(*) FROM (${distinct}) d)`)} AS distinct_keys,
  ${asText(`(SELECT COUNT(*) FROM ${workTable(dialect, "missing", feed)} m)`)} AS missing`;
  });
  return { name: "key-pass", columns: ["feed", "keys", "distinct_keys", "missing"], sql: selects.join("\nUNION ALL\n") };
}

/** A batch that was read whole beside a published cursor, and the bound below which no increment would have brought a row. */
export interface BelowCursor {
  readonly input: FeedBatch;
  readonly column: string;
  /** SQL of the bound, in the column's type. */
  readonly bound: string;
  /** The column's type where the contract does not have it, and only the landed texts do. */
  readonly type: "integer" | "timestamp";
}

/**
 * The landed value of each label row `l`, as joins that give `r._value` by position, or `u._value` by content where a row has no
 * position: the latest one of its copies, which an increment would have brought if any.
 */
function landedValues(dialect: Dialect, { feed, batchId, value }: { feed: Feed; batchId: string | null; value: string }): string {
  const raw = `${dialect.table("raw", stem(feed))} k WHERE k._batch_id = ${dialect.literal(batchId)} AND k._position`;
  const content = landedHash(dialect, feed);
  return `
LEFT JOIN (SELECT k._file, k._position, ${value} AS _value FROM ${raw} IS NOT NULL) r ON r._file = l._file AND r._position = l._position
LEFT JOIN (SELECT ${content} AS _content, MAX(${value}) AS _value FROM ${raw} IS NULL GROUP BY ${content}) u ON l._position IS NULL AND u._content = l._hash`;
}

/** How many of a batch's rows that enter lie below the cursor: they had been missed. */
export function countMissed(dialect: Dialect, all: readonly BelowCursor[]): Question {
  const selects = all.map(({ input, column: name, bound, type }) => {
    const { feed, batchId } = input;
    const inContract = feed.contract.columns.some((c) => c.name === name);
    const typed = type === "integer" ? ({ kind: "integer", bits: 64 } as const) : ({ kind: "timestamp" } as const);
    const value = inContract ? column(dialect, "l", name) : "COALESCE(r._value, u._value)";
    const count = (of: string) => asText(dialect.countIf(`COALESCE(v._class, 'inserted') = '${of}'`));
    return `SELECT ${dialect.literal(feed.id)} AS feed, ${count("inserted")} AS inserted, ${count("updated")} AS updated
FROM ${labelWithVerdict(dialect, input)}${inContract ? "" : landedValues(dialect, { feed, batchId, value: dialect.tryCast(column(dialect, "k", name), typed) })}
WHERE l._origin = ${ORIGIN.batch} AND ${value} < ${bound}`;
  });
  return { name: "missed", columns: ["feed", "inserted", "updated"], sql: selects.join("\nUNION ALL\n") };
}
