import type { Contract } from "../contract/contract.ts";
import type { Rule } from "../contract/rule.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { FileReaders, LayoutChoice, StoppedFile } from "./trial-reader.ts";

/** What somebody wants to know: whether these files keep this contract. */
export interface TrialAsked {
  readonly files: readonly string[];
  /** Path of the contract. */
  readonly contract: string;
  /** Null for plain files with the contract's columns as their header. */
  readonly layout: Pick<LayoutChoice, "file" | "layout"> | null;
  /** Files with the keys of objects that foreign keys refer to, by the objects' names. */
  readonly references: ReadonlyMap<string, string>;
  /** Where the bytes of rows that are not valid are written; null for nowhere. */
  readonly quarantine: string | null;
}

/** How far a trial is. */
export type TrialEvent =
  | { readonly event: "reading"; readonly path: string; readonly bytes: number; readonly size: number }
  | { readonly event: "read"; readonly path: string; readonly size: number }
  | { readonly event: "judging"; readonly rows: number }
  | { readonly event: "writing"; readonly folder: string };

/** What a trial works with. */
export interface TrialTools {
  readonly readers: FileReaders;
  /** A warehouse that leaves nothing behind, with a folder for what does not fit into memory. */
  readonly openWarehouse: (spill: string) => Promise<Warehouse>;
  /** Where row files are kept while the trial lasts. */
  readonly temporary: string;
  readonly tell: (event: TrialEvent) => void;
}

/** What became of the rows of one file, or of all: `rows = valid + quarantined + malformed`. */
export interface RowCounts {
  readonly rows: bigint;
  /** Copies of a valid row among them. */
  readonly valid: bigint;
  readonly copies: bigint;
  /** Rows that a run would keep out: those that lack their parent too. */
  readonly quarantined: bigint;
  readonly malformed: bigint;
}

export interface TriedFile extends RowCounts {
  readonly path: string;
  readonly stopped: StoppedFile | null;
}

/** A rule of the contract, and how many rows broke it. A rule over a whole batch is broken by one thing: the batch. */
export interface TriedRule {
  readonly id: string;
  readonly kind: Rule["kind"] | "money";
  readonly severity: Rule["severity"];
  readonly failed: bigint | "not_run";
  /** Why it was not run, and what to do about it; null where it was. */
  readonly notRun: { readonly says: string; readonly next: string | null } | null;
}

/** Rules that were broken by the same rows, and by how many. */
export interface Combination {
  readonly rules: readonly string[];
  readonly rows: bigint;
}

/** Sums of a column's amounts that could be read, as decimal texts. */
export interface Total {
  readonly column: string;
  /** `-` for none, `?` for what is no code of three letters. */
  readonly currency: string;
  readonly all: string;
  readonly valid: string;
  readonly quarantined: string;
}

/** A record of a file. */
export interface RecordPlace {
  readonly path: string;
  /** From 1. */
  readonly record: number;
}

/** A record that repeats an earlier one. */
export interface Copy extends RecordPlace {
  readonly of: RecordPlace;
}

/** What became of the files. */
export interface Trial extends RowCounts {
  readonly contract: Pick<Contract, "id" | "version">;
  readonly files: readonly TriedFile[];
  readonly rules: readonly TriedRule[];
  /** The most frequent first. */
  readonly combinations: readonly Combination[];
  readonly totals: readonly Total[];
  /** The first copies of valid rows. */
  readonly copied: readonly Copy[];
  /** Whether a run would take all of it: no row kept out, no file stopped, no set of rows refused, no rule that failed to run. */
  readonly ok: boolean;
}
