import { dateConversion, plainDate } from "./date-text.ts";
import type { Codec } from "./encoding.ts";
import type { FileSpec, LayoutColumn, TargetColumn } from "./layout.ts";
import { type Convert, numberConversion, plainNumber, saysNumbers } from "./number-text.ts";

/** Where the cells of one column of the row file come from. */
export interface CellPlan {
  readonly name: string;
  /** The field of the record; -1 where the file does not have the column. */
  readonly field: number;
  /** The cell of a column that the file does not have; empty for NULL. */
  readonly constant: Uint8Array;
  /** How its text becomes the text of its type; null for text that is taken as it is. */
  readonly convert: Convert | null;
  /** Whether its sum is taken. */
  readonly isAmount: boolean;
  /** Whether it names the record. */
  readonly isRecord: boolean;
}

/** A text as a quoted cell. */
export function quotedCell(text: string): Uint8Array {
  return Buffer.from(`"${text.replaceAll('"', '""')}"`);
}

/** Strings are taken as they are; so are instants and booleans, of which a row file's own forms are the only ones, and dates of a format. */
function conversionOf(column: LayoutColumn, { type, format }: TargetColumn, codec: Codec): Convert | null {
  switch (type.kind) {
    case "integer":
    case "decimal":
      return saysNumbers(column) ? numberConversion(column, codec) : plainNumber;
    case "date":
      if (column.dates) return dateConversion(column.dates);
      return format ? null : plainDate;
    default:
      return null;
  }
}

/** How the cells of each column of a contract are made of a file's fields, in the contract's order. */
export function planCells({ layout, columns, amount, record }: FileSpec, fields: readonly number[], codec: Codec): CellPlan[] {
  return columns.map((target) => {
    const nth = layout.columns.findIndex(({ column }) => column === target.name);
    const written = layout.columns[nth];
    const constant = layout.constants[target.name];
    return {
      name: target.name,
      field: fields[nth] ?? -1,
      constant: constant === undefined ? new Uint8Array(0) : quotedCell(constant),
      convert: written ? conversionOf(written, target, codec) : null,
      isAmount: target.name === amount,
      isRecord: target.name === record?.column,
    };
  });
}
