import { type LandedRows, landedKeys, landedRows, typeOf } from "../checks/landed-keys.ts";
import { moneyColumns } from "../checks/money.ts";
import type { Feed } from "../config/pipeline.ts";
import { CONTENT } from "../sources/contents.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Amount } from "../warehouse/measured.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { and, asText, column, columns, exactSum, rowKey, sameKey } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { contentHash } from "./content.ts";

/** The column with the landed text of a key column. */
export function keyTextColumn(i: number): string {
  return `_key_${i}`;
}

/** True where a row under an alias has its whole key, typed. */
export function hasKey(dialect: Dialect, feed: Feed, alias: string): string {
  return and(feed.sourceKey.map((name) => `${column(dialect, alias, name)} IS NOT NULL`));
}

interface LandedContent {
  readonly rows: LandedRows;
  readonly currencies: Readonly<Record<string, number>>;
}

function sourceContent(dialect: Dialect, feed: Feed, { rows, currencies }: LandedContent): string {
  const raw = (name: string) => column(dialect, "k", name);
  const money = moneyColumns(dialect, feed, { text: raw, currencies });
  const version = feed.version === undefined ? "NULL" : dialect.tryCast(raw(feed.version), typeOf(feed, feed.version));
  return `SELECT ${[
    landedKeys(dialect, feed),
    ...feed.sourceKey.map((name, i) => `${raw(name)} AS ${keyTextColumn(i)}`),
    `${raw(CONTENT.hash)} AS _content`,
    `${raw(CONTENT.inFlight)} = 't' AS _in_flight`,
    `${version} AS _version`,
    `COALESCE(${money.minor}, 0) AS _minor`,
    `${money.currency} AS _currency`,
  ].join(",\n  ")}
FROM ${landedRows(dialect, rows)}`;
}

/** The source's rows: typed keys and their texts, content, money, and what tells copies of a key apart. */
export function sourceSide(dialect: Dialect, feed: Feed, content: LandedContent): Statement {
  const select = sourceContent(dialect, feed, content);
  return { name: `reconcile.source.${feed.id}`, sql: dialect.createWork(workName("source_side", stem(feed)), select) };
}

/** Further rows of the source, by themselves. */
export function furtherSide(dialect: Dialect, feed: Feed, content: LandedContent): Statement {
  const select = sourceContent(dialect, feed, content);
  return { name: `reconcile.further.${feed.id}`, sql: dialect.createWork(workName("further_side", stem(feed)), select) };
}

/** Adds them to the others. */
export function addFurther(dialect: Dialect, feed: Feed): Statement {
  return {
    name: `reconcile.further-added.${feed.id}`,
    sql: `INSERT INTO ${workTable(dialect, "source_side", feed)}\nSELECT f.* FROM ${workTable(dialect, "further_side", feed)} f`,
  };
}

/** Which live rows are compared: those under a condition on `s`, and all of the keys that a relation has. */
export interface LivePart {
  readonly where: string;
  readonly orKeysOf: string;
}

/** Joins rows `s` with the keys that a relation has, `k`: NULL there where it does not have theirs. */
export function withKeysOf(dialect: Dialect, feed: Feed, relation: string): string {
  const keys = `SELECT DISTINCT ${columns(dialect, "n", feed.sourceKey)} FROM ${relation} n`;
  return `\nLEFT JOIN (${keys}) k ON ${sameKey(dialect, feed.sourceKey, ["k", "s"])}`;
}

/** The live rows `s`: keys, content as their columns have it now, money, and what else is asked of them; all of them without a part. */
export function liveSide(
  dialect: Dialect,
  feed: Feed,
  { more, part }: { more: readonly string[]; part: LivePart | null },
): Statement {
  const [first = ""] = feed.sourceKey;
  const join = part ? withKeysOf(dialect, feed, part.orKeysOf) : "";
  const within = part ? ` AND (${part.where} OR ${column(dialect, "k", first)} IS NOT NULL)` : "";
  const select = `SELECT ${[
    columns(dialect, "s", feed.sourceKey),
    `${contentHash(dialect, feed, "s")} AS _content`,
    ...more,
    "s._minor",
    "s._currency",
  ].join(",\n  ")}
FROM ${stagingRows(dialect, feed)} s${join}
WHERE s._deleted_at IS NULL${within}`;
  return { name: `reconcile.live-side.${feed.id}`, sql: dialect.createWork(workName("live_side", stem(feed)), select) };
}

