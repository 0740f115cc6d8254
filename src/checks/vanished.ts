import type { Feed } from "../config/pipeline.ts";
import type { Ranges } from "../sources/source.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { MEASURED_COLUMNS } from "../warehouse/measured.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Question } from "../warehouse/questions.ts";
import { SCOPE, stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, exactSum, or, rowKey, sameKey } from "../warehouse/sql-text.ts";
import { ORIGIN } from "./label.ts";
import { type LandedRows, landedKeys, landedRows, typeOf } from "./landed-keys.ts";
import { isUnderway } from "./underway.ts";

/**
 * Of what a batch says that nothing else exists: every published row of it whose key the batch does not have is absent. `but`: what is
 * underway, of which it says nothing.
 */
export type Complete =
  /** The feed, by a key pass. */
  | ({ readonly of: "feed"; readonly by: "keys" } & LandedRows)
  /** The feed, by the batch's own rows. */
  | { readonly of: "feed"; readonly by: "rows" }
  /** Keys that were asked for, by the batch's own rows. */
  | { readonly of: "keys"; readonly listed: LandedRows }
  /** Parts of the feed, by the batch's own rows: the listed ones, and those whose parent's row leaves. A key that only changed its part is not absent. */
  | {
      readonly of: "scopes";
      readonly listed: LandedRows | null;
      readonly parent: Feed | null;
      readonly but: readonly LandedRows[];
    }
  /** Ranges of a column that never changes, by the batch's own rows. Only typed rows can tell that they are in one. */
  | ({ readonly of: "ranges"; readonly but: readonly LandedRows[] } & Ranges);

/** How rows of a feed may leave with a batch. */
export interface Departures {
  readonly feed: Feed;
  /** Extract sequence of the batch: nothing that is known from a later one leaves. */
  readonly seq: bigint;
  /** Open quarantined, unreadable or held rows of this feed exist. */
  readonly hasOpen: boolean;
  readonly complete: Complete | null;
  /** Rows that the source says it has deleted: source-key columns and `_stamp`. */
  readonly deletes: LandedRows | null;
  /** The batch's bytes are old: what it says was deleted stops rows of its own, and makes no other leave. */
  readonly isReplay: boolean;
}

function keyRows(dialect: Dialect, feed: Feed, complete: Complete): string {
  if (complete.of === "feed" && complete.by === "keys") {
    return `SELECT ${landedKeys(dialect, feed)} FROM ${landedRows(dialect, complete)}`;
  }
  return `SELECT ${columns(dialect, "k", feed.sourceKey)} FROM ${workTable(dialect, "label", feed)} k WHERE k._origin = ${ORIGIN.batch}`;
}

/** The keys that a batch has of what it is complete of, as a work table. */
function collectKeys(dialect: Dialect, feed: Feed, complete: Complete): Statement {
  return { name: `keys.${feed.id}`, sql: dialect.createWork(workName("keys", stem(feed)), keyRows(dialect, feed, complete)) };
}

function textOfKey(dialect: Dialect, feed: Feed, alias: string): string {
  return rowKey(dialect, alias, feed.sourceKey);
}

/** The open rows `q` of a key under an alias. */
export function openRows(dialect: Dialect, feed: Feed, alias: string): string {
  return `SELECT 1 FROM ${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(feed.id)} AND q.source_key = ${textOfKey(dialect, feed, alias)}`;
}

/**
 * The keys of the deletes that count: those of which no row is known that is later, in the batch, published or waiting. At equal
 * stamps the delete counts, and so does one without a stamp.
 */
