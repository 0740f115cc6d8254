import { labelHash, scanColumns, typedScan } from "../checks/label.ts";
import { landedKeys, typeOf } from "../checks/landed-keys.ts";
import { moneyColumns } from "../checks/money.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows, stem, versionColumn, workName } from "../warehouse/relations.ts";
import { and, asText, column, columns, sameKey } from "../warehouse/sql-text.ts";
import { isMisread, waitingNow } from "./again.ts";
import { liveRows } from "./compared.ts";
import { contentHash } from "./content.ts";
import { hasKey } from "./sides.ts";

/** A landed file, and a published batch that has it: a replayed batch has the files of another one. */
export interface LandedFile {
  readonly key: string;
  readonly batchId: string;
  readonly seq: bigint;
}

/** Landed files that have the same columns, readable as one raw relation under one batch id. */
export interface LandedPart {
  readonly relation: string;
  readonly batchId: string;
  readonly files: readonly LandedFile[];
  /** Columns of the feed that the files lack. */
  readonly lacks: readonly string[];
}

/** What landed files say: rows, and keys that the source says it has deleted. */
export type LandedKind = "rows" | "deletes";

/** The work table of one part. */
export function partTable(feed: Feed, of: LandedKind, nth: number): string {
  return workName("landed", `${stem(feed)}__${of}_${nth}`);
}

/** All parts, each of which has a row for every row that was landed, as one relation. */
export function allParts(dialect: Dialect, feed: Feed, { of, parts }: { of: LandedKind; parts: number }): string {
  return Array.from({ length: parts }, (_, nth) => `SELECT p.* FROM ${dialect.work(partTable(feed, of, nth))} p`).join(
    "\n  UNION ALL\n  ",
  );
}

/** The batches of files as a relation `b`: a file may be of several. */
export function batchesOf(dialect: Dialect, files: readonly LandedFile[]): string {
  const selects = files.map(
    ({ key, batchId, seq }) =>
      `SELECT ${dialect.literal(key)} AS of_file, ${dialect.literal(batchId)} AS of_batch, ${seq} AS of_seq`,
  );
  return `(
  ${selects.join(" UNION ALL\n  ")}
) b`;
}

/** The column that tells which of several rows of a key is the newest, under an alias; NULL where there is none. */
export function versionOf(dialect: Dialect, feed: Feed, alias: string): string {
  const name = versionColumn(feed);
  return name === undefined ? "CAST(NULL AS VARCHAR)" : column(dialect, alias, name);
}

/**
 * The rows of landed files, typed as a run types them: keys, hash of their texts, content, version and money, and the batch that each came
 * with.
 */
export function landedSide(
  dialect: Dialect,
  feed: Feed,
  { part, nth, currencies }: { part: LandedPart; nth: number; currencies: Readonly<Record<string, number>> },
): Statement {
  const { relation, batchId, files, lacks } = part;
  const { text } = scanColumns(dialect, feed);
  const money = moneyColumns(dialect, feed, { text, currencies });
  const select = `SELECT ${[
    columns(dialect, "t", feed.sourceKey),
    `${labelHash(dialect, feed, text)} AS _hash`,
    `${contentHash(dialect, feed, "t")} AS _content`,
    `${isMisread(dialect, feed, text)} AS _misread`,
    `${versionOf(dialect, feed, "t")} AS _version`,
    `COALESCE(${money.minor}, 0) AS _minor`,
    `${money.currency} AS _currency`,
    "b.of_batch AS _batch_id",
    "b.of_seq AS _seq",
  ].join(",\n  ")}
FROM (
  ${typedScan(dialect, { feed, batchId, seq: 0n, hasPool: false, relation, lacks })}
) t
JOIN ${batchesOf(dialect, files)} ON b.of_file = ${asText("t._file")}`;
  return { name: `reconcile.landed.${feed.id}`, sql: dialect.createWork(partTable(feed, "rows", nth), select) };
}

