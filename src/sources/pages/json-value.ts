import { parse } from "lossless-json";

/** A number of JSON in the digits of its text, where a double would have others. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of JSON in which no number has lost a digit: those that a double holds with the same text are numbers. */
export type JsonValue = string | number | NumberText | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * Where a number begins that a double may write otherwise: one with a point, an exponent, sixteen digits or a minus before a zero. A
 * number stands at the beginning or behind one of `:`, `,` and `[`; in strings the pattern may be met too, which only costs time.
 */
const INEXACT = /(?:^|[:,[])[ \t\n\r]*(?:-0|-?\d{16}|-?\d+[.eE])/;

const numberOf = (text: string) => {
  const value = Number(text);
  return Number.isSafeInteger(value) && String(value) === text ? value : new NumberText(text);
};

/**
 * Reads JSON without changing a digit of its numbers. Of a name that stands twice in an object the last value counts.
 * @throws SyntaxError where it is no JSON, RangeError where it is nested too deep to be read.
 */
export function parseJson(text: string): JsonValue {
  if (!INEXACT.test(text)) return JSON.parse(text) as JsonValue;
  return parse(text, null, { parseNumber: numberOf, onDuplicateKey: ({ newValue }) => newValue }) as JsonValue;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}

/** Whether a value has members or elements, however many. */
export function isStructure(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return Array.isArray(value) || isObject(value);
}

/** The value as compact JSON, names sorted by their UTF-16 units at every level, numbers with the digits they came with. */
export function jsonText(value: JsonValue): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${jsonText(value[name] as JsonValue)}`).join(",")}}`;
}
