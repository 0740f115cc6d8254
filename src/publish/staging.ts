import { besideStaging } from "../checks/beside-staging.ts";
import { entersStaging } from "../checks/entering.ts";
import { type FeedBatch, ORIGIN } from "../checks/label.ts";
import { completeScopes, type Departures, leftScopes } from "../checks/vanished.ts";
import { isOrdered } from "../config/landed-meta.ts";
import type { Feed } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { FORM } from "../warehouse/key-form.ts";
import { MEASURED_COLUMNS } from "../warehouse/measured.ts";
import type { Question } from "../warehouse/questions.ts";
import { ORDER, rowNumber, SCOPE, stagingMeta, stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, columns, exactSum, sameKey } from "../warehouse/sql-text.ts";

/** The publication that is being written. */
export interface Writing {
  readonly publicationId: string;
  readonly group: string;
  readonly number: bigint;
  /** The instant of publishing as SQL. */
  readonly now: string;
}

function ownColumns(dialect: Dialect, alias: string, { contract }: Feed): string {
  return columns(
    dialect,
    alias,
    stagedColumns(contract).map((c) => c.name),
  );
}

/** A feed of a run, and whether its rows replace or tombstone published ones. */
export interface FeedChange {
  readonly input: FeedBatch;
  readonly hasUpdated: boolean;
  readonly hasVanished: boolean;
}

/** The labelled rows, under `l`, that replace a published one. */
function updatedRows(dialect: Dialect, feed: Feed): string {
  return `${workTable(dialect, "label", feed)} l
  JOIN ${workTable(dialect, "verdict", feed)} v ON v._row = ${rowNumber(dialect, "l")} AND v._class = 'updated'`;
}

/**
 * The published versions of the rows that a publication replaces or tombstones, before it does; null when there are none.
 * @param shown what of each is given, as a SELECT's list over `s`; the columns of the feed's contract where nothing is said
 */
export function replacedRows(
  dialect: Dialect,
  change: FeedChange,
  shown = ownColumns(dialect, "s", change.input.feed),
): string | null {
  const { feed } = change.input;
  const { from, where } = besideStaging(dialect, change.input, { labelled: updatedRows(dialect, feed) });
  const updated = `SELECT ${shown} FROM ${from}${where}`;
  const vanished = `SELECT ${shown} FROM ${stagingRows(dialect, feed)} s
  JOIN ${workTable(dialect, "vanished", feed)} g ON ${sameKey(dialect, feed.sourceKey, ["s", "g"])}`;
  const parts = [...(change.hasUpdated ? [updated] : []), ...(change.hasVanished ? [vanished] : [])];
  return parts.length === 0 ? null : parts.join("\n  UNION ALL\n  ");
}

/**
 * Keeps the replaced rows for what reads them after they are gone. Outside the transaction because the statement is DDL; the
 * head proof inside it says that nothing changed in between.
 */
export function keepReplacedRows(dialect: Dialect, change: FeedChange): Statement[] {
  const rows = replacedRows(dialect, change);
  const { feed } = change.input;
  return rows === null ? [] : [{ name: `old.${feed.id}`, sql: dialect.createWork(workName("old", stem(feed)), rows) }];
}

/** `table.column = alias.column` for every key column: DELETE and UPDATE name their target in full, without an alias. */
function targetKey(dialect: Dialect, feed: Feed, alias: string): string {
  const target = stagingRows(dialect, feed);
  return feed.sourceKey
    .map((name) => `${target}.${dialect.identifier(name)} = ${alias}.${dialect.identifier(name)}`)
    .join(" AND ");
}

/** Removes the staging rows of updated keys; their new versions are inserted next. */
export function deleteReplaced(dialect: Dialect, input: FeedBatch): Statement {
  const { feed } = input;
  return {
    name: `staging-delete.${feed.id}`,
    sql: `DELETE FROM ${stagingRows(dialect, feed)}
USING (
  SELECT ${columns(dialect, "l", feed.sourceKey)} FROM ${updatedRows(dialect, feed)}
) u
WHERE ${targetKey(dialect, feed, "u")}`,
  };
}

/** Whether nothing of the group was ever published: its curated tables are empty. */
export function isFirst(writing: Writing): boolean {
  return writing.number === 1n;
}

