import { entersStaging } from "../checks/entering.ts";
import type { Feed, Model, ModelInput, Touch } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { curatedRows, stagingRows, workName, workTable } from "../warehouse/relations.ts";
import { columns, identifiers, sameKey } from "../warehouse/sql-text.ts";
import { type FeedChange, isFirst, replacedRows, type Writing } from "./staging.ts";
import { asKey, type Joins, keysThrough, ownColumns, touchedTable } from "./ways.ts";

/** Keys of a curated table by name, each as the texts of its columns. */
export interface NamedKeys {
  readonly table: string;
  readonly keys: readonly (readonly string[])[];
}

/** What a run changes of what models are made of. */
export interface Changes {
  readonly feeds: readonly FeedChange[];
  /** Curated tables that it writes, those that others read first; each has its work table `touched`. */
  readonly tables: readonly Model[];
}

/** Ways that lead through other rows, as they stand before the publication and behind it; joins of one input share a look at its changed rows. */
type ByState = { readonly select: string } | { readonly joins: readonly Joins[] };

/** How changed rows of an input reach keys. */
type Way = { readonly columns: readonly string[] } | ByState;

/** An input of a model that a run changes. */
type Reach = { readonly way: Way } & ({ readonly change: FeedChange } | { readonly table: Model });

/** The rows of a feed that enter staging with the run, under `l`. */
export function enteringRows(dialect: Dialect, feed: Feed): string {
  return `${workTable(dialect, "label", feed)} l WHERE ${entersStaging(dialect, feed, "l")}`;
}

/** Keys by a SELECT over `changed`, which the rows are. */
function keysBySelect(dialect: Dialect, model: Model, { rows, select }: { rows: string; select: string }): string {
  return `SELECT * FROM (WITH changed AS (
      ${rows}
    ) ${select}
    ) k (${identifiers(dialect, model.key)})`;
}

const asksState = (way: Way): way is ByState => !("columns" in way);

/** Keys that rows reach through others. */
function keysByState(dialect: Dialect, model: Model, { way, rows }: { way: ByState; rows: string }): string {
  const select =
    "select" in way ? way.select : way.joins.map((joins) => keysThrough(dialect, model, joins)).join("\n    UNION ALL ");
  return keysBySelect(dialect, model, { rows, select });
}

/** Whether an updated row has the columns of a way as before: its source key is the same. */
const isKept = ({ sourceKey }: Feed, way: { readonly columns: readonly string[] }) =>
  way.columns.every((name) => sourceKey.includes(name));

/** Keys that a feed's changed rows reach, old and new values alike. */
function reachedByFeed(dialect: Dialect, model: Model, { way, change }: { way: Way; change: FeedChange }): string {
  const { feed } = change.input;
  if (!asksState(way)) {
    const replaced = replacedRows(dialect, isKept(feed, way) ? { ...change, hasUpdated: false } : change);
    const old =
      replaced === null
        ? ""
        : `\n    UNION ALL SELECT ${asKey(dialect, model, { names: way.columns, alias: "o" })} FROM (${replaced}) o`;
    return `SELECT ${asKey(dialect, model, { names: way.columns, alias: "l" })} FROM ${enteringRows(dialect, feed)}${old}`;
  }
  const replaced = replacedRows(dialect, change);
  const names = "select" in way ? stagedColumns(feed.contract).map((c) => c.name) : [...new Set(way.joins.flatMap(ownColumns))];
  const old = `\n      UNION ALL SELECT ${columns(dialect, "o", names)} FROM ${workTable(dialect, "old", feed)} o`;
  const rows = `SELECT ${columns(dialect, "l", names)} FROM ${enteringRows(dialect, feed)}${replaced === null ? "" : old}`;
  return keysByState(dialect, model, { way, rows });
}

/** Keys that rows of a curated table reach, whatever of them a query gives. */
function reachedByTable(dialect: Dialect, model: Model, { way, rows }: { way: Way; rows: string }): string {
  if (asksState(way)) return keysByState(dialect, model, { way, rows });
  return `SELECT ${asKey(dialect, model, { names: way.columns, alias: "r" })} FROM (${rows}) r`;
}

