import type { Stopped } from "./file-facts.ts";
import type { LayoutColumn } from "./layout.ts";

/** Which fields of a record the layout's columns are. */
export interface HeaderMatch {
  /** The field of each column of the layout. */
  readonly fields: readonly number[];
  /** How many fields a record has. */
  readonly width: number;
  /** What the header has beyond the layout. */
  readonly added: readonly string[];
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

function stop(says: string): Stopped {
  return { reason: "header", says };
}

function isInOrder(fields: readonly number[]): boolean {
  return fields.every((field, i) => i === 0 || field > (fields[i - 1] ?? 0));
}

/**
 * Finds the layout's columns in a header. Columns may have been added, anywhere; nothing else may have changed.
 * What a header has that no layout names may be a row's values, so it is told only beside all that was expected.
 */
export function matchHeader(columns: readonly LayoutColumn[], names: readonly string[]): HeaderMatch | Stopped {
  const declared = columns.map(({ header }) => header);
  const missing = declared.filter((name) => !names.includes(name));
  if (missing.length === declared.length) return stop("the first record names none of the layout's columns");
  const twice = declared.filter((name) => names.filter((other) => other === name).length > 1);
  if (twice.length > 0) return stop(`the header has ${quoted(twice)} more than once`);
  if (missing.length > 0) return stop(`the header does not have ${quoted(missing)}`);
  const fields = declared.map((name) => names.indexOf(name));
  if (!isInOrder(fields)) return stop("the header has the layout's columns in another order");
  const added = names.filter((name) => !declared.includes(name));
  if (new Set(added).size < added.length) return stop("the header has an added column more than once");
  return { fields, width: names.length, added };
}

/** The columns of a file without a header: known by their places. */
export function matchPlaces(columns: readonly LayoutColumn[]): HeaderMatch {
  return { fields: columns.map((_, i) => i), width: columns.length, added: [] };
}
