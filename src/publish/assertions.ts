import { rowViolation, type ScanColumns } from "../checks/row-rules.ts";
import type { Model } from "../config/pipeline.ts";
import { type CheckPlan, planChecks } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { curatedRows, workName } from "../warehouse/relations.ts";
import { asText, columns, concatenated, exactSum, pairedKey, sameKey } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { isFirst, type Writing } from "./staging.ts";

/** Facts about one curated table inside the publish transaction. */
export interface CuratedFacts {
  readonly table: string;
  readonly touched: bigint;
  readonly live: bigint;
  readonly tombstoned: bigint;
  /** Touched keys without a row of this publication that are still live from an older one; must be 0. */
  readonly forgotten: bigint;
  readonly duplicates: bigint;
  /** Per rule id: rows of this publication that break it. */
  readonly rules: ReadonlyMap<string, bigint>;
}

function curatedScan(dialect: Dialect, model: Model): ScanColumns {
  const byName = new Map(model.contract.columns.map((c) => [c.name, c]));
  return {
    columns: byName,
    typed: (name) => `c.${dialect.identifier(name)}`,
    text: (name) =>
      byName.get(name)?.type.kind === "string" ? `c.${dialect.identifier(name)}` : asText(`c.${dialect.identifier(name)}`),
    unconverted: () => null,
  };
}

interface Measure {
  readonly of: "fact" | "rule";
  /** The fact's name or the rule's id; a rule may be called as a fact is. */
  readonly id: string;
  readonly sql: string;
}

function rowMeasures(dialect: Dialect, model: Model, plan: CheckPlan): Measure[] {
  const scan = curatedScan(dialect, model);
  // Columns are typed already, and a text made from a typed value always reads back.
  return plan.rowRules
    .filter((b) => b.rule.kind !== "type")
    .map((b) => ({
      of: "rule",
      id: b.rule.id,
      sql: dialect.countIf(`c.deleted_at IS NULL AND (${rowViolation(dialect, b.rule, scan)})`),
    }));
}

function newRows(dialect: Dialect, model: Model, writing: Writing): string {
  return `${curatedRows(dialect, model)} c WHERE c._publication = ${writing.number} AND c.deleted_at IS NULL`;
}

function orphanMeasures(
  dialect: Dialect,
  model: Model,
  options: { plan: CheckPlan; writing: Writing; parent: (object: string) => Model },
): Measure[] {
  return options.plan.foreignKeys.map((fk) => {
    const parent = options.parent(fk.parent.object);
    const same = pairedKey(dialect, { alias: "p", names: fk.parent.columns }, { alias: "c", names: fk.columns });
    const given = fk.columns.map((name) => `c.${dialect.identifier(name)} IS NOT NULL`).join(" AND ");
    return {
      of: "rule",
      id: fk.id,
      sql: `(SELECT COUNT(*) FROM ${newRows(dialect, model, options.writing)} AND ${given}
    AND NOT EXISTS (SELECT 1 FROM ${curatedRows(dialect, parent)} p WHERE ${same}))`,
    };
  });
}

function isKey(model: Model, columnNames: readonly string[]): boolean {
  return columnNames.length === model.key.length && columnNames.every((name) => model.key.includes(name));
}

function uniqueMeasures(dialect: Dialect, model: Model, options: { plan: CheckPlan; writing: Writing }): Measure[] {
  // The table's own key is measured as `duplicates`, over tombstones too.
  return options.plan.unique
    .filter((rule) => !isKey(model, rule.columns))
    .map((rule) => {
      const keys = columns(dialect, "c", rule.columns);
      const fresh = `SELECT DISTINCT ${columns(dialect, "f", rule.columns)} FROM ${curatedRows(dialect, model)} f WHERE f._publication = ${options.writing.number} AND f.deleted_at IS NULL`;
      return {
        of: "rule",
        id: rule.id,
        sql: `(SELECT COALESCE(${exactSum(dialect, "g.n - 1")}, 0) FROM (SELECT COUNT(*) AS n FROM ${curatedRows(dialect, model)} c
    JOIN (${fresh}) f ON ${sameKey(dialect, rule.columns, ["f", "c"])} WHERE c.deleted_at IS NULL GROUP BY ${keys} HAVING COUNT(*) > 1) g)`,
      };
    });
}

