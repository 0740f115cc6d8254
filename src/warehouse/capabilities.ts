/** Facts about an engine. Shared code asks these, never the engine's name; a fact that nothing asks does not stand here. */
export interface Capabilities {
  /** The engine numbers rows of a work table itself, under this column. */
  readonly rowNumber: { readonly column: string; readonly select: string | null };
  /** Rows of every table, published ones too, are numbered so, and rows of given numbers are read without the others. */
  readonly rowsByNumber: boolean;
  /** Who creates and widens tables: every run, before its transaction, or a person by `ledgerloop warehouse apply`. */
  readonly ddl: "by_run" | "by_apply";
  /** The function that composes the characters of a text (Unicode NFC); null where the engine has none. */
  readonly nfc: string | null;
  /** The engine has ANTI JOIN, and plans it better than NOT EXISTS. */
  readonly antiJoin: boolean;
  /** All branches of one statement share the memory that there is: large questions are asked one after the other. */
  readonly branchesShareMemory: boolean;
  /** Curated tables can be views that become tables, and back: DDL is part of a transaction. */
  readonly curatedViews: boolean;
}
