import type { HandRule, Row } from "../feed.ts";

const LARGEST = 2n ** 63n - 1n;

/** The whole number that a text is; null for NULL and for any text that is not exactly one in 64 bits. */
export function whole(text: string | null | undefined): bigint | null {
  if (text === null || text === undefined || !/^(0|-?[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value > LARGEST || value < -LARGEST - 1n ? null : value;
}

/** Hundredths of a number with at most two decimals; null for NULL and for any other text. */
export function decimal(text: string | null | undefined): bigint | null {
  const [, sign = "", before = "", after = ""] = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/.exec(text ?? "") ?? [];
  return before === "" ? null : BigInt(`${sign}${before}${after.padEnd(2, "0")}`);
}

/** A column of a row; null where it is missing. */
export function given(row: Row, name: string): string | null {
  return row[name] ?? null;
}

/** Columns that every row has a value in. */
export function required(...names: string[]): HandRule[] {
  return names.map((name) => [`${name}.required`, (row) => given(row, name) === null]);
}

/** Columns of whole numbers in 64 bits. */
export function integers(...names: string[]): HandRule[] {
  return names.map((name) => [`${name}.type`, (row) => given(row, name) !== null && whole(row[name]) === null]);
}

/** A column with a list of values. */
export function accepted(name: string, values: readonly string[]): HandRule {
  return [`${name}.accepted`, (row) => given(row, name) !== null && !values.includes(given(row, name) ?? "")];
}

/** A column of whole numbers between two bounds, both included. */
export function within(name: string, low: bigint, high: bigint = LARGEST): HandRule {
  const outside = (value: bigint | null) => value !== null && (value < low || value > high);
  return [`${name}.range`, (row) => outside(whole(row[name]))];
}

/** A date that is not before another, as texts that compare as they do. */
export function since(name: string, first: string): HandRule {
  return [`${name}.range`, (row) => given(row, name) !== null && (given(row, name) ?? "") < first];
}

/** A text of so many characters, both bounds included. */
export function long(name: string, low: number, high: number): HandRule {
  // Characters, not UTF-16 units.
  const length = (row: Row) => [...(given(row, name) ?? "")].length;
  return [`${name}.length`, (row) => given(row, name) !== null && (length(row) < low || length(row) > high)];
}

/** A text of a form. */
export function like(name: string, pattern: RegExp): HandRule {
  return [`${name}.pattern`, (row) => given(row, name) !== null && !pattern.test(given(row, name) ?? "")];
}

/** Amounts that can be read, or null if one of them cannot: then the comparison says nothing. */
function amounts(row: Row, names: readonly string[]): bigint[] | null {
  const values = names.map((name) => whole(row[name]));
  return values.every((v) => v !== null) ? values : null;
}

/** Something that is true of whole numbers of one row; it says nothing where one of them cannot be read. */
export function holds(id: string, names: readonly string[], isTrue: (...values: readonly bigint[]) => boolean): HandRule {
  return [
    id,
    (row) => {
      const values = amounts(row, names);
      return values !== null && !isTrue(...values);
    },
  ];
}
