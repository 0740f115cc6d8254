import type { Model } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { RowRule, Rule, SetRule } from "../contract/rule.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { curatedRows } from "../warehouse/relations.ts";
import { and, asText, column, columns, concatenated, pairedKey, rowKey, sameKey, unmatched } from "../warehouse/sql-text.ts";
import { type Dependency, rowsThatDiffer } from "./dependencies.ts";
import { rowViolation, type ScanColumns } from "./row-rules.ts";
import { normalKeys, type UniqueRule, uniqueKey } from "./unique-key.ts";

/** Rules of a curated contract that single keys break, so that it is known which ones do. */
export type KeyRule = RowRule | Extract<SetRule, { kind: "unique" | "foreign_key" | "functional_dependency" }>;

/** How the relationships of curated contracts find their parents. */
export type CuratedParents = (object: string) => Model;

/** A curated table whose rows are judged. */
export interface JudgedTable {
  readonly model: Model;
  readonly parent: CuratedParents;
  /** Judged are the rows that this publication wrote, with those that share a unique key with them; null: all live rows. */
  readonly writtenBy: bigint | null;
}

/** Whether a rule compares values of a table's own key, which is measured as `duplicates`, over tombstones too. */
export function isOwnKey(model: Model, { columns: names, normalise }: UniqueRule): boolean {
  return !normalise && names.length === model.key.length && names.every((name) => model.key.includes(name));
}

/** The rules of a curated contract that single keys break. Columns are typed already, and a text made from a typed value always reads back. */
export function keyRules(model: Model): KeyRule[] {
  const plan = planChecks(model.contract);
  return [
    ...plan.rowRules.map(({ rule }) => rule).filter((rule) => rule.kind !== "type"),
    ...plan.unique.filter((rule) => !isOwnKey(model, rule)),
    ...plan.foreignKeys,
    ...plan.dependencies,
  ];
}

/** The rules of a curated contract whose outcome is remembered: those of keys, and those over the whole table. */
export function rememberedRules(model: Model): Rule[] {
  return [...keyRules(model), ...planChecks(model.contract).batch];
}

function curatedScan(dialect: Dialect, model: Model): ScanColumns {
  const byName = new Map(model.contract.columns.map((c) => [c.name, c]));
  return {
    columns: byName,
    typed: (name) => column(dialect, "c", name),
    text: (name) => {
      const typed = column(dialect, "c", name);
      return byName.get(name)?.type.kind === "string" ? typed : asText(typed);
    },
    absent: (name) => `${column(dialect, "c", name)} IS NULL`,
    unconverted: () => null,
  };
}

function judged({ writtenBy }: JudgedTable, alias: string): string {
  const live = `${alias}.deleted_at IS NULL`;
  return writtenBy === null ? live : `${alias}._publication = ${writtenBy} AND ${live}`;
}

function orphans(dialect: Dialect, table: JudgedTable, rule: Extract<KeyRule, { kind: "foreign_key" }>): string {
  const parent = table.parent(rule.parent.object);
  const same = pairedKey(dialect, { alias: "p", names: rule.parent.columns }, { alias: "c", names: rule.columns });
  const given = and(rule.columns.map((name) => `${column(dialect, "c", name)} IS NOT NULL`));
  return unmatched(dialect, {
    rows: `${curatedRows(dialect, table.model)} c`,
    conditions: [judged(table, "c"), given],
    others: [{ rows: `${curatedRows(dialect, parent)} p`, on: same }],
  });
}

function doubled(dialect: Dialect, table: JudgedTable, rule: UniqueRule): string {
  const rows = curatedRows(dialect, table.model);
  const own = (row: string, keys: string) => normalKeys(dialect, rule, { of: row, keys, row });
  const fresh = `SELECT DISTINCT ${own("w", "f").columns} FROM ${rows} w WHERE ${judged(table, "w")}`;
  const among = table.writtenBy === null ? "" : ` JOIN (${fresh}) f ON ${own("g", "f").same}`;
  return `FROM ${rows} c JOIN (
    SELECT ${own("g", "d").columns} FROM ${rows} g${among} WHERE g.deleted_at IS NULL GROUP BY ${uniqueKey(dialect, rule, "g").join(", ")} HAVING COUNT(*) > 1
  ) d ON ${own("c", "d").same} WHERE c.deleted_at IS NULL`;
}

