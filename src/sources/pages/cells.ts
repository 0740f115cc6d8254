import type { Column, ColumnPlace, ColumnType } from "../../contract/contract.ts";
import { booleanCell, type Cell, instantOfSeconds } from "../landed-text.ts";
import { isStructure, type JsonValue, jsonText, NumberText } from "./json-value.ts";
import { minorOfStripe } from "./minor-units.ts";
import { pointerNames, valueAt } from "./pointer.ts";

/** All that decides the cell of one column; parameters of a deriver. */
export interface CellSpec {
  readonly name: string;
  readonly type: ColumnType["kind"];
  readonly pointer: string;
  readonly conversion: ColumnPlace["conversion"];
  /** Where the currency of an amount stands; null for what is no amount. */
  readonly currency: string | null;
}

/** How the columns of a contract are found in records of JSON. Columns without a place have no value. */
export function cellSpecs(columns: readonly Column[]): CellSpec[] {
  const pointerOf = (name: string | undefined) => columns.find((column) => column.name === name)?.place?.pointer ?? null;
  return columns.map(({ name, type, place, money }) => ({
    name,
    type: type.kind,
    pointer: place?.pointer ?? "",
    conversion: place?.conversion ?? null,
    currency: pointerOf(money?.currency),
  }));
}

/** The text of a value, and whether it is the source's own because the value is none that the column takes. */
interface Converted {
  readonly cell: Cell;
  readonly isConverted: boolean;
}

/** Gives the cell of a column for a record. */
export type CellReader = (record: JsonValue) => Converted;

const NULL: Converted = { cell: null, isConverted: true };

const converted = (cell: string): Converted => ({ cell, isConverted: true });

function scalarText(value: string | number | boolean | NumberText, type: ColumnType["kind"]): string {
  if (value instanceof NumberText) return value.text;
  return typeof value === "boolean" && type === "boolean" ? booleanCell(value) : String(value);
}

/** What a value is without a conversion; structures keep their text and are no value. */
function asItIs(value: JsonValue, type: ColumnType["kind"]): Converted {
  if (value === null) return NULL;
  return isStructure(value) ? { cell: jsonText(value), isConverted: false } : converted(scalarText(value, type));
}

/** What a conversion makes of a value; null where it cannot make anything of it. */
type Conversion = (value: JsonValue, of: { readonly type: ColumnType["kind"]; readonly currency: JsonValue | undefined }) => Cell;

const CONVERSIONS: Readonly<Record<NonNullable<ColumnPlace["conversion"]>, Conversion>> = {
  epoch_seconds: (value, { type }) => {
    const instant = typeof value === "number" ? instantOfSeconds(value) : null;
    return type === "date" ? (instant?.slice(0, 10) ?? null) : instant;
  },
  upper_case: (value) => (typeof value === "string" ? value.toUpperCase() : null),
  json: (value) => jsonText(value),
  "stripe@1": (value, { currency }) => {
    // Nothing is nothing in every currency, and Stripe names none for a customer without a balance.
    if (value === 0 && (currency ?? null) === null) return "0";
    const isAmount = typeof value === "number" || value instanceof NumberText;
    return isAmount && typeof currency === "string" ? minorOfStripe(scalarText(value, "integer"), currency.toUpperCase()) : null;
  },
};

/** Reads a column's cell out of records as its spec says. */
export function cellReader({ type, pointer, conversion, currency }: CellSpec): CellReader {
  const names = pointerNames(pointer);
  const currencyNames = currency === null ? null : pointerNames(currency);
  const convert = conversion && CONVERSIONS[conversion];
  return (record) => {
    const value = valueAt(record, names) ?? null;
    if (value === null || !convert) return asItIs(value, type);
    const cell = convert(value, { type, currency: currencyNames ? valueAt(record, currencyNames) : undefined });
    return cell === null ? { ...asItIs(value, type), isConverted: false } : converted(cell);
  };
}
