import { type LandedRows, landedKeys, landedRows, typeOf } from "../checks/landed-keys.ts";
import { moneyColumns } from "../checks/money.ts";
import type { Feed } from "../config/pipeline.ts";
import { CONTENT } from "../sources/contents.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Amount } from "../warehouse/measured.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { contentHash } from "./content.ts";

/** The column with the landed text of a key column. */
export function keyTextColumn(i: number): string {
  return `_key_${i}`;
}

/** True where a row under an alias has its whole key, typed. */
export function hasKey(dialect: Dialect, feed: Feed, alias: string): string {
  return and(feed.sourceKey.map((name) => `${column(dialect, alias, name)} IS NOT NULL`));
}

/** The source's rows: typed keys and their texts, content, money, and what tells copies of a key apart. */
export function sourceSide(
  dialect: Dialect,
  feed: Feed,
  { rows, currencies }: { rows: LandedRows; currencies: Readonly<Record<string, number>> },
): Statement {
  const raw = (name: string) => column(dialect, "k", name);
  const money = moneyColumns(dialect, feed, { text: raw, currencies });
  const version = feed.version === undefined ? "NULL" : dialect.tryCast(raw(feed.version), typeOf(feed, feed.version));
  const select = `SELECT ${[
    landedKeys(dialect, feed),
    ...feed.sourceKey.map((name, i) => `${raw(name)} AS ${keyTextColumn(i)}`),
    `${raw(CONTENT.hash)} AS _content`,
    `${raw(CONTENT.inFlight)} = 't' AS _in_flight`,
    `${version} AS _version`,
    `COALESCE(${money.minor}, 0) AS _minor`,
    `${money.currency} AS _currency`,
  ].join(",\n  ")}
FROM ${landedRows(dialect, rows)}`;
  return { name: `reconcile.source.${feed.id}`, sql: dialect.createWork(workName("source_side", stem(feed)), select) };
}

/** The live rows `s`: keys, content as their columns have it now, money, and what else is asked of them. */
export function liveSide(dialect: Dialect, feed: Feed, more: readonly string[]): Statement {
  const select = `SELECT ${[
    columns(dialect, "s", feed.sourceKey),
    `${contentHash(dialect, feed, "s")} AS _content`,
    ...more,
    "s._minor",
    "s._currency",
  ].join(",\n  ")}
FROM ${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL`;
  return { name: `reconcile.live-side.${feed.id}`, sql: dialect.createWork(workName("live_side", stem(feed)), select) };
}

/** Rows and money of one currency. */
export interface Total extends Amount {
  readonly currency: string;
}

/** A side as its rows have it. */
export interface Side {
  /** Some of its keys have several rows. */
  readonly hasCopies: boolean;
  readonly totals: readonly Total[];
}

/** Counts a side by currency, and whether keys have several rows there. */
export async function measureSide(
  session: Session,
  dialect: Dialect,
  { feed, side }: { feed: Feed; side: "source_side" | "live_side" },
): Promise<Side> {
  const table = workTable(dialect, side, feed);
  const whose = side === "source_side" ? "source" : "live";
  const totals = await session.rows({
    name: `reconcile.${whose}-totals.${feed.id}`,
    sql: `SELECT t._currency AS currency, ${asText("COUNT(*)")} AS row_count, ${asText(exactSum(dialect, "t._minor"))} AS minor FROM ${table} t GROUP BY t._currency`,
  });
  const copies = await session.rows({
    name: `reconcile.${whose}-copies.${feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS copies FROM (
  SELECT ${columns(dialect, "t", feed.sourceKey)} FROM ${table} t WHERE ${hasKey(dialect, feed, "t")} GROUP BY ${columns(dialect, "t", feed.sourceKey)} HAVING COUNT(*) > 1
) c`,
  });
  return {
    hasCopies: copies[0]?.["copies"] !== "0",
    totals: totals.map((row) => ({
      currency: row["currency"] ?? "-",
      rows: BigInt(row["row_count"] ?? "0"),
      minor: BigInt(row["minor"] ?? "0"),
    })),
  };
}