/** Determinants of which this publication wrote a row, and those of rows that it replaced: without these another value may be the usual one. */
function writtenDeterminants(dialect: Dialect, table: JudgedTable, { determinants }: Dependency): string {
  const names = (alias: string) => columns(dialect, alias, determinants);
  return `SELECT ${names("w")} FROM ${curatedRows(dialect, table.model)} w WHERE ${judged(table, "w")}
    UNION SELECT ${names("h")} FROM ${dialect.table("history", table.model.table)} h WHERE h._to_publication = ${table.writtenBy}`;
}

function differing(dialect: Dialect, table: JudgedTable, rule: Dependency): string {
  const written = () => `(${writtenDeterminants(dialect, table, rule)}) f ON ${sameKey(dialect, rule.determinants, ["f", "g"])}`;
  return rowsThatDiffer(dialect, rule, {
    relation: curatedRows(dialect, table.model),
    live: (alias) => `${alias}.deleted_at IS NULL`,
    among: table.writtenBy === null ? "" : ` JOIN ${written()}`,
  });
}

function violation(dialect: Dialect, { model }: JudgedTable, rule: RowRule): string {
  return rowViolation(dialect, rule, curatedScan(dialect, model));
}

/** `FROM … WHERE …`: the live rows of a curated table that break a rule, as `c`. */
export function breakingRows(dialect: Dialect, table: JudgedTable, rule: KeyRule): string {
  switch (rule.kind) {
    case "foreign_key":
      return orphans(dialect, table, rule);
    case "unique":
      return doubled(dialect, table, rule);
    case "functional_dependency":
      return differing(dialect, table, rule);
    default:
      return `FROM ${curatedRows(dialect, table.model)} c WHERE ${judged(table, "c")} AND (${violation(dialect, table, rule)})`;
  }
}

/** The text of a curated key under an alias. */
export function curatedKeyText(dialect: Dialect, { key }: Model, alias: string): string {
  return rowKey(dialect, alias, key);
}

/** Whether one row alone decides a rule, and not others of its table or its parent's. */
export function isOfRow(rule: KeyRule): rule is RowRule {
  return rule.kind !== "unique" && rule.kind !== "foreign_key" && rule.kind !== "functional_dependency";
}

/** How many rows break each of some rules: one row of comma-separated counts, those of rows first. Row rules are counted in one scan. */
export function countBreaking(dialect: Dialect, table: JudgedTable, rules: readonly KeyRule[]): Question {
  const ofRows = rules.filter(isOfRow);
  const counts = ofRows.map((rule) => asText(dialect.countIf(violation(dialect, table, rule))));
  const scan = `SELECT ${concatenated(counts, ",")} FROM ${curatedRows(dialect, table.model)} c WHERE ${judged(table, "c")}`;
  const others = rules
    .filter((rule) => !isOfRow(rule))
    .map((rule) => asText(`(SELECT COUNT(*) ${breakingRows(dialect, table, rule)})`));
  return {
    name: `${table.writtenBy === null ? "breaking-all" : "breaking"}.${table.model.table}`,
    columns: ["of_rows", "of_keys"],
    sql: `SELECT ${ofRows.length === 0 ? "NULL" : `(${scan})`} AS of_rows, ${others.length === 0 ? "NULL" : concatenated(others, ",")} AS of_keys`,
  };
}

/**
 * Reads what `countBreaking` returned: rows by rule id.
 * @throws Error when not every rule has its answer.
 */
export function parseBreaking(
  rules: readonly KeyRule[],
  row: Readonly<Record<string, string | null>> | undefined,
): Map<string, bigint> {
  const inOrder = [...rules.filter(isOfRow), ...rules.filter((rule) => !isOfRow(rule))];
  const counts = [row?.["of_rows"], row?.["of_keys"]].flatMap((text) => (text ? text.split(",").map(BigInt) : []));
  if (counts.length !== inOrder.length) throw new Error(`${counts.length} of ${inOrder.length} rules were counted`);
  return new Map(inOrder.map((rule, i) => [rule.id, counts[i] ?? 0n]));
}
