import { type FeedBatch, landedHash, ORIGIN } from "../checks/label.ts";
import { likelyText, WAITING_KIND, waitingReasons } from "../checks/newly-waiting.ts";
import { isClass, TURNED_BAD } from "../checks/row-class.ts";
import type { Feed } from "../config/pipeline.ts";
import type { LandedMeta } from "../config/source-kind.ts";
import type { Column } from "../contract/contract.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops, opsColumns } from "../warehouse/ops-tables.ts";
import { partMeta, rowNumber, stem, versionColumn, workTable } from "../warehouse/relations.ts";
import { asText, column, columns, rowKey } from "../warehouse/sql-text.ts";

/** The publication that opens and closes quarantine rows. */
export interface QuarantineWriting {
  readonly publicationId: string;
  readonly group: string;
  readonly number: bigint;
  /** The instant as SQL. */
  readonly now: string;
}

/** What is kept of a record that could not be read; the record itself is personal, whatever the contract's columns are. */
const RECORD = [
  { name: "_fault", pii: false },
  { name: "_payload", pii: true },
] as const;

interface Texts {
  readonly pii: boolean;
  readonly text: (of: Column) => string;
  readonly record: (name: LandedMeta) => string;
}

/** The texts of a row as landed, what is personal apart from the rest. */
function payload(dialect: Dialect, feed: Feed, { pii, text, record }: Texts): string {
  return dialect.jsonObject([
    ...RECORD.filter((r) => r.pii === pii && feed.lands.includes(r.name)).map((r) => [r.name, record(r.name)] as const),
    ...feed.contract.columns.filter((c) => c.pii === pii).map((c) => [c.name, text(c)] as const),
  ]);
}

function keyOf(dialect: Dialect, names: readonly string[]): string {
  return rowKey(dialect, "w", names);
}

function version(dialect: Dialect, feed: Feed): string {
  const name = versionColumn(feed);
  return name === undefined ? "CAST(NULL AS VARCHAR)" : asText(column(dialect, "w", name));
}

/**
 * The id of a newly waiting row, never NULL: its position, which is unique in a file, and a batch may have several files; or, in an extract
 * whose rows have no positions (a view), its content and which of that content it is.
 */
function rowId(dialect: Dialect, batch: string, hasUnplaced: boolean): string {
  const place = `CASE WHEN w._in_files THEN ${asText("w._file")} || '#' ELSE '' END || w._position`;
  if (!hasUnplaced) return `${batch} || '/' || ${place}`;
  const content = `'content-' || ${dialect.hashText("w._hash")} || '#' || ${asText("w._occurrence")}`;
  return `${batch} || '/' || CASE WHEN w._position IS NULL THEN ${content} ELSE ${place} END`;
}

/**
 * The newly waiting rows `w`; where some have no position, with which of the rows of its content each is, from 1: by its part, its file and
 * its key, so that every attempt says the same.
 */
function waitingRows(dialect: Dialect, feed: Feed, hasUnplaced: boolean): string {
  const table = workTable(dialect, "waiting", feed);
  if (!hasUnplaced) return table;
  const order = columns(dialect, "t", [...partMeta(feed), "_file", ...feed.sourceKey]);
  return `(SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t._position, t._hash ORDER BY ${order}) AS _occurrence FROM ${table} t)`;
}

/** Where the texts of newly waiting rows are read: their typed values, or the landed files by position, or by content. */
type Bytes = "typed" | "position" | "content";

/** The landed rows `r` of newly waiting rows `w`, as a join. Rows of one content have the same texts: any of them will do. */
function landedRows(dialect: Dialect, { feed, batch, bytes }: { feed: Feed; batch: string; bytes: Bytes }): string {
  const raw = dialect.table("raw", stem(feed));
  if (bytes === "typed") return "";
  if (bytes === "position")
    return `\nJOIN ${raw} r ON r._batch_id = ${batch} AND r._file = w._file AND r._position = w._position`;
  const content = landedHash(dialect, feed);
  return `\nJOIN (
  SELECT u.* FROM (
    SELECT k.*, ROW_NUMBER() OVER (PARTITION BY k._content ORDER BY k._file) AS _nth FROM (
      SELECT t.*, ${content} AS _content FROM ${raw} t WHERE t._batch_id = ${batch} AND t._position IS NULL
    ) k WHERE k._content IN (SELECT w._hash FROM ${workTable(dialect, "waiting", feed)} w WHERE NOT w._as_landed)
  ) u WHERE u._nth = 1
) r ON r._content = w._hash`;
}

