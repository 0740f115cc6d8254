import { isOrdered } from "../config/landed-meta.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ORDER, rowNumber, SCOPE, stem, workName } from "../warehouse/relations.ts";
import { columns, sameKey } from "../warehouse/sql-text.ts";
import { contention } from "./claims.ts";
import { compareDependents, dependentColumn, dividedGroups, dividedRows, ownBadColumn } from "./dependencies.ts";
import { type FeedBatch, maskColumn, ORIGIN } from "./label.ts";
import { AS_PUBLISHED, fullMask, isStale, matchStaging, OLD_ROWS } from "./match.ts";
import { judgeReferences } from "./references.ts";
import { isUnderway } from "./underway.ts";
import { completeScopes, departuresOfLabels } from "./vanished.ts";
import {
  allRepeated,
  changesImmutable,
  closes,
  comparedColumns,
  hasSourceKey,
  holders,
  isBad,
  isDoubtful,
  isExpired,
  isOlder,
  isOutdone,
  isOvertaken,
  isOwnBad,
  label,
  lacksParent,
  newestVersions,
  newestWaiting,
  openRows,
  type Scope,
  sourceKeyText,
  type VerdictContext,
  waitingHashes,
} from "./verdict-parts.ts";

/** Rows that one row's own label and match cannot decide. All others are `inserted`, or decided by their match alone. */
function contested(s: Scope): string {
  const row = `${rowNumber(s.dialect, "l")} AS _row`;
  return `SELECT ${row} FROM ${label(s)} l WHERE ${isDoubtful(s)}
  UNION
  SELECT _row FROM lacking
  UNION
  SELECT _row FROM holder
  UNION
  SELECT _row FROM matched WHERE ${changesImmutable(s)}
  UNION
  ${allRepeated(s)}
  UNION
  SELECT ${row} FROM ${label(s)} l JOIN waiting o ON o.source_key = ${sourceKeyText(s, "l")}
  UNION
  SELECT ${row} FROM ${label(s)} l JOIN dead x ON ${sameKey(s.dialect, s.feed.sourceKey, ["x", "l"])}${dividedRows(s)}${underwayRows(s, row)}`;
}

/** Rows of nets that are left to the hourly runs. */
function underwayRows(s: Scope, row: string): string {
  const underway = s.input.net?.underway ?? [];
  if (underway.length === 0) return "";
  return `\n  UNION\n  SELECT ${row} FROM ${label(s)} l WHERE l._origin = ${ORIGIN.batch} AND (${isUnderway(s.dialect, s.feed, { underway, alias: "l" })})`;
}

/** Where parts of the feed have an order: the place of a row's part, and whether that part came anew. */
function orderFacts({ dialect, feed, context }: Scope): { columns: string; join: string } {
  if (!isOrdered(feed)) return { columns: "", join: "" };
  const scopes = completeScopes(dialect, context.departures);
  if (scopes === null) return { columns: `, l.${ORDER}, FALSE AS _anew`, join: "" };
  return {
    columns: `, l.${ORDER}, a.${SCOPE} IS NOT NULL AS _anew`,
    join: `\n  LEFT JOIN (${scopes}) a ON a.${SCOPE} = l.${SCOPE}`,
  };
}