/** Keys that the source said it had deleted, the stamp of that, and the sequence of the batch that said so. */
export function deletesSide(
  dialect: Dialect,
  feed: Feed,
  { part, nth }: { part: Omit<LandedPart, "lacks">; nth: number },
): Statement {
  const select = `SELECT ${landedKeys(dialect, feed)}, ${dialect.tryCast("k._stamp", typeOf(feed, feed.version))} AS _stamp, b.of_seq AS _seq
FROM ${dialect.table("raw", part.relation)} k
JOIN ${batchesOf(dialect, part.files)} ON b.of_file = ${asText("k._file")}`;
  return { name: `reconcile.deletes.${feed.id}`, sql: dialect.createWork(partTable(feed, "deletes", nth), select) };
}

/** The keys of all rows that were read of the landing, as a relation. */
export function landedKeysIn(dialect: Dialect, feed: Feed, parts: number): string {
  return `(
  ${allParts(dialect, feed, { of: "rows", parts })}
  )`;
}

/** True for live rows `s` that came with a batch of some publications, or with none that is known. */
export function cameWith(dialect: Dialect, isOfPart: (number: string) => string): string {
  const batches = `SELECT b.batch_id FROM ${ops(dialect, "batch")} b`;
  return `(s._batch_id IN (${batches} WHERE ${isOfPart("b.number")}) OR s._batch_id NOT IN (${batches}) OR s._batch_id IS NULL)`;
}

/**
 * What live rows `s` say of where they came from: their version, the batch and its sequence. `judged`: the condition of rows that are held beside
 * their own batch; others only tell what became of landed rows of their keys.
 */
export function originColumns(dialect: Dialect, feed: Feed, judged: string): string[] {
  return [`${versionOf(dialect, feed, "s")} AS _version`, "s._batch_id", "s._seq", `${judged} AS _judged`];
}

/** Landed rows whose delete was landed with them or behind them, as parts of the statement; nothing of a feed without deletes. */
function deletedRows(dialect: Dialect, feed: Feed, parts: number): { expression: string; join: string; isOne: string } {
  if (parts === 0) return { expression: "", join: "", isOne: "" };
  const same = (a: string, b: string) => sameKey(dialect, feed.sourceKey, [a, b]);
  return {
    expression: `, deleted AS (
  SELECT DISTINCT ${columns(dialect, "r", feed.sourceKey)}, r._hash, r._seq FROM landed r JOIN (
  ${allParts(dialect, feed, { of: "deletes", parts })}
  ) d ON ${same("d", "r")} AND d._seq >= r._seq AND NOT COALESCE(r._version > d._stamp, FALSE)
)`,
    join: `\n  LEFT JOIN deleted x ON ${same("x", "r")} AND x._hash = r._hash AND x._seq = r._seq`,
    isOne: " OR x._hash IS NOT NULL",
  };
}

/** What may come of a landed row; of a key the row with the lowest rank speaks. */
const RANK = { unaccounted: 1, waits: 2, stands: 3, past: 4 } as const;

/**
 * What became of each key that was ever landed or is live. A live row is equal where its own batch has it as it is. A row waits that is in
 * quarantine or held, hash by hash. A row is unaccounted for where it came later than what stands, is its key's newest version, was
 * never set aside to wait, and no delete was landed with it or behind it. What a run finds gone is marked by a
 * later publication than that of the batch which had it: a row that was marked without one is not gone. A key that is gone, and whose landed
 * rows are all accounted for, is none of the source's any more. Where only some batches were read, a key whose live row is of another one is
 * in a term for its landed rows alone.
 */
