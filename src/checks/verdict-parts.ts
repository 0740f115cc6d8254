import { isOrdered } from "../config/landed-meta.ts";
import type { Feed } from "../config/pipeline.ts";
import { severityBits } from "../contract/check-plan.ts";
import type { ColumnType } from "../contract/contract.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { rowNumber, SCOPE, stagingRows, versionColumn, workTable } from "../warehouse/relations.ts";
import { and, column, columns, exactSum, or, otherKey, rowKey, sameKey } from "../warehouse/sql-text.ts";
import { type FeedBatch, maskColumn, ORIGIN } from "./label.ts";
import { fullMask, immutableColumn, isStale } from "./match.ts";
import type { Parent } from "./references.ts";
import { isUnderway } from "./underway.ts";
import { normalKeys, sameUniqueKey, type UniqueRule, uniqueKey } from "./unique-key.ts";
import { completeScopes, type Departures, leftScopes } from "./vanished.ts";

/** What the verdict needs to know beside the batch. */
export interface VerdictContext {
  /** The run's instant as SQL. */
  readonly now: string;
  /** Open quarantined, unreadable or held rows of this feed exist. */
  readonly hasOpen: boolean;
  /** How rows leave with the batch; what leaves claims nothing. Null when nothing can. */
  readonly departures: Departures | null;
  /** The parent feed of a foreign key by its object. */
  readonly parentOf: (object: string) => Parent;
}

/** One verdict statement: what its parts are written from. */
export interface Scope {
  readonly dialect: Dialect;
  readonly input: FeedBatch;
  readonly context: VerdictContext;
  readonly feed: Feed;
  readonly words: readonly number[];
}

const INTEGER = { kind: "integer", bits: 64 } as const;

const nothing = (type: string) => `CAST(NULL AS ${type})`;

/** A relation without rows: where there is nothing, the statement that reads it stays the same. */
function empty(shape: readonly (readonly [name: string, type: string])[]): string {
  return `SELECT ${shape.map(([name, type]) => `${nothing(type)} AS ${name}`).join(", ")} WHERE FALSE`;
}

function typesOf({ dialect }: Scope) {
  return {
    text: dialect.columnType({ kind: "string" }),
    integer: dialect.columnType(INTEGER),
    instant: dialect.columnType({ kind: "timestamp" }),
    hash: dialect.hashType,
  };
}

export function label(s: Scope): string {
  return workTable(s.dialect, "label", s.feed);
}

/** The text of the source key under an alias. */
export function sourceKeyText(s: Scope, alias: string): string {
  return rowKey(s.dialect, alias, s.feed.sourceKey);
}

function badBits(s: Scope, word: number): bigint {
  return severityBits([...s.input.plan.rowRules, ...s.input.plan.immutable], word, ["block", "quarantine"]);
}

function hasBadBits(s: Scope, mask: (word: number) => string): string[] {
  return s.words.filter((word) => badBits(s, word) !== 0n).map((word) => s.dialect.hasAnyBit(mask(word), badBits(s, word)));
}

/** Whether rows that are equal under a rule have one source key. Equal normal forms may be of several. */
function isOfSourceKey({ feed }: Scope, { columns: names, normalise }: UniqueRule): boolean {
  return !normalise && names.length === feed.sourceKey.length && names.every((name) => feed.sourceKey.includes(name));
}

/** A further condition on a staging row `s`: it does not leave with the batch. */
export function butLeaving(s: Scope): string {
  if (!s.context.departures) return "";
  const { dialect, feed } = s;
  return ` AND NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "vanished", feed)} g WHERE ${sameKey(dialect, feed.sourceKey, ["g", "s"])})`;
}

/** Rows whose key is held by the published row of another source key. */
function heldByOther(s: Scope, rule: UniqueRule, index: number): string {
  return `SELECT DISTINCT ${rowNumber(s.dialect, "l")} AS _row, ${(1n << BigInt(index)).toString()} AS _bit
  FROM ${label(s)} l JOIN ${stagingRows(s.dialect, s.feed)} s ON ${sameUniqueKey(s.dialect, rule, ["l", "s"])}
  WHERE s._deleted_at IS NULL AND ${otherKey(s.dialect, s.feed.sourceKey, ["l", "s"])}${butLeaving(s)}`;
}

/** Which rows' keys are held by others, and which keys as bits. */
export function holders(s: Scope): string {
  const parts = s.input.plan.unique.flatMap((rule, i) => (isOfSourceKey(s, rule) ? [] : [heldByOther(s, rule, i)]));
  const all =
    parts.length === 0
      ? empty([
          ["_row", typesOf(s).integer],
          ["_bit", typesOf(s).integer],
        ])
      : parts.join("\n  UNION ALL\n  ");
  return `SELECT _row, CAST(${exactSum(s.dialect, "_bit")} AS BIGINT) AS _held_by FROM (${all}) h GROUP BY _row`;
}

