import type { Tie, TieSide } from "../config/pipeline.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { workName } from "../warehouse/relations.ts";
import { and, asText, exactSum, or } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { dayText } from "./beside-part.ts";

/**
 * What became of a key of a tie; each is of the first class that fits, of those that are differences first (docs/reconciliation.md). `duplicate`: a side
 * has it more than once. `missing`: a side has it not. `timing_settlement`: so, and may yet have it. `currency`, `amount`: the sides say otherwise.
 * `fee`: an amount is another one by a fee that a side tells. `cutoff`: the same in another month. `equal`: the same.
 */
export const TIE_CLASSES = ["duplicate", "missing", "currency", "amount", "timing_settlement", "fee", "cutoff", "equal"] as const;

export type TieClass = (typeof TIE_CLASSES)[number];

/** Classes that something has to be done about; the others have their reason. */
export const UNTIED: readonly TieClass[] = ["duplicate", "missing", "currency", "amount"];

const side = (i: number) => `s${i}`;
const keyName = (i: number) => `key_${i}`;

/** The work table of a side's rows. */
const sideName = ({ name }: Tie, i: number) => workName("tie", `${name}__${i}`);

/** The work table of a tie's keys, each with its class and what either side has. */
export function tiedTable(dialect: Dialect, { name }: Tie): string {
  return dialect.work(workName("tied", name));
}

/** A side's rows as every side has them: the key as texts, the row's own id, money and day. */
export function readSide(dialect: Dialect, tie: Tie, i: number): Statement {
  const { select, hasFee } = tie.sides[i] as TieSide;
  const named = (name: string) => `q.${dialect.identifier(name)}`;
  const minor = (name: string) => `CAST(${named(name)} AS ${dialect.minorType})`;
  const columns = [
    ...tie.key.map((name, k) => `${asText(named(name))} AS ${keyName(k)}`),
    `${asText(named("id"))} AS row_id`,
    `${asText(named("currency"))} AS currency`,
    `${minor("amount_minor")} AS minor`,
    `${hasFee ? `COALESCE(${minor("fee_minor")}, 0)` : "0"} AS fee`,
    `CAST(${named("on_day")} AS DATE) AS on_day`,
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
  const lacks = or(
    ["row_id", "currency", "minor", "on_day", ...tie.key.map((_, k) => keyName(k))].map((name) => `r.${name} IS NULL`),
  );
  const selects = tie.sides.map(
    ({ name }, i) => `SELECT ${i} AS nth, ${dialect.literal(name)} AS side, ${asText("COUNT(*)")} AS row_count,
  ${asText("COUNT(r.row_id) - COUNT(DISTINCT r.row_id)")} AS repeated, ${asText(dialect.countIf(lacks))} AS lacking
FROM ${dialect.work(sideName(tie, i))} r`,
  );
  const rows = await session.rows({ name: `tie.faults.${tie.name}`, sql: `${selects.join("\nUNION ALL\n")}\nORDER BY nth` });
  return rows.map((row) => ({
    side: row["side"] ?? "",
    rows: BigInt(row["row_count"] ?? "0"),
    repeated: BigInt(row["repeated"] ?? "0"),
    lacking: BigInt(row["lacking"] ?? "0"),
  }));
}

/** Before every day that there is. */
const NEVER = "0001-01-01";

const dayLiteral = (dialect: Dialect, day: string) => `CAST(${dialect.literal(day)} AS DATE)`;

const daysBefore = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);

const isHere = (i: number) => `${side(i)}.row_count IS NOT NULL`;

/** Whether every side that has not the key may yet have it: the others have it since few days enough. */
function mayCome(dialect: Dialect, { sides }: Tie, today: string): string {
  const never = dayLiteral(dialect, NEVER);
  const latest = `GREATEST(${sides.map((_, i) => `COALESCE(${side(i)}.on_day, ${never})`).join(", ")})`;
  return and(
    sides.map(({ lagsDays }, i) =>
      lagsDays === 0 ? isHere(i) : `(${isHere(i)} OR ${latest} > ${dayLiteral(dialect, daysBefore(today, lagsDays))})`,
    ),
  );
}

