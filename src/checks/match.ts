import { isOrdered } from "../config/landed-meta.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ORDER, rowNumber, SCOPE, stagingRows, versionColumn, workTable } from "../warehouse/relations.ts";
import { column, columns, exactSum, sameKey } from "../warehouse/sql-text.ts";
import { besideStaging } from "./beside-staging.ts";
import { type FeedBatch, maskColumn, ORIGIN } from "./label.ts";
import type { LandedRows } from "./landed-keys.ts";
import { hasSameValues } from "./same-values.ts";
import { completeScopes, type Departures, isAsked, leftScopes } from "./vanished.ts";

/** The column of staging bits of one mask word. */
export function immutableColumn(word: number): string {
  return `_immutable${word}`;
}

/** True where a labelled row's record could be read; null for a feed that lands no faults. */
function isReadable(dialect: Dialect, { plan }: FeedBatch): string | null {
  const record = plan.rowRules.find((b) => b.rule.kind === "record");
  return record ? `NOT ${dialect.hasBit(`l.${maskColumn(record.word)}`, record.bit)}` : null;
}

function immutableWord(dialect: Dialect, input: FeedBatch, word: number): string {
  const readable = isReadable(dialect, input);
  const terms = input.plan.immutable
    .filter((b) => b.word === word)
    .map((b) => {
      const changed = b.rule.columns.map((name) => {
        const [now, then] = [column(dialect, "l", name), column(dialect, "s", name)];
        return b.rule.nulls === "pass" ? `${now} <> ${then}` : `${now} IS DISTINCT FROM ${then}`;
      });
      const condition = readable === null ? changed.join(" OR ") : `${readable} AND (${changed.join(" OR ")})`;
      return `CASE WHEN ${condition} THEN ${(1n << BigInt(b.bit)).toString()} ELSE 0 END`;
    });
  return terms.length === 0 ? "CAST(0 AS BIGINT)" : `CAST(${terms.join(" + ")} AS BIGINT)`;
}

/**
 * Whether the staging row `s` is newer than label row `l`. Where parts of the feed have an order, a row that is gone from its part, or
 * whose part came anew, stands against nothing: its key is what the parts in force say.
 */
function newerVersion(dialect: Dialect, { feed }: FeedBatch, departures: Departures | null) {
  const name = versionColumn(feed);
  if (name === undefined) return { version: [], joins: "" };
  const newer = `${column(dialect, "s", name)} > ${column(dialect, "l", name)}`;
  if (!isOrdered(feed)) return { version: [`${newer} AS _newer_version`], joins: "" };
  const scopes = completeScopes(dialect, departures);
  const stays = scopes === null ? "" : ` AND (c.${SCOPE} IS NULL OR b.${SCOPE} IS NOT NULL)`;
  const keys = columns(dialect, "k", [...feed.sourceKey, SCOPE, ORDER]);
  const again = `\n  LEFT JOIN (SELECT DISTINCT ${keys} FROM ${workTable(dialect, "label", feed)} k WHERE k._origin = ${ORIGIN.batch}) b
    ON ${sameKey(dialect, [...feed.sourceKey, SCOPE, ORDER], ["b", "s"])}`;
  return {
    version: [`(s._deleted_at IS NULL AND ${newer}${stays}) AS _newer_version`],
    joins: scopes === null ? "" : `${leftScopes(scopes, `s.${SCOPE}`)}${again}`,
  };
}

/** How many live rows a row of a batch of asked keys replaces. */
export const OLD_ROWS = "_old_rows";

/** Whether a live row of an asked key was published with the content that the source has. */
export const AS_PUBLISHED = "_as_published";

/** Whether the staging row `s` of a labelled row is that row; of keys that were asked for, no row that stands more than once is. */
function isSame(dialect: Dialect, input: FeedBatch): string {
  if (!input.byValue) return "s._hash = l._hash";
  const once = input.asked ? ` AND s.${LIVE.times} < 2` : "";
  return `(s._hash = l._hash AND ${hasSameValues(dialect, input)}${once})`;
}

