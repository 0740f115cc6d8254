import type { CsvPage } from "./csv-page.ts";
import { type CellKind, cellOf } from "./field-text.ts";

/** A field of a page of CSV. */
interface FieldAt {
  readonly page: CsvPage;
  readonly bytes: Uint8Array;
  readonly nth: number;
}

interface Out {
  readonly bytes: Uint8Array;
  readonly at: number;
}

const [QUOTE, MINUS, POINT, ZERO, NINE, Z, COLON, T] = [34, 45, 46, 48, 57, 90, 58, 84];

function copy(bytes: Uint8Array, { from, to }: { from: number; to: number }, out: Out): number {
  let { at } = out;
  for (let i = from; i < to; i += 1) {
    out.bytes[at] = bytes[i] as number;
    at += 1;
  }
  return at;
}

/** Between quotes a page and a row file write one text alike. */
function putText({ page, bytes, nth }: FieldAt, out: Out): number {
  const [from = 0, to = 0] = [page.from[nth], page.to[nth]];
  out.bytes[out.at] = QUOTE;
  const at = copy(bytes, { from, to }, { bytes: out.bytes, at: out.at + 1 });
  out.bytes[at] = QUOTE;
  return at + 1;
}

/** Digits with at most one point among them; -1 for anything else, else how many points there are. */
function pointsAmong(bytes: Uint8Array, from: number, to: number): number {
  let points = 0;
  for (let i = from; i < to; i += 1) {
    const unit = bytes[i] as number;
    if (unit === POINT) points += 1;
    else if (unit < ZERO || unit > NINE) return -1;
  }
  return points > 1 ? -1 : points;
}

/** Whether digits stand as a plain decimal does: no exponent, no zero too many at either end. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  const isNegative = bytes[from] === MINUS;
  const begun = isNegative ? from + 1 : from;
  const [first, second, last] = [bytes[begun], bytes[begun + 1], bytes[to - 1]];
  const points = pointsAmong(bytes, begun, to);
  if (points < 0 || begun >= to || first === POINT) return false;
  if (points === 0) return first !== ZERO || (to - begun === 1 && !isNegative);
  return last !== ZERO && last !== POINT && (first !== ZERO || second === POINT);
}

/** `2026-10-05T09:00:00.000Z`, the only form that the Bulk API writes. */
const STAMP_LENGTH = 24;
const SECONDS_END = 19;
const [DAY_LENGTH, DAYS, MONTHS, HOURS, SIXTY] = [10, 28, 12, 24, 60];

function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] as number) - ZERO, (bytes[at + 1] as number) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.POSITIVE_INFINITY;
}

/** Whether it is an instant without a fraction that needs no calendar to be known for one. */
function isWholeSecond(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== STAMP_LENGTH || bytes[from + DAY_LENGTH] !== T || bytes[to - 1] !== Z) return false;
  for (let i = from + SECONDS_END + 1; i < to - 1; i += 1) if (bytes[i] !== ZERO) return false;
  if (bytes[from + SECONDS_END] !== POINT || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return false;
  if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return false;
  const [century, year] = [twoDigits(bytes, from), twoDigits(bytes, from + 2)];
  const [month, day] = [twoDigits(bytes, from + 5), twoDigits(bytes, from + 8)];
  const [hour, minute, second] = [twoDigits(bytes, from + 11), twoDigits(bytes, from + 14), twoDigits(bytes, from + 17)];
  const isDay = century > 0 && century < 100 && year < 100 && month >= 1 && month <= MONTHS && day >= 1 && day <= DAYS;
  return isDay && hour < HOURS && minute < SIXTY && second < SIXTY;
}

/** What goes by way of a text. */
function putSlowly(kind: CellKind, { page, nth }: FieldAt, out: Out): number {
  const text = page.text(nth);
  const cell = text === null ? null : cellOf(kind, text);
  if (cell === null) return -1;
  for (let i = 0; i < cell.length; i += 1) out.bytes[out.at + i] = cell.charCodeAt(i);
  return out.at + cell.length;
}

/** Bytes that a converted cell may have more than its field: an exponent of nine digits' worth. */
const MOST_GROWTH = 8;

/**
 * Writes the cell of a field; the room is that of its bytes twice, and a few.
 * @returns where it ends; -1 where it cannot be converted, or grows too much: then the whole record goes by way of texts.
 */
export function quickCell(kind: CellKind, field: FieldAt, out: Out): number {
  const { page, bytes, nth } = field;
  const [from = 0, to = 0] = [page.from[nth], page.to[nth]];
  if (from === to) return out.at;
  if (kind === "text") return putText(field, out);
  if (kind === "number" && isPlain(bytes, from, to)) return copy(bytes, { from, to }, out);
  if (kind === "instant" && isWholeSecond(bytes, from, to)) {
    const at = copy(bytes, { from, to: from + SECONDS_END }, out);
    out.bytes[at] = Z;
    return at + 1;
  }
  if (kind === "number" && (plainLength(page.text(nth)) ?? Number.POSITIVE_INFINITY) > to - from + MOST_GROWTH) return -1;
  return putSlowly(kind, field, out);
}

/** Characters of a number's cell; null for none. */
function plainLength(text: string | null): number | null {
  return text === null ? null : (cellOf("number", text)?.length ?? null);
}
