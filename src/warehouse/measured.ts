import type { TextRow } from "./warehouse.ts";

/** Rows and minor units. */
export interface Amount {
  readonly rows: bigint;
  readonly minor: bigint;
}

/** A measured line by feed and currency. */
export interface MeasuredLine extends Amount {
  readonly feed: string;
  readonly currency: string;
}

/** An amount for people. */
export function amountText({ rows, minor }: Amount): string {
  return `${rows} rows, ${minor} minor units`;
}

type AmountIn = Amount & Pick<MeasuredLine, "currency">;

function amountIn(lines: readonly AmountIn[], currency: string): Amount {
  return lines
    .filter((line) => line.currency === currency)
    .reduce((sum, { rows, minor }) => ({ rows: sum.rows + rows, minor: sum.minor + minor }), { rows: 0n, minor: 0n });
}

/** In which currencies the sums of two lists of lines are not equal, and what they are; without a line there is nothing. */
export function unequalAmounts(
  left: readonly AmountIn[],
  right: readonly AmountIn[],
): { readonly currency: string; readonly left: Amount; readonly right: Amount }[] {
  const currencies = [...new Set([...left, ...right].map(({ currency }) => currency))].toSorted();
  return currencies
    .map((currency) => ({ currency, left: amountIn(left, currency), right: amountIn(right, currency) }))
    .filter((pair) => pair.left.rows !== pair.right.rows || pair.left.minor !== pair.right.minor);
}

/** Columns of a line of rows and money by feed and currency. */
export const MEASURED_COLUMNS = ["feed", "currency", "row_count", "minor"];

/** Reads lines of (feed, currency, rows, minor). */
export function measuredLines(rows: readonly TextRow[]): MeasuredLine[] {
  return rows.map((row) => ({
    feed: row["feed"] ?? "",
    currency: row["currency"] ?? "-",
    rows: BigInt(row["row_count"] ?? "0"),
    minor: BigInt(row["minor"] ?? "0"),
  }));
}
