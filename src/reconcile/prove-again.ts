import { type Break, breaksIn, readEvents } from "./kept-breaks.ts";
import { type KeptComparison, type Rechecked, readComparison, recheck } from "./recheck.ts";
import type { ReconcileOptions } from "./reconcile.ts";
import type { ProvingTools } from "./tools.ts";

/** One of the breaks that each comparison of one extent has found. */
function ofEachComparison(breaks: readonly Break[]): Break[] {
  return [...new Map(breaks.map((one) => [JSON.stringify([one.leg, one.of, one.compares, one.extent]), one])).values()];
}

/** The comparisons that have open breaks of some feeds and tables, and all open breaks. */
async function openComparisons({ warehouse }: ProvingTools, subjects: ReadonlySet<string>, signal: AbortSignal) {
  const { dialect } = warehouse;
  const session = await warehouse.open({ purpose: "reconcile", readOnly: true, signal });
  try {
    const open = breaksIn(await readEvents(session, dialect, {})).filter(({ isOpen, of }) => isOpen && subjects.has(of));
    const kept: KeptComparison[] = [];
    for (const { proofId } of ofEachComparison(open)) kept.push(await readComparison(session, dialect, proofId));
    return kept;
  } finally {
    await session.close();
  }
}

/**
 * Makes every comparison again that has open breaks of some feeds and tables, each over the extent that they were found in, so that those which are
 * equal now are cleared.
 * @throws Failure as `recheck`.
 */
export async function proveAgain(
  tools: ProvingTools,
  subjects: ReadonlySet<string>,
  options: Pick<ReconcileOptions, "signal" | "tell" | "onRead">,
): Promise<Rechecked[]> {
  const made: Rechecked[] = [];
  for (const kept of await openComparisons(tools, subjects, options.signal)) made.push(await recheck(tools, kept, options));
  return made;
}