const STORED: Readonly<Record<Bytes, string>> = {
  typed: "w._as_landed",
  position: "NOT w._as_landed AND w._position IS NOT NULL",
  content: "NOT w._as_landed AND w._position IS NULL",
};

/**
 * Newly waiting rows of the batch, stored once per content, with their bytes as landed and the way back to them. The files are
 * read again only for rows whose typed values do not give those bytes back.
 */
function fromBatch(
  dialect: Dialect,
  { input, hasUnplaced }: Opening,
  { bytes, writing }: { bytes: Bytes; writing: QuarantineWriting },
): string {
  const { feed } = input;
  const batch = dialect.literal(input.batchId);
  const text = (c: Column) => (bytes === "typed" ? likelyText(dialect, "w", c) : column(dialect, "r", c.name));
  // What is written from typed values could be read.
  const record = (name: LandedMeta) => (bytes === "typed" ? "CAST(NULL AS VARCHAR)" : column(dialect, "r", name));
  return `SELECT ${rowId(dialect, batch, hasUnplaced)}, ${dialect.literal(feed.id)}, ${dialect.literal(writing.group)}, w._kind, w._unique_only,
  ${batch}, ${dialect.literal(writing.publicationId)}, ${writing.number}, w._seq, ${asText("w._file")}, w._position,
  COALESCE(${keyOf(dialect, feed.sourceKey)}, ''), ${keyOf(dialect, feed.businessKey)}, ${version(dialect, feed)}, w._hash, w._copies,
  w._currency, COALESCE(w._minor, 0), w._reasons, w._fingerprints,
  ${payload(dialect, feed, { pii: false, text, record })}, ${payload(dialect, feed, { pii: true, text, record })}, ${writing.now},
  ${dialect.literal(feed.contract.version)}, ${feed.scoped ? "w._scope" : "CAST(NULL AS VARCHAR)"}
FROM ${waitingRows(dialect, feed, hasUnplaced)} w${landedRows(dialect, { feed, batch, bytes })}
WHERE ${STORED[bytes]}`;
}

/** Held rows that now break a rule or have waited too long: a new quarantine row that continues the old one. */
function fromPool(dialect: Dialect, input: FeedBatch, writing: QuarantineWriting): string {
  const { feed } = input;
  return `SELECT q.row_id || ':' || ${dialect.literal(writing.number.toString())}, q.feed, q.run_group, ${WAITING_KIND}, v._unique_only,
  q.batch_id, ${dialect.literal(writing.publicationId)}, ${writing.number}, q.seq, q.file, q.position,
  q.source_key, q.business_key, q.version, q.row_hash, 1,
  q.currency, q.minor, ${waitingReasons(dialect, input, "id")}, ${waitingReasons(dialect, input, "fingerprint")}, q.payload, q.payload_pii, ${writing.now},
  ${dialect.literal(feed.contract.version)}, q.scope
FROM ${workTable(dialect, "verdict", feed)} v
JOIN ${workTable(dialect, "label", feed)} l ON ${rowNumber(dialect, "l")} = v._row
JOIN ${ops(dialect, "quarantine_row")} q ON q.row_id = v._pool_row
WHERE v._origin = ${ORIGIN.held} AND ${isClass(dialect, "v._class", TURNED_BAD)}`;
}

/** Which feeds have rows to store, as the tally says. */
export interface Opening {
  readonly input: FeedBatch;
  /** Rows of the batch whose texts the typed values give back. */
  readonly fromTyped: boolean;
  /** Rows of the batch whose texts only the landed files have; they are read again, by position. */
  readonly fromFiles: boolean;
  /** The same for rows that have no position: by content. */
  readonly fromContent: boolean;
  /** Rows of the batch that have no position. */
  readonly hasUnplaced: boolean;
  readonly fromPool: boolean;
}

/** Stores newly quarantined, unreadable and held rows of all feeds in one statement. */
export function openRows(dialect: Dialect, openings: readonly Opening[], writing: QuarantineWriting): Statement[] {
  const selects = openings.flatMap((o) => [
    ...(o.fromTyped ? [fromBatch(dialect, o, { bytes: "typed", writing })] : []),
    ...(o.fromFiles ? [fromBatch(dialect, o, { bytes: "position", writing })] : []),
    ...(o.fromContent ? [fromBatch(dialect, o, { bytes: "content", writing })] : []),
    ...(o.fromPool ? [fromPool(dialect, o.input, writing)] : []),
  ]);
  if (selects.length === 0) return [];
  return [
    {
      name: "quarantine.open",
      sql: `INSERT INTO ${ops(dialect, "quarantine_row")} (${opsColumns("quarantine_row")})\n${selects.join("\nUNION ALL\n")}`,
    },
  ];
}
