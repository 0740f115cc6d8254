import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { and, column, columns, or, rowKey } from "../warehouse/sql-text.ts";
import { ORIGIN } from "./label.ts";
import { type UniqueRule, uniqueKey } from "./unique-key.ts";

/** A claim is one content of one source key; its identical copies are the same claim. */
function claim(dialect: Dialect, feed: Feed): string {
  const key = rowKey(dialect, "j", feed.sourceKey);
  return `${key} || '/' || ${dialect.hashText("j._hash")}`;
}

function given(dialect: Dialect, rule: UniqueRule): string {
  return and(rule.columns.map((name) => `${column(dialect, "k", name)} IS NOT NULL`));
}

/**
 * Whether a row loses its claim under one rule. A published holder of another source key keeps the key. Among the rest, more
 * than one distinct claim means that all lose, except a row that equals its published row (it is the holder) and, where the
 * contract names a survivor, the first by its order; ties go to the smaller claim text, so that row order does not matter.
 */
function loses(dialect: Dialect, rule: UniqueRule, index: number): string {
  const heldByOther = dialect.hasBit("k._held_by", index);
  const contends = `(k._claims AND NOT ${heldByOther})`;
  const partition = `PARTITION BY ${uniqueKey(dialect, rule, "k").join(", ")}`;
  const over = (value: string, fn: "MIN" | "MAX") => `${fn}(CASE WHEN ${contends} THEN ${value} END) OVER (${partition})`;
  const several = `${over("k._claim", "MIN")} <> ${over("k._claim", "MAX")}`;
  const holderHere = `${over("CASE WHEN k._same THEN 1 ELSE 0 END", "MAX")} = 1`;
  const lost = rule.survivor
    ? `(${holderHere} OR k._claim <> FIRST_VALUE(k._claim) OVER (${partition} ORDER BY CASE WHEN ${contends} THEN 0 ELSE 1 END, ${column(dialect, "k", rule.survivor.by)} ${rule.survivor.order === "newest" ? "DESC" : "ASC"} NULLS LAST, k._claim))`
    : "TRUE";
  return `CASE WHEN k._claims AND ${given(dialect, rule)} AND (${heldByOther} OR (${contends} AND NOT k._same AND ${several} AND ${lost})) THEN ${(1n << BigInt(index)).toString()} ELSE 0 END`;
}

/** Without a key, equal rows of two scopes are two rows: each leaves with its own. A key is in one scope at a time. */
function ofScope(dialect: Dialect, feed: Feed): string {
  if (!feed.scoped) return "";
  const keyless = or(feed.sourceKey.map((name) => `${column(dialect, "j", name)} IS NULL`));
  return `, CASE WHEN ${keyless} THEN j._scope END`;
}

/**
 * True for a judged row `j` that stands for its source key: it equals its published row, or it is judged and nothing but other rows
 * may keep it out. `bad` are conditions under which a row is bad by itself.
 */
export function stands(bad: readonly string[]): string {
  return `(NOT j._aside AND NOT j._represented AND NOT j._gone AND (j._same OR NOT (${or(bad)})))`;
}

/**
 * Common table expressions from the judged rows to `claimed`: which rows claim, which lose, and how many identical copies each has.
 * A row that is bad for another reason claims nothing.
 */
export function contention(dialect: Dialect, options: { feed: Feed; rules: readonly UniqueRule[]; judged: string }): string[] {
  const { feed, rules, judged } = options;
  const copies = `PARTITION BY ${columns(dialect, "j", feed.sourceKey)}, j._hash, j._origin, j._aside${ofScope(dialect, feed)}`;
  const bits = rules.length === 0 ? "0" : rules.map((rule, i) => loses(dialect, rule, i)).join("\n      + ");
  return [
    `claims AS (
  SELECT j.*, ${stands(["j._own_bad", "j._unreadable"])} AS _claims, ${claim(dialect, feed)} AS _claim,
    ROW_NUMBER() OVER (${copies} ORDER BY j._position) AS _copy,
    CASE WHEN j._origin = ${ORIGIN.batch} THEN COUNT(*) OVER (${copies}) ELSE 1 END AS _batch_copies
  FROM ${judged} j
)`,
    `claimed AS (
  SELECT k.*, CAST(${bits} AS BIGINT) AS _duplicate_keys
  FROM claims k
)`,
  ];
}