/** Everything known about each contested row. */
function facts(s: Scope, gone: string): string {
  const { dialect: d, feed } = s;
  const byKey = (alias: string) => sameKey(d, feed.sourceKey, [alias, "l"]);
  const ordered = orderFacts(s);
  return `SELECT c._row, l._origin, l._pool_row, l._position, l._hash, ${feed.scoped ? "l._scope" : "CAST(NULL AS VARCHAR)"} AS _scope, l._unreadable, ${columns(d, "l", comparedColumns(s))},
    ${s.words.map((w) => `${fullMask(w)} AS ${maskColumn(w)}`).join(", ")},
    m._row IS NOT NULL AS _staged, COALESCE(m._same AND NOT m._tombstone, FALSE) AS _same, COALESCE(m._tombstone, FALSE) AS _tombstone, m._old_minor, m._old_currency${askedColumns(s, "m")},
    COALESCE(h._held_by, 0) AS _held_by, COALESCE(r._unknown, 0) AS _unknown, COALESCE(r._stuck, 0) AS _stuck,
    ${gone} AS _gone, (l._origin = ${ORIGIN.batch} AND dead._dead IS NOT NULL) AS _dead, ${isOlder(s)} AS _older, ${isOvertaken(s)} AS _overtaken,
    ${isOwnBad(s)} AS ${ownBadColumn(s)}, ${lacksParent(s)} AS _lacks_parent, ${closes(s)} AS _waiting_key${ordered.columns}
  FROM contested c
  JOIN ${label(s)} l ON ${rowNumber(d, "l")} = c._row
  LEFT JOIN matched m ON m._row = c._row
  LEFT JOIN holder h ON h._row = c._row
  LEFT JOIN lacking r ON r._row = c._row
  LEFT JOIN present ON ${byKey("present")}
  LEFT JOIN dead ON ${byKey("dead")}
  LEFT JOIN waiting o ON o.source_key = ${sourceKeyText(s, "l")}
  LEFT JOIN newest n ON ${byKey("n")}${ordered.join}`;
}

/**
 * Which rows are judged: not set aside, and of the pool only those that no extracted row of the same key stands for. Where parts of the
 * feed have an order, none of an earlier part does, but for what waits in a part that came anew.
 */
function judged(s: Scope): string {
  const stands = `f._origin = ${ORIGIN.batch} AND (f._same OR NOT f._older) AND NOT f._dead`;
  const ofKey = `PARTITION BY ${columns(s.dialect, "f", s.feed.sourceKey)}`;
  const any = `MAX(CASE WHEN ${stands} THEN 1 ELSE 0 END) OVER (${ofKey}) = 1`;
  const later = `COALESCE(MAX(CASE WHEN ${stands} THEN f.${ORDER} END) OVER (${ofKey}) >= f.${ORDER}, FALSE)`;
  const represented = isOrdered(s.feed) ? `(${later} OR f._anew AND ${any})` : any;
  return `SELECT f.*,
    (f._origin <> ${ORIGIN.batch} AND ${hasSourceKey(s, "f")} AND ${represented}) AS _represented,
    (f._dead OR f._overtaken OR f._older AND NOT f._same) AS _aside
  FROM facts f`;
}

/** The class of each contested row; the order of the branches is the order of the classes. */
function classOf(s: Scope): string {
  const bad = isBad(s);
  return `CASE
      WHEN j._represented THEN 'represented'
      WHEN j._gone THEN 'vanished'
      WHEN j._aside THEN 'superseded'
      WHEN j._origin = ${ORIGIN.batch} AND j._same THEN CASE WHEN j._copy = 1 THEN 'unchanged' ELSE 'duplicate' END
      WHEN j._origin = ${ORIGIN.uniqueOnly} AND (${bad} OR j._lacks_parent OR j._unreadable OR j._outdone) THEN 'waiting'
      WHEN j._unreadable THEN 'unreadable'
      WHEN ${bad} THEN 'quarantined'
      WHEN j._origin = ${ORIGIN.held} AND j._lacks_parent AND j._expired THEN 'expired'
      WHEN j._origin = ${ORIGIN.held} AND j._lacks_parent THEN 'waiting'
      WHEN j._lacks_parent THEN 'held'
      WHEN j._origin = ${ORIGIN.batch} AND j._copy > 1 THEN 'duplicate'
      WHEN j._same THEN 'unchanged'
      WHEN j._staged THEN 'updated'
      ELSE 'inserted' END`;
}

/** A row that waits already, for as bad a reason, is seen again and not stored again. */
const SEEN_AGAIN = `(j._origin = ${ORIGIN.batch} AND ((j._class IN ('unreadable', 'quarantined') AND COALESCE(w._bad, 0) > 0) OR (j._class = 'held' AND COALESCE(w._held, 0) > 0)))`;

