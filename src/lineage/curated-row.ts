import { tablesRead } from "../config/model-inputs.ts";
import type { ByColumns, Feed, Model, Pipeline, Touch } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { joined, partOf, relationOf } from "../warehouse/joined-inputs.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { curatedRows, partMeta, stagingRows } from "../warehouse/relations.ts";
import { and, asText, column, firstOf, or, rowKey } from "../warehouse/sql-text.ts";

/** True where the columns, as SQL, have the texts of a key. */
function isKey(dialect: Dialect, columns: readonly string[], values: readonly string[]): string {
  return and(columns.map((name, i) => `${asText(name)} = ${dialect.literal(values[i] ?? "")}`));
}

/** Since when a curated row is as it is, and whether it is a tombstone; no row for a key that was never published. */
export function curatedRow(dialect: Dialect, { table, key }: Model, values: readonly string[]): Statement {
  return {
    name: "lineage.curated-row",
    sql: `SELECT ${asText("c._publication")} AS publication, ${asText("c.deleted_at")} AS deleted_at
FROM ${curatedRows(dialect, { table })} c WHERE ${isKey(
      dialect,
      key.map((name) => column(dialect, "c", name)),
      values,
    )}`,
  };
}

/** A feed whose rows reach a curated key by columns of their own, or of rows that they join. */
export interface Reaching {
  readonly feed: Feed;
  readonly ways: readonly ByColumns[];
}

/** A curated table whose rows do. */
export interface ReachingTable {
  readonly table: Model;
  readonly ways: readonly ByColumns[];
}

/** The ways by columns of those touches of a model that are an input's. */
function waysOf(touches: readonly Touch[]): ByColumns[] {
  return touches.flatMap((touch) => ("columns" in touch ? [touch] : []));
}

/**
 * The feeds whose rows reach a model's keys by columns and joins: those of which `touched_by` lists them, or that are called as the key is where a
 * SELECT says which keys they reach. Of other SELECTs nothing leads back.
 */
export function reaching({ feeds }: Pick<Pipeline, "feeds">, { key, touches }: Model): Reaching[] {
  const ids = new Set(touches.flatMap((touch) => ("feed" in touch ? [touch.feed] : [])));
  return [...ids].flatMap((id) => {
    const feed = feeds.get(id);
    if (!feed) return [];
    const own = touches.filter((touch) => "feed" in touch && touch.feed === id);
    const names = stagedColumns(feed.contract).map(({ name }) => name);
    const isCalledSo = own.some((touch) => "select" in touch) && key.every((name) => names.includes(name));
    const ways = [...waysOf(own), ...(isCalledSo ? [{ columns: key }] : [])];
    return ways.length > 0 ? [{ feed, ways }] : [];
  });
}

/** The curated tables whose rows reach a model's keys by columns and joins that `touched_by` lists. */
export function reachingTables({ models }: Pick<Pipeline, "models">, { touches }: Model): ReachingTable[] {
  return tablesRead({ touches }).flatMap((name) => {
    const table = models.get(name);
    const ways = waysOf(touches.filter((touch) => "table" in touch && touch.table === name));
    return table && ways.length > 0 ? [{ table, ways }] : [];
  });
}

/** True where a row under an alias leads to a key by one of its ways. */
function leads(
  dialect: Dialect,
  ways: readonly ByColumns[],
  { alias, values }: { alias: string; values: readonly string[] },
): string {
  const conditions = ways.map(({ columns: names, through }) => {
    const last = through ? `n${through.length}` : alias;
    const parts = names.map((name) => partOf(dialect, last, name));
    const [first, ...rest] = through ?? [];
    if (!first) return isKey(dialect, parts, values);
    const same = first.on.map(({ own, other }) => `${column(dialect, "n1", other)} = ${column(dialect, alias, own)}`);
    return `EXISTS (SELECT 1 FROM ${relationOf(dialect, first.to)} n1${joined(dialect, rest, 1)} WHERE ${and([...same, isKey(dialect, parts, values)])})`;
  });
  return conditions.length === 1 ? and(conditions) : `(${or(conditions)})`;
}

/** How many rows of one input are shown: a total may be made of millions. */
export const MOST = 20;

/** The published rows of a feed that reach a curated key, the newest first, each with its way back to the landed bytes; `total` of them in all. */
export function reachingRows(dialect: Dialect, { feed, ways }: Reaching, values: readonly string[]): Statement {
  const part = partMeta(feed).includes("_scope") ? "s._scope" : "NULL";
  const key = rowKey(dialect, "s", feed.sourceKey);
  return {
    name: "lineage.reaching-rows",
    sql: firstOf({
      rows: `SELECT ${key} AS source_key, s._batch_id AS batch_id, s._position AS position, ${asText("s._publication")} AS publication,
  ${asText("s._deleted_at")} AS deleted_at, ${asText(part)} AS part, b.manifest, s._seq AS seq
FROM ${stagingRows(dialect, feed)} s LEFT JOIN (
  SELECT batch_id, MAX(manifest) AS manifest FROM ${ops(dialect, "batch")} GROUP BY batch_id
) b ON b.batch_id = s._batch_id
WHERE ${leads(dialect, ways, { alias: "s", values })}`,
      columns: ["source_key", "batch_id", "position", "publication", "deleted_at", "part", "manifest"].map((name) => `f.${name}`),
      total: "total",
      order: ["f.seq DESC", "f.position"],
      limit: MOST,
    }),
  };
}

/** The keys of a table's live rows that reach a curated key, in their order: columns `key_0`, `key_1`, …; `total` of them in all. */
export function reachingKeys(dialect: Dialect, { table, ways }: ReachingTable, values: readonly string[]): Statement {
  return {
    name: "lineage.reaching-keys",
    sql: firstOf({
      rows: `SELECT c.* FROM ${curatedRows(dialect, table)} c WHERE c.deleted_at IS NULL AND ${leads(dialect, ways, { alias: "c", values })}`,
      columns: table.key.map((name, i) => `${asText(column(dialect, "f", name))} AS key_${i}`),
      total: "total",
      order: table.key.map((name) => column(dialect, "f", name)),
      limit: MOST,
    }),
  };
}