function contractColumns(dialect: Dialect, { contract }: Model, alias: string): string {
  return columns(
    dialect,
    alias,
    contract.columns.map((c) => c.name),
  );
}

/** The live rows of a table's touched keys, before the run writes them. */
function rowsBefore(dialect: Dialect, table: Model): string {
  const same = sameKey(dialect, table.key, ["c", "t"]);
  return `SELECT ${contractColumns(dialect, table, "c")} FROM ${curatedRows(dialect, table)} c JOIN ${touchedTable(dialect, table)} t ON ${same}
      WHERE c.deleted_at IS NULL`;
}

/** What a run has replaced of a table, and what stands there now. */
function rowsBehind(dialect: Dialect, table: Model, writing: Writing): string {
  const now = `SELECT ${contractColumns(dialect, table, "c")} FROM ${curatedRows(dialect, table)} c
      WHERE c._publication = ${writing.number} AND c.deleted_at IS NULL`;
  if (isFirst(writing)) return now;
  return `${now}
      UNION ALL SELECT ${contractColumns(dialect, table, "h")} FROM ${dialect.table("history", table.table)} h
      WHERE h._to_publication = ${writing.number} AND h.deleted_at IS NULL`;
}

const nameOf = (input: ModelInput) => ("feed" in input ? input.feed : `curated.${input.table}`);

/** The ways of one input: each list of columns and each SELECT by itself, and all joins as one. */
function waysOf(touches: readonly Touch[]): Way[] {
  const joins = touches.flatMap((touch) => ("select" in touch || !touch.through ? [] : [{ ...touch, through: touch.through }]));
  const alone = touches.filter((touch) => "select" in touch || !touch.through);
  return joins.length > 0 ? [...alone, { joins }] : alone;
}

/** The inputs of a model that a run changes, each with its ways. */
function touching(model: Model, { feeds, tables }: Changes): Reach[] {
  return [...grouped(model.touches, nameOf)].flatMap(([name, touches]): Reach[] => {
    const change = feeds.find(({ input: { feed } }) => feed.id === name);
    const table = tables.find((one) => nameOf(one) === name);
    const changed = change ? { change } : table && { table };
    return changed ? waysOf(touches).map((way) => ({ way, ...changed })) : [];
  });
}

/** The feeds whose replaced rows a model's touches ask for again when staging no longer has them. */
export function asksForReplaced(models: readonly Model[], change: FeedChange): boolean {
  const changes = { feeds: [change], tables: [] };
  return models.some((model) => touching(model, changes).some(({ way }) => asksState(way)));
}

function distinctKeys(dialect: Dialect, model: Model, parts: readonly string[]): string {
  const given = model.key.map((name) => `k.${dialect.identifier(name)} IS NOT NULL`).join(" AND ");
  return `SELECT DISTINCT ${columns(dialect, "k", model.key)} FROM (
    ${parts.join("\n    UNION ALL\n    ")}
) k WHERE ${given}`;
}

/** Keys of a table that are named, as rows of its key's types. */
function namedRows(dialect: Dialect, model: Model, { keys }: NamedKeys): string {
  const typed = model.key.map((name, i) => {
    const type = model.contract.columns.find((c) => c.name === name)?.type ?? { kind: "string" };
    return `${dialect.tryCast(`v.c${i}`, type)} AS ${dialect.identifier(name)}`;
  });
  const rows = keys.map((key) => `(${key.map(dialect.literal).join(", ")})`).join(", ");
  return `SELECT ${typed.join(", ")} FROM (VALUES ${rows}) AS v (${model.key.map((_, i) => `c${i}`).join(", ")})`;
}

/** SELECTs of those of a table among named keys. */
function namedParts(dialect: Dialect, model: Model, named: readonly NamedKeys[]): string[] {
  return named.filter(({ table }) => table === model.table).map((keys) => namedRows(dialect, model, keys));
}

/** Those of a table among named keys, as a SELECT that has each once; null when there are none. */
export function namedOf(dialect: Dialect, model: Model, named: readonly NamedKeys[]): string | null {
  const own = namedParts(dialect, model, named);
  return own.length === 0 ? null : distinctKeys(dialect, model, own);
}

