import { type CutRecord, payloadCell } from "../../landed-text.ts";
import { type CellPlan, quotedCell } from "./cell-plan.ts";
import type { DecimalSum } from "./decimal-sum.ts";
import type { Codec, Units } from "./encoding.ts";
import type { RecordFault } from "./file-facts.ts";
import type { Layout } from "./layout.ts";
import type { FieldText, Out } from "./number-text.ts";
import { type RecordKeys, recordKeys } from "./record-key.ts";
import { FIELD, type ScannedRecord } from "./record-scanner.ts";
import { unescaping } from "./unescaping.ts";

/** Where a record stands in its file, after unpacking. */
export interface RecordPlace {
  /** From 1, malformed ones too. */
  readonly number: number;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Writes the lines of a row file (docs/landed-text.md) without a text of JavaScript for each cell. */
export interface RowWriter {
  /** A record with as many fields as the header. */
  row(units: Units, record: ScannedRecord, place: RecordPlace): void;
  malformed(fault: RecordFault, record: Uint8Array | CutRecord, place: RecordPlace): void;
  /** What is written so far and has not been taken; all of it at the end, else whole chunks. */
  take(isEnd: boolean): Uint8Array[];
  /** Records of which a column could not be converted, by column of the contract. */
  unconverted(): Record<string, number>;
}

interface RowWriterOptions {
  readonly layout: Layout;
  readonly codec: Codec;
  readonly cells: readonly CellPlan[];
  /** What each row says of its file, in the order of the columns. */
  readonly part: readonly string[];
  /** Takes the sum of the amount; null where nobody asks. */
  readonly sum: DecimalSum | null;
  /** What the names of its records begin with. */
  readonly file: string;
}

const CHUNK = 1024 * 1024;
/** Most files are smaller than a chunk. */
const FIRST_CHUNK = 32 * 1024;
const [COMMA, QUOTE, LINE_FEED, AT, PLUS] = [44, 34, 10, 64, 43];
const EMPTY = new Uint8Array(0);
/** Bytes of a row beside its texts, at most: numbers of a position, the commas and quotes of the columns about the record. */
const ROW_MARKS = 192;
/** And of a cell: its quotes and its comma, and a date that is longer than what it was read from. */
const CELL_MARKS = 16;

function put(out: Out, bytes: Uint8Array): void {
  out.bytes.set(bytes, out.at);
  out.at += bytes.length;
}

function putUnit(out: Out, unit: number): void {
  out.bytes[out.at] = unit;
  out.at += 1;
}

function putNumber(out: Out, value: number): void {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  let rest = value;
  for (let i = digits - 1; i >= 0; i -= 1) {
    out.bytes[out.at + i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  out.at += digits;
}

/** Room for so many bytes more; what was full leaves as a chunk. */
function outOf() {
  const full: Uint8Array[] = [];
  const out: Out = { bytes: Buffer.allocUnsafe(FIRST_CHUNK), at: 0 };
  const leave = () => {
    if (out.at > 0) full.push(out.bytes.subarray(0, out.at));
  };
  return {
    out,
    room: (bytes: number) => {
      if (out.at + bytes <= out.bytes.length) return;
      leave();
      out.bytes = Buffer.allocUnsafe(Math.max(CHUNK, bytes));
      out.at = 0;
    },
    take: (isEnd: boolean) => {
      if (isEnd) leave();
      if (isEnd) out.at = 0;
      return full.splice(0);
    },
  };
}

/** Copies bytes of ASCII or UTF-8 into quotes. */
function putQuotedBytes(out: Out, { units, from, to }: FieldText): void {
  const { bytes } = out;
  let { at } = out;
  for (let i = from; i < to; i += 1) {
    const unit = units[i] as number;
    if (unit === QUOTE) {
      bytes[at] = QUOTE;
      at += 1;
    }
    bytes[at] = unit;
    at += 1;
  }
  out.at = at;
}

/** The same for an encoding of one byte. */
function putMappedBytes(out: Out, { units, from, to }: FieldText, utf8Of: readonly Uint8Array[]): void {
  let begun = from;
  for (let i = from; i < to; i += 1) {
    const unit = units[i] as number;
    if (unit < 0x80) continue;
    putQuotedBytes(out, { units, from: begun, to: i });
    put(out, utf8Of[unit] ?? EMPTY);
    begun = i + 1;
  }
  putQuotedBytes(out, { units, from: begun, to });
}

function putBare(out: Out, { units, from, to }: FieldText): void {
  const { bytes } = out;
  let { at } = out;
  for (let i = from; i < to; i += 1) {
    bytes[at] = units[i] as number;
    at += 1;
  }
  out.at = at;
}

/** Writes the text of a field. */
function textWriter({ layout, codec }: RowWriterOptions): (out: Out, field: FieldText, marks: number) => void {
  const unescaped = unescaping(layout);
  // Where a file doubles quotes as a row file does, what stands between them is a cell as it is.
  const isVerbatim = codec.utf8Of === null && codec.unitBytes === 1 && layout.quote === '"' && layout.escape === '"';
  const putText = (out: Out, { units, from, to }: FieldText, marks: number) => {
    const text = codec.textOf(units, from, to);
    put(out, quotedCell((marks & FIELD.escaped) === 0 ? text : unescaped(text)));
  };
  const putQuoted = (out: Out, field: FieldText) => {
    if (isVerbatim) putBare(out, field);
    else if (codec.utf8Of === null) putQuotedBytes(out, field);
    else putMappedBytes(out, field, codec.utf8Of);
  };
  return (out, field, marks) => {
    if ((marks & (FIELD.notBare | FIELD.escaped)) === 0 && field.to > field.from) return putBare(out, field);
    const isBytes = isVerbatim || (codec.unitBytes === 1 && (marks & FIELD.escaped) === 0);
    if (!isBytes) return putText(out, field, marks);
    putUnit(out, QUOTE);
    putQuoted(out, field);
    putUnit(out, QUOTE);
  };
}

/** Whether a field's text stands for NULL. */
function nullTest({ nulls, quotedNulls }: Layout, codec: Codec): (field: FieldText, marks: number) => boolean {
  const isEmptyNull = nulls.includes("");
  const words = nulls.filter((text) => text !== "").flatMap((text) => [codec.unitsOf(text) ?? []]);
  const isWord = ({ units, from, to }: FieldText, word: readonly number[]) =>
    word.length === to - from && word.every((unit, i) => units[from + i] === unit);
  return (field, marks) => {
    if ((marks & FIELD.quoted) !== 0 && !quotedNulls) return false;
    if (field.from === field.to) return isEmptyNull;
    return words.some((word) => isWord(field, word));
  };
}

interface Writing {
  readonly options: RowWriterOptions;
  readonly out: Out;
  readonly partCells: Uint8Array | null;
  /** The beginning of a record's key, without the quote behind it. */
  readonly fileCell: Uint8Array;
  readonly keys: RecordKeys;
  /** The name of each column as JSON. */
  readonly names: readonly string[];
  readonly unconverted: number[];
  readonly isNull: ReturnType<typeof nullTest>;
  readonly putField: ReturnType<typeof textWriter>;
  /** Used for each field in turn. */
  readonly field: FieldText;
  /** The converted cells of one record, one after the other. */
  readonly converted: Out;
  /** Where they end; -1 for a text that could not be converted. */
  readonly ends: Int32Array;
}

function putPlace({ out, partCells }: Writing, { number, offset, length }: RecordPlace): void {
  putUnit(out, QUOTE);
  putNumber(out, number);
  putUnit(out, AT);
  putNumber(out, offset);
  putUnit(out, PLUS);
  putNumber(out, length);
  putUnit(out, QUOTE);
  putUnit(out, COMMA);
  if (partCells === null) return;
  put(out, partCells);
  putUnit(out, COMMA);
}

function setField({ field }: Writing, { units, record }: Row, nth: number): void {
  field.units = units;
  field.from = record.starts[nth] as number;
  field.to = record.ends[nth] as number;
}

/** A record in its window. */
interface Row {
  readonly units: Units;
  readonly record: ScannedRecord;
}

/** Converts the field that is set. @returns whether it could be; NULL can. */
function convertField(w: Writing, { convert, isAmount }: CellPlan, marks: number): boolean {
  const { converted, field, options } = w;
  if (convert === null || w.isNull(field, marks)) return true;
  const begun = converted.at;
  if ((marks & FIELD.escaped) === 0 && convert(field, converted)) {
    if (isAmount) options.sum?.add(converted.bytes, begun, converted.at);
    return true;
  }
  converted.at = begun;
  return false;
}

/** Converts what is to be converted. @returns the JSON names of columns that could not be; null for none. */
function convertAll(w: Writing, row: Row): string[] | null {
  const { cells } = w.options;
  let failed: string[] | null = null;
  w.converted.at = 0;
  for (let c = 0; c < cells.length; c += 1) {
    const cell = cells[c] as CellPlan;
    if (cell.convert === null || cell.field < 0) continue;
    setField(w, row, cell.field);
    const isDone = convertField(w, cell, row.record.marksOf[cell.field] as number);
    w.ends[c] = isDone ? w.converted.at : -1;
    if (isDone) continue;
    w.unconverted[c] = (w.unconverted[c] as number) + 1;
    failed = [...(failed ?? []), w.names[c] as string];
  }
  return failed;
}

/** Writes the cell of a column that the file has. @returns where its converted text ends, or `begun` without one. */
function putCell(w: Writing, row: Row, { c, begun }: { c: number; begun: number }): number {
  const { convert, field: nth } = w.options.cells[c] as CellPlan;
  const end = w.ends[c] as number;
  if (convert !== null && end >= 0) {
    w.field.units = w.converted.bytes;
    w.field.from = begun;
    w.field.to = end;
    putBare(w.out, w.field);
    return end;
  }
  const marks = row.record.marksOf[nth] as number;
  setField(w, row, nth);
  if (!w.isNull(w.field, marks)) w.putField(w.out, w.field, marks);
  return begun;
}

/** Writes what names the record: its file, its content and which of its copies it is. */
function putRecordKey({ out, fileCell, keys }: Writing, { units, record }: Row): void {
  put(out, fileCell);
  out.at = keys.write({ units, from: record.start, to: record.end }, out.bytes, out.at);
  putUnit(out, QUOTE);
}

function putCells(w: Writing, row: Row): void {
  const { cells } = w.options;
  let begun = 0;
  for (let c = 0; c < cells.length; c += 1) {
    const { field: nth, constant, isRecord } = cells[c] as CellPlan;
    putUnit(w.out, COMMA);
    if (isRecord) putRecordKey(w, row);
    else if (nth < 0) put(w.out, constant);
    else begun = putCell(w, row, { c, begun });
  }
  putUnit(w.out, LINE_FEED);
}

/** A writer of a file's rows. */
export function rowWriter(options: RowWriterOptions): RowWriter {
  const { cells, part } = options;
  const { out, room, take } = outOf();
  const w: Writing = {
    options,
    out,
    partCells:
      part.length === 0
        ? null
        : Buffer.concat(part.flatMap((text, i) => [...(i === 0 ? [] : [Buffer.from(",")]), quotedCell(text)])),
    fileCell: quotedCell(`${options.file}:`).slice(0, -1),
    keys: recordKeys(),
    names: cells.map(({ name }) => JSON.stringify(name)),
    unconverted: cells.map(() => 0),
    isNull: nullTest(options.layout, options.codec),
    putField: textWriter(options),
    field: { units: EMPTY, from: 0, to: 0 },
    converted: { bytes: EMPTY, at: 0 },
    ends: new Int32Array(cells.length),
  };
  const ofColumns = cells.reduce((sum, { name, constant }) => sum + 4 * name.length + constant.length + CELL_MARKS, 0);
  const fixed = ROW_MARKS + (w.partCells?.length ?? 0) + w.fileCell.length + ofColumns;
  return {
    row: (units, record, place) => {
      const size = fixed + 3 * (record.end - record.start);
      room(size);
      if (w.converted.bytes.length < size) w.converted.bytes = Buffer.alloc(2 * size);
      const row = { units, record };
      const failed = convertAll(w, row);
      putPlace(w, place);
      putUnit(out, COMMA);
      putUnit(out, COMMA);
      if (failed !== null) put(out, quotedCell(`[${failed.join(",")}]`));
      putCells(w, row);
    },
    malformed: (fault, record, place) => {
      const payload = quotedCell(payloadCell(record));
      room(fixed + payload.length);
      putPlace(w, place);
      put(out, Buffer.from(fault));
      putUnit(out, COMMA);
      put(out, payload);
      const commas = 1 + cells.length;
      out.bytes.fill(COMMA, out.at, out.at + commas);
      out.at += commas;
      putUnit(out, LINE_FEED);
    },
    take,
    unconverted: () => Object.fromEntries(cells.flatMap(({ name }, c) => (w.unconverted[c] ? [[name, w.unconverted[c]]] : []))),
  };
}
