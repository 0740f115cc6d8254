import type { Feed } from "../config/pipeline.ts";
import { countedOf } from "../proofs/equation.ts";
import { liveSums } from "../proofs/sums.ts";
import type { RangeSums } from "../sources/contents.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { unequalAmounts } from "../warehouse/measured.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Stretch } from "./extent.ts";
import { type Proof, timed } from "./proof.ts";

/** What R1 compares by rows and money alone, in words. */
export const SUMS_COMPARES = "rows and money by segment, with the source";

/** What a source counts in each of some stretches of a feed. */
export interface CountedStretches {
  readonly feed: Feed;
  readonly column: string;
  readonly of: readonly Stretch[];
  readonly counted: RangeSums;
}

/** Rows and money of stretches, and those of them in which both sides are not the same: these are to be compared by content. */
export async function proveSums(
  session: Session,
  dialect: Dialect,
  { feed, column, of, counted }: CountedStretches,
): Promise<Proof & { readonly suspects: readonly Stretch[] }> {
  const found = await timed(async () => {
    const live = await liveSums(session, dialect, { feed, column, of });
    const source = counted.totals.map((totals) => totals.map(countedOf));
    return {
      rows: source.flat().reduce((sum, { rows }) => sum + rows, 0n),
      suspects: of.filter((_, i) => unequalAmounts(source[i] ?? [], live[i] ?? []).length > 0),
    };
  });
  const about = { leg: "R1", of: feed.id, compares: SUMS_COMPARES } as const;
  return { ...about, differing: 0n, keys: [], says: [], notProven: null, ...found };
}