/** Whether two amounts are the same, or are so once a fee that a side tells is taken off. */
function isByFee(i: number): string {
  const forms = (n: number) => [`${side(n)}.minor`, `${side(n)}.minor - ${side(n)}.fee`];
  return `(${or(forms(0).flatMap((a) => forms(i).map((b) => `${a} = ${b}`)))})`;
}

function classOf(dialect: Dialect, tie: Tie, today: string): string {
  const { sides } = tie;
  const others = sides.map((_, i) => i).slice(1);
  const month = (i: number) => `SUBSTR(${dayText(dialect, `${side(i)}.on_day`)}, 1, 7)`;
  const several = sides.flatMap(({ addsUp }, i) => (addsUp ? [] : [`COALESCE(${side(i)}.row_count, 0) > 1`]));
  const mixed = sides.map((_, i) => `${side(i)}.currencies > 1`);
  const branches: (readonly [string, TieClass])[] = [
    ...(several.length > 0 ? [[or(several), "duplicate"] as const] : []),
    [`NOT (${and(sides.map((_, i) => isHere(i)))}) AND ${mayCome(dialect, tie, today)}`, "timing_settlement"],
    [`NOT (${and(sides.map((_, i) => isHere(i)))})`, "missing"],
    [or([...mixed, ...others.map((i) => `${side(0)}.currency <> ${side(i)}.currency`)]), "currency"],
    [`NOT (${and(others.map(isByFee))})`, "amount"],
    [or(others.map((i) => `${side(0)}.minor <> ${side(i)}.minor`)), "fee"],
    [or(others.map((i) => `${month(0)} <> ${month(i)}`)), "cutoff"],
  ];
  return `CASE ${branches.map(([when, then]) => `WHEN ${when} THEN ${dialect.literal(then)}`).join("\n    ")}\n    ELSE 'equal' END`;
}

/** The first side that says otherwise than the first one, by its number. */
function otherSide({ sides }: Tie): string {
  const others = sides.map((_, i) => i).slice(1);
  const differs = (i: number) =>
    or([
      ...["minor", "currency"].map((name) => `${side(0)}.${name} IS DISTINCT FROM ${side(i)}.${name}`),
      ...(sides[i]?.addsUp ? [] : [`${side(i)}.row_count > 1`]),
    ]);
  return `CASE ${others.map((i) => `WHEN ${differs(i)} THEN ${i}`).join(" ")} ELSE 1 END`;
}

/**
 * Holds the sides of a tie beside one another, key by key.
 * @param today up to when a side that lags is waited for, as an ISO date.
 */
export function tieSides(dialect: Dialect, tie: Tie, today: string): Statement {
  const keys = tie.key.map((_, k) => keyName(k));
  const list = (alias: string) => keys.map((name) => `${alias}.${name}`).join(", ");
  const grouped = tie.sides.map(
    (_, i) => `${side(i)} AS (
  SELECT ${list("r")}, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, MIN(r.currency) AS currency, ${exactSum(dialect, "r.minor")} AS minor,
    ${exactSum(dialect, "r.fee")} AS fee, MAX(r.on_day) AS on_day, MIN(r.row_id) AS row_id
  FROM ${dialect.work(sideName(tie, i))} r GROUP BY ${list("r")}
)`,
  );
  const own = ["row_count", "currency", "minor", "fee", "on_day", "row_id"];
  const columns = tie.sides.flatMap((_, i) => own.map((name) => `${side(i)}.${name} AS ${name}_${i}`));
  const joins = tie.sides.map((_, i) => `LEFT JOIN ${side(i)} ON ${and(keys.map((name) => `${side(i)}.${name} = k.${name}`))}`);
  const sql = `WITH ${grouped.join(",\n")},
all_keys AS (
  ${tie.sides.map((_, i) => `SELECT ${list(side(i))} FROM ${side(i)}`).join("\n  UNION\n  ")}
)
SELECT ${list("k")}, ${columns.join(", ")}, ${otherSide(tie)} AS other,
  ${classOf(dialect, tie, today)} AS class
FROM all_keys k
${joins.join("\n")}`;
  return { name: `tie.${tie.name}`, sql: dialect.createWork(workName("tied", tie.name), sql) };
}

/** Rows and money of one side in one period, by what became of their keys. */
export interface TieLine {
  /** A month, or a day. */
  readonly period: string;
  readonly side: string;
  readonly currency: string;
  readonly class: TieClass;
  readonly keys: bigint;
  readonly rows: bigint;
  readonly minor: bigint;
}

