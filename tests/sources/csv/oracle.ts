import type { RecordFault, Stop } from "../../../src/sources/csv/scan/file-facts.ts";
import type { FileSpec, TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import { type OracleRecord, oracleLine, oracleRecord } from "./oracle-records.ts";
import { charactersOf, oracleCell, oracleNumber, textOf } from "./oracle-values.ts";

/** One record as it must come out. */
export interface ToldRecord {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly fault: RecordFault | null;
  readonly unconverted: readonly string[];
  readonly cells: readonly (string | null)[];
}

/** What a stretch of a file is, its line end included. */
export interface Extent {
  readonly is: "mark" | "preamble" | "header" | "record" | "blank" | "footer";
  readonly from: number;
  readonly to: number;
}

/** What a file must come to. */
export interface Told {
  readonly records: readonly ToldRecord[];
  readonly extents: readonly Extent[];
  readonly stopped: Stop | null;
}

const LEAST_RECORDS = 20;
const MARKS: readonly (readonly [encoding: string, mark: Buffer])[] = [
  ["utf-8", Buffer.from([0xef, 0xbb, 0xbf])],
  ["utf-16le", Buffer.from([0xff, 0xfe])],
  ["utf-16be", Buffer.from([0xfe, 0xff])],
];

/** A file while the oracle reads it: slowly and plainly, as a whole text. */
interface Page {
  readonly spec: FileSpec;
  readonly text: string;
  readonly unit: number;
  readonly longest: number;
  readonly records: ToldRecord[];
  readonly extents: Extent[];
  /** The field of each layout column. */
  fields: readonly number[];
  width: number;
  header: string | null;
  /** Found on the way, so that nothing behind it is read. */
  stopped: Stop | null;
  /** Found at the end. */
  late: Stop | null;
}

function keep(page: Page, is: Extent["is"], { from, next }: { from: number; next: number }): void {
  page.extents.push({ is, from: from * page.unit, to: next * page.unit });
}

/** Whether a record has any text that may be looked at. */
function isReadable(page: Page, { from, to, fields }: OracleRecord): boolean {
  const text = page.text.slice(from, to);
  return fields !== null && !text.includes("\0") && textOf(text, page.spec.layout.encoding) !== null;
}

function faultOf(page: Page, record: OracleRecord): RecordFault | null {
  const { layout } = page.spec;
  const { from, to, fields } = record;
  const text = page.text.slice(from, to);
  if (to - from > page.longest) return "too_long";
  if (fields === null) return "quote";
  if (text.includes("\0")) return "nul";
  if (textOf(text, layout.encoding) === null) return "encoding";
  if (text === page.header) return "header";
  const hasTail = layout.trailingDelimiter && fields.at(-1)?.text === "";
  const isWide = layout.trailingDelimiter ? hasTail && fields.length === page.width + 1 : fields.length === page.width;
  return isWide ? null : "width";
}

function readHeader(page: Page, record: OracleRecord): void {
  const { layout } = page.spec;
  if (record.to - record.from > page.longest || !isReadable(page, record)) {
    page.stopped = "header";
    return;
  }
  const names = (record.fields ?? []).map(({ text }) => textOf(text, layout.encoding) ?? "");
  if (layout.trailingDelimiter && names.at(-1) === "") names.pop();
  const wanted = layout.columns.map(({ header }) => header);
  const found = names.filter((name) => wanted.includes(name));
  const hasAll = found.join("\n") === wanted.join("\n") && new Set(names).size === names.length;
  if (!hasAll) page.stopped = "header";
  page.fields = wanted.map((name) => names.indexOf(name));
  page.width = names.length;
  page.header = page.text.slice(record.from, record.to);
}

function cellsOf(page: Page, record: OracleRecord): Pick<ToldRecord, "cells" | "unconverted"> {
  const { layout, columns } = page.spec;
  const told = columns.map(({ name, type }) => {
    const nth = layout.columns.findIndex(({ column }) => column === name);
    const [column, field] = [layout.columns[nth], record.fields?.[page.fields[nth] ?? -1]];
    if (!column || !field) return { name, cell: layout.constants[name] ?? null, isConverted: true };
    return { name, ...oracleCell(field, { column, type, layout }) };
  });
  return {
    cells: told.map(({ cell }) => cell),
    unconverted: told.filter(({ isConverted }) => !isConverted).map(({ name }) => name),
  };
}

function readOne(page: Page, record: OracleRecord): void {
  const fault = faultOf(page, record);
  const { from, to } = record;
  const place = { number: page.records.length + 1, offset: from * page.unit, length: (to - from) * page.unit };
  const read = fault === null ? cellsOf(page, record) : { cells: page.spec.columns.map(() => null), unconverted: [] };
  page.records.push({ ...place, fault, ...read });
}

/** A blank line and two records of one other width behind it. */
function isOtherTable(page: Page, [first, second]: readonly OracleRecord[]): boolean {
  const isOther = (record: OracleRecord | undefined) => record !== undefined && faultOf(page, record) === "width";
  return isOther(first) && isOther(second) && first?.fields?.length === second?.fields?.length;
}

/** Records up to the footer, each with whether a blank line stands before it. */
function readAll(page: Page, from: number): void {
  const found: { record: OracleRecord; isAfterBlank: boolean }[] = [];
  let isAfterBlank = false;
  for (let at = from; at < page.text.length; ) {
    const record = oracleRecord(page.text, at, { layout: page.spec.layout, longest: page.longest });
    at = record.next;
    const isBlank = record.from === record.to;
    keep(page, isBlank ? "blank" : "record", record);
    if (!isBlank) found.push({ record, isAfterBlank });
    isAfterBlank = isBlank;
  }
  const footer = takeFooter(
    page,
    found.map(({ record }) => record),
  );
  const records = footer ? found.slice(0, -1) : found;
  for (const [i, { record }] of records.entries()) {
    readOne(page, record);
    const before = records[i - 1];
    if (before?.isAfterBlank && !records[i]?.isAfterBlank && isOtherTable(page, [before.record, record])) {
      page.stopped = "two_tables";
      return;
    }
  }
  checkFooter(page, footer);
}

/** The groups of the last record where the layout says that it is a footer; an empty object where it is none. */
type Footer = { readonly groups: Readonly<Record<string, string | undefined>> | null } | null;

function takeFooter(page: Page, records: readonly OracleRecord[]): Footer {
  const { footer, encoding } = page.spec.layout;
  const last = records.at(-1);
  if (footer === undefined) return null;
  if (last === undefined || last.to - last.from > page.longest) return { groups: null };
  const text = textOf(page.text.slice(last.from, last.to), encoding);
  const found = text === null ? null : new RegExp(`^(?:${footer})$`, "u").exec(text);
  return { groups: found && (found.groups ?? {}) };
}

const CENTS = 2;

/** A decimal of two places in cents; null where it has more of them. */
function cents(text: string): bigint | null {
  const [whole = "", places = ""] = text.split(".");
  if (/[1-9]/.test(places.slice(CENTS))) return null;
  return BigInt(whole + places.slice(0, CENTS).padEnd(CENTS, "0"));
}

function checkFooter(page: Page, footer: Footer): void {
  if (footer === null) return;
  const { layout, columns, amount } = page.spec;
  const groups = footer.groups ?? {};
  const isCounted = groups["count"] === undefined || BigInt(groups["count"]) === BigInt(page.records.length);
  if (footer.groups === null || !isCounted) page.late = "trailer";
  const nth = columns.findIndex(({ name }) => name === amount);
  const column = layout.columns.find((one) => one.column === amount);
  if (page.late !== null || groups["sum"] === undefined || column === undefined) return;
  const stated = oracleNumber(groups["sum"], column);
  const said = stated === null ? null : cents(stated);
  const amounts = page.records.map(({ cells, fault, unconverted }) => {
    if (fault !== null || unconverted.includes(amount ?? "")) return null;
    return cells[nth] === null ? 0n : cents(cells[nth] ?? "");
  });
  const isComparable = amounts.every((one) => one !== null);
  const sum = amounts.reduce<bigint>((all, one) => all + (one ?? 0n), 0n);
  if (said === null || (isComparable && said !== sum)) page.late = "trailer";
}

function badShare({ records, spec }: Page): Stop | null {
  const { fileBadShare } = spec.layout;
  const good = records.filter(({ fault }) => fault === null);
  const isBad = (bad: number, of: number) => records.length >= LEAST_RECORDS && bad > fileBadShare * of;
  const isColumnBad = ({ name }: TargetColumn) =>
    isBad(good.filter(({ unconverted }) => unconverted.includes(name)).length, good.length);
  return isBad(records.length - good.length, records.length) || spec.columns.some(isColumnBad) ? "bad_share" : null;
}

/** What stands before the records. @returns where they begin. */
function readBeginning(page: Page, mark: number): number {
  const { layout } = page.spec;
  let at = mark;
  for (let skipped = 0; skipped < layout.skipLines; skipped += 1) {
    if (at >= page.text.length) {
      page.late = "header";
      return at;
    }
    const line = oracleLine(page.text, at, layout);
    keep(page, "preamble", line);
    if (line.to - line.from > page.longest) page.stopped ??= "preamble";
    const text = textOf(page.text.slice(line.from, line.to), layout.encoding);
    const isPreamble = text !== null && new RegExp(`^(?:${layout.preamble ?? "[^]*"})$`, "u").test(text);
    if (layout.preamble !== undefined && !isPreamble) page.stopped ??= "preamble";
    at = line.next;
  }
  return page.stopped === null && layout.header ? readToHeader(page, at) : at;
}

function readToHeader(page: Page, from: number): number {
  for (let at = from; at < page.text.length; ) {
    const record = oracleRecord(page.text, at, { layout: page.spec.layout, longest: page.longest });
    const isBlank = record.from === record.to;
    keep(page, isBlank ? "blank" : "header", record);
    at = record.next;
    if (isBlank) continue;
    readHeader(page, record);
    return at;
  }
  page.late ??= "header";
  return page.text.length;
}

function pageOf(bytes: Buffer, spec: FileSpec, isBigEndian: boolean): Page {
  const { layout } = spec;
  const unit = layout.encoding.startsWith("utf-16") ? 2 : 1;
  return {
    spec,
    text: charactersOf(bytes, layout.encoding, isBigEndian),
    unit,
    longest: Math.floor(layout.maxRecordBytes / unit),
    records: [],
    extents: [],
    fields: layout.columns.map((_, i) => i),
    width: layout.columns.length,
    header: null,
    stopped: null,
    late: null,
  };
}

/** Reads a whole file as the layout says, without a thought for its size. */
export function oracle(bytes: Buffer, spec: FileSpec): Told {
  const { encoding } = spec.layout;
  const marked = MARKS.find(([, mark]) => bytes.subarray(0, mark.length).equals(mark));
  const fits = marked?.[0] === encoding || (encoding === "utf-16" && marked !== undefined && marked[0] !== "utf-8");
  const isEncoding = marked === undefined ? encoding !== "utf-16" : fits;
  if (bytes.length === 0 || !isEncoding) return { records: [], extents: [], stopped: bytes.length === 0 ? "empty" : "encoding" };
  const page = pageOf(bytes, spec, (marked?.[0] ?? encoding) === "utf-16be");
  const mark = (marked?.[1].length ?? 0) / page.unit;
  if (mark > 0) keep(page, "mark", { from: 0, next: mark });
  const at = readBeginning(page, mark);
  if (page.stopped === null && page.late === null) readAll(page, at);
  const torn = bytes.length % page.unit > 0 ? "encoding" : null;
  const { records, extents } = page;
  return { records, extents, stopped: page.stopped ?? torn ?? page.late ?? badShare(page) };
}
