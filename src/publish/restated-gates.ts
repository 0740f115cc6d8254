import type { RestatedRows } from "../checks/restated.ts";
import { amountText, type MeasuredLine, unequalAmounts } from "../warehouse/measured.ts";
import { type Gate, severeGate } from "./gate.ts";

/** What stands in a feed's table beside what the ledger left there, where a run counts it again. */
export interface Recounted {
  readonly counted: readonly MeasuredLine[];
  readonly recorded: readonly MeasuredLine[];
}

/** What stands of a feed in one currency, left, and what the ledger left there, right. */
export type StockDifference = ReturnType<typeof unequalAmounts>[number];

/** In which currencies a feed's table is not what the last publication left there, and what it is. */
export function stockDifferences({ counted, recorded }: Recounted, feed: string): StockDifference[] {
  const own = (lines: readonly MeasuredLine[]) => lines.filter((line) => line.feed === feed);
  return unequalAmounts(own(counted), own(recorded));
}

function stockChanges(stock: Recounted, feed: string): string[] {
  return stockDifferences(stock, feed).map(
    ({ currency, left, right }) => `${currency}: ${amountText(left)} where the ledger left ${amountText(right)}`,
  );
}

/**
 * What a whole read finds of a feed's published rows that no publication has made so: rows whose values are not those that they were
 * published with, and rows or money that came or went between publications. It blocks until somebody says that they are to be published again.
 */
export function restatedGates(restated: readonly RestatedRows[], recounted: Recounted | null, isMeant: boolean): Gate[] {
  return restated.map(({ feed, rows, examples }) => {
    const rest = rows > BigInt(examples.length) ? " and others" : "";
    const changed = rows === 0n ? [] : [`${rows} published rows were changed by another hand (${examples.join("; ")}${rest})`];
    const found = [...changed, ...(recounted === null ? [] : stockChanges(recounted, feed))];
    const way = isMeant ? "" : `: \`ledgerloop run --full --restate --feeds ${feed} --reason "…"\` publishes what the source has`;
    const observed = found.length === 0 ? "as published" : `${found.join("; ")}${way}`;
    return severeGate(
      { name: "restated", severity: isMeant ? "warn" : "block" },
      { feed },
      { holds: found.length === 0, observed, limit: "rows as they were published" },
    );
  });
}
