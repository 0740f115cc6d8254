import type { Tie, TieSide } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { workName } from "../warehouse/relations.ts";
import { and, asText, exactSum, or } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Currencies, sideOfFiles } from "./file-sides.ts";
import { CELL, firstSide, otherSide, tieClass } from "./tie-class.ts";

/** A part of a tie's key among the columns of its work tables. */
export const keyName = (i: number) => `key_${i}`;

const sideName = ({ name }: Tie, i: number) => workName("tie", `${name}__${i}`);

/** The work table of a side's rows. */
export function sideTable(dialect: Dialect, tie: Tie, i: number): string {
  return dialect.work(sideName(tie, i));
}

/** The work table of a tie's keys, each with its class and what each side has. */
export function tiedTable(dialect: Dialect, { name }: Tie): string {
  return dialect.work(workName("tied", name));
}

/** A whole number, as either engine writes one; the digits are as many as fit every type of minor units. */
const WHOLE = "^-?[0-9]{1,37}([.]0+)?$";

/** A side's rows as every side has them: the key as texts, the row's own id, money and day. What is no whole number of minor units, and no day, is NULL. */
export function readSide(
  dialect: Dialect,
  { tie, nth: i, currencies }: { tie: Tie; nth: number; currencies: Currencies },
): Statement {
  const { gives, hasFee } = tie.sides[i] as TieSide;
  const select = typeof gives === "string" ? gives : sideOfFiles(dialect, gives, currencies);
  const named = (name: string) => `q.${dialect.identifier(name)}`;
  const isWhole = (name: string) => dialect.matches(asText(named(name)), WHOLE);
  const minor = (name: string) => `WHEN ${isWhole(name)} THEN CAST(${named(name)} AS ${dialect.minorType}) END`;
  const day = `CAST(${named("on_day")} AS DATE)`;
  const columns = [
    ...tie.key.map((name, k) => `${asText(named(name))} AS ${keyName(k)}`),
    `${asText(named("id"))} AS row_id`,
    `NULLIF(TRIM(${asText(named("currency"))}), '') AS currency`,
    `CASE ${minor("amount_minor")} AS minor`,
    `${hasFee ? `CASE WHEN ${named("fee_minor")} IS NULL THEN 0 ${minor("fee_minor")}` : "0"} AS fee`,
    `CASE WHEN ${day} BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN ${day} END AS on_day`,
  ];
  const sql = `SELECT ${columns.join(", ")} FROM (\n${select}\n) q`;
  return { name: `tie.side.${tie.name}.${i}`, sql: dialect.createWork(sideName(tie, i), sql) };
}

/** What makes a side's rows say nothing: rows that its query gives several times, and rows without what they are told by. */
export interface SideFaults {
  readonly side: string;
  readonly rows: bigint;
  readonly repeated: bigint;
  readonly lacking: bigint;
}

/** Looks whether the rows of each side can be held beside those of the others. */
export async function sideFaults(session: Session, dialect: Dialect, tie: Tie): Promise<SideFaults[]> {
  const needed = ["row_id", "currency", "minor", "fee", "on_day", ...tie.key.map((_, k) => keyName(k))];
  const lacks = or(needed.map((name) => `r.${name} IS NULL`));
  const selects = tie.sides.map(
    ({ name }, i) => `SELECT ${i} AS nth, ${dialect.literal(name)} AS side, ${asText("COUNT(*)")} AS row_count,
  ${asText("COUNT(r.row_id) - COUNT(DISTINCT r.row_id)")} AS repeated, ${asText(dialect.countIf(lacks))} AS lacking
FROM ${sideTable(dialect, tie, i)} r`,
  );
  const rows = await session.rows({ name: `tie.faults.${tie.name}`, sql: `${selects.join("\nUNION ALL\n")}\nORDER BY nth` });
  return rows.map((row) => ({
    side: row["side"] ?? "",
    rows: BigInt(row["row_count"] ?? "0"),
    repeated: BigInt(row["repeated"] ?? "0"),
    lacking: BigInt(row["lacking"] ?? "0"),
  }));
}

const side = (i: number) => `s${i}`;

/** A side's rows, key by key. Of several currencies there is no sum: neither an amount nor a currency. */
function byKey(dialect: Dialect, tie: Tie, i: number): string {
  const keys = tie.key.map((_, k) => `r.${keyName(k)}`).join(", ");
  const single = (expression: string) => `CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN ${expression} END`;
  return `${side(i)} AS (
  SELECT ${keys}, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, ${single("MIN(r.currency)")} AS currency,
    ${single(exactSum(dialect, "r.minor"))} AS minor, ${single(exactSum(dialect, "r.fee"))} AS fee,
    MIN(r.on_day) AS first_day, MAX(r.on_day) AS last_day, MIN(r.row_id) AS row_id
  FROM ${sideTable(dialect, tie, i)} r GROUP BY ${keys}
)`;
}

/**
 * Holds the sides of a tie beside one another, key by key.
 * @param today up to when a side that lags is waited for, as an ISO date.
 */
export function tieSides(dialect: Dialect, tie: Tie, today: string): Statement {
  const keys = tie.key.map((_, k) => keyName(k));
  const list = (alias: string) => keys.map((name) => `${alias}.${name}`).join(", ");
  const cells = tie.sides.flatMap((_, i) => CELL.map((name) => `${side(i)}.${name} AS ${name}_${i}`));
  const joins = tie.sides.map((_, i) => `LEFT JOIN ${side(i)} ON ${and(keys.map((name) => `${side(i)}.${name} = k.${name}`))}`);
  const sql = `WITH ${tie.sides.map((_, i) => byKey(dialect, tie, i)).join(",\n")},
all_keys AS (
  ${tie.sides.map((_, i) => `SELECT ${list(side(i))} FROM ${side(i)}`).join("\n  UNION\n  ")}
),
beside AS (
  SELECT ${list("k")}, ${cells.join(", ")}
  FROM all_keys k
  ${joins.join("\n  ")}
),
classed AS (
  SELECT b.*, ${tieClass(dialect, tie, today)} AS class
  FROM beside b
)
SELECT b.*, ${firstSide(tie)} AS first_side, ${otherSide(dialect, tie)} AS other_side
FROM classed b`;
  return { name: `tie.${tie.name}`, sql: dialect.createWork(workName("tied", tie.name), sql) };
}
