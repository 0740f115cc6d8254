import { type Cell, type CellRow, isLandable, LONGEST_ROW, landedLine, payloadCell, unconvertedCell } from "../../landed-text.ts";
import type { Page } from "../../pages/warc.ts";
import { csvPage } from "./csv-page.ts";
import { cellOf } from "./field-text.ts";
import { quickCell } from "./quick-cell.ts";
import { isCsv, type PageRecord, placesIn, takenOf } from "./records.ts";
import { type CellSpec, type PagePart, type SalesforceParameters, standingOf } from "./spec.ts";

/** What rows are made with, and what is found beside them. */
export interface Deriving {
  readonly parameters: SalesforceParameters;
  /** Told of each row that is written. */
  readonly onRow: (id: string) => void;
  /** Told of each record that is deleted, with its stamp as the API writes it. */
  readonly onDeleted: (id: string, stamp: string | null) => void;
}

/** The lines of a page. */
export interface PageLines {
  readonly chunks: readonly Uint8Array[];
  readonly rows: number;
}

/** The cells of a record, and which of its columns could not be converted. */
function cellsOf(cells: readonly CellSpec[], record: PageRecord): { values: Map<string, Cell>; unconverted: string[] } {
  const values = new Map<string, Cell>();
  const unconverted: string[] = [];
  for (const { name, field, kind, constant } of cells) {
    const text = field === null ? constant : record.text(field);
    const cell = text === null ? null : cellOf(kind, text);
    if (text !== null && cell === null) unconverted.push(name);
    values.set(name, cell ?? text);
  }
  return { values, unconverted };
}

function faultOf(values: ReadonlyMap<string, Cell>): string | null {
  let length = 0;
  for (const cell of values.values()) {
    if (cell === null) continue;
    if (!isLandable(cell)) return "text";
    length += cell.length;
  }
  return length * 3 + values.size * 64 > LONGEST_ROW ? "too_long" : null;
}

/** Why a record of a page can be no row; null for none. `isSuspect`: the page has more than plain text. */
export function recordFault({ cells }: SalesforceParameters, record: PageRecord, isSuspect: boolean): string | null {
  const isLong = () => !isSuspect && record.payload().length * 3 >= LONGEST_ROW;
  return isSuspect || isLong() ? faultOf(cellsOf(cells, record).values) : null;
}

/** The row of a record, by way of texts. */
export function rowOf({ columns, cells, key }: SalesforceParameters, record: PageRecord, position: string): CellRow {
  const { values, unconverted } = cellsOf(cells, record);
  const fault = faultOf(values);
  const id = values.get(key) ?? null;
  const kept = fault === null ? values : new Map([[key, id !== null && isLandable(id) ? id : null]]);
  const meta = new Map<string, Cell>([
    ["_position", position],
    ["_fault", fault],
    ["_payload", fault === null ? null : payloadCell(record.payload())],
    ["_unconverted", fault === null ? unconvertedCell(unconverted) : null],
  ]);
  return columns.map((name) => meta.get(name) ?? kept.get(name) ?? null);
}

function* linesByTexts(of: Deriving, page: Page, { number, part }: Numbered): Generator<string> {
  const { parameters, onRow, onDeleted } = of;
  for (const { record, id, standing } of takenOf(parameters, page, part)) {
    if (standing === "deleted") onDeleted(id, record.text("SystemModstamp"));
    if (standing !== "row") continue;
    onRow(id);
    yield landedLine(parameters.columns, rowOf(parameters, record, `${number}/${record.number}`));
  }
}

/** A page, its number in the extract, and the part that it belongs to. */
export interface Numbered {
  readonly number: number;
  readonly part: PagePart;
}

const CHUNK = 1024 * 1024;
/** Bytes of a row beside its fields' own, at most: its position, and of a cell its quotes, comma and a constant. */
const ROW_MARKS = 64;
const CELL_MARKS = 16;
const [COMMA, LF, SLASH] = [44, 10, 47];

function putAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Writes the lines of a page of CSV from bytes to bytes; a record with anything odd goes by way of texts. */
function linesByBytes(of: Deriving, page: Page, { number, part }: Numbered): PageLines {
  const { parameters, onRow, onDeleted } = of;
  const { cells } = parameters;
  const csv = csvPage(page.body);
  const placeOf = placesIn(csv);
  const [id, deleted, stamp] = [placeOf("Id"), placeOf("IsDeleted"), placeOf("SystemModstamp")];
  const places = cells.map(({ field }) => (field === null ? -1 : placeOf(field)));
  const constants = cells.map(({ constant }) => (constant === null ? "" : `"${constant}"`));
  const except = new Set(part.except);
  const begin = `"${number}`;
  const fixed = ROW_MARKS + cells.reduce((sum, _, c) => sum + CELL_MARKS + (constants[c]?.length ?? 0), 0);
  const record: PageRecord = {
    number: 0,
    text: (field) => csv.text(placeOf(field)),
    payload: () => page.body.subarray(csv.begin(), csv.end()),
  };
  const chunks: Uint8Array[] = [];
  let out = Buffer.allocUnsafe(CHUNK);
  let [at, nth, rows] = [0, 0, 0];

  const room = (bytes: number) => {
    if (at + bytes <= out.length) return;
    chunks.push(out.subarray(0, at));
    out = Buffer.allocUnsafe(Math.max(CHUNK, bytes));
    at = 0;
  };
  /** @returns whether the record was written. */
  const putQuickly = (): boolean => {
    let end = putAscii(out, at, begin);
    out[end] = SLASH;
    end = putAscii(out, end + 1, `${nth}",,,`);
    for (let c = 0; c < cells.length; c += 1) {
      out[end] = COMMA;
      end += 1;
      const place = places[c] as number;
      if (place < 0) end = putAscii(out, end, constants[c] as string);
      else end = quickCell((cells[c] as CellSpec).kind, { page: csv, bytes: page.body, nth: place }, { bytes: out, at: end });
      if (end < 0) return false;
    }
    out[end] = LF;
    at = end + 1;
    return true;
  };

  while (csv.next()) {
    nth += 1;
    const name = csv.text(id) ?? "";
    if (except.size > 0 && except.has(name)) continue;
    const standing = standingOf(parameters, csv.text(deleted), () => record.text("MasterRecordId"));
    if (standing === "deleted") onDeleted(name, csv.text(stamp));
    if (standing !== "row") continue;
    onRow(name);
    rows += 1;
    const length = csv.end() - csv.begin();
    room(fixed + 2 * length);
    if (length * 3 < LONGEST_ROW && putQuickly()) continue;
    const line = Buffer.from(landedLine(parameters.columns, rowOf(parameters, record, `${number}/${nth}`)));
    room(line.length);
    out.set(line, at);
    at += line.length;
  }
  chunks.push(out.subarray(0, at));
  return { chunks, rows };
}

/**
 * The lines of a page of records.
 * @throws SyntaxError where it is none, or lacks a field.
 */
export function linesOf(of: Deriving, page: Page, numbered: Numbered): PageLines {
  if (page.body.length === 0) return { chunks: [], rows: 0 };
  // U+0000 is a fault of its record; a page that has one is read by way of texts.
  if (isCsv(page) && !page.body.includes(0)) return linesByBytes(of, page, numbered);
  const lines = [...linesByTexts(of, page, numbered)];
  return { chunks: [Buffer.from(lines.join(""))], rows: lines.length };
}
