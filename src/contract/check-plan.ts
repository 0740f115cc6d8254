import type { Contract } from "./contract.ts";
import { isRowRule, type RowRule, type Rule, type SetRule } from "./rule.ts";

/** Rules per mask word: a BIGINT mask ends at bit 62. */
const BITS_PER_WORD = 62;

/** A row rule with its place in the label mask. */
export interface BitRule {
  readonly rule: RowRule;
  readonly word: number;
  readonly bit: number;
}

/** Kinds that judge rows by other rows. */
type RowSetKind = "unique" | "foreign_key" | "functional_dependency";

const NOT_OF_BATCH: ReadonlySet<SetRule["kind"]> = new Set(["unique", "foreign_key", "functional_dependency", "ties"] as const);

function isOfBatch(rule: SetRule): rule is CheckPlan["batch"][number] {
  return !NOT_OF_BATCH.has(rule.kind);
}

/** The rules of one contract, arranged by how they are evaluated. */
export interface CheckPlan {
  /** Evaluated together in the label scan. */
  readonly rowRules: readonly BitRule[];
  /** Compared with the published row of the same source key; they share the masks with `rowRules`. */
  readonly immutable: readonly BitRule[];
  readonly unique: readonly Extract<SetRule, { kind: "unique" }>[];
  readonly foreignKeys: readonly Extract<SetRule, { kind: "foreign_key" }>[];
  /** Compared with rows of the batch and published ones that have the same determinants. */
  readonly dependencies: readonly Extract<SetRule, { kind: "functional_dependency" }>[];
  /** Rules over the whole batch: row_count, sum_equals, sql, metric. */
  readonly batch: readonly Exclude<SetRule, { kind: RowSetKind | "ties" }>[];
  /** Of curated tables alone; looked at by each run. */
  readonly ties: readonly Extract<SetRule, { kind: "ties" }>[];
  readonly words: number;
}

/** Arranges a contract's rules for evaluation, leaving out those in `without` (ids of rules that cannot run). */
export function planChecks(contract: Contract, without: ReadonlySet<string> = new Set()): CheckPlan {
  const rules: readonly Rule[] = contract.rules.filter((rule) => !without.has(rule.id));
  const bits = rules.filter(isRowRule).map(
    (rule, i): BitRule => ({
      rule,
      word: Math.floor(i / BITS_PER_WORD),
      bit: i % BITS_PER_WORD,
    }),
  );
  const sets = rules.filter((rule): rule is SetRule => !isRowRule(rule));
  return {
    rowRules: bits.filter((b) => b.rule.kind !== "immutable"),
    immutable: bits.filter((b) => b.rule.kind === "immutable"),
    unique: sets.filter((rule) => rule.kind === "unique"),
    foreignKeys: sets.filter((rule) => rule.kind === "foreign_key"),
    dependencies: sets.filter((rule) => rule.kind === "functional_dependency"),
    batch: sets.filter(isOfBatch),
    ties: sets.filter((rule) => rule.kind === "ties"),
    words: Math.max(1, Math.ceil(bits.length / BITS_PER_WORD)),
  };
}

/** The id of the verdict on children whose parent exists but is not published. */
export function parentQuarantinedId(foreignKeyId: string): string {
  return foreignKeyId.endsWith(".foreign_key")
    ? `${foreignKeyId.slice(0, -".foreign_key".length)}.parent_quarantined`
    : `${foreignKeyId}.parent_quarantined`;
}

/** Bits of one mask word that belong to rules with a given severity. */
export function severityBits(rules: readonly BitRule[], word: number, severities: readonly Rule["severity"][]): bigint {
  return rules
    .filter((b) => b.word === word && severities.includes(b.rule.severity))
    .reduce((mask, b) => mask | (1n << BigInt(b.bit)), 0n);
}
