import type { Position } from "../kernel/problem.ts";
import type { TextFormat } from "./text-format.ts";

/** What happens to a row (or to the batch) that breaks a rule. */
export type Severity = "block" | "quarantine" | "warn";

/** Whether NULL passes a rule. Declared per rule, never left to SQL's three-valued logic. */
export type NullPolicy = "pass" | "fail";

interface RuleBase {
  /** `<column>.<kind>` for implied rules, the entry's own `id` for explicit ones. Unique in a contract. */
  readonly id: string;
  readonly columns: readonly string[];
  readonly severity: Severity;
  readonly nulls: NullPolicy;
  readonly owner: string;
  readonly description?: string;
  /** Hash of kind, columns and parameters; stored with every verdict. */
  readonly fingerprint: string;
  /** Where the rule was written; absent for rules that tests or the engine make themselves. */
  readonly at?: Position;
}

/** A limit on a value as canonical text (`"0"`, `"2026-01-01"`). */
export interface Bound {
  readonly value: string;
  readonly exclusive: boolean;
}

/** Rules decided by one row alone; all are evaluated in one scan. */
export type RowRule = RuleBase &
  /** Broken by a text that is no value of its column's type, by the format of the column where it has one. */
  (
    | { readonly kind: "type"; readonly format?: TextFormat }
    | { readonly kind: "required" }
    | { readonly kind: "length"; readonly min?: number; readonly max?: number }
    | { readonly kind: "pattern"; readonly pattern: string }
    | { readonly kind: "accepted"; readonly values: readonly string[] }
    | { readonly kind: "range"; readonly min?: Bound; readonly max?: Bound; readonly multipleOf?: string }
    | { readonly kind: "expression"; readonly expression: string }
    | { readonly kind: "immutable" }
    /** Broken by a record that its source's reader could not read (`_fault`); such a row breaks no other row rule. */
    | { readonly kind: "record" }
  );

/** An ODCS comparison operator on an aggregate; bounds are exact decimal text, `between` is inclusive. */
export interface Operator {
  readonly name:
    | "mustBe"
    | "mustNotBe"
    | "mustBeGreaterThan"
    | "mustBeGreaterOrEqualTo"
    | "mustBeLessThan"
    | "mustBeLessOrEqualTo"
    | "mustBeBetween"
    | "mustNotBeBetween";
  readonly operands: readonly string[];
}

/** Which of several unpublished claims on one key may enter. */
export interface Survivor {
  readonly order: "newest" | "oldest";
  readonly by: string;
}

/** Differences of spelling that a `unique` rule may overlook, in the order in which a key is freed of them. */
export const NORMALISATIONS = ["nfc", "trim", "casefold", "integral", "leading_zeros"] as const;

export type Normalisation = (typeof NORMALISATIONS)[number];

/** What of a key is compared instead of its value. */
export interface NormalForm {
  /** In the order of `NORMALISATIONS`. */
  readonly forms: readonly Normalisation[];
  /** Columns of the rule that are texts; its other ones are compared by value. */
  readonly texts: readonly string[];
}

/** What a row of a `ties` rule is called whose other side waits. */
export const WAITING = "waiting";

/** Where the other side of a row may wait: it is not missing then. */
export interface WaitingSide {
  /** States of rows whose other side is not published. */
  readonly states: readonly string[];
  /** The column with the id of the other side's feed. */
  readonly feed: string;
  /** Columns of its source key, in the feed's order. */
  readonly key: readonly string[];
}

/** Rules decided by a set of rows. */
export type SetRule = RuleBase &
  (
    | { readonly kind: "unique"; readonly survivor?: Survivor; readonly normalise?: NormalForm }
    | {
        readonly kind: "foreign_key";
        /** Schema object (feed name within the source, or curated table) and columns that are referred to. */
        readonly parent: { readonly object: string; readonly columns: readonly string[] };
        readonly action: "hold" | "quarantine";
        /** A held row older than this becomes quarantined. */
        readonly holdHours: number;
      }
    /** Rows with the same values in the determinants have the same in what these determine; NULL in a determinant says nothing. */
    | {
        readonly kind: "functional_dependency";
        readonly determinants: readonly string[];
        readonly determines: readonly string[];
        /** Only rows that differ from the strict majority of their group break the rule; without one all do. */
        readonly majority: boolean;
      }
    | { readonly kind: "row_count"; readonly operator: Operator }
    | { readonly kind: "sum_equals"; readonly left: string; readonly right: string; readonly by: readonly string[] }
    | { readonly kind: "sql"; readonly query: string; readonly operator: Operator }
    /** Rows (or percent of rows) for which a row condition fails, compared with an operator. */
    | {
        readonly kind: "metric";
        readonly metric: "nullValues" | "missingValues" | "invalidValues" | "duplicateValues";
        readonly unit: "rows" | "percent";
        readonly values?: readonly string[];
        readonly pattern?: string;
        readonly operator: Operator;
      }
    /** Rows of a curated table by what its model says of them: two sides agree, they differ, or they cannot be compared. */
    | {
        readonly kind: "ties";
        /** The column with the row's state. */
        readonly state: string;
        readonly tied: readonly string[];
        readonly differs: readonly string[];
        /** Columns of the money at stake. */
        readonly amount: string;
        readonly currency: string;
        readonly waiting?: WaitingSide;
      }
  );

export type Rule = RowRule | SetRule;

const ROW_KINDS: ReadonlySet<Rule["kind"]> = new Set([
  "type",
  "required",
  "length",
  "pattern",
  "accepted",
  "range",
  "expression",
  "immutable",
  "record",
] as const);

/** True for rules that one row alone decides (`immutable` also reads the published row of the same key). */
export function isRowRule(rule: Rule): rule is RowRule {
  return ROW_KINDS.has(rule.kind);
}
