import { formatMoney } from "../src/config/money-text.ts";
import type { Product } from "./product.ts";

/** What waits at the end, and how much money it is. */
export interface Waiting {
  readonly rows: number;
  /** Of rows whose money can be read; minor units as text. */
  readonly money: readonly { readonly currency: string; readonly minor: string }[];
}

const SELECT =
  "SELECT currency, CAST(COUNT(*) AS VARCHAR) AS n, CAST(SUM(minor) AS VARCHAR) AS minor FROM ops.open_quarantine GROUP BY currency ORDER BY currency";

/** Digits behind the point, where they are not two. */
const DIGITS: Readonly<Record<string, number>> = { ISK: 0, JPY: 0, KWD: 3 };

/** Rows and sums for people. */
export function waitingText({ rows, money }: Waiting): string {
  const sums = money.map(({ currency, minor }) => formatMoney(BigInt(minor), currency, { [currency]: DIGITS[currency] ?? 2 }));
  return `${rows} rows, ${sums.length === 0 ? "no money" : sums.join(", ")}`;
}

/** Reads what waits, by currency; rows of feeds without money have the currency `-`. */
export async function readWaiting(product: Pick<Product, "query">): Promise<Waiting> {
  const lines = await product.query(SELECT);
  const money = lines.flatMap(({ currency, minor }) =>
    currency && /^[A-Z]{3}$/.test(currency) && minor ? [{ currency, minor }] : [],
  );
  return { rows: lines.reduce((sum, line) => sum + Number(line["n"]), 0), money };
}
