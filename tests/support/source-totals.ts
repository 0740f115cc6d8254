import type { Feed } from "../../src/config/pipeline.ts";
import type { ControlTotal } from "../../src/sources/source.ts";
import type { Row } from "./desk.ts";

const LARGEST = 2n ** 63n - 1n;

function isRequired(feed: Feed, name: string | undefined): boolean {
  return feed.contract.columns.some((c) => c.name === name && c.required);
}

function inRange(minor: bigint): bigint | null {
  return minor <= LARGEST && minor >= -LARGEST - 1n ? minor : null;
}

/** 10.50 in a currency of two digits → 1050; null where digits beyond them are not zero. */
function fromMajor(text: string, exponent: number): bigint | null {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(0|[1-9][0-9]*)(?:[.]([0-9]+))?$/.exec(text) ?? [];
  if (whole === "" || /[1-9]/.test(fraction.slice(exponent))) return null;
  return inRange(BigInt(`${sign}${whole}${fraction.slice(0, exponent).padEnd(exponent, "0")}`));
}

/** The record could not be read: it has no money and no currency. */
const isFaulty = (row: Row) => (row["_fault"] ?? null) !== null;

/** Minor units of a row by the definition of `docs/concepts.md`, "Control totals"; null where they cannot be read. */
function minorOf(feed: Feed, row: Row, currencies: Readonly<Record<string, number>>): bigint | null {
  const { money } = feed;
  if (isFaulty(row)) return null;
  if (!money) return 0n;
  if ((JSON.parse(String(row["_unconverted"] ?? "[]")) as string[]).includes(money.amount)) return null;
  const amount = row[money.amount] ?? null;
  const currency = money.currency === undefined ? undefined : (row[money.currency] ?? null);
  if (currency === null && isRequired(feed, money.currency)) return null;
  if (amount === null) return isRequired(feed, money.amount) ? null : 0n;
  if (money.unit === "minor") return /^(0|-?[1-9][0-9]*)$/.test(String(amount)) ? inRange(BigInt(amount)) : null;
  const exponent = currency === undefined ? 2 : currencies[String(currency)];
  return exponent === undefined ? null : fromMajor(String(amount), exponent);
}

/** What a source would count over hand-written rows, computed apart from every statement that judges them. */
export function sourceTotals(feed: Feed, rows: readonly Row[], currencies: Readonly<Record<string, number>>): ControlTotal[] {
  const name = feed.money?.currency;
  const currencyOf = (row: Row) => (isFaulty(row) ? "-" : String((name === undefined ? null : row[name]) ?? "-"));
  return [...new Set(rows.map(currencyOf))].sort().map((currency) => {
    const amounts = rows.filter((row) => currencyOf(row) === currency).map((row) => minorOf(feed, row, currencies));
    const readable = amounts.filter((minor) => minor !== null);
    return {
      currency,
      rows: amounts.length.toString(),
      minor: readable.reduce((sum, minor) => sum + minor, 0n).toString(),
      unreadable: (amounts.length - readable.length).toString(),
    };
  });
}
