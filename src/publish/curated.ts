import type { Feed, Model } from "../config/pipeline.ts";
import { madeColumns } from "../schema/curated-views.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { CURATED_META, curatedRows, workName } from "../warehouse/relations.ts";
import { castColumns, columns, identifiers, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { overEntering, overTouched } from "./narrowed.ts";
import { ofModel } from "./of-model.ts";
import { type FeedChange, isFirst, type Writing } from "./staging.ts";
import { touchedTable } from "./ways.ts";

const META = CURATED_META.map(([name]) => name);

/** The columns of a curated table that its contract names. */
export function columnNames(model: Model): string[] {
  return model.contract.columns.map((c) => c.name);
}

/** The rows that a SELECT gives, with the columns and types of the model's contract. */
export function computed(dialect: Dialect, model: Model, select: string): string {
  return `SELECT ${castColumns(dialect, model.contract.columns, "m")} FROM (
${select}
) m`;
}

/** All rows of a table that is computed whole. */
export function madeTable(dialect: Dialect, model: Model): string {
  return dialect.work(workName("made", model.table));
}

interface WriteCurated {
  readonly model: Model;
  readonly writing: Writing;
  readonly changes: readonly FeedChange[];
  /** All its rows stand computed in a work table, and its touched keys are those whose rows differ. */
  readonly isWhole: boolean;
}

/** The model's rows of touched keys; all of them when nothing was published before, which spares the join. */
function currentRows(dialect: Dialect, { model, writing, changes, isWhole }: WriteCurated): string {
  const ofTouched = `JOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["n", "t"])}`;
  if (isWhole) return `${madeTable(dialect, model)} n\n${ofTouched}`;
  const select = isFirst(writing) ? overEntering(dialect, model, changes) : overTouched(dialect, model);
  const rows = `(${computed(dialect, model, select)}) n`;
  if (!isFirst(writing)) return `${rows}\n${ofTouched}`;
  return `${rows}\nWHERE ${model.key.map((name) => `n.${dialect.identifier(name)} IS NOT NULL`).join(" AND ")}`;
}

function insertCurrent(dialect: Dialect, options: WriteCurated): Statement {
  const { model, writing } = options;
  return {
    name: `curated-${isFirst(writing) ? "first" : "insert"}.${model.table}`,
    sql: `INSERT INTO ${curatedRows(dialect, model)} (${identifiers(dialect, [...columnNames(model), ...META])})
SELECT ${columns(dialect, "n", columnNames(model))}, ${dialect.literal(model.contract.version)}, ${writing.number}, CAST(NULL AS ${dialect.columnType({ kind: "timestamp" })})
FROM ${currentRows(dialect, options)}`,
  };
}

/** A replaced version is a live row of a touched key, or a tombstone whose key is returned again. */
function keepReplaced(dialect: Dialect, model: Model, writing: Writing): Statement {
  const table = curatedRows(dialect, model);
  const kept = [...columnNames(model), ...(model.retired ?? []), ...META];
  return {
    name: `history-insert.${model.table}`,
    sql: `INSERT INTO ${dialect.table("history", model.table)} (${identifiers(dialect, kept)}, _to_publication)
SELECT ${columns(dialect, "c", kept)}, ${writing.number}
FROM ${table} c JOIN ${touchedTable(dialect, model)} t ON ${sameKey(dialect, model.key, ["c", "t"])}
LEFT JOIN ${table} n ON n._publication = ${writing.number} AND ${sameKey(dialect, model.key, ["n", "c"])}
WHERE c._publication < ${writing.number} AND (c.deleted_at IS NULL OR n._publication IS NOT NULL)`,
  };
}

/**
 * The same for a table whose rows are a view over staging, before staging is written: a row is replaced or becomes a tombstone where its feed's is, since
 * its key is staging's.
 * @param rows a SELECT of the view's rows that are replaced
 */
export function keepOfView(dialect: Dialect, model: Model, of: { rows: string; writing: Writing }): Statement {
  const kept = [...columnNames(model), ...META];
  return {
    name: `history-insert.${model.table}`,
    sql: `INSERT INTO ${dialect.table("history", model.table)} (${identifiers(dialect, kept)}, _to_publication)
SELECT ${columns(dialect, "c", kept)}, ${of.writing.number}
FROM (
${of.rows}
) c`,
  };
}

/**
 * Makes every value of a view's new rows that staging's may fail to become, as writing a table would: what cannot be made must not be found by readers.
 * Null where all are staging's own.
 */
export function tryView(dialect: Dialect, model: Model, { feed, writing }: { feed: Feed; writing: Writing }): Statement | null {
  const made = madeColumns(model, feed).map((name) => `c.${dialect.identifier(name)}`);
  if (made.length === 0) return null;
  const sql = `SELECT CAST(MAX(${dialect.rowHash(made)}) AS VARCHAR) AS made FROM ${curatedRows(dialect, model)} c WHERE c._publication = ${writing.number}`;
  return { name: `curated-view.${model.table}`, sql };
}

function deleteReplaced(dialect: Dialect, model: Model, writing: Writing): Statement {
  const target = curatedRows(dialect, model);
  const same = model.key.map((name) => `${target}.${dialect.identifier(name)} = h.${dialect.identifier(name)}`);
  return {
    name: `curated-delete.${model.table}`,
    sql: `DELETE FROM ${target} USING ${dialect.table("history", model.table)} h
WHERE h._to_publication = ${writing.number} AND ${target}._publication < ${writing.number} AND ${same.join(" AND ")}`,
  };
}

function insertTombstones(dialect: Dialect, model: Model, writing: Writing): Statement {
  const table = curatedRows(dialect, model);
  return {
    name: `curated-tombstone.${model.table}`,
    sql: `INSERT INTO ${table} (${identifiers(dialect, [...columnNames(model), ...META])})
SELECT ${columns(dialect, "h", columnNames(model))}, ${dialect.literal(model.contract.version)}, ${writing.number}, ${writing.now}
FROM ${dialect.table("history", model.table)} h
WHERE h._to_publication = ${writing.number} AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM ${table} n WHERE n._publication = ${writing.number} AND ${sameKey(dialect, model.key, ["n", "h"])})`,
  };
}

/**
 * Recomputes the touched keys of a curated table: new rows first, then the replaced versions move to history, then keys that
 * the model no longer returns become tombstones. Plain DELETE … USING and INSERT: a MERGE of whole tables ran out of 1.5 GB.
 */
export async function writeCurated(session: Session, dialect: Dialect, options: WriteCurated): Promise<void> {
  const { model, writing } = options;
  await ofModel(model, () => session.run(insertCurrent(dialect, options)));
  if (isFirst(writing)) return;
  const replaced = await session.run(keepReplaced(dialect, model, writing));
  if (replaced === 0n) return;
  await session.run(deleteReplaced(dialect, model, writing));
  await session.run(insertTombstones(dialect, model, writing));
}
