import type { Feed } from "../config/pipeline.ts";
import { severityBits } from "../contract/check-plan.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, exactSum, keyText, or, otherKey, sameKey } from "../warehouse/sql-text.ts";
import { contention, type UniqueRule } from "./claims.ts";
import { type FeedBatch, maskColumn, ORIGIN } from "./label.ts";
import { fullMask, immutableColumn, isStale, matchStaging, rowNumber } from "./match.ts";
import { judgeReferences, type Parent } from "./references.ts";
import { type Departures, departuresOfLabels, type LabelDepartures } from "./vanished.ts";

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

interface Scope {
  readonly dialect: Dialect;
  readonly input: FeedBatch;
  readonly context: VerdictContext;
  readonly feed: Feed;
  readonly words: readonly number[];
}

function label(s: Scope): string {
  return workTable(s.dialect, "label", s.feed);
}

function sourceKeyText(s: Scope, alias: string): string {
  return keyText(
    s.dialect,
    s.feed.sourceKey.map((name) => asText(column(s.dialect, alias, name))),
  );
}

function badBits(s: Scope, word: number): bigint {
  return severityBits([...s.input.plan.rowRules, ...s.input.plan.immutable], word, ["block", "quarantine"]);
}

function hasBadBits(s: Scope, mask: (word: number) => string): string[] {
  return s.words.filter((word) => badBits(s, word) !== 0n).map((word) => s.dialect.hasAnyBit(mask(word), badBits(s, word)));
}

/** Rows whose key columns occur more than once among the labelled rows. */
function repeated(s: Scope, names: readonly string[]): string {
  const keys = columns(s.dialect, "g", names);
  return `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l JOIN (
    SELECT ${keys} FROM ${label(s)} g GROUP BY ${keys} HAVING COUNT(*) > 1
  ) d ON ${sameKey(s.dialect, names, ["l", "d"])}`;
}