function collectDeleted(dialect: Dialect, departures: Departures, deletes: LandedRows): Statement {
  const { feed, seq, hasOpen } = departures;
  const type = typeOf(feed, feed.version);
  const version = feed.version === undefined ? "NULL" : column(dialect, "r", feed.version);
  const same = sameKey(dialect, feed.sourceKey, ["r", "k"]);
  const later = [
    `SELECT 1 FROM ${workTable(dialect, "label", feed)} r WHERE r._origin = ${ORIGIN.batch} AND ${same} AND ${version} > k._stamp`,
    `SELECT 1 FROM ${stagingRows(dialect, feed)} r WHERE r._deleted_at IS NULL AND ${same} AND (r._seq > ${seq} OR ${version} > k._stamp)`,
    ...(hasOpen
      ? [`${openRows(dialect, feed, "k")} AND (q.seq > ${seq} OR ${dialect.tryCast("q.version", type)} > k._stamp)`]
      : []),
  ];
  const stamp = dialect.tryCast(column(dialect, "k", "_stamp"), type);
  const select = `SELECT ${columns(dialect, "k", feed.sourceKey)}
FROM (
  SELECT ${columns(dialect, "d", feed.sourceKey)}, CASE WHEN COUNT(*) = COUNT(d._stamp) THEN MAX(d._stamp) END AS _stamp FROM (
    SELECT ${landedKeys(dialect, feed)}, ${stamp} AS _stamp FROM ${landedRows(dialect, deletes)}
  ) d GROUP BY ${columns(dialect, "d", feed.sourceKey)}
) k
WHERE ${later.map((row) => `NOT EXISTS (${row})`).join("\n  AND ")}`;
  return { name: `deleted.${feed.id}`, sql: dialect.createWork(workName("deleted", stem(feed)), select) };
}

/** The part of the feed that a batch is complete of, where absence from it makes rows leave; null where it does not. */
function vanishing({ feed, complete }: Departures): Complete | null {
  return feed.absence === "vanished" ? complete : null;
}

/** The parts of the feed whose rows leave where the batch does not bring them, as a relation of `_scope`; null where there are none. */
export function completeScopes(dialect: Dialect, departures: Departures | null): string | null {
  const complete = departures && vanishing(departures);
  if (complete?.of !== "scopes") return null;
  return `SELECT DISTINCT c.${SCOPE} FROM (${scopesOf(dialect, complete)}) c`;
}

/** The parts that a batch is complete of. */
function scopesOf(dialect: Dialect, { listed, parent, but }: Extract<Complete, { of: "scopes" }>): string {
  const scope = column(dialect, "k", SCOPE);
  const settled = but.map((rows) => ` AND ${scope} NOT IN (SELECT ${scope} FROM ${landedRows(dialect, rows)})`).join("");
  const parents =
    parent && `SELECT ${textOfKey(dialect, parent, "g")} AS ${SCOPE} FROM ${workTable(dialect, "vanished", parent)} g`;
  const own = listed && `SELECT ${scope} AS ${SCOPE} FROM ${landedRows(dialect, listed)}${settled}`;
  return [own, parents].flatMap((select) => select ?? []).join(" UNION ALL ");
}

/** Joins complete scopes as `c` to what has a scope. */
export function leftScopes(scopes: string, scope: string): string {
  return `\n  LEFT JOIN (${scopes}) c ON c.${SCOPE} = ${scope}`;
}

/** Whether deletes make rows leave that the batch does not bring. */
function removes({ deletes, isReplay }: Departures): boolean {
  return deletes !== null && !isReplay;
}

/** True where a row's value stands in one of some ranges. */
function inRanges(dialect: Dialect, { column: name, ranges }: Ranges, alias: string): string {
  const value = column(dialect, alias, name);
  return or(
    ranges.map(({ from, before }) => {
      const above = from === null ? [] : [`${value} >= ${dialect.timestamp(from)}`];
      const below = before === null ? [] : [`${value} < ${dialect.timestamp(before)}`];
      return `(${and([...above, ...below])})`;
    }),
  );
}

/** The keys that were asked for, typed. */
function askedKeys(dialect: Dialect, feed: Feed, listed: LandedRows): string {
  return `SELECT ${landedKeys(dialect, feed)} FROM ${landedRows(dialect, listed)}`;
}

/** True where typed row `alias` has one of the keys that were asked for. */
export function isAsked(dialect: Dialect, feed: Feed, { listed, alias }: { listed: LandedRows; alias: string }): string {
  return `EXISTS (SELECT 1 FROM (${askedKeys(dialect, feed, listed)}) a WHERE ${sameKey(dialect, feed.sourceKey, ["a", alias])})`;
}

/** True where typed row `alias` is in what the batch is complete of; nothing where that is the feed. */
function inCompletePart(dialect: Dialect, { feed, complete }: { feed: Feed; complete: Complete }, alias: "s" | "l"): string[] {
  if (complete.of === "keys") return [isAsked(dialect, feed, { listed: complete.listed, alias })];
  if (complete.of === "ranges") {
    const { but } = complete;
    const settled = but.length === 0 ? [] : [`NOT (${isUnderway(dialect, feed, { underway: but, alias })})`];
    return [`(${inRanges(dialect, complete, alias)})`, ...settled];
  }
  return inCompleteScope(dialect, complete, `${alias}.${SCOPE}`);
}

