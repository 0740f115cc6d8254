import type { Model } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { curatedRows, workName } from "../warehouse/relations.ts";
import { asText, columns, concatenated, exactSum, sameKey } from "../warehouse/sql-text.ts";
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
}

interface Measure {
  readonly id: keyof CuratedFacts;
  readonly sql: string;
}

function keyMeasures(dialect: Dialect, model: Model, writing: Writing): Measure[] {
  const table = curatedRows(dialect, model);
  const touched = dialect.work(workName("touched", model.table));
  const joined = `${table} c JOIN ${touched} t ON ${sameKey(dialect, model.key, ["c", "t"])}`;
  const written = isFirst(writing) ? `${table} c` : joined;
  const same = sameKey(dialect, model.key, ["n", "c"]);
  return [
    { id: "touched", sql: `(SELECT COUNT(*) FROM ${touched} t)` },
    {
      id: "forgotten",
      sql: `(SELECT COUNT(*) FROM ${joined} WHERE c._publication < ${writing.number} AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM ${table} n WHERE n._publication = ${writing.number} AND ${same}))`,
    },
    {
      id: "duplicates",
      sql: `(SELECT COALESCE(${exactSum(dialect, "g.n - 1")}, 0) FROM (SELECT COUNT(*) AS n FROM ${written} GROUP BY ${columns(dialect, "c", model.key)} HAVING COUNT(*) > 1) g)`,
    },
  ];
}

function writtenMeasures(dialect: Dialect): Measure[] {
  return [
    { id: "live", sql: dialect.countIf("c.deleted_at IS NULL") },
    { id: "tombstoned", sql: dialect.countIf("c.deleted_at IS NOT NULL") },
  ];
}

/** Everything about a curated table's keys that must hold before COMMIT: one row of comma-separated counts. */
export function assertCurated(dialect: Dialect, model: Model, writing: Writing): Question {
  const texts = (found: readonly Measure[]) =>
    concatenated(
      found.map((m) => asText(m.sql)),
      ",",
    );
  return {
    name: model.table,
    columns: ["keys", "written"],
    sql: `SELECT ${texts(keyMeasures(dialect, model, writing))} AS keys,
  (SELECT ${texts(writtenMeasures(dialect))} FROM ${curatedRows(dialect, model)} c WHERE c._publication = ${writing.number}) AS written`,
  };
}

/**
 * Reads what `assertCurated` returned.
 * @throws Error when not every assertion has its answer.
 */
export function parseAssertions(
  dialect: Dialect,
  model: Model,
  { writing, row }: { writing: Writing; row: TextRow | undefined },
): CuratedFacts {
  const numbers = (text: string | null | undefined) => (text ? text.split(",").map(BigInt) : []);
  const counted = [...keyMeasures(dialect, model, writing), ...writtenMeasures(dialect)];
  const found = [...numbers(row?.["keys"]), ...numbers(row?.["written"])];
  if (found.length !== counted.length)
    throw new Error(`${model.table}: ${found.length} of ${counted.length} assertions were answered`);
  const fact = (id: keyof CuratedFacts) => found[counted.findIndex((m) => m.id === id)] ?? 0n;
  return {
    table: model.table,
    touched: fact("touched"),
    live: fact("live"),
    tombstoned: fact("tombstoned"),
    forgotten: fact("forgotten"),
    duplicates: fact("duplicates"),
  };
}