/** Rows and money of one currency. */
export interface Total extends Amount {
  readonly currency: string;
}

/**
 * The same, with the sums of two numbers that the contents of the rows give: where both are what they were, so are the rows, as far as accidents
 * go. `firstKey` and `lastKey`: between which keys the rows lie; null where keys are personal, or have none.
 */
export interface SideTotal extends Total {
  readonly lanes: readonly [bigint, bigint];
  readonly firstKey: string | null;
  readonly lastKey: string | null;
}

/** Hexadecimal digits of a content hash that a lane sums: 60 bits, so that no row's number leaves a BIGINT. */
export const LANE_DIGITS = 15;

/** The number that the contents of a row give to a lane. */
export function laneOf(dialect: Dialect, content: string, lane: 0 | 1): string {
  return dialect.hexNumber(`SUBSTR(${content}, ${1 + lane * LANE_DIGITS}, ${LANE_DIGITS})`);
}

/** The least and the greatest key of rows `t`, by each column's own order where there is one column, else by their texts. */
function keyBounds(dialect: Dialect, { contract, sourceKey }: Feed): [string, string] {
  if (contract.columns.some(({ name, pii }) => pii && sourceKey.includes(name))) return ["NULL", "NULL"];
  const [only = "", ...more] = sourceKey;
  const key = more.length === 0 ? column(dialect, "t", only) : rowKey(dialect, "t", sourceKey);
  return [asText(`MIN(${key})`), asText(`MAX(${key})`)];
}

/** Work tables of rows of a side, and what statements about them are called. */
const SIDES = { source_side: "source", further_side: "further", live_side: "live" } as const;

/** A side of a feed. */
interface OfSide {
  readonly feed: Feed;
  readonly side: keyof typeof SIDES;
}

const rowsAndMoney = (dialect: Dialect) => [
  "t._currency AS currency",
  `${asText("COUNT(*)")} AS row_count`,
  `${asText(exactSum(dialect, "t._minor"))} AS minor`,
];

function totalIn(row: TextRow): Total {
  return {
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
  };
}

/** Rows and money of a side by currency. */
export async function totalsOf(session: Session, dialect: Dialect, { feed, side }: OfSide): Promise<Total[]> {
  const totals = await session.rows({
    name: `reconcile.${SIDES[side]}-totals.${feed.id}`,
    sql: `SELECT ${rowsAndMoney(dialect).join(", ")} FROM ${workTable(dialect, side, feed)} t GROUP BY t._currency`,
  });
  return totals.map(totalIn);
}

/** Rows, money, lanes and keys of a side by currency, of all its rows `t` or of those of a condition. */
export async function sideTotals(
  session: Session,
  dialect: Dialect,
  { feed, side, counted }: OfSide & { counted?: string },
): Promise<SideTotal[]> {
  const lanes = ([0, 1] as const).map(
    (lane) => `${asText(exactSum(dialect, laneOf(dialect, "t._content", lane)))} AS lane_${lane}`,
  );
  const [first, last] = keyBounds(dialect, feed);
  const summed = [...rowsAndMoney(dialect), ...lanes, `${first} AS first_key`, `${last} AS last_key`];
  const where = counted === undefined ? "" : ` WHERE ${counted}`;
  const totals = await session.rows({
    name: `reconcile.${SIDES[side]}-content.${feed.id}`,
    sql: `SELECT ${summed.join(", ")} FROM ${workTable(dialect, side, feed)} t${where} GROUP BY t._currency`,
  });
  return totals.map((row) => ({
    ...totalIn(row),
    lanes: [BigInt(row["lane_0"] ?? "0"), BigInt(row["lane_1"] ?? "0")],
    firstKey: row["first_key"] ?? null,
    lastKey: row["last_key"] ?? null,
  }));
}

/** Whether some of a side's keys have several rows. */
export async function hasCopies(session: Session, dialect: Dialect, { feed, side }: OfSide): Promise<boolean> {
  const keys = columns(dialect, "t", feed.sourceKey);
  const [copies] = await session.rows({
    name: `reconcile.${SIDES[side]}-copies.${feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS copies FROM (
  SELECT ${keys} FROM ${workTable(dialect, side, feed)} t WHERE ${hasKey(dialect, feed, "t")} GROUP BY ${keys} HAVING COUNT(*) > 1
) c`,
  });
  return copies?.["copies"] !== "0";
}
