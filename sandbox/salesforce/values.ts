import { javaDouble, plain } from "./decimals.ts";
import { withChecksum } from "./ids.ts";

/** Types of fields, as describe names them. */
export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "picklist"
  | "email"
  | "phone"
  | "url"
  | "boolean"
  | "int"
  | "double"
  | "currency"
  | "percent"
  | "date"
  | "datetime"
  | "address";

/**
 * A value as a row keeps it: numbers are plain decimal text, dates `2026-10-05`, instants ms since 1970. An address has no value of its own.
 */
export type Value = string | number | boolean | null;

/** A row's values by the names of its fields. It is never changed: a change makes another one. */
export type Fields = Readonly<Record<string, Value>>;

/** A value as books are told it. */
export type Given = string | number | boolean | Date | null | undefined;

const NUMBERS: ReadonlySet<FieldType> = new Set<FieldType>(["int", "double", "currency", "percent"]);

/** Whether values of a type are numbers. */
export function isNumeric(type: FieldType): boolean {
  return NUMBERS.has(type);
}

function instant(given: Exclude<Given, null | undefined>): number {
  const at = given instanceof Date ? given.getTime() : typeof given === "number" ? given : Date.parse(String(given));
  if (Number.isNaN(at)) throw new Error(`${String(given)} is no instant`);
  return at;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** What a row keeps of a value that it is given. Throws for a number, a date or an instant that is none. */
export function kept(type: FieldType, given: Given): Value {
  if (given === null || given === undefined || given === "") return null;
  if (NUMBERS.has(type)) return plain(String(given));
  if (type === "boolean") return given === true || given === "true";
  if (type === "datetime") return instant(given);
  if (type === "date" && typeof given === "string" && DAY.test(given)) return given;
  if (type === "date") return new Date(instant(given)).toISOString().slice(0, 10);
  if (type === "id" || type === "reference") return withChecksum(String(given));
  return String(given);
}

const iso = (at: Value) => new Date(Number(at)).toISOString();

const EMPTY: Partial<Record<FieldType, string>> = { boolean: "false" };

/** A value as JSON. No boolean is ever null. */
export function asJson(type: FieldType, value: Value | undefined): string {
  if (value === null || value === undefined) return EMPTY[type] ?? "null";
  if (type === "int") return String(value);
  if (NUMBERS.has(type)) return javaDouble(String(value));
  if (type === "datetime") return `"${iso(value).slice(0, -1)}+0000"`;
  if (type === "boolean") return String(value);
  return JSON.stringify(String(value));
}

/** A value as a field of CSV, without its quotes. */
export function asText(type: FieldType, value: Value | undefined): string {
  if (value === null || value === undefined) return EMPTY[type] ?? "";
  if (type === "datetime") return iso(value);
  if (NUMBERS.has(type) && type !== "int") return javaDouble(String(value));
  return String(value);
}

const quoted = (text: string) => (text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`);

/** How values of a type are written as fields of CSV. Rows that were written together have their stamp, which is made into text once. */
export function csvWriter(type: FieldType): (value: Value | undefined) => string {
  if (type !== "datetime") return (value) => quoted(asText(type, value));
  let last: Value | undefined = null;
  let text = quoted("");
  return (value) => {
    if (value !== last) {
      last = value;
      text = quoted(asText(type, value));
    }
    return text;
  };
}

/** A value of one type as one of another; null where it is none. */
export function retyped(value: Value | undefined, from: FieldType, to: FieldType): Value {
  try {
    return kept(to, asText(from, value));
  } catch {
    return null;
  }
}
