export type ChangeKind =
  | "column_added"
  | "column_removed"
  | "column_widened"
  | "column_retyped"
  | "nullability_changed"
  | "classification_changed"
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

const CONSEQUENCES: Readonly<Record<ChangeKind, { effect: Effect; consequence: string }>> = {
  column_added: {
    effect: "automatic",
    consequence: "the next run adds the column; rows published before read NULL until they change",
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
  key_changed: {
    effect: "stops",
    consequence: "the run stops where the key is that of a feed or table: load the new key as a new feed and table",
  },
  rule_added: { effect: "automatic", consequence: OLD_ROWS },
  rule_removed: { effect: "automatic", consequence: "rows that wait because of it alone enter when they are read again" },
  rule_tightened: { effect: "automatic", consequence: OLD_ROWS },
  rule_loosened: { effect: "automatic", consequence: "rows that wait because of it alone enter when they are read again" },
  rule_changed: { effect: "automatic", consequence: OLD_ROWS },
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
