import type { Position } from "../kernel/problem.ts";
import type { Rule } from "./rule.ts";
import type { TextFormat } from "./text-format.ts";

/** What a column holds, independent of an engine. Decimals and integers are exact; there is no float. */
export type ColumnType =
  | { readonly kind: "string"; readonly maxLength?: number }
  | { readonly kind: "integer"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "date" }
  | { readonly kind: "timestamp" };

/** That a column holds amounts: whole minor units of the currency in another column, or decimals of it. */
export interface ColumnMoney {
  readonly unit: "minor" | "major";
  readonly currency: string;
}

/**
 * What a value of JSON goes through before it is landed. `epoch_seconds`: whole seconds since 1970 become an instant, or a day in UTC.
 * `upper_case`: letters. `json`: whatever stands there is kept as compact JSON text with sorted keys. `stripe@1`: an amount in the minor
 * units that Stripe counts in becomes one in those of ISO 4217; its currency is the one that the column's `money` names.
 */
export const CONVERSIONS = ["epoch_seconds", "upper_case", "json", "stripe@1"] as const;

/** Where a column's value stands in a record of JSON. */
export interface ColumnPlace {
  /** JSON pointer below the record. */
  readonly pointer: string;
  readonly conversion: (typeof CONVERSIONS)[number] | null;
}

/** What a column is made of, as ODCS `transformSourceObjects` says it. */
export interface Lineage {
  /** `<feed>.<column>` or `curated.<table>.<column>`, where several are asked one after another in that order. */
  readonly of: readonly { readonly written: string; readonly at: Position }[];
  readonly at: Position;
}

/** One property of an ODCS schema object. */
export interface Column {
  readonly name: string;
  /** What files call it in their header, where that is another name. */
  readonly physicalName?: string;
  readonly type: ColumnType;
  readonly required: boolean;
  /** ODCS `classification`; `pii` says whether the value is masked in every output. */
  readonly classification?: string;
  readonly pii: boolean;
  /** A timestamp that the contract declares to be without a zone: the text of some clock, no instant. */
  readonly isLocal?: true;
  readonly money?: ColumnMoney;
  readonly place?: ColumnPlace;
  /** How the source spells its values; absent where these are landed texts of their type. */
  readonly format?: TextFormat;
  readonly description?: string;
  /** Absent where the contract does not say it. */
  readonly lineage?: Lineage;
  /** ODCS `transformDescription`: how it is made of them, and what it is where they are NULL. */
  readonly transformed?: string;
  readonly at: Position;
}

/**
 * A part of a derived text. `ends`: the character that ends a column behind which another one stands; there it and `\` have a `\` before
 * them, so that unlike rows never make one text.
 */
export type DerivedPart = { readonly text: string } | { readonly column: string; readonly ends: string | null };

/** A text that staging has beside the columns that a feed brings: made of other columns of the row, and never landed. */
export interface DerivedColumn {
  readonly name: string;
  /** As it is written: `stripe:{id}`. */
  readonly template: string;
  readonly parts: readonly DerivedPart[];
  /** Whether a column that it is made of is personal. */
  readonly pii: boolean;
  readonly at: Position;
}

/** A service level as ODCS `slaProperties` states it. Parsed and shown; monitors use it later. */
export interface ServiceLevel {
  readonly property: string;
  readonly value: string;
  readonly unit?: string;
  readonly element?: string;
}

/** An executable contract: one ODCS document with one schema object, for a feed or a curated table. */
export interface Contract {
  readonly id: string;
  readonly version: string;
  readonly status: string;
  readonly owner: string;
  /** The name of the schema object: a feed's or a curated table's name. */
  readonly object: string;
  readonly columns: readonly Column[];
  /** None in the contract of a curated table. */
  readonly derived: readonly DerivedColumn[];
  /** JSON pointer of the list in a record whose elements are the rows, below which columns have their places; absent where a record is a row. */
  readonly rows?: string;
  /** Columns of the ODCS primary key, in `primaryKeyPosition` order. */
  readonly primaryKey: readonly string[];
  readonly rules: readonly Rule[];
  readonly serviceLevels: readonly ServiceLevel[];
  /** Hash of everything that decides the labels. */
  readonly fingerprint: string;
  readonly file: string;
}
