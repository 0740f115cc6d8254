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
