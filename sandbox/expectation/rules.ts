import type { Feed, Row } from "../feed.ts";
import { decimal, given, whole } from "./hand-rules.ts";

/** Ids of the row rules that a row breaks, given the published row of its source key. */
export function brokenRules({ rules }: Feed, row: Row, published: Row | undefined): string[] {
  const broken = rules.rows.filter(([, isBroken]) => isBroken(row)).map(([id]) => id);
  const changed = rules.immutable.filter((name) => {
    const [was, is] = [published?.[name] ?? null, given(row, name)];
    return was !== null && is !== null && was !== is;
  });
  return [...broken, ...changed.map((name) => `${name}.immutable`)];
}

/** Hundredths of an amount in major units; null where the currency has no such coins. */
function inWholeUnits(text: string | null | undefined, currency: string | null): bigint | null {
  const amount = decimal(text);
  return amount !== null && currency === "JPY" && amount % 100n !== 0n ? null : amount;
}

/** Whether the money of a row cannot be counted. */
export function isUnreadable({ rules }: Feed, row: Row): boolean {
  const { money } = rules;
  if (money === null) return false;
  const currency = given(row, money.currency);
  const amount = money.unit === "minor" ? whole(row[money.amount]) : inWholeUnits(row[money.amount], currency);
  return amount === null || currency === null;
}
