import pg from "pg";
import type { Feed, Money } from "../../config/pipeline.ts";
import type { ControlTotal } from "../source.ts";
import { baseType, type Relation } from "./catalog.ts";
import { relation } from "./select-sql.ts";

const identifier = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

/** int64, the range of `amount_minor`. */
const LARGEST = "9223372036854775807";
const SMALLEST = "-9223372036854775808";

interface Terms {
  readonly readable: string;
  /** SQL for the minor units; evaluated only where `readable` holds. */
  readonly minor: string;
}

interface MoneyColumns {
  readonly feed: Feed;
  readonly money: Money;
  readonly found: Relation;
  readonly currencies: Readonly<Record<string, number>>;
}

/**
 * The text that COPY writes: a cast would strip the padding of char(n), concat() does not. Compared byte by byte, as the warehouse
 * does, whatever collation the column has.
 */
function textOf(column: string, found: Relation): string {
  const name = identifier(column);
  const isPadded = /^(character\(|bpchar$)/.test(baseType(found, column));
  return `(${isPadded ? `case when ${name} is not null then concat(${name}) end` : `${name}::text`}) collate "C"`;
}

function isRequired(feed: Feed, column: string | undefined): boolean {
  return feed.contract.columns.some((c) => c.name === column && c.required);
}

function inRange(minor: string): string {
  return `(${minor}) between ${SMALLEST} and ${LARGEST}`;
}

/** What a column of whole numbers needs, whose every value is readable: no text is made of it, no branch taken. */
function integerTerms({ feed, money }: MoneyColumns): Terms {
  const amount = isRequired(feed, money.amount) ? "a.raw is not null" : "true";
  const currency = isRequired(feed, money.currency) ? "a.currency is not null" : "true";
  return { readable: `(${amount} and ${currency})`, minor: "coalesce(a.raw::bigint, 0)" };
}

function minorTerms(): { lexical: string; minor: string } {
  const minor = "a.amount::numeric";
  return { lexical: `case when a.amount ~ '^(0|-?[1-9][0-9]{0,18})$' then ${inRange(minor)} else false end`, minor };
}

/** SQL for 10^exponent of the row's currency, NULL where it is unknown. */
function factorOf({ money, currencies }: MoneyColumns): string {
  if (money.currency === undefined) return "100";
  const cases = Object.entries(currencies).map(([name, exponent]) => `when ${literal(name)} then 1${"0".repeat(exponent)}`);
  return cases.length > 0 ? `(case a.currency ${cases.join(" ")} end)` : "null::int";
}

function majorTerms(of: MoneyColumns): { lexical: string; minor: string } {
  const factor = factorOf(of);
  // What lies behind the first 300 characters are zeros, of which numeric takes no more than 16383.
  const amount = "substr(a.amount, 1, 300)::numeric";
  const minor = `trunc(${amount} * ${factor})`;
  const whole = `${amount} * ${factor} = ${minor}`;
  // The server's regular expressions repeat at most 255 times.
  const lexical = `case when ${factor} is null then false
      when a.amount ~ '^-?(0|[1-9][0-9]{0,18})([.][0-9]{1,255}0*)?$' then ${whole} and ${inRange(minor)} else false end`;
  return { lexical, minor };
}

function textTerms(of: MoneyColumns): Terms {
  const { feed, money } = of;
  const { lexical, minor } = money.unit === "minor" ? minorTerms() : majorTerms(of);
  const nullAmount = isRequired(feed, money.amount) ? "false" : "true";
  const currencyMissing = isRequired(feed, money.currency) ? "a.currency is null" : "false";
  return {
    readable: `case when ${currencyMissing} then false when a.amount is null then ${nullAmount} else ${lexical} end`,
    minor: `case when a.amount is null then 0 else ${minor} end`,
  };
}

function moneyTerms(of: MoneyColumns): Terms {
  const { money, found } = of;
  const isInteger = /^(smallint|integer|bigint)$/.test(baseType(found, money.amount));
  return money.unit === "minor" && isInteger ? integerTerms(of) : textTerms(of);
}

/**
 * One row per currency over a condition. The warehouse side counts the same rows by the same definition:
 *
 * - The key is the currency's text as extracted; `-` for NULL and for feeds without a currency column.
 * - A feed without money has one row `-` with minor 0 and no unreadable rows (also when it has no rows).
 * - Currency NULL: unreadable if the contract requires the currency column.
 * - Amount NULL: readable as 0, or unreadable if the contract requires the amount column.
 * - Unit `minor`: readable when the text is `^(0|-?[1-9][0-9]*)$` and lies in the range of int64. The currency need not be known.
 * - Unit `major`: readable when the currency is one of `currencies` (so NULL is not), the text is `^-?(0|[1-9][0-9]*)([.][0-9]+)?$`, every digit
 *   of the fraction beyond the currency's exponent is 0, and amount × 10^exponent lies in the range of int64.
 *   Without a currency column the exponent is 2.
 * - `minor` is the exact sum over readable rows; an unreadable row counts in `rows` and `unreadable` only.
 */
export function totalsSql(
  feed: Feed,
  options: { found: Relation; currencies: Readonly<Record<string, number>>; where: string },
): string {
  const { found, currencies, where } = options;
  const { money } = feed;
  if (!money) {
    return `select '-' as currency, count(*)::text as rows, '0' as minor, '0' as unreadable from ${relation(feed)} where ${where}`;
  }
  const terms = moneyTerms({ feed, money, found, currencies });
  const currency = money.currency === undefined ? "null::text" : textOf(money.currency, found);
  return `
select coalesce(t.currency, '-') as currency, count(*)::text as rows,
       coalesce(sum(t.minor), 0)::text as minor,
       count(*) filter (where not t.readable)::text as unreadable
  from (select a.currency, ${terms.readable} as readable,
               case when ${terms.readable} then ${terms.minor} end as minor
          from (select ${textOf(money.amount, found)} as amount, ${currency} as currency, ${identifier(money.amount)} as raw
                  from ${relation(feed)} where ${where}) a) t
 group by coalesce(t.currency, '-') order by coalesce(t.currency, '-') collate "C"`;
}

/** Rows over all currencies. */
export function totalRows(totals: readonly ControlTotal[]): bigint {
  return totals.reduce((sum, t) => sum + BigInt(t.rows), 0n);
}
