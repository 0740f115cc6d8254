import type { JsonObject } from "../json.ts";
import { expectKnown, integer } from "./filters.ts";
import { listOf, type Params } from "./form.ts";
import { invalid } from "./refusal.ts";

/** The fields of a write, by name. An empty text unsets a field. */
export interface Sent {
  /** Undefined where it was not sent, null where it was sent empty. */
  text(name: string): string | null | undefined;
  /** Refuses a write without it. */
  needed(name: string): string;
  /** A whole number. */
  number(name: string): number | undefined;
  flag(name: string): boolean;
  /** The map with what was sent laid over it; an empty value takes a name away. */
  metadata(before?: JsonObject): JsonObject | undefined;
  /** Each entry of a list of objects. Refuses entries with other fields. */
  list(name: string, known: readonly string[]): Sent[];
  inner(name: string, known: readonly string[]): Sent | undefined;
}

/** Reads the fields of a write. Refuses fields that are not among the known ones. */
export function sentFields(params: Params, known: readonly string[]): Sent {
  expectKnown(params, known);
  const text: Sent["text"] = (name) => {
    const value = params[name];
    if (typeof value === "object") throw invalid(`Invalid string: ${name}`, { param: name });
    return value === "" ? null : value;
  };
  return {
    text,
    needed: (name) => {
      const value = text(name);
      if (value) return value;
      throw invalid(`Missing required param: ${name}.`, { code: "parameter_missing", param: name });
    },
    number: (name) => {
      const value = params[name];
      return value === undefined ? undefined : integer(value, name);
    },
    flag: (name) => text(name) === "true",
    metadata: (before = {}) => {
      const value = params["metadata"];
      if (value === undefined) return undefined;
      if (typeof value === "string") return {};
      const laid = { ...before, ...(value as Record<string, string>) };
      return Object.fromEntries(Object.entries(laid).filter(([, one]) => one !== ""));
    },
    list: (name, fields) => listOf(params[name]).flatMap((one) => (typeof one === "object" ? [sentFields(one, fields)] : [])),
    inner: (name, fields) => {
      const value = params[name];
      return typeof value === "object" ? sentFields(value, fields) : undefined;
    },
  };
}

/** The entries of an object whose value is not undefined. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
