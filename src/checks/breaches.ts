import { type BitRule, parentQuarantinedId } from "../contract/check-plan.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { concatenated } from "../warehouse/sql-text.ts";
import { breaksDependency } from "./dependencies.ts";
import { type FeedBatch, maskColumn } from "./label.ts";

/** One way a labelled row can break a contract. */
export interface Breach {
  readonly id: string;
  readonly fingerprint: string;
  /** Whether the row is kept out of staging for it. */
  readonly keepsOut: boolean;
  /** SQL over a label row `l` and its verdict row `v` (which may be missing). */
  readonly condition: string;
}

/** Every rule of a feed that labels rows, in the contract's order; foreign keys count as two. */
export function breaches(dialect: Dialect, input: FeedBatch): Breach[] {
  const { plan } = input;
  const bit = (b: BitRule) => dialect.hasBit(`COALESCE(v.${maskColumn(b.word)}, l.${maskColumn(b.word)})`, b.bit);
  const of = (rule: { id: string; fingerprint: string; severity: string }, condition: string): Breach => ({
    id: rule.id,
    fingerprint: rule.fingerprint,
    keepsOut: rule.severity !== "warn",
    condition,
  });
  return [
    ...[...plan.rowRules, ...plan.immutable].map((b) => of(b.rule, bit(b))),
    ...plan.unique.map((rule, i) => of(rule, dialect.hasBit("COALESCE(v._duplicate_keys, 0)", i))),
    ...plan.dependencies.map((rule, i) => of(rule, breaksDependency(dialect, i))),
    ...plan.foreignKeys.flatMap((rule, i) => {
      const parent = {
        ...rule,
        id: parentQuarantinedId(rule.id),
        fingerprint: fingerprint([rule.fingerprint, "parent_quarantined"]),
      };
      return [of(rule, dialect.hasBit("COALESCE(v._unknown, 0)", i)), of(parent, dialect.hasBit("COALESCE(v._stuck, 0)", i))];
    }),
  ];
}

/** SQL of a JSON array of one attribute of all breaches that keep a row out, in contract order. */
export function reasonList(dialect: Dialect, input: FeedBatch, attribute: "id" | "fingerprint"): string {
  const parts = breaches(dialect, input)
    .filter((b) => b.keepsOut)
    .map((b) => `CASE WHEN ${b.condition} THEN ${dialect.literal(`,${JSON.stringify(b[attribute])}`)} ELSE '' END`);
  return `'[' || SUBSTR(${concatenated(parts)}, 2) || ']'`;
}