/** Rows whose key is held by the published row of another source key. */
function heldByOther(s: Scope, rule: UniqueRule, index: number): string {
  const gone = s.context.departures
    ? ` AND NOT EXISTS (SELECT 1 FROM ${workTable(s.dialect, "vanished", s.feed)} g WHERE ${sameKey(s.dialect, s.feed.sourceKey, ["g", "s"])})`
    : "";
  return `SELECT DISTINCT ${rowNumber(s.dialect, "l")} AS _row, ${(1n << BigInt(index)).toString()} AS _bit
  FROM ${label(s)} l JOIN ${stagingRows(s.dialect, s.feed)} s ON ${sameKey(s.dialect, rule.columns, ["l", "s"])}
  WHERE s._deleted_at IS NULL AND ${otherKey(s.dialect, s.feed.sourceKey, ["l", "s"])}${gone}`;
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function holders(s: Scope): string {
  const parts = s.input.plan.unique.flatMap((rule, i) =>
    sameColumns(rule.columns, s.feed.sourceKey) ? [] : [heldByOther(s, rule, i)],
  );
  const all = parts.length === 0 ? `SELECT 0 AS _row, 0 AS _bit WHERE FALSE` : parts.join("\n  UNION ALL\n  ");
  return `SELECT _row, CAST(${exactSum(s.dialect, "_bit")} AS BIGINT) AS _held_by FROM (${all}) h GROUP BY _row`;
}

/** Rows that one row's own label and match cannot decide. All others are `inserted`, or decided by their match alone. */
function contested(s: Scope): string {
  const bad = or([`l._origin <> ${ORIGIN.batch}`, "l._unreadable", ...hasBadBits(s, (w) => `l.${maskColumn(w)}`)]);
  const immutable = s.words
    .filter((w) => s.input.plan.immutable.some((b) => b.word === w))
    .map((w) => `${immutableColumn(w)} <> 0`);
  const keySets = [
    s.feed.sourceKey,
    ...s.input.plan.unique.map((rule) => rule.columns).filter((c) => !sameColumns(c, s.feed.sourceKey)),
  ];
  return [
    `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l WHERE ${bad}`,
    "SELECT _row FROM lacking",
    "SELECT _row FROM holder",
    ...(immutable.length === 0 ? [] : [`SELECT _row FROM matched WHERE ${or(immutable)}`]),
    ...keySets.map((names) => repeated(s, names)),
    ...(s.context.hasOpen
      ? [
          `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l JOIN waiting o ON o.source_key = ${sourceKeyText(s, "l")}`,
        ]
      : []),
    ...(leaving(s).deleted === null
      ? []
      : [
          `SELECT ${rowNumber(s.dialect, "l")} AS _row FROM ${label(s)} l JOIN ${workTable(s.dialect, "deleted", s.feed)} x ON ${sameKey(s.dialect, s.feed.sourceKey, ["x", "l"])}`,
        ]),
  ].join("\n  UNION\n  ");
}

/** The open rows of the feed by source key: the newest of them, and which versions of it wait. */
function waiting(s: Scope): string {
  const version = s.feed.version === undefined ? "" : `, MAX(${s.dialect.tryCast("q.version", versionType(s))}) AS _version`;
  return `SELECT q.source_key, MAX(q.seq) AS _seq${version} FROM ${s.dialect.table("ops", "open_quarantine")} q
  WHERE q.feed = ${s.dialect.literal(s.feed.id)} AND q.source_key <> '' GROUP BY q.source_key`;
}

function versionType(s: Scope) {
  return s.feed.contract.columns.find((c) => c.name === s.feed.version)?.type ?? ({ kind: "string" } as const);
}

/** A row that comes again in another part of a scoped feed is another row: the old one may leave with its part. */
function waitingHashes(s: Scope): string {
  const key = `q.source_key, q.row_hash${s.feed.scoped ? ", q.scope" : ""}`;
  return `SELECT ${key}, ${s.dialect.countIf("q.kind = 'held'")} AS _held, ${s.dialect.countIf("q.kind <> 'held'")} AS _bad
  FROM ${s.dialect.table("ops", "open_quarantine")} q WHERE q.feed = ${s.dialect.literal(s.feed.id)} GROUP BY ${key}`;
}

function distinctColumns(s: Scope): string[] {
  const survivors = s.input.plan.unique.flatMap((rule) => (rule.survivor ? [rule.survivor.by] : []));
  const version = s.feed.version === undefined ? [] : [s.feed.version];
  return [...new Set([...s.feed.sourceKey, ...s.input.plan.unique.flatMap((rule) => rule.columns), ...survivors, ...version])];
}

/** True for a foreign key's bits whose unknown parents quarantine, as one mask. */
function quarantiningReferences(s: Scope): bigint {
  return s.input.plan.foreignKeys.reduce(
    (mask, fk, i) => (fk.action === "quarantine" && fk.severity !== "warn" ? mask | (1n << BigInt(i)) : mask),
    0n,
  );
}

function holdingReferences(s: Scope): bigint {
  return s.input.plan.foreignKeys.reduce((mask, fk, i) => (fk.severity === "warn" ? mask : mask | (1n << BigInt(i))), 0n);
}

const NOTHING_LEAVES: LabelDepartures = { joins: "", gone: "FALSE", deleted: null };

function leaving(s: Scope): LabelDepartures {
  return s.context.departures ? departuresOfLabels(s.dialect, s.context.departures) : NOTHING_LEAVES;
}

/** Everything known about each contested row. */
function facts(s: Scope): string {
  const d = s.dialect;
  const version = s.feed.version;
  const stuckOrHeld = d.hasAnyBit("(COALESCE(r._unknown, 0) + COALESCE(r._stuck, 0))", holdingReferences(s));
  const older = [
    `COALESCE(${isStale(s.input)}, FALSE)`,
    ...(s.context.hasOpen ? [`(l._origin = ${ORIGIN.batch} AND COALESCE(o._seq > l._seq, FALSE))`] : []),
    ...(s.context.hasOpen && version !== undefined
      ? [`(l._origin = ${ORIGIN.batch} AND COALESCE(o._version > ${column(d, "l", version)}, FALSE))`]
      : []),
    ...(version === undefined
      ? []
      : [`(l._origin = ${ORIGIN.batch} AND COALESCE(n._newest > ${column(d, "l", version)}, FALSE))`]),
  ];
  const { joins, gone, deleted } = leaving(s);
  const own = or([
    "l._unreadable",
    ...hasBadBits(s, fullMask),
    d.hasAnyBit("COALESCE(r._unknown, 0)", quarantiningReferences(s)),
  ]);
  return `SELECT c._row, l._origin, l._pool_row, l._position, l._hash,${s.feed.scoped ? " l._scope," : ""} l._unreadable, ${columns(d, "l", distinctColumns(s))},
    ${s.words.map((w) => `${fullMask(w)} AS ${maskColumn(w)}`).join(", ")},
    m._row IS NOT NULL AS _staged, COALESCE(m._same AND NOT m._tombstone, FALSE) AS _same, COALESCE(m._tombstone, FALSE) AS _tombstone, m._old_minor, m._old_currency,
    COALESCE(h._held_by, 0) AS _held_by, COALESCE(r._unknown, 0) AS _unknown, COALESCE(r._stuck, 0) AS _stuck,
    ${gone} AS _gone,${deleted === null ? "" : ` ${deleted} AS _dead,`} ${or(older)} AS _older, ${own} AS _own_bad, ${stuckOrHeld} AS _lacks_parent,
    ${s.context.hasOpen ? "o.source_key" : "CAST(NULL AS VARCHAR)"} AS _waiting_key
  FROM contested c
  JOIN ${label(s)} l ON ${rowNumber(d, "l")} = c._row
  LEFT JOIN matched m ON m._row = c._row
  LEFT JOIN holder h ON h._row = c._row
  LEFT JOIN lacking r ON r._row = c._row${joins}${
    s.context.hasOpen ? `\n  LEFT JOIN waiting o ON o.source_key = ${sourceKeyText(s, "l")}` : ""
  }${
    version === undefined
      ? ""
      : `\n  LEFT JOIN (SELECT ${columns(d, "v", s.feed.sourceKey)}, MAX(${column(d, "v", version)}) AS _newest FROM ${label(s)} v WHERE v._origin = ${ORIGIN.batch} GROUP BY ${columns(d, "v", s.feed.sourceKey)}) n ON ${sameKey(d, s.feed.sourceKey, ["n", "l"])}`
  }`;
}

/** Which rows are judged: not set aside, and of the pool only those that no extracted row of the same key stands for. */
function judged(s: Scope): string {
  const outlived = leaving(s).deleted !== null;
  const key = columns(s.dialect, "f", s.feed.sourceKey);
  const present = and(s.feed.sourceKey.map((name) => `${column(s.dialect, "f", name)} IS NOT NULL`));
  return `SELECT f.*,
    (f._origin <> ${ORIGIN.batch} AND ${present} AND MAX(CASE WHEN f._origin = ${ORIGIN.batch} AND (f._same OR NOT f._older)${outlived ? " AND NOT f._dead" : ""} THEN 1 ELSE 0 END) OVER (PARTITION BY ${key}) = 1) AS _represented,
    ${outlived ? "(f._dead OR f._older AND NOT f._same)" : "(f._older AND NOT f._same)"} AS _aside
  FROM facts f`;
}

/** True where a row breaks a rule that quarantines it. */
function isBad(s: Scope): string {
  const bits = s.input.plan.unique.reduce((mask, rule, i) => (rule.severity === "warn" ? mask : mask | (1n << BigInt(i))), 0n);
  return `(j._own_bad OR ${s.dialect.hasAnyBit("j._duplicate_keys", bits)})`;
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

function expired(s: Scope): string {
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
function outdone(s: Scope): string {
  const ofSourceKey = s.input.plan.unique.filter((rule) => sameColumns(rule.columns, s.feed.sourceKey));
  const lost = or(ofSourceKey.map((rule) => `POSITION(${s.dialect.literal(JSON.stringify(rule.id))} IN p.reasons) > 0`));
  return `(c._origin = ${ORIGIN.uniqueOnly} AND c._staged AND NOT c._same AND NOT c._tombstone AND COALESCE(${lost}, FALSE))`;
}

function verdictSelect(s: Scope): string {
  const d = s.dialect;
  const masks = s.words.map((w) => `j.${maskColumn(w)}`).join(", ");
  const pool = s.context.hasOpen;
  const again =
    "(j._class IN ('unreadable', 'quarantined') AND COALESCE(w._bad, 0) > 0) OR (j._class = 'held' AND COALESCE(w._held, 0) > 0)";
  const seen = pool ? `(j._origin = ${ORIGIN.batch} AND (${again}))` : "FALSE";
  const text = sourceKeyText(s, "j");
  return `SELECT j._row, j._origin, j._pool_row, j._class, ${masks}, j._duplicate_keys, j._unknown, j._stuck, ${seen} AS _seen_again,
    (j._class = 'quarantined' AND NOT j._own_bad AND NOT j._unreadable) AS _unique_only, j._copy, j._copies, j._tombstone, j._old_minor, j._old_currency, j._waiting_key
  FROM (SELECT j.*, ${classOf(s)} AS _class FROM (
    SELECT c.*, ${pool ? expired(s) : "FALSE"} AS _expired, ${pool ? outdone(s) : "FALSE"} AS _outdone,
      ${pool ? "COALESCE(p.copies, c._batch_copies)" : "c._batch_copies"} AS _copies
    FROM claimed c${pool ? `\n    LEFT JOIN ${d.table("ops", "open_quarantine")} p ON p.row_id = c._pool_row` : ""}
  ) j) j${pool ? `\n  LEFT JOIN waiting_hash w ON w.source_key = COALESCE(${text}, '') AND w.row_hash = j._hash${s.feed.scoped ? " AND w.scope IS NOT DISTINCT FROM j._scope" : ""}` : ""}`;
}

/** Rows with a staging row and nothing else to decide. */
function matchedOnly(s: Scope): string {
  const masks = s.words.map((w) => `l.${maskColumn(w)}`).join(", ");
  return `SELECT m._row, ${ORIGIN.batch} AS _origin, CAST(NULL AS VARCHAR) AS _pool_row,
    CASE WHEN m._same AND NOT m._tombstone THEN 'unchanged' WHEN ${isStale(s.input)} THEN 'superseded' ELSE 'updated' END AS _class,
    ${masks}, 0 AS _duplicate_keys, 0 AS _unknown, 0 AS _stuck, FALSE AS _seen_again, FALSE AS _unique_only, 1 AS _copy, 1 AS _copies,
    m._tombstone, m._old_minor, m._old_currency, CAST(NULL AS VARCHAR) AS _waiting_key
  FROM matched m JOIN ${label(s)} l ON ${rowNumber(s.dialect, "l")} = m._row
  WHERE NOT EXISTS (SELECT 1 FROM contested c WHERE c._row = m._row)`;
}

/**
 * Gives every labelled row exactly one class, by the truth tables of docs/concepts.md. The table holds a row for every label row
 * that is not plainly `inserted`; readers join it with LEFT JOIN and COALESCE(_class, 'inserted').
 */
export function judgeRows(dialect: Dialect, input: FeedBatch, context: VerdictContext): Statement {
  const s: Scope = { dialect, input, context, feed: input.feed, words: Array.from({ length: input.plan.words }, (_, w) => w) };
  const ctes = [
    `matched AS (${matchStaging(dialect, input)})`,
    ...judgeReferences(dialect, input, context.parentOf),
    `holder AS (${holders(s)})`,
    ...(context.hasOpen ? [`waiting AS (${waiting(s)})`, `waiting_hash AS (${waitingHashes(s)})`] : []),
    `contested AS (\n  ${contested(s)}\n)`,
    `facts AS (\n  ${facts(s)}\n)`,
    `judged AS (\n  ${judged(s)}\n)`,
    ...contention(dialect, { feed: input.feed, rules: input.plan.unique }),
  ];
  const select = `WITH ${ctes.join(",\n")}
${verdictSelect(s)}
UNION ALL
${matchedOnly(s)}`;
  return { name: `verdict.${input.feed.id}`, sql: dialect.createWork(workName("verdict", stem(input.feed)), select) };
}
