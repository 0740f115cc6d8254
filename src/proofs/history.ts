import { maskedKeys } from "../checks/samples.ts";
import type { Model } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { curatedRows } from "../warehouse/relations.ts";
import { asText, column, columns, concatenated, exactSum, firstOf, rowKey, sameKey } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { laneOf } from "./sides.ts";

/** The rows that one publication replaced: how many, and the sum of numbers that their contents give. */
export interface HistoryDigest {
  readonly number: bigint;
  readonly rows: bigint;
  readonly digest: bigint;
}

/** Replaced rows of a table, and which publications they were replaced by: a condition of its number, null for all. */
export interface OfHistory {
  readonly model: Model;
  readonly replacedBy: ((number: string) => string) | null;
}

const within = (condition: OfHistory["replacedBy"], number: string) => (condition === null ? "1 = 1" : condition(number));

interface HistoryColumn {
  readonly name: string;
  readonly isInstant: boolean;
}

/** The columns that a table of replaced rows has, in the order of their names: retired ones too. */
async function historyColumns(session: Session, dialect: Dialect, { table }: Model): Promise<HistoryColumn[]> {
  const instant = dialect.columnType({ kind: "timestamp" });
  const rows = await session.rows({
    name: `reconcile.history-columns.${table}`,
    sql: `SELECT c.column_name, c.data_type FROM (${dialect.columnsOf(["history"])}) c WHERE c.table_name = ${dialect.literal(table)}`,
  });
  return rows
    .map((row) => ({ name: row["column_name"] ?? "", isInstant: row["data_type"] === instant }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The content of a replaced row `h`: every column with its name, its length in octets and its text, NULL as nothing, so that a column that is
 * added later changes no row.
 */
function historyHash(dialect: Dialect, of: readonly HistoryColumn[]): string {
  const fields = of.map(({ name, isInstant }) => {
    const own = column(dialect, "h", name);
    const text = isInstant ? dialect.landedText(own, { kind: "timestamp" }) : asText(own);
    const field = [dialect.literal(`|${name}:`), asText(dialect.octets(text)), "':'", text].join(" || ");
    return `COALESCE(${field}, '')`;
  });
  return `MD5(${concatenated(fields)})`;
}

function digestOf(row: TextRow): HistoryDigest {
  const count = (name: string) => BigInt(row[name] ?? "0");
  return { number: count("number"), rows: count("row_count"), digest: count("digest") };
}

/** What the replaced rows of a table are now, by the publication that replaced them. */
export async function measureHistory(
  session: Session,
  dialect: Dialect,
  { model, replacedBy }: OfHistory,
): Promise<HistoryDigest[]> {
  const hash = historyHash(dialect, await historyColumns(session, dialect, model));
  const digest = exactSum(dialect, laneOf(dialect, "t.content", 0));
  const rows = await session.rows({
    name: `reconcile.history.${model.table}`,
    sql: `SELECT ${asText("t.at_publication")} AS number, ${asText("COUNT(*)")} AS row_count, ${asText(digest)} AS digest FROM (
  SELECT h._to_publication AS at_publication, ${hash} AS content
  FROM ${dialect.table("history", model.table)} h WHERE ${within(replacedBy, "h._to_publication")}
) t GROUP BY t.at_publication`,
  });
  return rows.map(digestOf);
}

/** What they were when they were compared first. */
export async function keptHistory(
  session: Session,
  dialect: Dialect,
  { model, replacedBy }: OfHistory,
): Promise<HistoryDigest[]> {
  const rows = await session.rows({
    name: `reconcile.history-kept.${model.table}`,
    sql: `SELECT ${asText("k.number")} AS number, ${asText("k.row_count")} AS row_count, k.digest AS digest
FROM ${ops(dialect, "history_digest")} k WHERE k.subject = ${dialect.literal(model.table)} AND ${within(replacedBy, "k.number")}
ORDER BY k.proved_at, k.number`,
  });
  return rows.map(digestOf);
}

/**
 * The keys of which a replaced row has no row of its key that came when it went, or came no earlier than it went. That one is there twice is no
 * such fault: what stood twice was replaced twice.
 */
export function brokenHistory(dialect: Dialect, { model, replacedBy, limit }: OfHistory & { limit: number }): Statement {
  const { table, key } = model;
  const history = dialect.table("history", table);
  const keys = maskedKeys(dialect, model, { alias: "b", names: key });
  const came = (rows: string) =>
    `SELECT ${columns(dialect, "v", key)}, v._publication AS at_publication FROM ${rows} v WHERE ${within(replacedBy, "v._publication")}`;
  return {
    name: `reconcile.history-broken.${table}`,
    sql: firstOf({
      rows: `SELECT ${[...keys, `${rowKey(dialect, "b", key)} AS key_text`].join(", ")} FROM (
  SELECT DISTINCT ${columns(dialect, "h", key)} FROM ${history} h LEFT JOIN (
    SELECT DISTINCT a.* FROM (
      ${came(curatedRows(dialect, model))} UNION ALL ${came(history)}
    ) a
  ) n ON n.at_publication = h._to_publication AND ${sameKey(dialect, key, ["n", "h"])}
  WHERE ${within(replacedBy, "h._to_publication")} AND (n.at_publication IS NULL OR h._publication >= h._to_publication)
) b`,
      columns: [...keys.map((_, i) => `f.key_${i}`), "f.key_text"],
      total: "differing",
      order: [...keys.map((_, i) => `f.key_${i}`), "f.key_text"],
      limit,
    }),
  };
}
