import type { Feed } from "../config/pipeline.ts";
import type { Column } from "../contract/contract.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { partMeta, rowNumber, stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, column, columns } from "../warehouse/sql-text.ts";
import { reasonList } from "./breaches.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { isClass, WAITS } from "./row-class.ts";

/** What the engine adds to the contract's columns of a newly waiting row. */
const META = ["_file", "_position", "_seq", "_hash", "_minor", "_currency"];

/** The kind of a waiting row by its class, under alias `v`. */
export const WAITING_KIND = "CASE v._class WHEN 'unreadable' THEN 'unreadable' WHEN 'held' THEN 'held' ELSE 'quarantined' END";

/** JSON array of why a row under aliases `l` and `v` waits. */
export function waitingReasons(dialect: Dialect, input: FeedBatch, attribute: "id" | "fingerprint"): string {
  const list = reasonList(dialect, input, attribute);
  // Money can be unreadable without any declared rule being broken, e.g. in a currency without a known exponent.
  return attribute === "id" ? `CASE WHEN ${list} = '[]' THEN '["money.unreadable"]' ELSE ${list} END` : list;
}

/** The text that a source usually lands for a typed value; `_as_landed` says whether it did. */
export function likelyText(dialect: Dialect, alias: string, of: Column): string {
  return dialect.landedText(column(dialect, alias, of.name), of.type);
}

/**
 * True where the likely texts of label row `l` are the landed ones, byte for byte: their hash is the one taken of those. Never so
 * for a record that could not be read, whose hash is over more.
 */
function isAsLanded(dialect: Dialect, feed: Feed): string {
  return `${dialect.rowHash(feed.contract.columns.map((c) => likelyText(dialect, "l", c)))} = l._hash`;
}

/**
 * The rows of a batch that wait from now on, once per content, with their reasons, and whether another one has its position in
 * another file: a small table, so that what shows and stores
 * them does not read all columns of all rows again, which cost 3 s of 60 at 5 M rows (DuckDB 1.5.5, 700 MB).
 */
export function collectWaiting(dialect: Dialect, input: FeedBatch): Statement {
  const { feed } = input;
  const own = columns(dialect, "l", [...feed.contract.columns.map((c) => c.name), ...META, ...partMeta(feed)]);
  const select = `SELECT ${own}, ${WAITING_KIND} AS _kind, v._unique_only, v._copies,
  ${waitingReasons(dialect, input, "id")} AS _reasons, ${waitingReasons(dialect, input, "fingerprint")} AS _fingerprints,
  ${isAsLanded(dialect, feed)} AS _as_landed, COUNT(*) OVER (PARTITION BY l._position) > 1 AS _in_files
FROM ${workTable(dialect, "verdict", feed)} v
JOIN ${workTable(dialect, "label", feed)} l ON ${rowNumber(dialect, "l")} = v._row
WHERE v._origin = ${ORIGIN.batch} AND ${isClass(dialect, "v._class", WAITS)} AND NOT v._seen_again AND v._copy = 1`;
  return { name: `waiting.${feed.id}`, sql: dialect.createWork(workName("waiting", stem(feed)), select) };
}

/**
 * How many newly waiting rows of a feed can be written from their typed values, and how many only from their landed bytes: found
 * by position, or by content where a row has none. And how many have none at all.
 */
export function countLanded(dialect: Dialect, { feed }: FeedBatch): Question {
  const typed = asText(dialect.countIf("w._as_landed"));
  const bytes = asText(dialect.countIf("NOT w._as_landed AND w._position IS NOT NULL"));
  const content = asText(dialect.countIf("NOT w._as_landed AND w._position IS NULL"));
  const unplaced = asText(dialect.countIf("w._position IS NULL"));
  return {
    name: `landed.${feed.id}`,
    columns: ["typed", "bytes", "content", "unplaced"],
    sql: `SELECT ${typed} AS typed, ${bytes} AS bytes, ${content} AS content, ${unplaced} AS unplaced FROM ${workTable(dialect, "waiting", feed)} w`,
  };
}
