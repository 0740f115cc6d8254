import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
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

/** The feeds whose rows reach a model's keys by their own columns. Where a SELECT says which they reach, nothing leads back. */
export function reaching({ feeds }: Pipeline, { touches }: Model): Reaching[] {
  return touches.flatMap((touch) => {
    const feed = "feed" in touch ? feeds.get(touch.feed) : undefined;
    return feed && "columns" in touch ? [{ feed, columns: touch.columns }] : [];
  });
}

/** The published rows of a feed that reach a curated key, the newest first, each with its way back to the landed bytes. */
export function reachingRows(dialect: Dialect, { feed, columns }: Reaching, values: readonly string[]): Statement {
  const part = partMeta(feed).includes("_scope") ? "s._scope" : "NULL";
  const key = rowKey(dialect, "s", feed.sourceKey);
  return {
    name: "lineage.reaching-rows",
    sql: `SELECT ${key} AS source_key, s._batch_id AS batch_id, s._position AS position, ${asText("s._publication")} AS publication,
  ${asText("s._deleted_at")} AS deleted_at, ${asText(part)} AS part, b.manifest
FROM ${stagingRows(dialect, feed)} s LEFT JOIN ${ops(dialect, "batch")} b ON b.batch_id = s._batch_id
WHERE ${isKey(
      dialect,
      columns.map((name) => column(dialect, "s", name)),
      values,
    )} ORDER BY s._seq DESC, s._position`,
  };
}
