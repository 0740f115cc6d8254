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

/** One difference between two versions of a contract. */
export interface ContractChange {
  readonly change: ChangeKind;
  /** A column, a rule id, or the schema object. */
  readonly element: string;
  readonly compatible: boolean;
  readonly says: string;
}

/** Makes a change. */
export function change(kind: ChangeKind, element: string, rest: { compatible: boolean; says: string }): ContractChange {
  return { change: kind, element, ...rest };
}
