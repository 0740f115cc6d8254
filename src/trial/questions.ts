import { type FeedBatch, maskColumn } from "../checks/label.ts";
import { waitingReasons } from "../checks/newly-waiting.ts";
import { GOOD, isClass, WAITS } from "../checks/row-class.ts";
import { labelWithVerdict } from "../checks/tally.ts";
import type { Column, ColumnMoney } from "../contract/contract.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, column } from "../warehouse/sql-text.ts";

/** So many sets of rules and copies are told; of the rest only how many there are. */
const MOST_COMBINATIONS = 1000;
const MOST_COPIES = 20;
/** Bytes of records that are held at once while they are written, beside one record. */
const PAGE_BYTES = 8 * 1024 * 1024;
/** What a record costs beside its bytes; what of one longer than the second number is shown is cut. */
const [RECORD_BYTES, SHOWN_BYTES] = [512, 64 * 1024];

const CLASS = "COALESCE(v._class, 'inserted')";

/** True for a row that a run would publish, or has as a copy of one. */
function isValid(dialect: Dialect): string {
  return isClass(dialect, CLASS, GOOD);
}

/** True for a record that could not be read. */
function isMalformed(dialect: Dialect, { plan }: FeedBatch): string {
  const record = plan.rowRules.find(({ rule }) => rule.kind === "record");
  return record ? dialect.hasBit(`l.${maskColumn(record.word)}`, record.bit) : "FALSE";
}

/** The number of a record, where it begins, and how long it is: the parts of `_position` of label rows `l`. */
const PLACE = {
  number: "CAST(SPLIT_PART(l._position, '@', 1) AS BIGINT)",
  begins: "CAST(SPLIT_PART(SPLIT_PART(l._position, '@', 2), '+', 1) AS BIGINT)",
  bytes: "CAST(SPLIT_PART(l._position, '+', 2) AS BIGINT)",
} as const;

/** How many rows of each file are what. */
export function countFiles(dialect: Dialect, input: FeedBatch): Question {
  const malformed = isMalformed(dialect, input);
  const counts = {
    row_count: "COUNT(*)",
    valid: dialect.countIf(isValid(dialect)),
    copies: dialect.countIf(`${CLASS} = 'duplicate'`),
    quarantined: dialect.countIf(`${isClass(dialect, CLASS, WAITS)} AND NOT ${malformed}`),
    malformed: dialect.countIf(malformed),
  };
  const selects = Object.entries(counts).map(([name, count]) => `${asText(count)} AS ${name}`);
  return {
    name: "files",
    columns: ["file_key", ...Object.keys(counts)],
    sql: `SELECT l._file AS file_key, ${selects.join(", ")}\nFROM ${labelWithVerdict(dialect, input)}\nGROUP BY l._file`,
  };
}

/** The first records that repeat an earlier valid one, each beside it. */
export function findCopies(dialect: Dialect, input: FeedBatch): Question {
  const first = (value: string) => `FIRST_VALUE(${value}) OVER (PARTITION BY l._hash ORDER BY l._file, ${PLACE.number})`;
  return {
    name: "copies",
    columns: ["file_key", "record_number", "first_key", "first_number"],
    sql: `SELECT c.file_key, c.record_number, c.first_key, c.first_number
FROM (
  SELECT l._file AS file_key, ${PLACE.number} AS record_number, ${first("l._file")} AS first_key, ${first(PLACE.number)} AS first_number
  FROM ${labelWithVerdict(dialect, input)}
  WHERE v._copies > 1 AND ${isValid(dialect)}
) c
WHERE c.file_key <> c.first_key OR c.record_number <> c.first_number
ORDER BY c.file_key, c.record_number LIMIT ${MOST_COPIES}`,
  };
}

/** Which rules were broken together, by how many rows. */
export function countCombinations(dialect: Dialect, input: FeedBatch): Question {
  return {
    name: "combinations",
    columns: ["reasons", "row_count"],
    sql: `SELECT r.reasons, COUNT(*) AS row_count
FROM (
  SELECT ${waitingReasons(dialect, input, "id")} AS reasons
  FROM ${labelWithVerdict(dialect, input)}
  WHERE ${isClass(dialect, "v._class", WAITS)}
) r
GROUP BY r.reasons ORDER BY COUNT(*) DESC, r.reasons LIMIT ${MOST_COMBINATIONS}`,
  };
}

/** A column of amounts. */
type MoneyColumn = Column & { readonly money: ColumnMoney };

/** The columns of a feed that hold amounts. */
function moneyColumns({ feed }: FeedBatch): MoneyColumn[] {
  return feed.contract.columns.filter((c): c is MoneyColumn => c.money !== undefined);
}