/** True where a scope is one of those that the batch is complete of; nothing where it is complete of the feed. */
function inCompleteScope(dialect: Dialect, complete: Complete, scope: string): string[] {
  if (complete.of !== "scopes") return [];
  return [`${scope} IN (${scopesOf(dialect, complete)})`];
}

/** A key that waits in a part that the batch does not speak of, or since a later extract, is still there, wherever its published row came from. */
function waitsElsewhere(dialect: Dialect, { feed, seq, hasOpen }: Departures, complete: Complete): string[] {
  if (!hasOpen) return [];
  if (complete.of === "ranges" || complete.of === "keys")
    return [`NOT EXISTS (${openRows(dialect, feed, "s")} AND q.seq > ${seq})`];
  return inCompleteScope(dialect, complete, "COALESCE(q.scope, '')").map(
    (here) => `NOT EXISTS (${openRows(dialect, feed, "s")} AND (q.seq > ${seq} OR NOT ${here}))`,
  );
}

/** True where staging row `s` is absent from what the batch is complete of. */
function isAbsent(dialect: Dialect, departures: Departures, complete: Complete): string {
  const { feed, seq } = departures;
  return and([
    `NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "keys", feed)} k WHERE ${sameKey(dialect, feed.sourceKey, ["k", "s"])})`,
    `s._seq <= ${seq}`,
    ...inCompletePart(dialect, { feed, complete }, "s"),
    ...waitsElsewhere(dialect, departures, complete),
  ]);
}

/** True where the key of staging row `s` is among the deleted ones. */
function isDeleted(dialect: Dialect, feed: Feed): string {
  return `EXISTS (SELECT 1 FROM ${workTable(dialect, "deleted", feed)} x WHERE ${sameKey(dialect, feed.sourceKey, ["x", "s"])})`;
}

/** Live staging rows that leave: absent ones where that is what absence means, and deleted ones. */
function findVanished(dialect: Dialect, departures: Departures): Statement {
  const { feed } = departures;
  const complete = vanishing(departures);
  const ways = [
    ...(complete ? [isAbsent(dialect, departures, complete)] : []),
    ...(removes(departures) ? [isDeleted(dialect, feed)] : []),
  ];
  const selects = (ways.length === 0 ? ["FALSE"] : ways).map(
    (way) => `SELECT ${columns(dialect, "s", feed.sourceKey)}, s._currency, s._minor
FROM ${stagingRows(dialect, feed)} s
WHERE s._deleted_at IS NULL AND ${way}`,
  );
  return { name: `vanished.${feed.id}`, sql: dialect.createWork(workName("vanished", stem(feed)), selects.join("\nUNION\n")) };
}

/** Whether rows can leave with a batch at all: then `vanished_<feed>` says which. */
export function canLeave(departures: Departures): boolean {
  return departures.deletes !== null || vanishing(departures) !== null;
}

/** Fills the work tables `keys`, `deleted` and `vanished` of a feed, as far as its batch asks for them. */
export function collectDepartures(dialect: Dialect, departures: Departures): Statement[] {
  const { feed, complete, deletes } = departures;
  return [
    ...(complete ? [collectKeys(dialect, feed, complete)] : []),
    ...(deletes ? [collectDeleted(dialect, departures, deletes)] : []),
    ...(canLeave(departures) ? [findVanished(dialect, departures)] : []),
  ];
}

/**
 * How many live rows are absent of feeds whose rows cannot go; one that the source says it has deleted is explained. Null when
 * no batch is complete of such a feed.
 */
export function countAbsent(dialect: Dialect, all: readonly Departures[]): Question | null {
  const selects = all.flatMap((departures) => {
    const { feed, complete, deletes } = departures;
    if (complete === null || feed.absence !== "incomplete") return [];
    const unexplained = deletes ? ` AND NOT ${isDeleted(dialect, feed)}` : "";
    return `SELECT ${dialect.literal(feed.id)} AS feed, ${asText("COUNT(*)")} AS row_count
FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL AND ${isAbsent(dialect, departures, complete)}${unexplained}`;
  });
  return selects.length === 0 ? null : { name: "absent", columns: ["feed", "row_count"], sql: selects.join("\nUNION ALL\n") };
}

