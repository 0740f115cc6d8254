import type { ByColumns, JoinStep, Model, ModelInput } from "../config/pipeline.ts";
import { textOf } from "../contract/key-part.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { joined, partOf, relationOf } from "../warehouse/joined-inputs.ts";
import { workName } from "../warehouse/relations.ts";
import { and, column, pairedKey } from "../warehouse/sql-text.ts";

/** The keys of a model that a run reaches. */
export function touchedTable(dialect: Dialect, model: Pick<Model, "table">): string {
  return dialect.work(workName("touched", model.table));
}

/** Columns of rows, and texts, as the key of a model. */
export function asKey(dialect: Dialect, model: Model, { names, alias }: { names: readonly string[]; alias: string }): string {
  return names.map((name, i) => `${partOf(dialect, alias, name)} AS ${dialect.identifier(model.key[i] ?? name)}`).join(", ");
}

/** Joins from an input's rows to the columns that are the key. */
export type Joins = ByColumns & { readonly through: readonly JoinStep[] };

/** A SELECT of the keys that rows reach through joins; `changed` names the rows. */
export function keysThrough(dialect: Dialect, model: Model, { columns: names, through }: Joins): string {
  return `SELECT ${asKey(dialect, model, { names, alias: `n${through.length}` })} FROM changed n0${joined(dialect, through)}`;
}

/** The columns of an input by which its rows take a way. */
export function ownColumns({ columns: names, through }: ByColumns): string[] {
  const [first] = through ?? [];
  return first ? first.on.map(({ own }) => own) : names.filter((name) => textOf(name) === undefined);
}

const isPlain = ({ columns: names, through }: ByColumns) => !through && names.every((name) => textOf(name) === undefined);

/** The equality of key parts under an alias with the touched keys under `t`. */
function isTouched(dialect: Dialect, model: Model, { names, alias }: { names: readonly string[]; alias: string }): string {
  return and(names.map((name, i) => `${partOf(dialect, alias, name)} = ${column(dialect, "t", model.key[i] ?? name)}`));
}

/** The values of an input's own columns, `c0`, `c1` …, from which a way leads to touched keys. */
function valuesOf(dialect: Dialect, model: Model, way: ByColumns): string {
  const touched = `${touchedTable(dialect, model)} t`;
  const named = (parts: readonly string[]) => parts.map((part, i) => `${part} AS c${i}`).join(", ");
  const [first, ...rest] = way.through ?? [];
  if (!first) {
    const parts = way.columns.map((name, i) => ({ text: textOf(name), key: column(dialect, "t", model.key[i] ?? name) }));
    const own = parts.flatMap(({ text, key }) => (text === undefined ? [key] : []));
    const texts = parts.flatMap(({ text, key }) => (text === undefined ? [] : [`${key} = ${dialect.literal(text)}`]));
    return `SELECT ${named(own)} FROM ${touched} WHERE ${and(texts)}`;
  }
  const same = isTouched(dialect, model, { names: way.columns, alias: `n${1 + rest.length}` });
  const other = first.on.map((pair) => column(dialect, "n1", pair.other));
  return `SELECT ${named(other)} FROM ${relationOf(dialect, first.to)} n1${joined(dialect, rest, 1)} JOIN ${touched} ON ${same}`;
}

/** The rows of an input, under `s`, that take one of several ways over the same columns. */
function passOf(dialect: Dialect, model: Model, { input, ways }: { input: ModelInput; ways: readonly ByColumns[] }): string {
  const rows = `SELECT s.* FROM ${relationOf(dialect, input)} s JOIN`;
  const [way] = ways;
  if (way && ways.length === 1 && isPlain(way)) {
    const same = pairedKey(dialect, { alias: "s", names: way.columns }, { alias: "t", names: model.key });
    return `${rows} ${touchedTable(dialect, model)} t ON ${same}`;
  }
  const own = way ? ownColumns(way) : [];
  const values = ways.map((one) => valuesOf(dialect, model, one));
  const distinct = `SELECT DISTINCT ${own.map((_, i) => `v.c${i}`).join(", ")} FROM (${values.join("\n    UNION ALL ")}) v`;
  return `${rows} (${distinct}) w ON ${and(own.map((name, i) => `${column(dialect, "s", name)} = w.c${i}`))}`;
}

/**
 * The rows of an input that reach touched keys by some of its ways, each once: the ways backwards. Ways over the same columns of the input
 * share one pass over it.
 */
export function reachingRows(
  dialect: Dialect,
  model: Model,
  { input, ways }: { input: ModelInput; ways: readonly ByColumns[] },
): string {
  const byColumns = grouped(ways, (way) => ownColumns(way).join("\n"));
  return [...byColumns.values()].map((same) => passOf(dialect, model, { input, ways: same })).join("\n  UNION ");
}
