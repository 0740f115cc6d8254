import type { CellKind } from "./field-text.ts";

/** How one column of the row files is found in records. */
export interface CellSpec {
  readonly name: string;
  /** The field's API name; null for one that the records do not have. */
  readonly field: string | null;
  readonly kind: CellKind;
  /** What stands in a column whose field the records do not have. */
  readonly constant: string | null;
}

/** Pages in a row, and what is taken of them; of all others nothing is. */
export interface PagePart {
  /** Records, ids of all records, the log of deletions, or what only says which records are not taken elsewhere. */
  readonly of: "records" | "ids" | "log" | "ignored";
  readonly first: number;
  readonly last: number;
  /** Records that were read again later: nothing is taken of them here. */
  readonly except: readonly string[];
}

/** All that decides the row files of an extract beside its pages. */
export interface SalesforceParameters {
  /** Of the row files: `_position`, those about records, the contract's. */
  readonly columns: readonly string[];
  readonly cells: readonly CellSpec[];
  /** The column of the contract that holds the id. */
  readonly key: string;
  /** Records that are there, or those that were merged into others. */
  readonly records: "current" | "merged";
  readonly parts: readonly PagePart[];
  /** Whether deleted records are told; where everything is read, they are those that are not there. */
  readonly tellsDeleted: boolean;
  /** Whether all ids are told. */
  readonly tellsIds: boolean;
}

/** What a record is to its feed. */
export type Standing = "row" | "deleted" | "nothing";

/** Tells what a record is to a feed, by the texts of its fields `IsDeleted` and `MasterRecordId`. */
export function standingOf(
  { records }: Pick<SalesforceParameters, "records">,
  isDeletedText: string | null,
  masterOf: () => string | null,
): Standing {
  const isDeleted = isDeletedText === "true";
  if (records === "current") return isDeleted ? "deleted" : "row";
  if (!isDeleted) return "deleted";
  return masterOf() === null ? "nothing" : "row";
}