function keyMeasures(dialect: Dialect, model: Model, writing: Writing): Measure[] {
  const table = curatedRows(dialect, model);
  const touched = dialect.work(workName("touched", model.table));
  const joined = `${table} c JOIN ${touched} t ON ${sameKey(dialect, model.key, ["c", "t"])}`;
  const written = isFirst(writing) ? `${table} c` : joined;
  const same = sameKey(dialect, model.key, ["n", "c"]);
  return [
    { of: "fact", id: "touched", sql: `(SELECT COUNT(*) FROM ${touched} t)` },
    {
      of: "fact",
      id: "forgotten",
      sql: `(SELECT COUNT(*) FROM ${joined} WHERE c._publication < ${writing.number} AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM ${table} n WHERE n._publication = ${writing.number} AND ${same}))`,
    },
    {
      of: "fact",
      id: "duplicates",
      sql: `(SELECT COALESCE(${exactSum(dialect, "g.n - 1")}, 0) FROM (SELECT COUNT(*) AS n FROM ${written} GROUP BY ${columns(dialect, "c", model.key)} HAVING COUNT(*) > 1) g)`,
    },
  ];
}

/** How the relationships of curated contracts find their parents. */
export type CuratedParents = (object: string) => Model;

function measures(
  dialect: Dialect,
  model: Model,
  options: { writing: Writing; parent: CuratedParents },
): { scalar: Measure[]; fused: Measure[] } {
  const plan = planChecks(model.contract);
  return {
    scalar: [
      ...keyMeasures(dialect, model, options.writing),
      ...uniqueMeasures(dialect, model, { plan, writing: options.writing }),
      ...orphanMeasures(dialect, model, { ...options, plan }),
    ],
    fused: [
      { of: "fact", id: "live", sql: dialect.countIf("c.deleted_at IS NULL") },
      { of: "fact", id: "tombstoned", sql: dialect.countIf("c.deleted_at IS NOT NULL") },
      ...rowMeasures(dialect, model, plan),
    ],
  };
}

/** Everything that must hold for a curated table before COMMIT: one row of comma-separated counts. */
export function assertCurated(dialect: Dialect, model: Model, options: { writing: Writing; parent: CuratedParents }): Question {
  const { scalar, fused } = measures(dialect, model, options);
  const texts = (found: readonly Measure[]) =>
    concatenated(
      found.map((m) => asText(m.sql)),
      ",",
    );
  return {
    name: model.table,
    columns: ["keys", "written"],
    sql: `SELECT ${texts(scalar)} AS keys,
  (SELECT ${texts(fused)} FROM ${curatedRows(dialect, model)} c WHERE c._publication = ${options.writing.number}) AS written`,
  };
}

/**
 * Reads what `assertCurated` returned.
 * @throws Error when not every assertion has its answer.
 */
export function parseAssertions(
  dialect: Dialect,
  model: Model,
  options: { writing: Writing; parent: CuratedParents; row: TextRow | undefined },
): CuratedFacts {
  const { scalar, fused } = measures(dialect, model, options);
  const numbers = (text: string | null | undefined) => (text ? text.split(",").map(BigInt) : []);
  const counted = [...scalar, ...fused];
  const found = [...numbers(options.row?.["keys"]), ...numbers(options.row?.["written"])];
  if (found.length !== counted.length)
    throw new Error(`${model.table}: ${found.length} of ${counted.length} assertions were answered`);
  const fact = (id: string) => found[counted.findIndex((m) => m.of === "fact" && m.id === id)] ?? 0n;
  const ownKey = model.contract.rules.flatMap((rule): [string, bigint][] =>
    rule.kind === "unique" && isKey(model, rule.columns) ? [[rule.id, fact("duplicates")]] : [],
  );
  const rules = counted.flatMap((m, i): [string, bigint][] => (m.of === "rule" ? [[m.id, found[i] ?? 0n]] : []));
  return {
    table: model.table,
    touched: fact("touched"),
    live: fact("live"),
    tombstoned: fact("tombstoned"),
    forgotten: fact("forgotten"),
    duplicates: fact("duplicates"),
    rules: new Map([...ownKey, ...rules]),
  };
}
