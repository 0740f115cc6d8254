import { type Cell, type CellRow, isLandable, LONGEST_ROW, payloadCell, unconvertedCell } from "../landed-text.ts";
import { type CellReader, type CellSpec, cellReader } from "./cells.ts";
import { isObject, type JsonValue, jsonText, parseJson } from "./json-value.ts";
import { pointerNames, valueAt } from "./pointer.ts";
import type { Page } from "./warc.ts";

/** How the answers to one kind of request hold records; of a page the first route counts whose pattern fits. */
export interface Route {
  /** Regular expression over path and query; its first group is the key of what was asked for, or of its parent. */
  readonly request: string;
  /** JSON pointer of the list of records; null where the body is the only one. */
  readonly list: string | null;
  /** The records are the elements of a list inside each of those: the pointer of that list's page. */
  readonly inside: string | null;
  /** What parents the records are of: the ones they stand in, or the one in the request. */
  readonly scope: "inside" | "request" | null;
}

/** All that decides the rows of pages beside the pages. */
export interface RowsSpec {
  /** Of the row files: `_position`, those about records, the contract's. */
  readonly columns: readonly string[];
  readonly cells: readonly CellSpec[];
  readonly routes: readonly Route[];
  /** The column that holds a record's key, of which an answer without a body is known. */
  readonly key: string;
  /** JSON pointers in a record, or a parent: its key, and what says that it is deleted. */
  readonly id: string;
  readonly deleted: string;
  /** First and last of pages that nothing is taken of: they were read again. */
  readonly dropped: readonly (readonly [number, number])[];
  /** Positions of records that were read again later. */
  readonly overruled: readonly string[];
  /** Keys of the records that are taken, and no others; absent where all are. */
  readonly only?: readonly string[];
}

/** What pages gave beside rows. */
export interface Found {
  /** Parents whose records are all there. */
  readonly scopes: Set<string>;
}

interface Record {
  readonly position: string;
  readonly scope: Cell;
  readonly value: JsonValue;
}

interface Reading {
  readonly spec: RowsSpec;
  readonly patterns: readonly (readonly [RegExp, Route])[];
  readonly readers: readonly (readonly [name: string, read: CellReader])[];
  readonly id: readonly string[];
  readonly deleted: readonly string[];
  readonly overruled: ReadonlySet<string>;
  readonly found: Found;
}

const FORBIDDEN = 403;

/** The page of an answer to a request: what it was asked for, and by which route. */
interface Asked {
  readonly page: number;
  readonly route: Route;
  readonly named: string | null;
}

function elementsOf(body: JsonValue, { list }: Route): readonly JsonValue[] {
  if (list === null) return [body];
  const found = valueAt(body, pointerNames(list));
  if (!Array.isArray(found)) throw new SyntaxError("a page has no list");
  return found as readonly JsonValue[];
}

/** The JSON pointer of a record in the answer to a request, by its number and that in a list inside it; null where no route fits. */
export function pointerOf(routes: readonly Route[], url: string, { record, inside }: { record: number; inside: number | null }) {
  const { pathname, search } = new URL(url);
  const route = routes.find(({ request }) => new RegExp(request).test(`${pathname}${search}`));
  if (!route) return null;
  const element = route.list === null ? "" : `${route.list}/${record - 1}`;
  return inside === null || route.inside === null ? element : `${element}${route.inside}/data/${inside - 1}`;
}

const text = (value: JsonValue | undefined): Cell => (typeof value === "string" ? value : null);

/** A list inside a record that says that it goes on is not taken: its own pages are, the last of which says that all are there. */
function* insideOf(parent: Record, inside: string, { id, found }: Reading): Generator<Record> {
  const list = valueAt(parent.value, pointerNames(inside));
  if (!isObject(list) || list["has_more"] === true) return;
  const data = list["data"];
  if (!Array.isArray(data)) throw new SyntaxError("a list inside a record has no elements");
  const scope = text(valueAt(parent.value, id));
  if (scope !== null) found.scopes.add(scope);
  for (const [i, value] of (data as readonly JsonValue[]).entries())
    yield { position: `${parent.position}.${i + 1}`, scope, value };
}

