import type { CheckPlan } from "../contract/check-plan.ts";
import type { Column } from "../contract/contract.ts";
import type { Operator } from "../contract/rule.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";

type BatchRule = CheckPlan["batch"][number];

/** The relation a batch rule is asked about: a parenthesised SELECT or a table, with the contract's columns. */
export interface RuleTarget {
  readonly relation: string;
  /** Those of its rows that break no row rule; all of them where nothing is said. */
  readonly good?: string;
  readonly columns: readonly Column[];
  /** Prefix of the statement's name: feed id or curated table. */
  readonly name: string;
}

function metricCondition(dialect: Dialect, rule: Extract<BatchRule, { kind: "metric" }>): string {
  const name = `t.${dialect.identifier(rule.columns[0] ?? "")}`;
  const text = asText(name);
  const list = (rule.values ?? []).map((value) => dialect.literal(value)).join(", ");
  switch (rule.metric) {
    case "nullValues":
      return `${name} IS NULL`;
    case "missingValues":
      return list === "" ? `${name} IS NULL` : `(${name} IS NULL OR ${text} IN (${list}))`;
    case "invalidValues":
      return rule.pattern === undefined
        ? `COALESCE(${text} NOT IN (${list}), FALSE)`
        : `COALESCE(NOT ${dialect.matches(text, rule.pattern)}, FALSE)`;
    case "duplicateValues":
      return "FALSE";
  }
}

function metricQuery(dialect: Dialect, rule: Extract<BatchRule, { kind: "metric" }>, target: RuleTarget): string {
  const of = (count: string) =>
    rule.unit === "percent" ? `COALESCE(CAST(100 * ${count} AS DECIMAL(38, 6)) / NULLIF(COUNT(*), 0), 0)` : count;
  if (rule.metric === "duplicateValues") {
    const keys = rule.columns.map((c) => `t.${dialect.identifier(c)}`);
    const given = keys.map((k) => `${k} IS NOT NULL`).join(" AND ");
    const surplus = `(SELECT COALESCE(${exactSum(dialect, "n - 1")}, 0) FROM (SELECT COUNT(*) AS n FROM ${target.relation} t WHERE ${given} GROUP BY ${keys.join(", ")}) g)`;
    return rule.unit === "percent" ? `SELECT ${of(surplus)} FROM ${target.relation} t` : `SELECT ${surplus}`;
  }
  return `SELECT ${of(dialect.countIf(metricCondition(dialect, rule)))} FROM ${target.relation} t`;
}

/** The scalar query of a rule; its value is compared with the rule's operator outside. */
export function batchRuleQuery(dialect: Dialect, rule: BatchRule, target: RuleTarget): string {
  switch (rule.kind) {
    case "row_count":
      return `SELECT COUNT(*) FROM ${target.relation} t`;
    case "sum_equals": {
      const sum = (expression: string) => `COALESCE(SUM(CAST(${expression} AS DECIMAL(38, 6))), 0)`;
      const groups = rule.by.map((name) => `t.${dialect.identifier(name)}`);
      const by = groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`;
      return `SELECT COALESCE(SUM(CAST(ABS(difference) AS DECIMAL(38, 6))), 0) FROM (SELECT ${sum(rule.left)} - ${sum(rule.right)} AS difference FROM ${target.relation} t${by}) g`;
    }
    case "sql":
      return substitute(dialect, rule, target);
    case "metric":
      return metricQuery(dialect, rule, target);
  }
}

/** `{object}`, `{good}` and `{property}`, and the spellings that ODCS documents show beside them. */
function substitute(dialect: Dialect, rule: Extract<BatchRule, { kind: "sql" }>, target: RuleTarget): string {
  const property = rule.columns[0] === undefined ? "*" : dialect.identifier(rule.columns[0]);
  return rule.query
    .replaceAll(/\$?\{(object|table)\}/g, () => target.relation)
    .replaceAll(/\$?\{good\}/g, () => target.good ?? target.relation)
    .replaceAll(/\$?\{(property|column)\}/g, () => property);
}

/** All batch rules of a contract as one statement: one row per rule with its value as text. */
export function batchRules(dialect: Dialect, rules: readonly BatchRule[], target: RuleTarget): Statement {
  const selects = rules.map(
    (rule) =>
      `SELECT ${dialect.literal(rule.id)} AS rule, (SELECT ${asText("x.v")} FROM (${aliased(batchRuleQuery(dialect, rule, target))}) x) AS observed`,
  );
  const [only, ...more] = rules;
  const about = only && more.length === 0 ? `#${only.id}` : "";
  return { name: `batch-rules.${target.name}${about}`, sql: selects.join("\nUNION ALL\n") };
}

function aliased(query: string): string {
  return `SELECT * FROM (\n${query}\n) AS q (v)`;
}

interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

function decimal(text: string): Decimal | null {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return null;
  const fraction = found[3] ?? "";
  const digits = BigInt(`${found[2]}${fraction}`);
  return { digits: found[1] === "-" ? -digits : digits, scale: fraction.length };
}

/** Exact comparison of two decimal texts: negative, zero or positive; null where one is not a plain decimal. */
export function compareDecimals(a: string, b: string): number | null {
  const [x, y] = [decimal(a), decimal(b)];
  if (x === null || y === null) return null;
  const scale = Math.max(x.scale, y.scale);
  const left = x.digits * 10n ** BigInt(scale - x.scale);
  const right = y.digits * 10n ** BigInt(scale - y.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

const HOLDS: Readonly<Record<Operator["name"], (order: readonly number[]) => boolean>> = {
  mustBe: ([a]) => a === 0,
  mustNotBe: ([a]) => a !== 0,
  mustBeGreaterThan: ([a = 0]) => a > 0,
  mustBeGreaterOrEqualTo: ([a = 0]) => a >= 0,
  mustBeLessThan: ([a = 0]) => a < 0,
  mustBeLessOrEqualTo: ([a = 0]) => a <= 0,
  mustBeBetween: ([a = 0, b = 0]) => a >= 0 && b <= 0,
  mustNotBeBetween: ([a = 0, b = 0]) => a < 0 || b > 0,
};

/**
 * Whether an observed value satisfies an ODCS operator; `mustBeBetween` includes both ends, as the standard's reference
 * executor does.
 * @returns null where the value is NULL or no number: the rule could not be decided.
 */
export function satisfies(operator: Operator, observed: string | null): boolean | null {
  if (observed === null) return null;
  const orders = operator.operands.map((operand) => compareDecimals(observed, operand));
  return orders.some((o) => o === null) ? null : HOLDS[operator.name](orders as number[]);
}