/** What the sides of a tie come to, period by period: each side in its own currencies and by its own days, so that nothing is netted. */
export async function tieLines(
  session: Session,
  dialect: Dialect,
  { tie, by }: { tie: Tie; by: "month" | "day" },
): Promise<TieLine[]> {
  const selects = tie.sides.map(({ name }, i) => {
    const period = `SUBSTR(${dayText(dialect, `t.on_day_${i}`)}, 1, ${by === "month" ? 7 : 10})`;
    return `SELECT ${period} AS period, ${i} AS nth, ${dialect.literal(name)} AS side, t.currency_${i} AS currency, t.class AS class,
  COUNT(*) AS keys, ${exactSum(dialect, `t.row_count_${i}`)} AS row_count, ${exactSum(dialect, `t.minor_${i}`)} AS minor
FROM ${tiedTable(dialect, tie)} t WHERE t.row_count_${i} IS NOT NULL GROUP BY ${period}, t.currency_${i}, t.class`;
  });
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
  readonly currency: string;
  readonly minor: bigint;
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
  /** The number of the first side that says otherwise than the first one. */
  readonly other: number;
  readonly sides: readonly (TieCell | null)[];
}

/** Which keys of a tie are asked for. */
export interface KeysAsked {
  readonly tie: Tie;
  readonly classes: readonly TieClass[];
  /** What the days of any side begin with: a month, a day; empty for all. */
  readonly period: string;
  readonly limit: number;
}

/** Keys of some classes, the most money first, and how many there are. */
export async function tiedKeys(
  session: Session,
  dialect: Dialect,
  { tie, classes, period, limit }: KeysAsked,
): Promise<{ readonly all: bigint; readonly keys: readonly TiedKey[] }> {
  const days = tie.sides.map((_, i) => `t.on_day_${i}`);
  const of = [
    `t.class IN (${classes.map(dialect.literal).join(", ")})`,
    ...(period === "" ? [] : [`(${or(days.map((day) => `${dayText(dialect, day)} LIKE ${dialect.literal(`${period}%`)}`))})`]),
  ];
  const from = `${tiedTable(dialect, tie)} t WHERE ${and(of)}`;
  const cells = tie.sides.flatMap((_, i) => [
    ...["row_count", "minor", "fee"].map((name) => `${asText(`t.${name}_${i}`)} AS ${name}_${i}`),
    ...[`t.currency_${i}`, `t.row_id_${i}`],
    `${dayText(dialect, `t.on_day_${i}`)} AS on_day_${i}`,
  ]);
  const money = `GREATEST(${tie.sides.map((_, i) => `ABS(COALESCE(t.minor_${i}, 0))`).join(", ")})`;
  const rows = await session.rows({
    name: `tie.keys.${tie.name}`,
    sql: `SELECT ${tie.key.map((_, k) => `t.${keyName(k)}`).join(", ")}, t.class, ${asText("t.other")} AS other, ${cells.join(", ")}
FROM ${from} ORDER BY ${money} DESC, ${tie.key.map((_, k) => `t.${keyName(k)}`).join(", ")} LIMIT ${limit}`,
  });
  const [count] = await session.rows({ name: `tie.count.${tie.name}`, sql: `SELECT ${asText("COUNT(*)")} AS n FROM ${from}` });
  const cell = (row: (typeof rows)[number], i: number): TieCell | null =>
    row[`row_count_${i}`] == null
      ? null
      : {
          rows: BigInt(row[`row_count_${i}`] ?? "0"),
          currency: row[`currency_${i}`] ?? "",
          minor: BigInt(row[`minor_${i}`] ?? "0"),
          fee: BigInt(row[`fee_${i}`] ?? "0"),
          day: row[`on_day_${i}`] ?? "",
          id: row[`row_id_${i}`] ?? "",
        };
  return {
    all: BigInt(count?.["n"] ?? "0"),
    keys: rows.map((row) => ({
      key: tie.key.map((_, k) => row[keyName(k)] ?? ""),
      class: (row["class"] ?? "amount") as TieClass,
      other: Number(row["other"] ?? "1"),
      sides: tie.sides.map((_, i) => cell(row, i)),
    })),
  };
}
