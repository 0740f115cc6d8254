import type { Tie } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { and, asText, exactSum } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { dayText } from "./beside-part.ts";
import type { KeyMoney } from "./terms.ts";
import type { TieClass } from "./tie-class.ts";
import { keyName, sideTable, tiedTable } from "./tie-sides.ts";

/** Rows and money of one side in one period and currency, by what became of their keys. */
export interface TieLine {
  /** A month, or a day. */
  readonly period: string;
  readonly side: string;
  readonly currency: string;
  readonly class: TieClass;
  /** Keys that are counted here: each once, where the first side that has it has its first row. */
  readonly keys: bigint;
  readonly rows: bigint;
  readonly minor: bigint;
}

const sameKeys = ({ key }: Tie) => and(key.map((_, k) => `t.${keyName(k)} = r.${keyName(k)}`));

/** What the sides of a tie come to, period by period: each row in its own currency and by its own day, so that nothing is netted. */
export async function tieLines(
  session: Session,
  dialect: Dialect,
  { tie, by }: { tie: Tie; by: "month" | "day" },
): Promise<TieLine[]> {
  const period = `SUBSTR(${dayText(dialect, "r.on_day")}, 1, ${by === "month" ? 7 : 10})`;
  const selects = tie.sides.map(
    ({ name }, i) => `SELECT ${period} AS period, ${i} AS nth, ${dialect.literal(name)} AS side, r.currency, t.class,
  ${dialect.countIf(`t.first_side = ${i} AND t.row_id_${i} = r.row_id`)} AS keys, COUNT(*) AS row_count, ${exactSum(dialect, "r.minor")} AS minor
FROM ${sideTable(dialect, tie, i)} r JOIN ${tiedTable(dialect, tie)} t ON ${sameKeys(tie)} GROUP BY ${period}, r.currency, t.class`,
  );
  const rows = await session.rows({
    name: `tie.lines.${tie.name}`,
    sql: `SELECT l.period, l.side, l.currency, l.class, ${asText("l.keys")} AS keys, ${asText("l.row_count")} AS row_count, ${asText("l.minor")} AS minor
FROM (
${selects.join("\nUNION ALL\n")}
) l ORDER BY l.period, l.currency, l.class, l.nth`,
  });
  return rows.map((row) => ({
    period: row["period"] ?? "",
    side: row["side"] ?? "",
    currency: row["currency"] ?? "",
    class: (row["class"] ?? "amount") as TieClass,
    keys: BigInt(row["keys"] ?? "0"),
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
  }));
}

/** A line of a tie as JSON. */
export interface TieLineDocument {
  readonly period: string;
  readonly side: string;
  readonly currency: string;
  readonly class: TieClass;
  readonly keys: JsonAmount;
  readonly rows: JsonAmount;
  readonly minor: JsonAmount;
}

/** A line of a tie as it is printed and kept. */
export function tieLineDocument({ period, side: name, currency, class: is, keys, rows, minor }: TieLine): TieLineDocument {
  return { period, side: name, currency, class: is, keys: jsonAmount(keys), rows: jsonAmount(rows), minor: jsonAmount(minor) };
}

/** A line of a tie that was printed or kept. */
export function readTieLine({ keys, rows, minor, ...line }: TieLineDocument): TieLine {
  return { ...line, keys: BigInt(keys), rows: BigInt(rows), minor: BigInt(minor) };
}

/** What one side has of a key. */
export interface TieCell {
  readonly rows: bigint;
  /** Null where its rows are of several currencies. */
  readonly money: KeyMoney | null;
  readonly fee: bigint;
  /** An ISO date: the latest of its rows. */
  readonly day: string;
  /** Of its own rows the first. */
  readonly id: string;
}

/** A key of a tie with what each side has, in the order of the sides. */
export interface TiedKey {
  readonly key: readonly string[];
  readonly class: TieClass;
  /** The number of the first side that has it. */
  readonly first: number;
  /** The number of the first side that says otherwise. */
  readonly other: number;
  readonly sides: readonly (TieCell | null)[];
}

/** Which keys of a tie are asked for. */
export interface KeysAsked {
  readonly tie: Tie;
  readonly classes: readonly TieClass[];
  /** What the day of any row begins with: a month, a day; empty for all. */
  readonly period: string;
  readonly limit: number;
}

/** A join with the keys of which any side has a row in a period; none for all of them. */
function inPeriod(dialect: Dialect, tie: Tie, period: string): string {
  if (period === "") return "";
  const keys = tie.key.map((_, k) => `r.${keyName(k)}`).join(", ");
  const isOf = `${dayText(dialect, "r.on_day")} LIKE ${dialect.literal(`${period}%`)}`;
  const selects = tie.sides.map((_, i) => `SELECT ${keys} FROM ${sideTable(dialect, tie, i)} r WHERE ${isOf}`);
  return ` JOIN (${selects.join(" UNION ")}) r ON ${sameKeys(tie)}`;
}

function cellOf(row: TextRow, i: number): TieCell | null {
  const text = (name: string) => row[`${name}_${i}`] ?? "";
  if (text("row_count") === "") return null;
  const money = text("minor") === "" ? null : { currency: text("currency"), minor: BigInt(text("minor")) };
  return { rows: BigInt(text("row_count")), money, fee: BigInt(text("fee") || "0"), day: text("last_day"), id: text("row_id") };
}

/** Keys of some classes, the most money first, and how many there are. */
export async function tiedKeys(
  session: Session,
  dialect: Dialect,
  { tie, classes, period, limit }: KeysAsked,
): Promise<{ readonly all: bigint; readonly keys: readonly TiedKey[] }> {
  const isOf = `t.class IN (${classes.map(dialect.literal).join(", ")})`;
  const from = `${tiedTable(dialect, tie)} t${inPeriod(dialect, tie, period)} WHERE ${isOf}`;
  const cells = tie.sides.flatMap((_, i) => [
    ...["row_count", "minor", "fee"].map((name) => `${asText(`t.${name}_${i}`)} AS ${name}_${i}`),
    ...[`t.currency_${i}`, `t.row_id_${i}`],
    `${dayText(dialect, `t.last_day_${i}`)} AS last_day_${i}`,
  ]);
  const numbers = ["first_side", "other_side"].map((name) => `${asText(`t.${name}`)} AS ${name}`);
  const money = `GREATEST(${tie.sides.map((_, i) => `ABS(COALESCE(t.minor_${i}, 0))`).join(", ")})`;
  const keys = tie.key.map((_, k) => `t.${keyName(k)}`).join(", ");
  const rows = await session.rows({
    name: `tie.keys.${tie.name}`,
    sql: `SELECT ${keys}, t.class, ${numbers.join(", ")}, ${cells.join(", ")}
FROM ${from} ORDER BY ${money} DESC, ${keys} LIMIT ${limit}`,
  });
  const [count] = await session.rows({ name: `tie.count.${tie.name}`, sql: `SELECT ${asText("COUNT(*)")} AS n FROM ${from}` });
  return {
    all: BigInt(count?.["n"] ?? "0"),
    keys: rows.map((row) => ({
      key: tie.key.map((_, k) => row[keyName(k)] ?? ""),
      class: (row["class"] ?? "amount") as TieClass,
      first: Number(row["first_side"]),
      other: Number(row["other_side"]),
      sides: tie.sides.map((_, i) => cellOf(row, i)),
    })),
  };
}
