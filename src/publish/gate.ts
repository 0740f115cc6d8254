import type { Severity } from "../contract/rule.ts";

/** What became of a rule or a gate: `fail` and `error` stop the publication. */
export type Verdict = "pass" | "warn" | "fail" | "error";

/** Whether a gate that does not hold stops the publication, or is only told. */
export type GateSeverity = "block" | "warn";

/** Every gate there is, and what becomes of a run in which it does not hold, where nothing makes it milder. `varies`: its caller says which. */
const GATES = {
  manifest: "block",
  control_totals: "block",
  valid_share: "block",
  held_share: "block",
  quarantined_money: "block",
  vanished_share: "block",
  rows_absent: "block",
  restated: "varies",
  healed_deletes: "block",
  healed_unasked: "block",
  missing_keys: "varies",
  duplicate_source_keys: "block",
  duplicates: "block",
  identity_curated: "block",
  identity_flow: "block",
  identity_pool: "block",
  identity_stock: "block",
  identity_quarantine: "block",
  rule: "varies",
  curated_rule: "varies",
  ties: "varies",
  drift: "varies",
  held_total: "warn",
  held_for_absent: "warn",
  left_out: "warn",
  recomputed: "warn",
  new_column: "warn",
  parent_deleted: "warn",
  respelled_keys: "warn",
  quiet_hour: "warn",
  evidence: "warn",
  source: "warn",
  stale: "warn",
  read_whole: "warn",
  attached_tables: "warn",
  cursor_trusted: "warn",
  cursor_frozen: "warn",
  cursor_clock: "warn",
  source_key: "warn",
  key_equality: "warn",
  files_stopped: "warn",
  files_held: "warn",
  files_repeated: "warn",
  files_waiting: "warn",
  files_gone: "warn",
  files_unknown: "warn",
  file_due: "warn",
  objects_missing: "warn",
  objects_forbidden: "warn",
  loading: "warn",
  missed_rows: "warn",
  second_read: "block",
  net_unfinished: "warn",
  deletions_unseen: "warn",
} as const satisfies Readonly<Record<string, GateSeverity | "varies">>;

export type GateName = keyof typeof GATES;
type VaryingGate = { [Name in GateName]: (typeof GATES)[Name] extends "varies" ? Name : never }[GateName];

/** What a gate is about; absent parts are not what tells it from its like. */
export interface GateSubject {
  readonly feed?: string;
  readonly currency?: string;
  /** A curated table. */
  readonly table?: string;
  readonly rule?: string;
  /** Anything else, such as a run whose landed bytes were looked at. */
  readonly subject?: string;
}

/** The outcome of one gate: how far off, against which limit. */
export interface Gate extends GateSubject {
  readonly name: GateName;
  readonly severity: GateSeverity;
  readonly verdict: Verdict;
  readonly observed: string;
  readonly limit: string;
}

/** How severe the gate of a rule is: where no row can be set aside for it any more, all but a warning blocks. */
export function gateSeverity(severity: Severity): GateSeverity {
  return severity === "warn" ? "warn" : "block";
}

/** What was seen of a gate. */
export interface GateOutcome {
  /** Null where it could not be told, because what it looks at could not be computed. */
  readonly holds: boolean | null;
  readonly observed: string;
  readonly limit: string;
}

function verdictOf(holds: boolean | null, severity: GateSeverity): Verdict {
  if (holds) return "pass";
  if (severity === "warn") return "warn";
  return holds === null ? "error" : "fail";
}

/** Makes a gate whose name says how severe it is. */
export function gate(name: Exclude<GateName, VaryingGate>, about: GateSubject, outcome: GateOutcome): Gate {
  return severeGate({ name, severity: GATES[name] }, about, outcome);
}

/** Makes a gate that blocks or warns as a rule or a policy declares. */
export function severeGate(of: { name: GateName; severity: GateSeverity }, about: GateSubject, outcome: GateOutcome): Gate {
  const { holds, observed, limit } = outcome;
  return { ...of, ...about, verdict: verdictOf(holds, of.severity), observed, limit };
}

/** A gate's name and what it is about, for people: `quarantined_money/billing.invoices/USD`. Never parsed. */
export function gateLabel({ name, feed, table, subject, rule, currency }: GateSubject & { readonly name: string }): string {
  return [name, feed, table, subject, rule, currency].filter((part) => part !== undefined).join("/");
}

/** Whether a gate stops the publication. */
export function stops({ verdict }: Pick<Gate, "verdict">): boolean {
  return verdict === "fail" || verdict === "error";
}

/** Whether any gate stops the publication. */
export function isBlocked(gates: readonly Gate[]): boolean {
  return gates.some(stops);
}
