import type { ControlTotal } from "../sources/source.ts";
import type { Total } from "./sides.ts";
import type { TermLine } from "./terms.ts";

/** Both sides of a feed, each counted by itself, and its terms. */
export interface Equation {
  /** What the source counts in the snapshot of its rows. */
  readonly counted: readonly ControlTotal[];
  /** The source's rows as they arrived. */
  readonly source: readonly Total[];
  readonly live: readonly Total[];
  readonly terms: readonly TermLine[];
}

interface Sums {
  readonly rows: bigint;
  readonly minor: bigint;
}

const NONE: Sums = { rows: 0n, minor: 0n };

function summed(lines: readonly (Sums & { readonly currency: string })[], currency: string): Sums {
  return lines
    .filter((line) => line.currency === currency)
    .reduce((sum, { rows, minor }) => ({ rows: sum.rows + rows, minor: sum.minor + minor }), NONE);
}

const sourceOf = ({ currency, sourceRows: rows, sourceMinor: minor }: TermLine) => ({ currency, rows, minor });
const liveOf = ({ currency, liveRows: rows, liveMinor: minor }: TermLine) => ({ currency, rows, minor });
const countedOf = ({ currency, rows, minor }: ControlTotal) => ({ currency, rows: BigInt(rows), minor: BigInt(minor ?? "0") });

const text = ({ rows, minor }: Sums) => `${rows} rows, ${minor} minor units`;

/**
 * Where the equation of semantics does not add up, in words: every row of either side is in exactly one term, the source's own totals are
 * those of the rows that arrived, and what is equal has equal money. No term is what the others leave.
 */
export function imbalances({ counted, source, live, terms }: Equation): string[] {
  const equal = terms.filter(({ term }) => term === "equal");
  const pairs = [
    { says: ["the source counts", "its rows are"], sides: [counted.map(countedOf), source] },
    { says: ["the source's rows are", "its terms"], sides: [source, terms.map(sourceOf)] },
    { says: ["published rows are", "their terms"], sides: [live, terms.map(liveOf)] },
    { says: ["rows that are equal have at the source", "published"], sides: [equal.map(sourceOf), equal.map(liveOf)] },
  ] as const;
  return pairs.flatMap(({ says, sides: [left, right] }) => {
    const currencies = [...new Set([...left, ...right].map(({ currency }) => currency))].toSorted();
    return currencies.flatMap((currency) => {
      const [a, b] = [summed(left, currency), summed(right, currency)];
      return a.rows === b.rows && a.minor === b.minor ? [] : [`${currency}: ${says[0]} ${text(a)}, ${says[1]} ${text(b)}`];
    });
  });
}
