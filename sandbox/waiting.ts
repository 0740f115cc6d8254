import { formatMoney } from "../src/config/money-text.ts";
import type { Product } from "./product.ts";

/** What waits at the end, and how much money it is. */
export interface Waiting {
  readonly rows: number;
  /** Of rows whose money can be read; minor units as text. */
  readonly money: readonly { readonly currency: string; readonly minor: string }[];
}

const SELECT = "SELECT currency, CAST(minor AS VARCHAR) AS minor FROM ops.open_quarantine";

/** Digits behind the point, where they are not two. */
const DIGITS: Readonly<Record<string, number>> = { ISK: 0, JPY: 0, KWD: 3 };

/** Rows and sums for people. */
export function waitingText({ rows, money }: Waiting): string {
  const sums = money.map(({ currency, minor }) => formatMoney(BigInt(minor), currency, { [currency]: DIGITS[currency] ?? 2 }));
  return `${rows} rows, ${sums.length === 0 ? "no money" : sums.join(", ")}`;
}

/** Reads what waits, by currency; rows of feeds without money have the currency `-`. Sums are made here: engines give them types of their own. */
export async function readWaiting(product: Pick<Product, "query">): Promise<Waiting> {
  const rows = await product.query(SELECT);
  const sums = new Map<string, bigint>();
  for (const { currency, minor } of rows)
    if (currency && /^[A-Z]{3}$/.test(currency) && minor) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(minor));
  const money = [...sums].map(([currency, minor]) => ({ currency, minor: minor.toString() }));
  return { rows: rows.length, money: money.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)) };
}
