import type { ColumnType } from "../../../contract/contract.ts";
import { booleanCell, instantOfIso } from "../../landed-text.ts";

/** What a field's text is to become. */
export type CellKind = "text" | "number" | "instant" | "boolean";

/** How a column's cells are made of a field's texts: numbers only of fields that hold some. */
export function cellKind(type: ColumnType["kind"], isNumber: boolean): CellKind {
  if (type === "timestamp") return "instant";
  if (type === "boolean") return "boolean";
  return isNumber && (type === "integer" || type === "decimal") ? "number" : "text";
}

const NUMBER = /^(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The plain decimal of a number that may have an exponent (`1.6147805824397E13`), by moving the point in its digits, so that none is
 * lost; zeros at its ends are left out, so that the two APIs write one text for one value. Null for what is no number.
 */
export function plainDecimal(text: string): string | null {
  const [found, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  if (found === undefined) return null;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const left = (point > 0 ? digits.slice(0, point).padEnd(point, "0") : "").replace(/^0+(?=\d)/, "") || "0";
  const right = (point > 0 ? digits.slice(point) : "0".repeat(-point) + digits).replace(/0+$/, "");
  const plain = right === "" ? left : `${left}.${right}`;
  return plain === "0" ? plain : `${sign}${plain}`;
}

function booleanText(text: string): string | null {
  if (text === "true") return booleanCell(true);
  return text === "false" ? booleanCell(false) : null;
}

const WAYS: Readonly<Record<CellKind, (text: string) => string | null>> = {
  text: (text) => text,
  number: plainDecimal,
  instant: instantOfIso,
  boolean: booleanText,
};

/** The cell of a field's text; null where it is no value of its kind. */
export function cellOf(kind: CellKind, text: string): string | null {
  return WAYS[kind](text);
}

/** An instant as the API writes it, with `Z` or with `+0000`; milliseconds since 1970, NaN for anything else. */
export const instantMs = (text: unknown): number =>
  typeof text === "string" ? Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")) : Number.NaN;
