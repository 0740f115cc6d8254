import type { Statement } from "./dialect.ts";
import type { TextRow } from "./warehouse.ts";

/** What statements of one kind have cost. */
export interface CostLine {
  readonly stage: string;
  /** Feed or curated table; `-` where a statement is about several. */
  readonly table: string;
  /** A rule that is asked by itself; `-` for the many that one scan judges together. */
  readonly rule: string;
  readonly statement: string;
  readonly statements: number;
  readonly seconds: number;
  /** Decimal text; null where the account attributes no credits to these statements. */
  readonly credits: string | null;
  readonly bytesScanned: number;
}

/** How an engine tells what this program's statements have cost. */
export interface CostReport {
  /** Statements of the last days, grouped by what stands in their tags. */
  query(days: number): Statement;
  parse(rows: readonly TextRow[]): CostLine[];
}
