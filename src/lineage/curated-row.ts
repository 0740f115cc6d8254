import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { curatedRows, partMeta, stagingRows } from "../warehouse/relations.ts";
import { and, asText, column, rowKey } from "../warehouse/sql-text.ts";

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

/** A feed whose rows reach a curated key by columns of their own, in the order of the key. */
export interface Reaching {
  readonly feed: Feed;
  readonly columns: readonly string[];
}

/** A curated table whose rows do. */
export interface ReachingTable {
  readonly table: Model;
  readonly columns: readonly string[];
}

/**
 * The feeds whose rows reach a model's keys by their own columns: those that `touched_by` lists, or that are called as the key is where a SELECT
 * says which keys they reach. Of other SELECTs nothing leads back.
 */
export function reaching({ feeds }: Pick<Pipeline, "feeds">, { key, touches }: Model): Reaching[] {
  return touches.flatMap((touch) => {
    const feed = "feed" in touch ? feeds.get(touch.feed) : undefined;
    if (!feed) return [];
    if ("columns" in touch) return [{ feed, columns: touch.columns }];
    const own = stagedColumns(feed.contract).map(({ name }) => name);
    return key.every((name) => own.includes(name)) ? [{ feed, columns: key }] : [];
  });
}

/** The curated tables whose rows reach a model's keys by columns that `touched_by` lists. */
export function reachingTables({ models }: Pick<Pipeline, "models">, { touches }: Model): ReachingTable[] {
  return touches.flatMap((touch) => {
    const table = "table" in touch ? models.get(touch.table) : undefined;
    return table && "columns" in touch ? [{ table, columns: touch.columns }] : [];
  });
}

/** How many rows of one input are shown: a total may be made of millions. */
export const MOST = 20;

/** The published rows of a feed that reach a curated key, the newest first, each with its way back to the landed bytes; `total` of them in all. */
export function reachingRows(dialect: Dialect, { feed, columns }: Reaching, values: readonly string[]): Statement {
  const part = partMeta(feed).includes("_scope") ? "s._scope" : "NULL";
  const key = rowKey(dialect, "s", feed.sourceKey);
  const reached = columns.map((name) => column(dialect, "s", name));
  return {
    name: "lineage.reaching-rows",
    sql: `SELECT ${key} AS source_key, s._batch_id AS batch_id, s._position AS position, ${asText("s._publication")} AS publication,
  ${asText("s._deleted_at")} AS deleted_at, ${asText(part)} AS part, b.manifest, ${asText("COUNT(*) OVER ()")} AS total
FROM ${stagingRows(dialect, feed)} s LEFT JOIN (
  SELECT batch_id, MAX(manifest) AS manifest FROM ${ops(dialect, "batch")} GROUP BY batch_id
) b ON b.batch_id = s._batch_id
WHERE ${isKey(dialect, reached, values)} ORDER BY s._seq DESC, s._position LIMIT ${MOST}`,
  };
}

/** The keys of a table's live rows that reach a curated key, in their order: columns `key_0`, `key_1`, …; `total` of them in all. */
export function reachingKeys(dialect: Dialect, { table, columns }: ReachingTable, values: readonly string[]): Statement {
  const keys = table.key.map((name) => column(dialect, "c", name));
  const reached = columns.map((name) => column(dialect, "c", name));
  return {
    name: "lineage.reaching-keys",
    sql: `SELECT ${keys.map((key, i) => `${asText(key)} AS key_${i}`).join(", ")}, ${asText("COUNT(*) OVER ()")} AS total
FROM ${curatedRows(dialect, table)} c WHERE c.deleted_at IS NULL AND ${isKey(dialect, reached, values)} ORDER BY ${keys.join(", ")} LIMIT ${MOST}`,
  };
}
