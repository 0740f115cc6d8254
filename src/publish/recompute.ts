import type { Model } from "../config/pipeline.ts";
import type { Recompute } from "../schema/recompute.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { curatedRows, workName } from "../warehouse/relations.ts";
import { columns, identifiers, sameKey } from "../warehouse/sql-text.ts";
import type { CuratedFacts } from "./assertions.ts";
import { columnNames, computed, madeTable } from "./curated.ts";
import { type Gate, gate } from "./gate.ts";
import { overTouched } from "./narrowed.ts";
import { touchedTable } from "./ways.ts";

/** Empty work tables for all rows of a table and the keys whose rows differ; DDL, so it stands before the transaction that fills them. */
export function prepareRecompute(dialect: Dialect, model: Model): Statement[] {
  const empty = (names: readonly string[]) =>
    `SELECT ${columns(dialect, "c", names)} FROM ${curatedRows(dialect, model)} c WHERE 1 = 0`;
  return [
    { name: `made.${model.table}`, sql: dialect.createWork(workName("made", model.table), empty(columnNames(model))) },
    { name: `touched.${model.table}`, sql: dialect.createWork(workName("touched", model.table), empty(model.key)) },
  ];
}

/** A SELECT of all rows that the model gives now. A row without a key is none of the table's, as everywhere. */
export function allRows(dialect: Dialect, model: Model): string {
  const given = model.key.map((name) => `n.${dialect.identifier(name)} IS NOT NULL`).join(" AND ");
  return `SELECT ${columns(dialect, "n", columnNames(model))} FROM (${computed(dialect, model, model.select)}) n
WHERE ${given}`;
}

/** The same of the keys that a work table has (`touchedSince`). */
export function touchedRows(dialect: Dialect, model: Model): string {
  const names = columnNames(model);
  return `SELECT ${columns(dialect, "n", names)} FROM (${computed(dialect, model, overTouched(dialect, model))}) n
JOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["n", "t"])}`;
}

const liveOf = (dialect: Dialect, model: Model, join: string) =>
  `(SELECT ${columns(dialect, "l", columnNames(model))} FROM ${curatedRows(dialect, model)} l${join} WHERE l.deleted_at IS NULL)`;

/** The live rows of a table, as a relation. */
export function liveRows(dialect: Dialect, model: Model): string {
  return liveOf(dialect, model, "");
}

/** The same of the keys that a work table has. */
export function liveTouched(dialect: Dialect, model: Model): string {
  return liveOf(dialect, model, ` JOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["l", "t"])}`);
}

/** The sides of a comparison of a table with its model, as relations of rows: all that the model gives, and all that are live. */
export interface Compared {
  readonly made: string;
  readonly live: string;
}

function makeAll(dialect: Dialect, model: Model): Statement {
  return {
    name: `computed.${model.table}`,
    sql: `INSERT INTO ${madeTable(dialect, model)} (${identifiers(dialect, columnNames(model))})
${allRows(dialect, model)}`,
  };
}

/**
 * A SELECT of the keys of which the live row is another one than the model's, or is not there on one side; and of keys that the model gives
 * twice, or that are live twice: equal copies are equal to the model's row, each.
 */
export function differingKeys(dialect: Dialect, model: Model, { made, live }: Compared): string {
  const names = columnNames(model).filter((name) => !model.key.includes(name));
  const column = (alias: string, name: string) => `${alias}.${dialect.identifier(name)}`;
  const [first = ""] = model.key;
  const differs = [
    ...["m", "c"].map((alias) => `${column(alias, first)} IS NULL`),
    ...names.map((name) => `${column("m", name)} IS DISTINCT FROM ${column("c", name)}`),
  ];
  const key = model.key.map((name) => `COALESCE(${column("m", name)}, ${column("c", name)}) AS ${dialect.identifier(name)}`);
  const several = (rows: string, alias: string) =>
    `SELECT ${columns(dialect, alias, model.key)} FROM ${rows} GROUP BY ${columns(dialect, alias, model.key)} HAVING COUNT(*) > 1`;
  return `SELECT DISTINCT ${columns(dialect, "k", model.key)} FROM (
    SELECT ${key.join(", ")}
    FROM ${made} m FULL JOIN ${live} c ON ${sameKey(dialect, model.key, ["m", "c"])}
    WHERE ${differs.join("\n      OR ")}
    UNION ALL
    ${several(`${made} d`, "d")}
    UNION ALL
    ${several(`${live} t`, "t")}
) k`;
}

function findDiffering(dialect: Dialect, model: Model): Statement {
  return {
    name: `differing.${model.table}`,
    sql: `INSERT INTO ${touchedTable(dialect, model)} (${identifiers(dialect, model.key)})
${differingKeys(dialect, model, { made: madeTable(dialect, model), live: liveRows(dialect, model) })}`,
  };
}

/**
 * Computes all rows of a table inside the publish transaction and finds the keys whose rows are other ones: these alone are written, so that
 * history keeps what a change of the model changed, and no copy of the table.
 */
export function computeWhole(dialect: Dialect, model: Model): Statement[] {
  return [makeAll(dialect, model), findDiffering(dialect, model)];
}

/** Tells that a table was computed again, why, and how many of its rows are other ones by it. */
export function recomputedGate({ live, tombstoned }: CuratedFacts, { table, why }: Recompute): Gate {
  const observed = `${live} rows new or other, ${tombstoned} gone: ${why}`;
  return gate("recomputed", { table }, { holds: live + tombstoned === 0n, observed, limit: "reported" });
}