function versionType(s: Scope): ColumnType {
  if (isOrdered(s.feed)) return { kind: "string" };
  return s.feed.contract.columns.find((c) => c.name === s.feed.version)?.type ?? INTEGER;
}

/** A row's version; nothing, and so neither older nor newer, in a feed that has none. */
function versionOf(s: Scope, alias: string): string {
  const name = versionColumn(s.feed);
  return name === undefined ? nothing(typesOf(s).integer) : column(s.dialect, alias, name);
}

/** The open rows of the feed. */
export function openRows(s: Scope): string {
  const { text, integer, instant, hash } = typesOf(s);
  const texts = ["row_id", "source_key", "scope", "kind", "version", "reasons"].map((name) => [name, text] as const);
  const shape = [...texts, ["row_hash", hash], ["seq", integer], ["copies", integer], ["opened_at", instant]] as const;
  if (!s.context.hasOpen) return empty(shape);
  const names = shape.map(([name]) => `q.${name}`).join(", ");
  return `SELECT ${names} FROM ${s.dialect.table("ops", "open_quarantine")} q WHERE q.feed = ${s.dialect.literal(s.feed.id)}`;
}

/** The newest open row of each source key. Where parts of the feed have an order, what waited in one that is read again stands in it, or has left. */
export function newestWaiting(s: Scope): string {
  const version = s.dialect.tryCast("q.version", versionType(s));
  const read = isOrdered(s.feed) ? completeScopes(s.dialect, s.context.departures) : null;
  const [newest, join] =
    read === null ? [version, ""] : [`CASE WHEN c.${SCOPE} IS NULL THEN ${version} END`, leftScopes(read, "q.scope")];
  return `SELECT q.source_key, MAX(q.seq) AS _seq, MAX(${newest}) AS _version
  FROM open_rows q${join} WHERE q.source_key <> '' GROUP BY q.source_key`;
}

/** Which contents wait already. A row that comes again in another part of a scoped feed is another row: the old one may leave with its part. */
export function waitingHashes({ dialect: d }: Scope): string {
  return `SELECT q.source_key, q.row_hash, q.scope, ${d.countIf("q.kind = 'held'")} AS _held, ${d.countIf("q.kind <> 'held'")} AS _bad
  FROM open_rows q GROUP BY q.source_key, q.row_hash, q.scope`;
}

/** The newest version of each source key in the batch. */
export function newestVersions(s: Scope): string {
  const keys = columns(s.dialect, "v", s.feed.sourceKey);
  if (versionColumn(s.feed) === undefined)
    return `SELECT ${keys}, ${nothing(typesOf(s).integer)} AS _newest FROM ${label(s)} v WHERE FALSE`;
  return `SELECT ${keys}, MAX(${versionOf(s, "v")}) AS _newest FROM ${label(s)} v WHERE v._origin = ${ORIGIN.batch} GROUP BY ${keys}`;
}

/** Rows whose key columns occur more than once among the labelled rows. */
function repeated(s: Scope, names: readonly string[]): string {
  const keys = columns(s.dialect, "g", names);
  return `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l JOIN (
    SELECT ${keys} FROM ${label(s)} g GROUP BY ${keys} HAVING COUNT(*) > 1
  ) d ON ${sameKey(s.dialect, names, ["l", "d"])}`;
}

/** The same for keys that are compared by their normal form. */
function respelled(s: Scope, rule: UniqueRule): string {
  const { columns: keys, same } = normalKeys(s.dialect, rule, { of: "g", keys: "d", row: "l" });
  return `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l JOIN (
    SELECT ${keys} FROM ${label(s)} g GROUP BY ${uniqueKey(s.dialect, rule, "g").join(", ")} HAVING COUNT(*) > 1
  ) d ON ${same}`;
}

/** Rows of every key, the source's and the unique ones, that occur more than once. */
export function allRepeated(s: Scope): string {
  const unique = s.input.plan.unique.filter((rule) => !isOfSourceKey(s, rule));
  const ofUnique = unique.map((rule) => (rule.normalise ? respelled(s, rule) : repeated(s, rule.columns)));
  return [repeated(s, s.feed.sourceKey), ...ofUnique].join("\n  UNION\n  ");
}

/** True where a label row is not plainly good by itself. */
export function isDoubtful(s: Scope): string {
  return or([`l._origin <> ${ORIGIN.batch}`, "l._unreadable", ...hasBadBits(s, (w) => `l.${maskColumn(w)}`)]);
}

/** True where a matched row changes a column that must not change. */
export function changesImmutable(s: Scope): string {
  const words = s.words.filter((w) => s.input.plan.immutable.some((b) => b.word === w));
  return words.length === 0 ? "FALSE" : or(words.map((w) => `${immutableColumn(w)} <> 0`));
}

