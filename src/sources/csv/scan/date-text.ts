import type { Convert, FieldText, Out } from "./number-text.ts";

/** A part of a date format: a number of so many digits, or a character. */
type Part =
  | { readonly of: "year" | "month" | "day"; readonly least: number; readonly most: number }
  | { readonly of: "text"; readonly unit: number };

const PARTS: Readonly<Record<string, Part>> = {
  yyyy: { of: "year", least: 4, most: 4 },
  MM: { of: "month", least: 2, most: 2 },
  M: { of: "month", least: 1, most: 2 },
  dd: { of: "day", least: 2, most: 2 },
  d: { of: "day", least: 1, most: 2 },
};

const TOKENS = /yyyy|MM?|dd?|[^A-Za-z]/y;

/** A serial number of days, as Excel shows a date that is formatted as a number: 1 is 1900-01-01. */
export const EXCEL = "excel";

/** The parts of a format such as `dd.MM.yyyy`; null where it is none that names year, month and day once each. */
export function datePartsOf(format: string): readonly Part[] | null {
  const parts: Part[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < format.length) {
    const [token] = TOKENS.exec(format) ?? [];
    if (token === undefined) return null;
    parts.push(PARTS[token] ?? { of: "text", unit: token.charCodeAt(0) });
  }
  const named = parts.map(({ of }) => of).filter((of) => of !== "text");
  return ["day", "month", "year"].join() === named.sort().join() ? parts : null;
}

const [ZERO, NINE, HYPHEN] = [48, 57, 45];
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

interface Day {
  year: number;
  month: number;
  day: number;
}

function isDay({ year, month, day }: Day): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= (DAYS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

function writeDigits(out: Out, value: number, places: number): void {
  let rest = value;
  for (let i = places - 1; i >= 0; i -= 1) {
    out.bytes[out.at + i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  out.at += places;
}

function writeIso(out: Out, { year, month, day }: Day): true {
  writeDigits(out, year, 4);
  out.bytes[out.at] = HYPHEN;
  out.at += 1;
  writeDigits(out, month, 2);
  out.bytes[out.at] = HYPHEN;
  out.at += 1;
  writeDigits(out, day, 2);
  return true;
}

/** Reads a number of at most so many digits. @returns its value and where it ends. */
function readNumber({ units, from, to }: FieldText, most: number): { value: number; end: number } {
  let [value, i] = [0, from];
  for (; i < to && i - from < most; i += 1) {
    const unit = units[i] as number;
    if (unit < ZERO || unit > NINE) break;
    value = value * 10 + unit - ZERO;
  }
  return { value, end: i };
}

/** Where the part that begins at `field.from` ends, its value in `found`; -1 where something else stands there. */
function behindPart(field: FieldText, part: Part, found: Day): number {
  if (part.of === "text") return field.units[field.from] === part.unit ? field.from + 1 : -1;
  const { value, end } = readNumber(field, part.most);
  found[part.of] = value;
  return end - field.from < part.least ? -1 : end;
}

function byParts(parts: readonly Part[]): Convert {
  return ({ units, from, to }, out) => {
    const found = { year: 0, month: 0, day: 0 };
    let i = from;
    for (const part of parts) {
      i = behindPart({ units, from: i, to }, part, found);
      if (i < 0) return false;
    }
    return i === to && isDay(found) && writeIso(out, found);
  };
}

/** Excel's day 60 is 1900-02-29, which never was: serials from 61 on are a day ahead of the calendar's count, and 60 is no date. */
const NEVER_WAS = 60;
/** 9999-12-31 */
const LAST_SERIAL = 2_958_465;
const DAY_MS = 86_400_000;

const bySerial: Convert = (field, out) => {
  const { value: serial, end } = readNumber(field, 7);
  const isSerial = end === field.to && end > field.from && field.units[field.from] !== ZERO;
  if (!isSerial || serial === NEVER_WAS || serial > LAST_SERIAL) return false;
  const date = new Date(Date.UTC(1899, 11, serial < NEVER_WAS ? 31 : 30) + serial * DAY_MS);
  return writeIso(out, { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
};

/** How dates of a column become ISO 8601; the first format that fits is taken. @throws Error for a format that is none. */
export function dateConversion(formats: readonly string[]): Convert {
  const ways = formats.map((format) => {
    if (format === EXCEL) return bySerial;
    const parts = datePartsOf(format);
    if (parts === null) throw new Error("the schema let a date format through that is none");
    return byParts(parts);
  });
  return (field, out) => {
    const { at } = out;
    return ways.some((way) => {
      out.at = at;
      return way(field, out);
    });
  };
}

const ISO_DIGITS = [0, 1, 2, 3, 5, 6, 8, 9];
/** Used for each date in turn. */
const DAY: Day = { year: 0, month: 0, day: 0 };

/** ISO 8601, as a row file has dates: most dates of most files, so without an object for each. */
export const plainDate: Convert = ({ units, from, to }, out) => {
  if (to - from !== 10 || units[from + 4] !== HYPHEN || units[from + 7] !== HYPHEN) return false;
  let value = 0;
  for (const place of ISO_DIGITS) {
    const digit = (units[from + place] as number) - ZERO;
    if (digit < 0 || digit > 9) return false;
    value = value * 10 + digit;
  }
  DAY.year = Math.floor(value / 10_000);
  DAY.month = Math.floor(value / 100) % 100;
  DAY.day = value % 100;
  return isDay(DAY) && writeIso(out, DAY);
};
