export type ChangeKind =
  | "column_added"
  | "column_removed"
  | "column_widened"
  | "column_retyped"
  | "nullability_changed"
  | "classification_changed"
  | "header_changed"
  | "money_changed"
  | "format_changed"
  | "derived_added"
  | "derived_changed"
  | "key_changed"
  | "rule_added"
  | "rule_removed"
  | "rule_tightened"
  | "rule_loosened"
  | "rule_changed"
  | "version_not_raised";

/** What a run does with a change: it goes on, it waits for a person's decision, or it stops until the change is taken back. */
export type Effect = "automatic" | "decision" | "stops";

/** One difference between two versions of a contract. */
export interface ContractChange {
  readonly change: ChangeKind;
  /** A column, a rule id, or the schema object. */
  readonly element: string;
  readonly compatible: boolean;
  readonly says: string;
  readonly effect: Effect;
  /** What the next run does, and the way out where it does not go on. */
  readonly consequence: string;
}

const OLD_ROWS =
  "published rows are not judged again until they change; `ledgerloop plan --data` counts those that would break it";

const WAITING_ROWS = "rows that wait because of it alone enter when they are read again: nothing else judges them";

/** Changes that reach rows which are published or wait already only when these are read again. */
const REACHED_BY_READING: ReadonlySet<ChangeKind> = new Set([
  "column_added",
  "column_widened",
  "nullability_changed",
  "rule_removed",
  "rule_loosened",
  "rule_changed",
] as const);

/** Whether a whole read brings a change to rows that were read before it. */
export function isReachedByReading({ change: kind, compatible }: Pick<ContractChange, "change" | "compatible">): boolean {
  return REACHED_BY_READING.has(kind) && (kind !== "nullability_changed" || compatible);
}

const CONSEQUENCES: Readonly<Record<ChangeKind, { effect: Effect; consequence: string }>> = {
  column_added: {
    effect: "automatic",
    consequence: "the next run adds the column; rows published before read NULL until they change or are read whole",
  },
  column_removed: {
    effect: "decision",
    consequence:
      "a curated column stops the run until it is back or `run --accept-removed` is given; a feed's stays, no longer filled",
  },
  column_widened: { effect: "automatic", consequence: "the next run widens the column before its transaction" },
  column_retyped: { effect: "stops", consequence: "the run stops: give the new type a new column, or take the change back" },
  nullability_changed: { effect: "automatic", consequence: OLD_ROWS },
  classification_changed: { effect: "automatic", consequence: "samples and quarantine payloads written from now on follow it" },
  header_changed: { effect: "automatic", consequence: "files whose header has the old name are stopped from now on" },
  format_changed: {
    effect: "automatic",
    consequence: "values are read by the new format from now on; rows whose texts it does not have are quarantined",
  },
  derived_added: {
    effect: "automatic",
    consequence: "the next run adds the column to staging and fills it in every row",
  },
  derived_changed: {
    effect: "stops",
    consequence: "the run stops: published rows have it as it was; give another one another name",
  },
  money_changed: { effect: "automatic", consequence: "`ledgerloop check` reads and sums the amounts of files by it from now on" },
  key_changed: {
    effect: "stops",
    consequence: "the run stops where the key is that of a feed or table: load the new key as a new feed and table",
  },
  rule_added: { effect: "automatic", consequence: OLD_ROWS },
  rule_removed: { effect: "automatic", consequence: WAITING_ROWS },
  rule_tightened: { effect: "automatic", consequence: OLD_ROWS },
  rule_loosened: { effect: "automatic", consequence: WAITING_ROWS },
  rule_changed: { effect: "automatic", consequence: `${OLD_ROWS}; rows that wait for it are when they are read again` },
  version_not_raised: {
    effect: "automatic",
    consequence: "`_contract_version` of new rows would not tell the two apart: raise it",
  },
};

/** Makes a change; its consequence follows from its kind unless it is given. */
export function change(
  kind: ChangeKind,
  element: string,
  rest: { compatible: boolean; says: string; effect?: Effect; consequence?: string },
): ContractChange {
  return { change: kind, element, ...CONSEQUENCES[kind], ...rest };
}
