import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { rowNumber, workTable } from "../warehouse/relations.ts";
import { asText, or, rowKey } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { isClass } from "./row-class.ts";

/** Publications of a group in a part of time, as ISO instants: after `since`, up to `until`. */
export interface Day {
  readonly group: string;
  readonly since: string;
  readonly until: string;
}

/** How many parents the held rows of a feed lack: the newly held ones, and those that still wait of the day's publications besides. */
export interface MissingParents {
  readonly feed: string;
  readonly ofBatch: bigint;
  readonly ofDay: bigint;
}

/** True where a row lacks the parent of one foreign key, and not because the parent's feed is absent from this run. */
function lacks(dialect: Dialect, { absences: { parents, ancestors } }: FeedBatch, bit: number): string {
  const excused = (mask: bigint) => (mask & (1n << BigInt(bit))) !== 0n;
  return or([
    ...(excused(parents) ? [] : [dialect.hasBit("v._unknown", bit)]),
    ...(excused(parents | ancestors) ? [] : [dialect.hasBit("v._stuck", bit)]),
  ]);
}

/** True for label row `l` of the pool that waits on, by itself or seen again, and was held by a publication of the day. */
function ofTheDay(dialect: Dialect, { feed }: FeedBatch, day: Day): string {
  const again = `SELECT b._hash FROM ${workTable(dialect, "label", feed)} b
    JOIN ${workTable(dialect, "verdict", feed)} a ON a._row = ${rowNumber(dialect, "b")} WHERE a._seen_again AND a._class = 'held'`;
  const published = `SELECT f.publication_id FROM ${ops(dialect, "flow")} f WHERE f.run_group = ${dialect.literal(day.group)}
    AND f.window_end > ${dialect.timestamp(day.since)} AND f.window_end <= ${dialect.timestamp(day.until)}`;
  const opened = `SELECT q.row_id FROM ${ops(dialect, "open_quarantine")} q
    WHERE q.feed = ${dialect.literal(feed.id)} AND q.kind = 'held' AND q.publication_id IN (${published})`;
  return `l._origin = ${ORIGIN.held} AND l._pool_row IN (${opened})
    AND (v._class = 'waiting' OR (v._class = 'represented' AND l._hash IN (${again})))`;
}

/** The parents that one foreign key's held rows lack, each row once, and whether it is newly held. */
function missingOf(dialect: Dialect, input: FeedBatch, { bit, day }: { bit: number; day: Day }): string[] {
  const fk = input.plan.foreignKeys[bit];
  const condition = lacks(dialect, input, bit);
  if (fk === undefined || condition === "FALSE") return [];
  const key = rowKey(dialect, "l", fk.columns);
  const parent = `${dialect.literal(`${fk.parent.object}/`)} || ${key}`;
  const rows = `FROM ${workTable(dialect, "verdict", input.feed)} v
  JOIN ${workTable(dialect, "label", input.feed)} l ON ${rowNumber(dialect, "l")} = v._row`;
  const select = (fresh: boolean, where: string) =>
    `SELECT ${parent} AS _parent, ${fresh ? "1" : "0"} AS _fresh ${rows}\n  WHERE (${condition}) AND ${where}`;
  const fresh = `l._origin = ${ORIGIN.batch} AND ${isClass(dialect, "v._class", ["held"])} AND NOT v._seen_again`;
  return [
    ...(input.batchId === null ? [] : [select(true, fresh)]),
    ...(input.hasPool ? [select(false, ofTheDay(dialect, input, day))] : []),
  ];
}

/** How many parents held rows lack, by feed: the children of one parent are one event. Null where no feed refers to another. */
export function countMissingParents(dialect: Dialect, inputs: readonly FeedBatch[], day: Day): Question | null {
  const selects = inputs.flatMap((input) => {
    const rows = input.plan.foreignKeys.flatMap((_, bit) => missingOf(dialect, input, { bit, day }));
    if (rows.length === 0) return [];
    return `SELECT ${dialect.literal(input.feed.id)} AS feed, ${asText("COUNT(DISTINCT CASE WHEN m._fresh = 1 THEN m._parent END)")} AS of_batch,
  ${asText("COUNT(DISTINCT m._parent)")} AS of_day
FROM (
  ${rows.join("\n  UNION ALL\n  ")}
) m`;
  });
  if (selects.length === 0) return null;
  return { name: "missing-parents", columns: ["feed", "of_batch", "of_day"], sql: selects.join("\nUNION ALL\n") };
}

/** Reads what `countMissingParents` asked. */
export function parseMissingParents(rows: readonly TextRow[]): MissingParents[] {
  return rows.map((row) => ({
    feed: row["feed"] ?? "",
    ofBatch: BigInt(row["of_batch"] ?? "0"),
    ofDay: BigInt(row["of_day"] ?? "0"),
  }));
}