/** The columns that keys, survivors, versions and dependencies are compared by. */
export function comparedColumns(s: Scope): string[] {
  const survivors = s.input.plan.unique.flatMap((rule) => (rule.survivor ? [rule.survivor.by] : []));
  const version = s.feed.version === undefined ? [] : [s.feed.version];
  const dependent = s.input.plan.dependencies.flatMap((rule) => rule.columns);
  return [
    ...new Set([
      ...s.feed.sourceKey,
      ...s.input.plan.unique.flatMap((rule) => rule.columns),
      ...survivors,
      ...version,
      ...dependent,
    ]),
  ];
}

/** Foreign keys whose unknown parents quarantine, as one mask; and those by which a row waits for its parent. */
function references(s: Scope, counts: (fk: Scope["input"]["plan"]["foreignKeys"][number]) => boolean): bigint {
  return s.input.plan.foreignKeys.reduce((mask, fk, i) => (counts(fk) ? mask | (1n << BigInt(i)) : mask), 0n);
}

/** True where a row is bad by its own values, or by a parent that is nowhere. */
export function isOwnBad(s: Scope): string {
  const quarantining = references(s, (fk) => fk.action === "quarantine" && fk.severity !== "warn");
  return or(["l._unreadable", ...hasBadBits(s, fullMask), s.dialect.hasAnyBit("COALESCE(r._unknown, 0)", quarantining)]);
}

/** True where a row's parent is unknown or waits itself. */
export function lacksParent(s: Scope): string {
  const holding = references(s, (fk) => fk.severity !== "warn");
  return s.dialect.hasAnyBit("(COALESCE(r._unknown, 0) + COALESCE(r._stuck, 0))", holding);
}

/** True where something newer of the row's source key is published, waits, or is in the batch; or may be, where nets read what is underway. */
export function isOlder(s: Scope): string {
  const underway = s.input.net?.underway ?? [];
  const ofBatch = (newer: string) => `(l._origin = ${ORIGIN.batch} AND COALESCE(${newer}, FALSE))`;
  return or([
    `COALESCE(${isStale(s.input)}, FALSE)`,
    ofBatch("o._seq > l._seq"),
    ofBatch(`o._version > ${versionOf(s, "l")}`),
    ofBatch(`n._newest > ${versionOf(s, "l")}`),
    ...(underway.length === 0 ? [] : [ofBatch(isUnderway(s.dialect, s.feed, { underway, alias: "l" }))]),
  ]);
}

/** True where a later part of an ordered feed in the same batch has the row's key: even a content that is published already says nothing. */
export function isOvertaken(s: Scope): string {
  if (!isOrdered(s.feed)) return "FALSE";
  return `(l._origin = ${ORIGIN.batch} AND COALESCE(n._newest > ${versionOf(s, "l")}, FALSE))`;
}

/** The key whose waiting rows a good row closes. Where parts of the feed have an order, what waits in a later part than the row's stays. */
export function closes(s: Scope): string {
  return isOrdered(s.feed) ? `CASE WHEN o._version > ${versionOf(s, "l")} THEN NULL ELSE o.source_key END` : "o.source_key";
}

/** True where a row breaks a rule that quarantines it. */
export function isBad(s: Scope): string {
  const bits = s.input.plan.unique.reduce((mask, rule, i) => (rule.severity === "warn" ? mask : mask | (1n << BigInt(i))), 0n);
  return `(j._own_bad OR ${s.dialect.hasAnyBit("j._duplicate_keys", bits)})`;
}

/** True where a pool row has waited longer for a parent than its rule lets it. */
export function isExpired(s: Scope): string {
  const parts = s.input.plan.foreignKeys.map(
    (fk, i) =>
      `(${s.dialect.hasBit("(c._unknown + c._stuck)", i)} AND ${s.dialect.isOlderThan({ since: "p.opened_at", now: s.context.now, hours: fk.holdHours })})`,
  );
  return `COALESCE(${or(parts)}, FALSE)`;
}

/**
 * True for a waiting row that lost to another content of its own source key, which is published: only a later extract of the
 * key can say which of them is right.
 */
export function isOutdone(s: Scope): string {
  const ofSourceKey = s.input.plan.unique.filter((rule) => isOfSourceKey(s, rule));
  const lost = or(ofSourceKey.map((rule) => `POSITION(${s.dialect.literal(JSON.stringify(rule.id))} IN p.reasons) > 0`));
  return `(c._origin = ${ORIGIN.uniqueOnly} AND c._staged AND NOT c._same AND NOT c._tombstone AND COALESCE(${lost}, FALSE))`;
}

/** True where all columns of the source key have a value. */
export function hasSourceKey(s: Scope, alias: string): string {
  return and(s.feed.sourceKey.map((name) => `${column(s.dialect, alias, name)} IS NOT NULL`));
}
