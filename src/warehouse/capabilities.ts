/** Facts about an engine. Shared code asks these, never the engine's name. */
export interface Capabilities {
  /** Landed files are read where they lie (a view), or copied into a raw table first. */
  readonly readsLandedFiles: boolean;
  /** The engine numbers rows of a work table itself, under this column. */
  readonly rowNumber: { readonly column: string; readonly select: string | null };
  /** COMMIT alone makes a transaction durable; otherwise a checkpoint does. */
  readonly commitIsDurable: boolean;
  /** DDL inside a transaction commits it. */
  readonly ddlCommits: boolean;
  /** Who creates and widens tables: every run, before its transaction, or a person by `ledgerloop warehouse apply`. */
  readonly ddl: "by_run" | "by_apply";
  /** Unquoted identifiers are folded to this case before they are looked up. */
  readonly identifierCase: "upper" | "insensitive";
  readonly maxIdentifierLength: number;
}
