import type { Model } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { curatedRows } from "../warehouse/relations.ts";
import { asText, columns, concatenated, exactSum, sameKey } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { isFirst, type Writing } from "./staging.ts";
import { touchedTable } from "./ways.ts";

/** Facts about one curated table inside the publish transaction. */
export interface CuratedFacts {
  readonly table: string;
  readonly touched: bigint;
  readonly live: bigint;
  readonly tombstoned: bigint;
  /** Rows of touched keys that are still live from an older publication; must be 0. */
  readonly forgotten: bigint;
  readonly duplicates: bigint;
}

/** Counts as one text. */
const counts = (found: readonly string[]) => concatenated(found.map(asText), ",");

/** Where nothing was published before, all rows are of this run: none can be forgotten. */
function firstFacts(dialect: Dialect, model: Model): string {
  const several = `SELECT COUNT(*) AS n FROM ${curatedRows(dialect, model)} c GROUP BY ${columns(dialect, "c", model.key)} HAVING COUNT(*) > 1`;
  return counts(["0", `(SELECT COALESCE(${exactSum(dialect, "g.n - 1")}, 0) FROM (${several}) g)`]);
}

/** What the keys of a table are asserted of. */
interface Asserted {
  readonly writing: Writing;
  /** A SELECT of touched keys whose rows may stay as they are: those of a view that are named though staging does not change them. */
  readonly mayStay: string | null;
}

/** Over touched keys, each with its rows or with none: what is more than one for each key stands there more than once. */
function laterFacts(dialect: Dialect, model: Model, { writing: { number }, mayStay }: Asserted): string {
  const touched = touchedTable(dialect, model);
  const older = `c._publication < ${number} AND c.deleted_at IS NULL`;
  const forgotten = dialect.countIf(mayStay === null ? older : `${older} AND s.stays IS NULL`);
  const duplicates = `COUNT(*) - (SELECT COUNT(*) FROM ${touched} k)`;
  const rows = `${touched} t LEFT JOIN ${curatedRows(dialect, model)} c ON ${sameKey(dialect, model.key, ["c", "t"])}`;
  const staying = `(SELECT 1 AS stays, n.* FROM (${mayStay}) n) s ON ${sameKey(dialect, model.key, ["s", "t"])}`;
  return `(SELECT ${counts([forgotten, duplicates])} FROM ${mayStay === null ? rows : `${rows} LEFT JOIN ${staying}`})`;
}

/** Everything about a curated table's keys that must hold before COMMIT: one row of comma-separated counts. */
export function assertCurated(dialect: Dialect, model: Model, of: Asserted): Question {
  const { writing } = of;
  const touched = asText(`(SELECT COUNT(*) FROM ${touchedTable(dialect, model)} t)`);
  const suspect = isFirst(writing) ? firstFacts(dialect, model) : laterFacts(dialect, model, of);
  const written = counts([dialect.countIf("c.deleted_at IS NULL"), dialect.countIf("c.deleted_at IS NOT NULL")]);
  return {
    name: model.table,
    columns: ["touched", "suspect", "written"],
    sql: `SELECT ${touched} AS touched, ${suspect} AS suspect,
  (SELECT ${written} FROM ${curatedRows(dialect, model)} c WHERE c._publication = ${writing.number}) AS written`,
  };
}

/**
 * Reads what `assertCurated` returned.
 * @throws Error when not every assertion has its answer.
 */
export function parseAssertions({ table }: Model, row: TextRow | undefined): CuratedFacts {
  const found = [row?.["touched"], row?.["suspect"], row?.["written"]].flatMap((text) =>
    text ? text.split(",").map(BigInt) : [],
  );
  const [touched, forgotten, duplicates, live, tombstoned, ...more] = found;
  if (
    touched === undefined ||
    forgotten === undefined ||
    duplicates === undefined ||
    live === undefined ||
    tombstoned === undefined ||
    more.length > 0
  )
    throw new Error(`${table}: ${found.length} of 5 assertions were answered`);
  return { table, touched, forgotten, duplicates, live, tombstoned };
}
