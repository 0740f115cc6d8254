import type { Staging } from "./curated/staging.ts";
import { faultOfTie, untied } from "./curated/ties.ts";
import type { ExpectedState } from "./expectation/state.ts";
import { unseenRows } from "./expectation/unseen.ts";
import type { Fault } from "./faults.ts";
import { breakKey, type Product } from "./product.ts";
import { type UnitName, unseenUnit, untiedUnit } from "./units.ts";
import type { World } from "./world/world.ts";

/** How many comparisons the product has made in how many nights, and how many were not equal for no reason that is known. */
export interface ProofCount {
  nights: number;
  made: number;
  not_equal: number;
}

/** What came of the comparisons of a night. */
export interface Night {
  readonly made: number;
  readonly open: ReadonlySet<string>;
}

/** What comparisons are held beside. */
interface Proving {
  readonly state: ExpectedState;
  readonly expected: Map<UnitName, Fault>;
  readonly found: Map<UnitName, Fault>;
  readonly proofs: ProofCount;
}

/** Whether everything is compared behind an hour's run: that of the night's key pass. */
export function isNight(hour: number): boolean {
  return hour % 24 === 3;
}

/**
 * Lets the product compare everything with its sources, its models and the ledger, and systems with one another. Rows that no hourly run can see are
 * named by that, keys of which two systems say otherwise, and nothing else is.
 * @param staging live rows of feeds, as they should be published.
 * @returns how many comparisons were made, and ids of the breaks that are open without anybody's tampering.
 */
export async function proveNight(
  product: Product,
  of: Proving,
  { world, staging }: { world: World; staging: Staging },
): Promise<Night> {
  for (const [unit, fault] of unseenRows(of.state, world.sight().rows)) of.expected.set(unit, fault);
  const { made, not_equal, differing } = await product.proofs();
  of.proofs.nights += 1;
  of.proofs.made += made;
  of.proofs.not_equal += not_equal;
  const named = differing.filter(({ leg }) => leg === "R1");
  for (const { of: feed, key } of named) of.found.set(unseenUnit(feed, key.join("|")), "clock_back");
  for (const one of untied(staging)) of.expected.set(untiedUnit(one), faultOfTie(one));
  const open = await product.breaks();
  for (const one of open.filter(({ leg }) => leg === "R3"))
    of.found.set(untiedUnit({ ...one, key: breakKey(one) }), faultOfTie(one));
  return { made, open: new Set(open.map(({ break_id }) => break_id)) };
}