/** Business keys to recompute, from the changed rows and the tables as they are before the publication, and those that are named. */
export function collectTouched(
  dialect: Dialect,
  model: Model,
  { named, ...changes }: Changes & { readonly named: readonly NamedKeys[] },
): Statement {
  const reached = touching(model, changes).map((of) =>
    "change" in of
      ? reachedByFeed(dialect, model, of)
      : reachedByTable(dialect, model, { way: of.way, rows: rowsBefore(dialect, of.table) }),
  );
  const parts = [...reached, ...namedParts(dialect, model, named)];
  return {
    name: `touched.${model.table}`,
    sql: dialect.createWork(workName("touched", model.table), distinctKeys(dialect, model, parts)),
  };
}

/**
 * Keys that only the new state reaches: through other rows, from the changed rows of feeds, and by whatever curated tables before this one have become.
 * Nothing where the model's touches name columns of feeds alone.
 */
export function extendTouched(
  dialect: Dialect,
  model: Model,
  { changes, writing }: { readonly changes: Changes; readonly writing: Writing },
): Statement[] {
  const parts = touching(model, changes).flatMap((of) => {
    if ("table" in of) return reachedByTable(dialect, model, { way: of.way, rows: rowsBehind(dialect, of.table, writing) });
    return asksState(of.way) ? reachedByFeed(dialect, model, of) : [];
  });
  if (parts.length === 0) return [];
  const touched = touchedTable(dialect, model);
  return [
    {
      name: `touched-after.${model.table}`,
      sql: `INSERT INTO ${touched} (${identifiers(dialect, model.key)})
SELECT n.* FROM (${distinctKeys(dialect, model, parts)}) n
WHERE NOT EXISTS (SELECT 1 FROM ${touched} t WHERE ${sameKey(dialect, model.key, ["t", "n"])})`,
    },
  ];
}

/** The rows of an input that publications behind one wrote, and of a curated table those that they replaced. */
function rowsSince(dialect: Dialect, input: Feed | Model, since: bigint): string {
  if ("sourceKey" in input) {
    const names = stagedColumns(input.contract).map((c) => c.name);
    return `SELECT ${columns(dialect, "s", names)} FROM ${stagingRows(dialect, input)} s WHERE s._publication > ${since}`;
  }
  return `SELECT ${contractColumns(dialect, input, "c")} FROM ${curatedRows(dialect, input)} c WHERE c._publication > ${since}
      UNION ALL SELECT ${contractColumns(dialect, input, "h")} FROM ${dialect.table("history", input.table)} h WHERE h._to_publication > ${since}`;
}

/**
 * The keys that rows reach which were published behind a publication, and those of a table's own rows that were: the work table that
 * `overTouched` reads.
 */
export function touchedSince(
  dialect: Dialect,
  model: Model,
  { inputs, since }: { readonly inputs: readonly (Feed | Model)[]; readonly since: bigint },
): Statement {
  const byName = new Map(inputs.map((input) => ["sourceKey" in input ? input.id : `curated.${input.table}`, input]));
  const reached = [...grouped(model.touches, nameOf)].flatMap(([name, touches]) => {
    const input = byName.get(name);
    if (!input) return [];
    const rows = rowsSince(dialect, input, since);
    return waysOf(touches).map((way) => reachedByTable(dialect, model, { way, rows }));
  });
  const own = `SELECT ${columns(dialect, "c", model.key)} FROM ${curatedRows(dialect, model)} c WHERE c._publication > ${since}`;
  return {
    name: `reconcile.touched.${model.table}`,
    sql: dialect.createWork(workName("touched", model.table), distinctKeys(dialect, model, [...reached, own])),
  };
}

/** The models of a list, those that others read first, that a run's feeds reach or that are named: directly or through tables before them. */
export function touchedModels(models: readonly Model[], feeds: readonly FeedChange[], named: readonly NamedKeys[]): Model[] {
  const touched: Model[] = [];
  for (const model of models) {
    const isNamed = named.some(({ table }) => table === model.table);
    if (isNamed || touching(model, { feeds, tables: touched }).length > 0) touched.push(model);
  }
  return touched;
}
