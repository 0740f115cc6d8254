import type { Model } from "../config/pipeline.ts";
import { brokenHistory, type HistoryDigest, keptHistory, measureHistory } from "../proofs/history.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Extent } from "./extent.ts";
import { ofPublications } from "./of-publications.ts";
import { differingOf, NAMED_KEYS, type Proof, timed } from "./proof.ts";

/** What R4 compares of replaced rows, in words. */
export const HISTORY_COMPARES = "replaced rows, with what they were";

/** Publications whose replaced rows are not what they were, in words; and those that nobody has compared before. */
function besideKept(now: readonly HistoryDigest[], kept: readonly HistoryDigest[]) {
  const current = new Map(now.map((one) => [one.number, one]));
  const first = new Map(kept.toReversed().map((one) => [one.number, one]));
  const says = [...first.values()]
    .toSorted((a, b) => (a.number < b.number ? -1 : 1))
    .flatMap((was) => {
      const is = current.get(was.number);
      if (is?.rows === was.rows && is.digest === was.digest) return [];
      const what = is?.rows === was.rows ? "have other contents" : `are ${is?.rows ?? 0n} now`;
      return [`${was.rows} rows that publication ${was.number} replaced ${what}`];
    });
  return { says, digests: now.filter(({ number }) => !first.has(number)) };
}

/**
 * R4 of a curated table's history: each replaced row was followed by one of its key, and what each publication replaced is what it was when it
 * was compared first. Nothing else knows what these rows were.
 */
export async function proveHistory(
  session: Session,
  dialect: Dialect,
  { model, extent }: { model: Model; extent: Extent },
): Promise<Proof> {
  const of = { model, replacedBy: ofPublications(extent) };
  const found = await timed(async () => {
    const now = await measureHistory(session, dialect, of);
    const { says, digests } = besideKept(now, await keptHistory(session, dialect, of));
    const broken = differingOf(await session.rows(brokenHistory(dialect, { ...of, limit: NAMED_KEYS })), model.key);
    return { rows: now.reduce((sum, { rows }) => sum + rows, 0n), says, digests, ...broken };
  });
  return { leg: "R4", of: model.table, compares: HISTORY_COMPARES, notProven: null, ...found };
}
