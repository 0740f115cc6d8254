import type { Tie } from "../config/pipeline.ts";
import { DAY_MS, isoDay } from "../kernel/clock.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { and, or } from "../warehouse/sql-text.ts";
import { dayText } from "./beside-part.ts";

/**
 * What became of a key of a tie; each is of the first class that fits, of those that are differences first (docs/reconciliation.md). `duplicate`: a side
 * has it more than once. `currency`, `amount`: sides that have it say otherwise. `missing`: a side has it not. `timing_settlement`: so, and may yet have
 * it. `fee`: an amount is another one by a fee that a side tells. `cutoff`: the same in another month. `equal`: the same.
 */
export const TIE_CLASSES = ["duplicate", "currency", "amount", "missing", "timing_settlement", "fee", "cutoff", "equal"] as const;

export type TieClass = (typeof TIE_CLASSES)[number];

/** Classes that something has to be done about; the others have their reason. */
export const UNTIED: readonly TieClass[] = ["duplicate", "currency", "amount", "missing"];

/** What there is of a key on each side, as columns of `b` with the side's number behind them. */
export const CELL = ["row_count", "currencies", "currency", "minor", "fee", "first_day", "last_day", "row_id"] as const;

/** A column of a side, beside those of the other sides. */
export const cellOf = (i: number, name: (typeof CELL)[number]) => `b.${name}_${i}`;

/** So many days ahead a row's day may be and its other side still be waited for: what is later is a mistake. */
const AHEAD_DAYS = 31;

const dayLiteral = (dialect: Dialect, day: string) => `CAST(${dialect.literal(day)} AS DATE)`;

const daysFrom = (day: string, days: number) => isoDay(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS));

const isHere = (i: number) => `${cellOf(i, "row_count")} IS NOT NULL`;
const isAbsent = (i: number) => `${cellOf(i, "row_count")} IS NULL`;

/** What the first side has that has the key. */
const firstHas = ({ sides }: Tie, name: (typeof CELL)[number]) => `COALESCE(${sides.map((_, i) => cellOf(i, name)).join(", ")})`;

/** Whether every side that has not the key may yet have it: the others have it since few days enough. */
function mayCome(dialect: Dialect, tie: Tie, today: string): string {
  const { sides } = tie;
  const latest = dayLiteral(dialect, daysFrom(today, AHEAD_DAYS));
  // GREATEST and LEAST of Snowflake are NULL where one of theirs is.
  const earliest = `LEAST(${sides.map((_, i) => `COALESCE(${cellOf(i, "first_day")}, ${firstHas(tie, "first_day")})`).join(", ")})`;
  return and(
    sides.map(({ lagsDays }, i) =>
      lagsDays === 0
        ? isHere(i)
        : `(${isHere(i)} OR ${earliest} > ${dayLiteral(dialect, daysFrom(today, -lagsDays))} AND ${earliest} <= ${latest})`,
    ),
  );
}

/** Whether a side that has the key says the same amount as the first that has it, or is so once the fee of either is taken off. */
function isTied(tie: Tie, i: number): string {
  const [minor, fee] = [firstHas(tie, "minor"), firstHas(tie, "fee")];
  const [own, ownFee] = [cellOf(i, "minor"), cellOf(i, "fee")];
  return `(${or([isAbsent(i), `${minor} = ${own}`, `${minor} - ${fee} = ${own}`, `${minor} = ${own} - ${ownFee}`])})`;
}

const isTwice = ({ sides }: Tie, i: number) => (sides[i]?.addsUp ? "FALSE" : `COALESCE(${cellOf(i, "row_count")}, 0) > 1`);

const isOfOtherCurrency = (tie: Tie, i: number) =>
  `(COALESCE(${cellOf(i, "currencies")}, 1) > 1 OR ${isHere(i)} AND ${cellOf(i, "currency")} <> ${firstHas(tie, "currency")})`;

/** The class of a key. @param today up to when a side that lags is waited for, as an ISO date. */
export function tieClass(dialect: Dialect, tie: Tie, today: string): string {
  const all = tie.sides.map((_, i) => i);
  const month = (day: string) => `SUBSTR(${dayText(dialect, day)}, 1, 7)`;
  const isSomewhereAbsent = or(all.map(isAbsent));
  const branches: readonly (readonly [string, TieClass])[] = [
    [or(all.map((i) => isTwice(tie, i))), "duplicate"],
    [or(all.map((i) => isOfOtherCurrency(tie, i))), "currency"],
    [`NOT (${and(all.map((i) => isTied(tie, i)))})`, "amount"],
    [`(${isSomewhereAbsent}) AND ${mayCome(dialect, tie, today)}`, "timing_settlement"],
    [isSomewhereAbsent, "missing"],
    [or(all.map((i) => `${firstHas(tie, "minor")} <> ${cellOf(i, "minor")}`)), "fee"],
    [or(all.map((i) => `${month(firstHas(tie, "last_day"))} <> ${month(cellOf(i, "last_day"))}`)), "cutoff"],
  ];
  return `CASE ${branches.map(([when, then]) => `WHEN ${when} THEN ${dialect.literal(then)}`).join("\n    ")}\n    ELSE 'equal' END`;
}

/** The number of the first side for which something holds. */
const firstWhere = (all: readonly number[], holds: (i: number) => string) =>
  `CASE ${all.map((i) => `WHEN ${holds(i)} THEN ${i}`).join(" ")} ELSE 0 END`;

/** The number of the first side that has the key. */
export function firstSide({ sides }: Tie): string {
  return firstWhere(
    sides.map((_, i) => i),
    isHere,
  );
}

/** By its number the first side that does not say what the first says that has the key, as the class has it. */
export function otherSide(dialect: Dialect, tie: Tie): string {
  const all = tie.sides.map((_, i) => i);
  const ways: readonly (readonly [TieClass, (i: number) => string])[] = [
    ["duplicate", (i) => isTwice(tie, i)],
    ["currency", (i) => isOfOtherCurrency(tie, i)],
    ["amount", (i) => `NOT ${isTied(tie, i)}`],
    ["missing", isAbsent],
    ["timing_settlement", isAbsent],
    ["fee", (i) => `${firstHas(tie, "minor")} <> ${cellOf(i, "minor")}`],
  ];
  const branches = ways.map(([is, holds]) => `WHEN ${dialect.literal(is)} THEN ${firstWhere(all, holds)}`);
  return `CASE b.class ${branches.join("\n    ")} ELSE 0 END`;
}