/** A currency as it may be shown: what is none may be any value of a row. */
function shownCurrency(dialect: Dialect, currency: string): string {
  return `CASE WHEN ${currency} IS NULL THEN '-' WHEN ${dialect.matches(currency, "^[A-Za-z]{3}$")} THEN ${currency} ELSE '?' END`;
}

function totalsOf(dialect: Dialect, input: FeedBatch, of: MoneyColumn): string {
  const type = dialect.columnType({ kind: "decimal", precision: 38, scale: of.type.kind === "decimal" ? of.type.scale : 0 });
  const amount = `CAST(${column(dialect, "l", of.name)} AS ${type})`;
  const sum = (value: string) => asText(`CAST(COALESCE(SUM(${value}), 0) AS ${type})`);
  const where = (condition: string) => sum(`CASE WHEN ${condition} THEN ${amount} END`);
  const currency = shownCurrency(dialect, column(dialect, "l", of.money.currency));
  return `SELECT ${dialect.literal(of.name)} AS amount, ${currency} AS currency, ${sum(amount)} AS total, ${where(isValid(dialect))} AS valid, ${where(isClass(dialect, CLASS, WAITS))} AS quarantined
FROM ${labelWithVerdict(dialect, input)}
WHERE NOT ${isMalformed(dialect, input)}
GROUP BY ${currency}`;
}

/** Sums of the amounts that could be read, by column and currency; null for a feed without any. */
export function sumTotals(dialect: Dialect, input: FeedBatch): Question | null {
  const selects = moneyColumns(input).map((of) => totalsOf(dialect, input, of));
  if (selects.length === 0) return null;
  const columns = ["amount", "currency", "total", "valid", "quarantined"];
  return { name: "totals", columns, sql: selects.join("\nUNION ALL\n") };
}

/** What is shown of a record that is not valid: the landed texts of its cells. */
function cellNames({ feed }: FeedBatch): string[] {
  return feed.contract.columns.map((_, i) => `cell_${i}`);
}

const REFUSED = ["file_key", "record_number", "begins", "bytes", "reasons"] as const;

/** The records that are not valid, in pages of a few megabytes: a work table. */
export function collectRefused(dialect: Dialect, input: FeedBatch): Statement {
  const { feed, batchId } = input;
  const names = cellNames(input);
  const cells = feed.contract.columns.map((c, i) => `${column(dialect, "k", c.name)} AS ${names[i]}`);
  const raw = ["fault", "payload"].map((name) => `${column(dialect, "k", `_${name}`)} AS ${name}`);
  const [file, position] = ["_file", "_position"].map((name) => column(dialect, "k", name));
  const size = `CASE WHEN r.bytes > ${SHOWN_BYTES} THEN ${SHOWN_BYTES} ELSE r.bytes END + ${RECORD_BYTES}`;
  const select = `SELECT r.*, CAST(FLOOR(SUM(${size}) OVER (PARTITION BY r.file_key ORDER BY r.record_number ROWS UNBOUNDED PRECEDING) / ${PAGE_BYTES}) AS BIGINT) AS page
FROM (
  SELECT ${asText("l._file")} AS file_key, ${PLACE.number} AS record_number, ${PLACE.begins} AS begins, ${PLACE.bytes} AS bytes,
    ${waitingReasons(dialect, input, "id")} AS reasons, ${[...raw, ...cells].join(", ")}
  FROM ${labelWithVerdict(dialect, input)}
  JOIN ${dialect.table("raw", stem(feed))} k ON ${file} = l._file AND ${position} = l._position AND k.${dialect.identifier("_batch_id")} = ${dialect.literal(batchId)}
  WHERE ${isClass(dialect, "v._class", WAITS)}
) r`;
  return { name: `refused.${feed.id}`, sql: dialect.createWork(workName("refused", stem(feed)), select) };
}

/** The pages of each file. */
export function refusedPages(dialect: Dialect, { feed }: FeedBatch): Question {
  const table = workTable(dialect, "refused", feed);
  return {
    name: "pages",
    columns: ["file_key", "page"],
    sql: `SELECT DISTINCT r.file_key, r.page FROM ${table} r`,
  };
}

/** The records of one page of a file. */
export function refusedRecords(dialect: Dialect, input: FeedBatch, { key, page }: { key: string; page: bigint }): Question {
  const columns = [...REFUSED, "fault", "payload", ...cellNames(input)];
  return {
    name: "records",
    columns,
    sql: `SELECT ${columns.map((name) => `r.${name}`).join(", ")}
FROM ${workTable(dialect, "refused", input.feed)} r
WHERE r.file_key = ${dialect.literal(key)} AND r.page = ${page}`,
  };
}