/** Rows and money of vanished keys by currency. */
export function tallyVanished(dialect: Dialect, feeds: readonly Feed[]): Question {
  const selects = feeds.map(
    (feed) => `SELECT ${dialect.literal(feed.id)} AS feed, g._currency AS currency, ${asText("COUNT(*)")} AS row_count,
  ${asText(`COALESCE(${exactSum(dialect, "g._minor")}, 0)`)} AS minor
FROM ${workTable(dialect, "vanished", feed)} g GROUP BY g._currency`,
  );
  return { name: "vanished", columns: MEASURED_COLUMNS, sql: selects.join("\nUNION ALL\n") };
}

/** How the verdict sees departures. */
export interface LabelDepartures {
  /** The source keys that are there, each with `_present`; no rows where the batch is complete of nothing. */
  readonly present: string;
  /** The source keys that the source says it has deleted, each with `_dead`. */
  readonly dead: string;
  /** True where a waiting row leaves, over label rows `l` joined with both. */
  readonly gone: string;
}

/** Which label rows leave, or lose against a delete. */
export function departuresOfLabels(dialect: Dialect, feed: Feed, departures: Departures | null): LabelDepartures {
  const complete = departures && vanishing(departures);
  const keysOf = (table: "keys" | "deleted" | null, mark: string) =>
    `SELECT DISTINCT ${columns(dialect, "k", feed.sourceKey)}, 1 AS ${mark} FROM ${workTable(dialect, table ?? "label", feed)} k${table ? "" : " WHERE FALSE"}`;
  const ways =
    departures === null
      ? []
      : [
          ...(complete
            ? [
                and([
                  "present._present IS NULL",
                  `l._seq <= ${departures.seq}`,
                  ...inCompletePart(dialect, { feed, complete }, "l"),
                ]),
              ]
            : []),
          ...(removes(departures) ? ["dead._dead IS NOT NULL"] : []),
        ];
  return {
    present: keysOf(complete ? "keys" : null, "_present"),
    dead: keysOf(departures?.deletes ? "deleted" : null, "_dead"),
    gone: ways.length === 0 ? "FALSE" : `(l._origin <> ${ORIGIN.batch} AND (${or(ways)}))`,
  };
}

/**
 * Conditions under which open row `o` with a source key leaves, each in words of `ops.open_quarantine` alone; one row may
 * fulfil several.
 */
export function openRowLeaves(dialect: Dialect, departures: Departures): string[] {
  const { feed, seq } = departures;
  const complete = vanishing(departures);
  const amongKeys = (rows: string) =>
    `EXISTS (SELECT 1 FROM (SELECT ${textOfKey(dialect, feed, "k")} AS source_key FROM ${rows} k) p WHERE p.source_key = o.source_key)`;
  const among = (table: "keys" | "deleted" | "vanished") => amongKeys(workTable(dialect, table, feed));
  // What waits has no typed values to stand in a range by: it leaves with the published row of its key.
  const ofPart = (of: Complete) => {
    if (of.of === "ranges") return [among("vanished")];
    const asked = of.of === "keys" ? [amongKeys(`(${askedKeys(dialect, feed, of.listed)})`)] : [];
    return [`NOT ${among("keys")}`, ...asked, ...inCompleteScope(dialect, of, "o.scope")];
  };
  return [
    ...(complete ? [and([`o.seq <= ${seq}`, ...ofPart(complete)])] : []),
    ...(removes(departures) ? [among("deleted")] : []),
  ];
}

/**
 * Condition under which open row `o` without a source key leaves. Only its content can tell: a batch whose rows are all there
 * are does not bring it again. Null where the batch cannot say so.
 */
export function keylessRowLeaves(dialect: Dialect, departures: Departures): string | null {
  const { feed, seq } = departures;
  const complete = vanishing(departures);
  if (
    complete === null ||
    complete.of === "ranges" ||
    complete.of === "keys" ||
    (complete.of === "feed" && complete.by === "keys")
  )
    return null;
  const sameScope = complete.of === "scopes" ? " AND l._scope = o.scope" : "";
  return and([
    `NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "label", feed)} l WHERE l._origin = ${ORIGIN.batch} AND l._hash = o.row_hash${sameScope})`,
    `o.seq <= ${seq}`,
    ...inCompleteScope(dialect, complete, "o.scope"),
  ]);
}
