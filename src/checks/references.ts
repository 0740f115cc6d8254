import type { Feed } from "../config/pipeline.ts";
import type { CheckPlan } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { rowNumber, stagingRows, workTable } from "../warehouse/relations.ts";
import {
  and,
  asText,
  column,
  columns,
  exactSum,
  type Match,
  pairedKey,
  rowKey,
  sameKey,
  unmatched,
} from "../warehouse/sql-text.ts";
import { entersStaging } from "./entering.ts";
import type { FeedBatch } from "./label.ts";
import { isClass, WAITS } from "./row-class.ts";

type ForeignKey = CheckPlan["foreignKeys"][number];

/** A parent feed and whether it is judged in this run. */
export interface Parent {
  readonly feed: Feed;
  readonly judged: boolean;
}

/** The rows of a parent, under an alias, whose key label row `l` names. */
function parents(dialect: Dialect, fk: ForeignKey, { relation, alias }: { relation: string; alias: string }): Match {
  const same = pairedKey(dialect, { alias, names: fk.parent.columns }, { alias: "l", names: fk.columns });
  return { rows: `${relation} ${alias}`, on: same };
}

/** Label rows of a parent judged in this run that wait. */
function waitingRows(dialect: Dialect, parent: Feed): string {
  return `${workTable(dialect, "label", parent)} p
      JOIN ${workTable(dialect, "verdict", parent)} v ON v._row = ${rowNumber(dialect, "p")} AND ${isClass(dialect, "v._class", WAITS)}`;
}

/** Keys of a parent judged in this run that enter with it. */
function enteringKeys(dialect: Dialect, fk: ForeignKey, parent: Feed): string {
  return `SELECT ${columns(dialect, "p", fk.parent.columns)} FROM ${workTable(dialect, "label", parent)} p WHERE ${entersStaging(dialect, parent, "p")}`;
}

/** Key texts of parents that wait: judged so in this run, or open from an earlier one. */
function waitingKeys(dialect: Dialect, fk: ForeignKey, parent: Parent): string {
  const key = rowKey(dialect, "p", fk.parent.columns);
  const judged = parent.judged ? [`SELECT ${key} AS _key FROM ${waitingRows(dialect, parent.feed)}`] : [];
  const open = `SELECT q.business_key AS _key FROM ${dialect.table("ops", "open_quarantine")} q WHERE q.feed = ${dialect.literal(parent.feed.id)}`;
  return [...judged, open].join("\n    UNION ");
}

function missing(dialect: Dialect, input: FeedBatch, options: { fk: ForeignKey; parent: Parent; bit: number }): string {
  const { fk, parent } = options;
  const unknown = unmatched(dialect, {
    rows: `${workTable(dialect, "label", input.feed)} l`,
    conditions: [and(fk.columns.map((name) => `${column(dialect, "l", name)} IS NOT NULL`))],
    others: [
      ...(parent.judged ? [parents(dialect, fk, { relation: `entering_${options.bit}`, alias: "e" })] : []),
      parents(dialect, fk, { relation: stagingRows(dialect, parent.feed), alias: "p" }),
    ],
  });
  const key = rowKey(dialect, "l", fk.columns);
  return `SELECT ${rowNumber(dialect, "l")} AS _row, ${(1n << BigInt(options.bit)).toString()} AS _bit, ${key} AS _key\n    ${unknown}`;
}

/**
 * Rows whose parent key is not published and does not enter with this run, per foreign key: `_unknown` where no row of that key
 * is known anywhere, `_stuck` where the parent's only rows wait in quarantine or in the pool. A tombstoned parent is known.
 */
function referenceSelect(dialect: Dialect, input: FeedBatch, options: { fk: ForeignKey; parent: Parent; bit: number }): string {
  return `SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    ${missing(dialect, input, options)}
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (${waitingKeys(dialect, options.fk, options.parent)}) k
  ) w ON w._key = m._key`;
}

/**
 * Common table expressions that judge all foreign keys of a feed; the last, `lacking`, has one row per label row that lacks a
 * parent. Bits number the contract's foreign keys.
 */
export function judgeReferences(dialect: Dialect, input: FeedBatch, parentOf: (object: string) => Parent): string[] {
  const references = input.plan.foreignKeys.map((fk, bit) => ({ fk, parent: parentOf(fk.parent.object), bit }));
  const entering = references
    .filter(({ parent }) => parent.judged)
    .map(({ fk, parent, bit }) => `entering_${bit} AS (${enteringKeys(dialect, fk, parent.feed)})`);
  const selects = references.map((reference) => referenceSelect(dialect, input, reference));
  const all = selects.length === 0 ? ["SELECT 0 AS _row, 0 AS _unknown, 0 AS _stuck WHERE FALSE"] : selects;
  const select = `SELECT _row, CAST(${exactSum(dialect, "_unknown")} AS BIGINT) AS _unknown, CAST(${exactSum(dialect, "_stuck")} AS BIGINT) AS _stuck
FROM (
  ${all.join("\n  UNION ALL\n  ")}
) r GROUP BY _row`;
  return [...entering, `lacking AS (${select})`];
}

/** Rows of this run that enter although every row of their parent key is tombstoned, per feed. A warning, never a reason. */
export function tallyDeletedParents(
  dialect: Dialect,
  inputs: readonly FeedBatch[],
  parentOf: (feed: Feed, object: string) => Parent,
): Question | null {
  const selects = inputs.flatMap((input) =>
    input.plan.foreignKeys.map((fk) => {
      const parent = parentOf(input.feed, fk.parent.object).feed;
      const keys = columns(dialect, "p", fk.parent.columns);
      const same = pairedKey(dialect, { alias: "p", names: fk.parent.columns }, { alias: "l", names: fk.columns });
      return `SELECT ${dialect.literal(input.feed.id)} AS feed, ${dialect.literal(fk.id)} AS rule, ${asText("COUNT(*)")} AS row_count
FROM ${workTable(dialect, "label", input.feed)} l
JOIN (
  SELECT DISTINCT ${keys} FROM ${stagingRows(dialect, parent)} p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM ${stagingRows(dialect, parent)} a WHERE a._deleted_at IS NULL AND ${sameKey(dialect, fk.parent.columns, ["a", "p"])})
) p ON ${same}
WHERE ${entersStaging(dialect, input.feed, "l")}`;
    }),
  );
  if (selects.length === 0) return null;
  return { name: "parent-deleted", columns: ["feed", "rule", "row_count"], sql: selects.join("\nUNION ALL\n") };
}
