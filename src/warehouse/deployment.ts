import type { ColumnType } from "../contract/contract.ts";
import type { Schema, Statement } from "./dialect.ts";

/** A numbered file of DDL; files are run in the order of their names, each statement safe to repeat. */
export interface DdlFile {
  /** E.g. `050_tables`. */
  readonly name: string;
  /** What it is for, and what an administrator should know before running it. */
  readonly about: string;
  /** Why not every account can or should have it; the warehouse works without. Absent: runs need it. */
  readonly optional?: string;
  /** Holds a decision or a value that only a person can give: printed, never executed. */
  readonly byHand?: boolean;
  /** Must be run before anybody can ask what is there. */
  readonly foundation?: boolean;
  readonly statements: readonly Statement[];
}

/** A table or view of the pipeline, and what of it the account's objects depend on. */
export interface TableFacts {
  readonly schema: Schema;
  /** As the engine calls the table. */
  readonly name: string;
  /** Its view of live rows, for a table that reports read; else null. */
  readonly view: string | null;
  /** Contract columns, then the engine's own where readers need them. */
  readonly columns: readonly string[];
  /** Columns that the contract classifies as personal. */
  readonly personal: readonly { readonly column: string; readonly type: ColumnType }[];
  /** The date by which large tables are pruned; null where nothing says which. */
  readonly prunedBy: string | null;
}

/** What a deployment is made of, in words of no engine. */
export interface DeploymentFacts {
  readonly database: string;
  /** Where landed files lie, for an engine that reads them there; null for a folder. */
  readonly landing: string | null;
  readonly tables: readonly TableFacts[];
  /** Fence tables in schema `ops`: the only ones there that are updated. */
  readonly fences: readonly string[];
  /** The statements that create the tables and views themselves. */
  readonly tableDdl: readonly Statement[];
}
