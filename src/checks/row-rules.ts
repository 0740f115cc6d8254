import type { BitRule } from "../contract/check-plan.ts";
import type { Column, ColumnType } from "../contract/contract.ts";
import type { Bound, RowRule } from "../contract/rule.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { or } from "../warehouse/sql-text.ts";

/** Where a column's text and typed value are found in the scan. For strings they are one. */
export interface ScanColumns {
  readonly columns: ReadonlyMap<string, Column>;
  /** SQL of the text as landed. */
  text(name: string): string;
  /** SQL that is true where the source gave nothing. */
  absent(name: string): string;
  /** SQL of the typed value; NULL where the text is not exactly what it stands for. */
  typed(name: string): string;
  /** SQL that is true where the reader says that a column's text is not its value; null where it cannot say so. */
  unconverted(name: string): string | null;
}

function bound(dialect: Dialect, type: ColumnType, limit: Bound): string {
  return type.kind === "string"
    ? dialect.literal(limit.value)
    : `CAST(${dialect.literal(limit.value)} AS ${dialect.columnType(type)})`;
}

function outOfRange(dialect: Dialect, rule: Extract<RowRule, { kind: "range" }>, scan: ScanColumns): string {
  return or(
    rule.columns.flatMap((name) => {
      const type = typeOf(scan, name);
      const value = scan.typed(name);
      return [
        ...(rule.min ? [`${value} ${rule.min.exclusive ? "<=" : "<"} ${bound(dialect, type, rule.min)}`] : []),
        ...(rule.max ? [`${value} ${rule.max.exclusive ? ">=" : ">"} ${bound(dialect, type, rule.max)}`] : []),
        ...(rule.multipleOf ? [`MOD(${value}, ${bound(dialect, type, { value: rule.multipleOf, exclusive: false })}) <> 0`] : []),
      ];
    }),
  );
}

function typeOf(scan: ScanColumns, name: string): ColumnType {
  return scan.columns.get(name)?.type ?? { kind: "string" };
}

function wrongLength(rule: Extract<RowRule, { kind: "length" }>, scan: ScanColumns): string {
  return or(
    rule.columns.flatMap((name) => [
      ...(rule.min === undefined ? [] : [`LENGTH(${scan.text(name)}) < ${rule.min}`]),
      ...(rule.max === undefined ? [] : [`LENGTH(${scan.text(name)}) > ${rule.max}`]),
    ]),
  );
}

/** Every text is a text, except what the reader says is none. */
function wrongType(name: string, scan: ScanColumns): string {
  if (typeOf(scan, name).kind === "string") return scan.unconverted(name) ?? "FALSE";
  return `(${scan.text(name)} IS NOT NULL AND ${scan.typed(name)} IS NULL)`;
}

/** The condition under which a non-null value breaks a rule. NULL operands give NULL, which the caller decides. */
function broken(dialect: Dialect, rule: RowRule, scan: ScanColumns): string {
  switch (rule.kind) {
    case "type":
      return or(rule.columns.map((name) => wrongType(name, scan)));
    case "required":
      return or(rule.columns.map((name) => scan.absent(name)));
    case "length":
      return wrongLength(rule, scan);
    case "pattern":
      return or(rule.columns.map((name) => `NOT ${dialect.matches(scan.text(name), rule.pattern)}`));
    case "accepted":
      return or(
        rule.columns.map((name) => `${scan.text(name)} NOT IN (${rule.values.map((v) => dialect.literal(v)).join(", ")})`),
      );
    case "range":
      return outOfRange(dialect, rule, scan);
    case "expression":
      // The newline ends a line comment that the expression may close with.
      return `NOT (${rule.expression}\n)`;
    case "immutable":
      return "FALSE";
    case "record":
      return `${dialect.identifier("_fault")} IS NOT NULL`;
  }
}

/**
 * SQL that is TRUE where a row breaks a rule and FALSE or NULL where it does not; read it only inside CASE WHEN.
 * The rule's NULL policy decides a NULL column (for an expression: a NULL result).
 */
export function rowViolation(dialect: Dialect, rule: RowRule, scan: ScanColumns): string {
  const condition = broken(dialect, rule, scan);
  if (rule.nulls === "pass" || rule.kind === "required") return condition;
  if (rule.kind === "expression") return `COALESCE(${condition}, TRUE)`;
  return `(${or(rule.columns.map((name) => scan.absent(name)))} OR ${condition})`;
}

/** One mask word: the sum of the bits of all broken rules. */
export function maskWord(dialect: Dialect, rules: readonly BitRule[], options: { word: number; scan: ScanColumns }): string {
  const terms = rules
    .filter((b) => b.word === options.word)
    .map((b) => `CASE WHEN ${rowViolation(dialect, b.rule, options.scan)} THEN ${(1n << BigInt(b.bit)).toString()} ELSE 0 END`);
  return terms.length === 0 ? "CAST(0 AS BIGINT)" : `CAST(${terms.join("\n    + ")} AS BIGINT)`;
}
