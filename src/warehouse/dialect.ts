import type { ColumnType } from "../contract/contract.ts";
import type { Capabilities } from "./capabilities.ts";

/** Schemas of the warehouse; `work` holds one run's tables and no data that outlives it. */
export type Schema = "raw" | "staging" | "curated" | "history" | "ops";

/** A statement with the readable name under which it is logged, counted and kept as a golden file. */
export interface Statement {
  readonly name: string;
  readonly sql: string;
}

export type Literal = string | bigint | number | boolean | null;

/** Writes SQL text for one engine. Pure: no connection, no clock. */
export interface Dialect {
  readonly name: string;
  readonly can: Capabilities;

  identifier(name: string): string;
  literal(value: Literal): string;
  /** A UTC instant with microseconds, from an ISO text. */
  timestamp(iso: string): string;
  table(schema: Schema, name: string): string;
  work(name: string): string;
  createWork(name: string, select: string): string;

  columnType(type: ColumnType): string;
  /** A query of all columns in these schemas: table_schema, table_name, column_name (lower case) and data_type, as `columnType` writes it. */
  columnsOf(schemas: readonly Schema[]): string;
  /** Gives a table another name in its schema. */
  renameTable(schema: Schema, names: { readonly from: string; readonly to: string }): string;
  /** The engine's type of a row hash. */
  readonly hashType: string;
  /** The engine's type of what `textHash` gives. */
  readonly textHashType: string;
  /** The engine's type for sums of minor units: exact integers of 38 digits. */
  readonly minorType: string;

  /** The typed value of a text, NULL where it cannot be read; may be lenient, see `isMisread`. */
  tryCast(text: string, type: ColumnType): string;
  /** True where `text` is not NULL and is not exactly what `typed` stands for (scale, range, NaN, lenient forms). */
  isMisread(options: { text: string; typed: string; type: ColumnType }): string;
  /** The text that PostgreSQL's COPY writes for most values of a type that stands in a typed column. */
  landedText(typed: string, type: ColumnType): string;
  /** True where the pattern occurs in the text (unanchored, RE2 syntax). */
  matches(text: string, pattern: string): string;
  /** True where bit `bit` (0–62) of an integer mask is set. */
  hasBit(mask: string, bit: number): string;
  /** True where any bit of a constant is set in a mask. */
  hasAnyBit(mask: string, bits: bigint): string;
  /** One value per list of texts; NULL and '' differ, and no other two lists of real data collide. */
  rowHash(texts: readonly string[]): string;
  /** A value of 63 or 64 bits for each text; anything for NULL. */
  textHash(text: string): string;
  /** How many octets a text has in UTF-8. */
  octets(text: string): string;
  /** A text for each row hash, another one for another hash. */
  hashText(hash: string): string;
  /** An exact integer for up to 15 hexadecimal digits in lower case; others of a hash seldom give the same. */
  hexNumber(digits: string): string;
  countIf(condition: string): string;
  /** JSON object text from key to SQL text expression. */
  jsonObject(entries: readonly (readonly [key: string, text: string])[]): string;
  /** The text under a key of JSON object text; NULL if null or absent. */
  jsonText(json: string, key: string): string;
  /** True for a text that is JSON, whatever JSON it is. */
  isJson(text: string): string;
  /** Whole hours from one instant to another, as a comparison `a + hours <= b`. */
  isOlderThan(options: { since: string; now: string; hours: number }): string;
}