/** The verdict of each contested row. */
function decided(s: Scope): string {
  const masks = s.words.map((w) => `j.${maskColumn(w)}`).join(", ");
  return `SELECT j._row, j._origin, j._pool_row, j._class, ${masks}, j._duplicate_keys, j._unknown, j._stuck${dependentColumn(s, "j._dependent")}, ${SEEN_AGAIN} AS _seen_again,
    (j._class = 'quarantined' AND NOT j._own_bad AND NOT j._unreadable) AS _unique_only, j._copy, j._copies, j._tombstone, j._old_minor, j._old_currency${askedColumns(s, "j")}, j._waiting_key
  FROM (SELECT j.*, ${classOf(s)} AS _class FROM (
    SELECT c.*, ${isExpired(s)} AS _expired, ${isOutdone(s)} AS _outdone, COALESCE(p.copies, c._batch_copies) AS _copies
    FROM claimed c
    LEFT JOIN open_rows p ON p.row_id = c._pool_row
  ) j) j
  LEFT JOIN waiting_hash w ON w.source_key = COALESCE(${sourceKeyText(s, "j")}, '') AND w.row_hash = j._hash AND w.scope IS NOT DISTINCT FROM j._scope`;
}

/** Of keys that were asked for: how many live rows a row replaces, and whether they were published as it is. */
function askedColumns({ input }: Scope, alias: "m" | "j"): string {
  return input.asked ? `, ${alias}.${OLD_ROWS}, ${alias}.${AS_PUBLISHED}` : "";
}

/** The verdict of each row that has a staging row and nothing else to decide. */
function matchedOnly(s: Scope): string {
  const masks = s.words.map((w) => `l.${maskColumn(w)}`).join(", ");
  return `SELECT m._row, ${ORIGIN.batch} AS _origin, CAST(NULL AS VARCHAR) AS _pool_row,
    CASE WHEN m._same AND NOT m._tombstone THEN 'unchanged' WHEN ${isStale(s.input)} THEN 'superseded' ELSE 'updated' END AS _class,
    ${masks}, 0 AS _duplicate_keys, 0 AS _unknown, 0 AS _stuck${dependentColumn(s, "0 AS _dependent")}, FALSE AS _seen_again, FALSE AS _unique_only, 1 AS _copy, 1 AS _copies,
    m._tombstone, m._old_minor, m._old_currency${askedColumns(s, "m")}, CAST(NULL AS VARCHAR) AS _waiting_key
  FROM matched m JOIN ${label(s)} l ON ${rowNumber(s.dialect, "l")} = m._row
  WHERE NOT EXISTS (SELECT 1 FROM contested c WHERE c._row = m._row)`;
}

/**
 * Gives every labelled row exactly one class, by the truth tables of docs/concepts.md. The table holds a row for every label row
 * that is not plainly `inserted`; readers join it with LEFT JOIN and COALESCE(_class, 'inserted'). What a feed does not have
 * (open rows, departures, versions) is a relation without rows, so that the statement is always this one.
 */
export function judgeRows(dialect: Dialect, input: FeedBatch, context: VerdictContext): Statement {
  const { feed, plan } = input;
  const s: Scope = { dialect, input, context, feed, words: Array.from({ length: plan.words }, (_, w) => w) };
  const compared = compareDependents(s);
  const { present, dead, gone } = departuresOfLabels(dialect, feed, context.departures);
  const select = `WITH matched AS (${matchStaging(dialect, input, context.departures)}),
${judgeReferences(dialect, input, context.parentOf).join(",\n")},
holder AS (${holders(s)}),
open_rows AS (${openRows(s)}),
waiting AS (${newestWaiting(s)}),
waiting_hash AS (${waitingHashes(s)}),
newest AS (${newestVersions(s)}),
present AS (${present}),
dead AS (${dead}),${dividedGroups(s)}
contested AS (
  ${contested(s)}
),
facts AS (
  ${facts(s, gone)}
),
judged AS (
  ${judged(s)}
),${compared.expressions}
${contention(dialect, { feed, rules: plan.unique, judged: compared.relation }).join(",\n")}
${decided(s)}
UNION ALL
${matchedOnly(s)}`;
  return { name: `verdict.${feed.id}`, sql: dialect.createWork(workName("verdict", stem(feed)), select) };
}
