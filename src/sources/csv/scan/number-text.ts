import type { Codec, Units } from "./encoding.ts";
import type { LayoutColumn } from "./layout.ts";

/** The units of one field. */
export interface FieldText {
  units: Units;
  from: number;
  to: number;
}

/** Where a text is written; `at` moves on. */
export interface Out {
  bytes: Uint8Array;
  at: number;
}

/**
 * Writes a field's value as the text that its type has in a row file (docs/landed-text.md), in ASCII.
 * @returns false where the field is no such value; what was written then counts for nothing.
 */
export type Convert = (field: FieldText, out: Out) => boolean;

const [MINUS, PLUS, POINT, OPEN, CLOSE, ZERO, NINE] = [45, 43, 46, 40, 41, 48, 57];
const GROUP = 3;

const isDigit = (unit: number | undefined) => unit !== undefined && unit >= ZERO && unit <= NINE;

function isAt(units: Units, at: number, what: readonly number[]): boolean {
  for (let i = 0; i < what.length; i += 1) if (units[at + i] !== what[i]) return false;
  return true;
}

/** The numbers of a column as their sender writes them. */
interface NumberForm {
  readonly decimal: readonly number[];
  readonly thousands: readonly number[];
  readonly symbol: readonly number[];
  /** What may stand between symbol and digits. */
  readonly blanks: readonly (readonly number[])[];
  readonly sign: NonNullable<LayoutColumn["sign"]>;
}

/** The digits of a field, with what stands around them taken off. */
interface Bare {
  from: number;
  to: number;
  isNegative: boolean;
}

/** Takes a currency's sign off, which may stand on either side, with one blank between. */
function takeSymbol(units: Units, bare: Bare, { symbol, blanks }: NumberForm): void {
  const { length } = symbol;
  if (length === 0 || bare.to - bare.from < length) return;
  if (isAt(units, bare.from, symbol)) {
    bare.from += length;
    bare.from += blanks.find((blank) => isAt(units, bare.from, blank))?.length ?? 0;
  } else if (isAt(units, bare.to - length, symbol)) {
    bare.to -= length;
    bare.to -= blanks.find((blank) => isAt(units, bare.to - blank.length, blank))?.length ?? 0;
  }
}

function takeSign(units: Units, bare: Bare, { sign }: NumberForm): void {
  const [first, last] = [units[bare.from], units[bare.to - 1]];
  if (sign === "parentheses" && first === OPEN && last === CLOSE) {
    bare.from += 1;
    bare.to -= 1;
    bare.isNegative = true;
  } else if (sign === "trailing" && (last === MINUS || last === PLUS)) {
    bare.to -= 1;
    bare.isNegative = last === MINUS;
  } else if (sign !== "trailing" && (first === MINUS || (first === PLUS && sign === "leading"))) {
    bare.from += 1;
    bare.isNegative = first === MINUS;
  }
}

/** A symbol may stand outside the sign or inside: `-5 €`, `(€ 5)`, `€ -5`. */
function bareOf({ units, from, to }: FieldText, form: NumberForm): Bare {
  const bare: Bare = { from, to, isNegative: false };
  takeSymbol(units, bare, form);
  const hadSymbol = bare.to - bare.from < to - from;
  takeSign(units, bare, form);
  if (!hadSymbol) takeSymbol(units, bare, form);
  return bare;
}

/** Whether a mark between groups may stand behind so many digits. */
function endsGroup(digits: number, isGrouped: boolean): boolean {
  return digits > 0 && (isGrouped ? digits === GROUP : digits <= GROUP);
}

/** Writes a digit of a whole number; zeros before others are left out. */
function writeDigit(out: Out, begun: number, unit: number): void {
  if (out.at === begun + 1 && out.bytes[begun] === ZERO) out.at = begun;
  out.bytes[out.at] = unit;
  out.at += 1;
}

/** Copies the digits of one group. @returns where they end. */
function copyGroup({ units, from, to }: FieldText, out: Out, begun: number): number {
  let i = from;
  while (i < to && isDigit(units[i])) {
    writeDigit(out, begun, units[i] as number);
    i += 1;
  }
  return i;
}

/** Copies whole digits, groups of three checked. @returns where they end, or -1. */
function copyWhole({ units, from, to }: FieldText, thousands: readonly number[], out: Out): number {
  const begun = out.at;
  let [groups, begins] = [0, from];
  for (;;) {
    const i = copyGroup({ units, from: begins, to }, out, begun);
    const digits = i - begins;
    const goesOn = thousands.length > 0 && i < to && isAt(units, i, thousands);
    if (!goesOn) return digits > 0 && (groups === 0 || digits === GROUP) ? i : -1;
    if (!endsGroup(digits, groups > 0)) return -1;
    groups += 1;
    begins = i + thousands.length;
  }
}

/** Copies the digits from `from` on, of which there is at least one. */
function copyDigits({ units, from, to }: FieldText, out: Out): boolean {
  for (let i = from; i < to; i += 1) {
    const unit = units[i] as number;
    if (!isDigit(unit)) return false;
    out.bytes[out.at] = unit;
    out.at += 1;
  }
  return to > from;
}

function numbersOf(form: NumberForm): Convert {
  return (field, out) => {
    const { units } = field;
    const bare = bareOf(field, form);
    if (bare.isNegative) {
      out.bytes[out.at] = MINUS;
      out.at += 1;
    }
    const i = copyWhole({ units, from: bare.from, to: bare.to }, form.thousands, out);
    if (i < 0 || i === bare.to) return i >= 0;
    if (!isAt(units, i, form.decimal)) return false;
    out.bytes[out.at] = POINT;
    out.at += 1;
    return copyDigits({ units, from: i + form.decimal.length, to: bare.to }, out);
  };
}

/** Whether a column says how its numbers are written; those of others are taken as they are. */
export function saysNumbers({ decimal, thousands, sign, currencySymbol }: LayoutColumn): boolean {
  return [decimal, thousands, sign, currencySymbol].some((said) => said !== undefined);
}

/** How numbers of a column become plain digits: `1.234,56-` becomes `-1234.56`. Nothing is rounded, and nothing guessed. */
export function numberConversion(column: LayoutColumn, codec: Codec): Convert {
  const unitsOf = (text: string | undefined) => codec.unitsOf(text ?? "") ?? [];
  return numbersOf({
    decimal: unitsOf(column.decimal ?? "."),
    thousands: unitsOf(column.thousands),
    symbol: unitsOf(column.currencySymbol),
    blanks: [unitsOf(" "), unitsOf("\u00a0")],
    sign: column.sign ?? "leading",
  });
}

/** Plain digits as they stand in a row file: what a number must be where its column says nothing of how it is written. */
export const plainNumber: Convert = ({ units, from, to }, out) => {
  const begun = out.at;
  let points = 0;
  for (let i = from; i < to; i += 1) {
    const unit = units[i] as number;
    if (unit === POINT) points += 1;
    else if (!isDigit(unit) && !(unit === MINUS && i === from)) return false;
    out.bytes[out.at] = unit;
    out.at += 1;
  }
  const first = begun + (out.bytes[begun] === MINUS ? 1 : 0);
  return out.at > first && points <= 1 && isDigit(out.bytes[first]) && isDigit(out.bytes[out.at - 1]);
};