/** Writes inserted and updated rows, extracted and released ones alike. */
export function insertStaging(dialect: Dialect, input: FeedBatch, writing: Writing): Statement {
  const { feed } = input;
  const names = stagedColumns(feed.contract).map((c) => dialect.identifier(c.name));
  const columnsOfEngine = stagingMeta(feed).map(([name]) => name);
  const own = dialect.literal(input.batchId ?? "");
  const batch = input.hasPool
    ? `CASE WHEN l._origin = ${ORIGIN.batch} THEN ${own} ELSE SPLIT_PART(l._pool_row, '/', 1) END`
    : own;
  const meta: Readonly<Record<string, string>> = {
    _batch_id: batch,
    _position: "l._position",
    _seq: "l._seq",
    _hash: "l._hash",
    _minor: "l._minor",
    _currency: "l._currency",
    _contract_version: dialect.literal(feed.contract.version),
    _publication: writing.number.toString(),
    [FORM]: `l.${FORM}`,
    [SCOPE]: `l.${SCOPE}`,
    [ORDER]: `l.${ORDER}`,
    _deleted_at: `CAST(NULL AS ${dialect.columnType({ kind: "timestamp" })})`,
  };
  return {
    name: `staging-insert.${feed.id}`,
    sql: `INSERT INTO ${stagingRows(dialect, feed)} (${[...names, ...columnsOfEngine].join(", ")})
SELECT ${ownColumns(dialect, "l", feed)}, ${columnsOfEngine.map((name) => meta[name] ?? "NULL").join(", ")}
FROM ${workTable(dialect, "label", feed)} l
WHERE ${entersStaging(dialect, feed, "l")}`,
  };
}

/**
 * A key that the batch shows in other parts of a scoped feed than its live row is in, unchanged or waiting: it has moved, and
 * leaves with its new part. Rows that are set aside say nothing; a replayed batch shows where keys were, and is not asked.
 */
export function moveScopes(dialect: Dialect, input: FeedBatch, departures: Departures | null): Statement {
  const { feed } = input;
  const target = stagingRows(dialect, feed);
  const { to, set, joins, by, having, classes } = isOrdered(feed)
    ? moveInOrder(dialect, input, departures)
    : moveAnywhere(dialect);
  const keys = columns(dialect, "s", feed.sourceKey);
  return {
    name: `staging-scope.${feed.id}`,
    sql: `UPDATE ${target} SET ${set}
FROM (
  SELECT ${keys}, ${to} FROM ${workTable(dialect, "label", feed)} l
  JOIN ${workTable(dialect, "verdict", feed)} v ON v._row = ${rowNumber(dialect, "l")} AND ${classes}
  JOIN ${target} s ON ${sameKey(dialect, feed.sourceKey, ["s", "l"])}${joins}
  WHERE l._origin = ${ORIGIN.batch} GROUP BY ${keys}, ${by} HAVING ${having}
) u
WHERE ${targetKey(dialect, feed, "u")}`,
  };
}

/** To any part that shows the key, where its own does not. */
function moveAnywhere(dialect: Dialect) {
  const having = `${dialect.countIf("l._scope = s._scope")} = 0`;
  return {
    to: "MIN(l._scope) AS _scope",
    set: "_scope = u._scope",
    joins: "",
    by: "s._scope",
    having,
    classes: "v._class <> 'superseded'",
  };
}

/**
 * To the last part that has the row as it is published, with the way to its bytes there: a later one than its own, or any where its own was
 * read and does not have it as it was. A later part that has other content says nothing of where this one is.
 */
function moveInOrder(dialect: Dialect, { batchId, seq }: FeedBatch, departures: Departures | null) {
  const scopes = completeScopes(dialect, departures);
  const itself = dialect.countIf("l._scope = s._scope AND l._order = s._order");
  const left = scopes === null ? "" : ` OR (c._scope IS NOT NULL AND ${itself} = 0)`;
  return {
    to: "MAX_BY(l._scope, l._order) AS _scope, MAX_BY(l._position, l._order) AS _position, MAX(l._order) AS _order",
    set: `_scope = u._scope, _order = u._order, _position = u._position, _batch_id = ${dialect.literal(batchId ?? "")}, _seq = ${seq}`,
    classes: "v._class = 'unchanged'",
    joins: scopes === null ? "" : leftScopes(scopes, "s._scope"),
    by: `s._scope, s._order${scopes === null ? "" : ", c._scope"}`,
    having: `MAX(l._order) > s._order${left}`,
  };
}

/** Marks vanished rows deleted, by the extract that found them gone; nothing is ever removed. */
export function tombstoneVanished(dialect: Dialect, { feed, seq }: FeedBatch, writing: Writing): Statement {
  const target = stagingRows(dialect, feed);
  return {
    name: `staging-tombstone.${feed.id}`,
    sql: `UPDATE ${target} SET _deleted_at = ${writing.now}, _publication = ${writing.number}, _seq = ${seq}
FROM ${workTable(dialect, "vanished", feed)} g
WHERE ${targetKey(dialect, feed, "g")}`,
  };
}

/** Live rows and their money per feed and currency, counted from the tables. */
export function measureStock(dialect: Dialect, feeds: readonly Feed[]): Question {
  const selects = feeds.map(
    (feed) => `SELECT ${dialect.literal(feed.id)} AS feed, s._currency AS currency, ${asText("COUNT(*)")} AS row_count,
  ${asText(`COALESCE(${exactSum(dialect, "s._minor")}, 0)`)} AS minor
FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL GROUP BY s._currency`,
  );
  return { name: "stock", columns: MEASURED_COLUMNS, sql: selects.join("\nUNION ALL\n") };
}