function* recordsOf(body: JsonValue, { page, route, named }: Asked, reading: Reading): Generator<Record> {
  for (const [i, value] of elementsOf(body, route).entries()) {
    const position = `${page}/${i + 1}`;
    if (reading.overruled.has(position) || valueAt(value, reading.deleted) === true) continue;
    const record = { position, scope: route.scope === "request" ? named : null, value };
    if (route.inside === null) yield record;
    else yield* insideOf(record, route.inside, reading);
  }
  const isEnd = isObject(body) && body["has_more"] === false;
  if (route.scope === "request" && named !== null && isEnd) reading.found.scopes.add(named);
}

type Meta = Readonly<{ [Name in "_position" | "_scope" | "_fault" | "_payload" | "_unconverted"]: Cell }>;

function rowOf({ spec }: Reading, meta: Meta, cells: ReadonlyMap<string, Cell>): CellRow {
  return spec.columns.map((name) => (name in meta ? meta[name as keyof Meta] : (cells.get(name) ?? null)));
}

/** What keeps a record from being a row; null for nothing. */
function faultOf(value: JsonValue, cells: ReadonlyMap<string, Cell>): string | null {
  if (!isObject(value)) return "shape";
  let length = 0;
  for (const cell of cells.values()) {
    if (cell === null) continue;
    if (!isLandable(cell)) return "text";
    length += cell.length;
  }
  // A character has at most three bytes a unit of its length, or two as a doubled quote.
  return length * 3 + cells.size * 64 > LONGEST_ROW ? "too_long" : null;
}

function readRecord({ position, scope, value }: Record, reading: Reading): CellRow {
  const cells = new Map<string, Cell>();
  const unconverted: string[] = [];
  for (const [name, read] of reading.readers) {
    const { cell, isConverted } = read(value);
    cells.set(name, cell);
    if (!isConverted) unconverted.push(name);
  }
  const fault = faultOf(value, cells);
  const meta = { _position: position, _scope: scope, _fault: fault, _payload: null, _unconverted: null };
  if (fault === null) return rowOf(reading, { ...meta, _unconverted: unconvertedCell(unconverted) }, cells);
  const key = cells.get(reading.spec.key) ?? null;
  const kept: ReadonlyMap<string, Cell> = new Map(key !== null && isLandable(key) ? [[reading.spec.key, key]] : []);
  return rowOf(reading, { ...meta, _payload: payloadCell(Buffer.from(jsonText(value))) }, kept);
}

/** A record that the provider does not show has its key and no more. */
function forbiddenRow({ page, named }: Asked, reading: Reading): CellRow {
  const meta = { _position: `${page}/1`, _scope: null, _fault: "forbidden", _payload: null, _unconverted: null };
  return rowOf(reading, meta, new Map([[reading.spec.key, named]]));
}

function askedFor(url: string, page: number, { patterns }: Reading): Asked | null {
  const { pathname, search } = new URL(url);
  for (const [pattern, route] of patterns) {
    const match = pattern.exec(`${pathname}${search}`);
    if (match) return { page, route, named: match[1] === undefined ? null : decodeURIComponent(match[1]) };
  }
  return null;
}

/** Makes rows of pages, one page at a time. */
export function rowsOfPages(spec: RowsSpec, found: Found): (page: Page, number: number) => CellRow[] {
  const reading: Reading = {
    spec,
    patterns: spec.routes.map((route) => [new RegExp(route.request), route]),
    readers: spec.cells.map((cell) => [cell.name, cellReader(cell)]),
    id: pointerNames(spec.id),
    deleted: pointerNames(spec.deleted),
    overruled: new Set(spec.overruled),
    found,
  };
  const [key, only] = [spec.columns.indexOf(spec.key), spec.only && new Set<Cell>(spec.only)];
  const isTaken = (row: CellRow) => only === undefined || only.has(row[key] ?? null);
  const isDropped = (number: number) => spec.dropped.some(([first, last]) => number >= first && number <= last);
  return ({ url, status, body }, number) => {
    const asked = isDropped(number) ? null : askedFor(url, number, reading);
    if (!asked) return [];
    if (status === FORBIDDEN && asked.route.list === null && asked.route.inside === null) return [forbiddenRow(asked, reading)];
    if (status < 200 || status > 299) return [];
    const records = recordsOf(parseJson(Buffer.from(body).toString("utf8")), asked, reading);
    return [...records].map((record) => readRecord(record, reading)).filter(isTaken);
  };
}