/** What is made of the live rows of a key, where there may be several. */
const LIVE = { times: "_times", minor: "_all_minor" } as const;

/** Staging rows of keys that were asked for, each key once: a live row before tombstones, with how many live ones there are and their money. */
function askedRows(dialect: Dialect, feed: Feed, asked: LandedRows): string {
  const key = columns(dialect, "r", feed.sourceKey);
  const isLive = "CASE WHEN r._deleted_at IS NULL THEN 1 ELSE 0 END";
  const sum = (expression: string) => `${exactSum(dialect, expression)} OVER (PARTITION BY ${key})`;
  return `(SELECT o.* FROM (SELECT r.*, ${sum(isLive)} AS ${LIVE.times}, ${sum("CASE WHEN r._deleted_at IS NULL THEN r._minor ELSE 0 END")} AS ${LIVE.minor},
    ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY ${isLive} DESC, r._publication DESC, r._seq DESC) AS _nth
  FROM ${stagingRows(dialect, feed)} r
  WHERE ${isAsked(dialect, feed, { listed: asked, alias: "r" })}) o WHERE o._nth = 1)`;
}

/**
 * The staging row of each labelled row's source key: equality, tombstone, age, old money and changed immutable columns. It reads a column of
 * all that is published, so it is done once.
 */
export function matchStaging(dialect: Dialect, input: FeedBatch, departures: Departures | null): string {
  const { feed, plan, asked } = input;
  const words = Array.from({ length: plan.words }, (_, word) => word);
  const { version, joins } = newerVersion(dialect, input, departures);
  const { from, where } = besideStaging(dialect, input, asked ? { staging: askedRows(dialect, feed, asked) } : {});
  return `SELECT ${[
    `${rowNumber(dialect, "l")} AS _row`,
    `${isSame(dialect, input)} AS _same`,
    "s._deleted_at IS NOT NULL AS _tombstone",
    "s._seq AS _staged_seq",
    ...(asked
      ? [
          `s.${LIVE.minor} AS _old_minor`,
          `s.${LIVE.times} AS ${OLD_ROWS}`,
          `(s._hash = l._hash AND s._deleted_at IS NULL) AS ${AS_PUBLISHED}`,
        ]
      : ["s._minor AS _old_minor"]),
    "s._currency AS _old_currency",
    ...version,
    ...words.map((word) => `${immutableWord(dialect, input, word)} AS ${immutableColumn(word)}`),
  ].join(",\n  ")}
FROM ${from}${joins}${where}`;
}

/**
 * True where a matched row is older than the staging row of its key, under alias `m` (match) and `l` (label). A tombstone has
 * the sequence of the extract that found the row gone: bytes of that extract or an earlier one do not bring the row back. Where parts
 * of the feed have an order, a row that waits is what its part says until the part says otherwise, whenever it was read. Nets have the
 * sequence of the last publication before they read: what that one found gone they may have found again.
 */
export function isStale({ feed, net }: FeedBatch): string {
  const byVersion = versionColumn(feed) === undefined ? [] : ["COALESCE(m._newer_version, FALSE)"];
  const read = isOrdered(feed) ? `l._origin = ${ORIGIN.batch} AND ` : "";
  const again = net ? `NOT (l._origin = ${ORIGIN.batch} AND m._staged_seq = l._seq) AND ` : "";
  return `(NOT m._same AND (${[...byVersion, `${read}m._staged_seq > l._seq`].join(" OR ")}) OR ${again}${read}m._tombstone AND m._staged_seq >= l._seq)`;
}

/** The label's mask word, immutable bits included, under aliases `l` and `m`. */
export function fullMask(word: number): string {
  return `(l.${maskColumn(word)} + COALESCE(m.${immutableColumn(word)}, 0))`;
}
