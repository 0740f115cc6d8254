import type { Fault } from "./faults.ts";

/** A column's value as its system prints it; null is a missing value. */
export type Cell = string | null;

/** One row's columns by name. */
export type Row = Readonly<Record<string, Cell>>;

/** A feed's name in the pipeline. */
export type FeedId = string;

/** A rule written by hand from the contracts' prose: its id and when a row breaks it. */
export type HandRule = readonly [id: string, isBroken: (row: Row) => boolean];

/** What a feed's contract says of its rows, written by hand. */
export interface FeedRules {
  /** Row rules that keep a row out. */
  readonly rows: readonly HandRule[];
  /** Columns of a published row that must not change. */
  readonly immutable: readonly string[];
  /** What finance calls a row. */
  readonly businessKey: string;
  /** Columns of which each published row has a value of its own. */
  readonly unique: readonly string[];
  /** References to parents, whose children are held while the parent is missing. */
  readonly references: readonly { readonly column: string; readonly parent: FeedId }[];
  /** Columns without which the money of a row cannot be counted; null for a feed without money. */
  readonly money: { readonly amount: string; readonly currency: string; readonly unit: "minor" | "major" } | null;
  /** The column that grows with each change of a row: the newest of a source key counts. Null where each change does. */
  readonly version: string | null;
  /** What the violation of a rule means on the scoreboard, where the rule's id alone does not say it; the first match counts. */
  readonly faults: readonly (readonly [rule: RegExp, fault: Fault])[];
}

/** One feed of a book: how its rows look, and what should become of them. */
export interface Feed {
  readonly id: FeedId;
  /** Its columns in order; a row's version is made of all of them. */
  readonly columns: readonly string[];
  /** The source key of a row, as the product writes it. */
  readonly keyOf: (row: Row) => string;
  /** Whether it comes in files, each of which is all that there is of it; else it is a table. */
  readonly isFiles: boolean;
  /** The share of good rows, among so many at least, below which a run goes on without it; null where no run does. */
  readonly leftOutBelow: { readonly share: number; readonly rows: number } | null;
  /** The instant in ms by which an increment finds a row, told by the real clock; null where the order of commits decides. */
  readonly clock: ((row: Row) => number) | null;
  readonly rules: FeedRules;
  /** The text of a warehouse's value as the feed's system prints it. */
  readonly inSourceWords: (column: string, text: string) => string;
}
