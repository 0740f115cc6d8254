import type { ControlTotal } from "../sources/source.ts";
import { amountText, unequalAmounts } from "../warehouse/measured.ts";
import type { Total } from "./sides.ts";
import type { TermLine } from "./terms.ts";

/** What a source counts in the snapshot of some of its rows, and these as they arrived. */
export interface Arrival {
  readonly counted: readonly ControlTotal[];
  readonly arrived: readonly Total[];
}

/** Both sides of a feed, each counted by itself, and its terms. */
export interface Equation {
  /** Each of its readings, and all rows that are compared; null where it computes no content. */
  readonly source: { readonly arrivals: readonly Arrival[]; readonly rows: readonly Total[] } | null;
  readonly live: readonly Total[];
  readonly terms: readonly TermLine[];
}

/** What has to be equal, and what each of both is called. */
interface Pair {
  readonly says: readonly [string, string];
  readonly sides: readonly [readonly Total[], readonly Total[]];
}

const sourceOf = ({ currency, sourceRows: rows, sourceMinor: minor }: TermLine) => ({ currency, rows, minor });
const liveOf = ({ currency, liveRows: rows, liveMinor: minor }: TermLine) => ({ currency, rows, minor });
/** A total as the source counts it. */
export const countedOf = ({ currency, rows, minor }: ControlTotal) => ({
  currency,
  rows: BigInt(rows),
  minor: BigInt(minor ?? "0"),
});

/**
 * Where the equation of docs/reconciliation.md does not add up, in words: every row of either side is in exactly one term, the source's own totals are
 * those of the rows that arrived, and what is equal has equal money. No term is what the others leave.
 */
export function imbalances({ source, live, terms }: Equation): string[] {
  const equal = terms.filter(({ term }) => term === "equal");
  const ofSource: readonly Pair[] = source
    ? [
        ...source.arrivals.map(({ counted, arrived }): Pair => {
          return { says: ["the source counts", "its rows are"], sides: [counted.map(countedOf), arrived] };
        }),
        { says: ["the source's rows are", "its terms"], sides: [source.rows, terms.map(sourceOf)] },
      ]
    : [];
  const pairs: readonly Pair[] = [
    ...ofSource,
    { says: ["published rows are", "their terms"], sides: [live, terms.map(liveOf)] },
    { says: ["rows that are equal have at the source", "published"], sides: [equal.map(sourceOf), equal.map(liveOf)] },
  ];
  return pairs.flatMap(({ says, sides: [one, other] }) =>
    unequalAmounts(one, other).map(
      ({ currency, left, right }) => `${currency}: ${says[0]} ${amountText(left)}, ${says[1]} ${amountText(right)}`,
    ),
  );
}
