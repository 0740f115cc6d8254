import type { Position } from "../kernel/problem.ts";
import type { Rule } from "./rule.ts";

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
  readonly description?: string;
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
  /** Columns of the ODCS primary key, in `primaryKeyPosition` order. */
  readonly primaryKey: readonly string[];
  readonly rules: readonly Rule[];
  readonly serviceLevels: readonly ServiceLevel[];
  /** Hash of everything that decides the labels. */
  readonly fingerprint: string;
  readonly file: string;
}
