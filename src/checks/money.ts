import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { or } from "../warehouse/sql-text.ts";
import { isFaulty, isUnconverted, unlessFaulty } from "./record-fault.ts";

export interface MoneyColumns {
  /** TRUE where the amount or the currency is needed and cannot be read; never NULL. */
  readonly unreadable: string;
  /** Minor units, NULL where unreadable, 0 for a NULL that is allowed. */
  readonly minor: string;
  /** The currency's text; `-` for none. */
  readonly currency: string;
}

const INT64 = { kind: "integer", bits: 64 } as const;

interface MoneyOptions {
  /** SQL of a column's landed text. */
  readonly text: (name: string) => string;
  /** Exponents; `*` is every other currency, where it is there. */
  readonly currencies: Readonly<Record<string, number>>;
}

interface Texts {
  readonly dialect: Dialect;
  readonly amount: string;
  readonly currency: string | null;
}

function isRequired(feed: Feed, name: string | undefined): boolean {
  return feed.contract.columns.some((c) => c.name === name && c.required);
}

/** Amounts in minor units: the text is exactly a 64-bit integer. */
function minorUnits(t: Texts): { readable: string; value: string } {
  const value = t.dialect.tryCast(t.amount, INT64);
  return { readable: `NOT ${t.dialect.isMisread({ text: t.amount, typed: value, type: INT64 })}`, value };
}

/**
 * Amounts in major units: plain decimal text whose digits beyond the currency's exponent are zeros. The minor value is cut
 * from the text, since a product of decimals may overflow its type.
 */
function majorUnits(t: Texts, currencies: Readonly<Record<string, number>>): { readable: string; value: string } {
  const exponent = t.currency === null ? "2" : exponentOf(t, currencies);
  const fraction = `SPLIT_PART(${t.amount}, '.', 2)`;
  const digits = `SPLIT_PART(${t.amount}, '.', 1) || RPAD(SUBSTR(${fraction}, 1, ${exponent}), ${exponent}, '0')`;
  const value = `TRY_CAST(${digits} AS ${t.dialect.columnType(INT64)})`;
  const form = t.dialect.matches(t.amount, "^-?(0|[1-9][0-9]*)([.][0-9]+)?$");
  const scale = `REPLACE(SUBSTR(${fraction}, ${exponent} + 1), '0', '') = ''`;
  const known = t.currency === null ? "TRUE" : `${exponent} IS NOT NULL`;
  return { readable: `(${t.amount} IS NULL OR (${known} AND ${form} AND ${scale} AND ${value} IS NOT NULL))`, value };
}

/** Whether an amount can be read, and its minor units, in a feed's own unit. */
function amountOf(t: Texts, { unit }: NonNullable<Feed["money"]>, currencies: Readonly<Record<string, number>>) {
  return unit === "minor" ? minorUnits(t) : majorUnits(t, currencies);
}

function exponentOf(t: Texts, { "*": others, ...currencies }: Readonly<Record<string, number>>): string {
  const cases = Object.entries(currencies).map(([code, exponent]) => `WHEN ${t.dialect.literal(code)} THEN ${exponent}`);
  const known = `CASE ${t.currency} ${cases.join(" ")}${others === undefined ? "" : ` ELSE ${others}`} END`;
  return others === undefined ? `(${known})` : `(CASE WHEN ${t.currency} IS NOT NULL THEN ${known} END)`;
}

/**
 * Minor units of an amount that stands by itself, from its text and its currency's, in a feed's own unit; NULL where it cannot be read.
 */
export function minorOfText(
  dialect: Dialect,
  money: NonNullable<Feed["money"]>,
  of: { readonly amount: string; readonly currency: string; readonly currencies: MoneyOptions["currencies"] },
): string {
  const texts: Texts = { dialect, amount: of.amount, currency: money.currency === undefined ? null : of.currency };
  const { readable, value } = amountOf(texts, money, of.currencies);
  return `CASE WHEN ${readable} THEN ${value} END`;
}

/**
 * The money of one row from its landed text. The PostgreSQL reader sorts the source's rows by the same definition, so that
 * control totals can be equal to the cent: see `docs/concepts.md`, "Control totals".
 */
export function moneyColumns(dialect: Dialect, feed: Feed, options: MoneyOptions): MoneyColumns {
  const faulty = isFaulty(dialect, feed);
  const { unreadable, minor, currency } = moneyOfRecord(dialect, feed, options);
  return {
    unreadable: faulty === null ? unreadable : `(${faulty} OR ${unreadable})`,
    minor: unlessFaulty(faulty, { faulty: "NULL", else: minor }),
    currency: unlessFaulty(faulty, { faulty: dialect.literal("-"), else: currency }),
  };
}

/** The money of a record that could be read. What it has beside its amount must be readable too, and is summed nowhere. */
function moneyOfRecord(dialect: Dialect, feed: Feed, options: MoneyOptions): MoneyColumns {
  const { moneyBeside = [] } = feed;
  const own = amountOfRecord(dialect, feed, options);
  if (moneyBeside.length === 0) return own;
  const beside = moneyBeside.map((money) => amountOfRecord(dialect, { ...feed, money }, options).unreadable);
  return { ...own, unreadable: `(${or([own.unreadable, ...beside])})` };
}

function amountOfRecord(dialect: Dialect, feed: Feed, options: MoneyOptions): MoneyColumns {
  const money = feed.money;
  if (!money) return { unreadable: "FALSE", minor: `CAST(0 AS BIGINT)`, currency: dialect.literal("-") };
  const texts: Texts = {
    dialect,
    amount: options.text(money.amount),
    currency: money.currency === undefined ? null : options.text(money.currency),
  };
  const { readable, value } = amountOf(texts, money, options.currencies);
  const unconverted = isUnconverted(dialect, feed, { name: money.amount });
  const missing = [
    ...(unconverted === null ? [] : [unconverted]),
    ...(isRequired(feed, money.amount) ? [`${texts.amount} IS NULL`] : []),
    ...(texts.currency !== null && isRequired(feed, money.currency) ? [`${texts.currency} IS NULL`] : []),
  ];
  const unreadable = `(${[...missing, `NOT COALESCE(${readable}, FALSE)`].join(" OR ")})`;
  return {
    unreadable,
    minor: `CASE WHEN ${unreadable} THEN NULL ELSE COALESCE(${value}, 0) END`,
    currency: texts.currency === null ? dialect.literal("-") : `COALESCE(${texts.currency}, '-')`,
  };
}