export function settleLanded(
  dialect: Dialect,
  feed: Feed,
  { parts, deletes, hasCopies, names }: { parts: number; deletes: number; hasCopies: boolean; names: readonly string[] },
): Statement {
  const same = (a: string, b: string) => sameKey(dialect, feed.sourceKey, [a, b]);
  const keys = (alias: string) => columns(dialect, alias, feed.sourceKey);
  const isOurs = `q.feed IN (${names.map(dialect.literal).join(", ")})`;
  const [first = ""] = feed.sourceKey;
  const isLive = "f._live_seq IS NOT NULL";
  const stands = `COALESCE(l._batch_id = r._batch_id AND l._content = r._content AND NOT r._misread, FALSE)`;
  const later = and([
    "r._seq > COALESCE(l._seq, g._seq, -1)",
    "NOT COALESCE(r._version < COALESCE(l._version, g._version), FALSE)",
    "NOT COALESCE(r._version < r._newest, FALSE)",
    "NOT COALESCE(l._content = r._content, FALSE)",
  ]);
  const ofKey = `PARTITION BY ${keys("f")}, CASE WHEN f._keyed THEN NULL ELSE f._hash END`;
  const deleted = deletedRows(dialect, feed, deletes);
  const noMoney = "CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR)";
  const select = `WITH landed AS (
  SELECT r.*, MAX(r._version) OVER (PARTITION BY ${keys("r")}) AS _newest, ${hasKey(dialect, feed, "r")} AS _keyed FROM (
  ${allParts(dialect, feed, { of: "rows", parts })}
  ) r
), standing AS (
  ${liveRows(dialect, feed, { live: hasCopies, order: "c._seq DESC, c._content, c._minor" })}
)${deleted.expression}, facts AS (
  SELECT ${keys("r")}, r._keyed, r._hash, r._version, r._seq, r._minor, r._currency,
    ${["seq", "minor", "currency"].map((name) => `CASE WHEN l._judged THEN l._${name} END AS _live_${name}`).join(", ")}, COALESCE(l._batch_id = r._batch_id, FALSE) AS _own,
    CASE WHEN ${later} AND NOT (k.row_hash IS NOT NULL${deleted.isOne}) THEN ${RANK.unaccounted} WHEN w.row_hash IS NOT NULL THEN ${RANK.waits} WHEN ${stands} THEN ${RANK.stands} ELSE ${RANK.past} END AS _rank,
    CASE WHEN ${stands} THEN 1 ELSE 0 END AS _stands
  FROM landed r
  LEFT JOIN standing l ON ${same("l", "r")} AND l._nth = 1
  LEFT JOIN (
    SELECT ${keys("s")}, MAX(s._seq) AS _seq, MAX(${versionOf(dialect, feed, "s")}) AS _version
    FROM ${stagingRows(dialect, feed)} s
    LEFT JOIN ${ops(dialect, "batch")} u ON u.batch_id = s._batch_id AND u.number >= s._publication
    WHERE s._deleted_at IS NOT NULL AND u.batch_id IS NULL GROUP BY ${keys("s")}
  ) g ON ${same("g", "r")}
  LEFT JOIN (${waitingNow(dialect, feed, "row_hash")}) w ON w.row_hash = r._hash
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM ${ops(dialect, "quarantine_row")} q WHERE ${isOurs}) k ON k.row_hash = r._hash${deleted.join}
), spoken AS (
  SELECT f.*, MAX(f._stands) OVER (${ofKey}) = 1 AS _stood,
    ROW_NUMBER() OVER (${ofKey} ORDER BY f._rank, CASE WHEN f._own THEN 0 ELSE 1 END, f._seq DESC, f._version DESC NULLS LAST, f._currency, f._minor) AS _place
  FROM facts f
)
SELECT ${keys("f")}, f._minor AS _source_minor, f._currency AS _source_currency, f._live_minor, f._live_currency,
  CASE WHEN f._rank = ${RANK.unaccounted} OR (${isLive} AND NOT f._stood) THEN 'break'
    WHEN f._rank = ${RANK.waits} THEN CASE WHEN ${isLive} THEN 'stale' ELSE 'waiting' END ELSE 'equal' END AS _term,
  CASE WHEN ${isLive} THEN 'differs' ELSE 'missing' END AS _why, 1 AS _nth
FROM spoken f WHERE f._place = 1 AND (f._rank <> ${RANK.past} OR ${isLive})
UNION ALL
SELECT ${keys("l")}, ${noMoney}, l._minor, l._currency, 'break', CASE WHEN l._nth > 1 THEN 'copy' ELSE 'unlanded' END, 1
FROM standing l LEFT JOIN (SELECT DISTINCT ${keys("r")} FROM landed r) r ON ${same("r", "l")}
WHERE l._nth > 1 OR ${column(dialect, "r", first)} IS NULL`;
  return { name: `reconcile.settled.${feed.id}`, sql: dialect.createWork(workName("settled", stem(feed)), select) };
}
