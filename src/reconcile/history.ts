import type { Model } from "../config/pipeline.ts";
import { brokenHistory, type HistoryDigest, keptHistory, measureHistory } from "../proofs/history.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Extent, overlap, publicationBound } from "./extent.ts";
import { type KeptLook, readLooks } from "./kept-looks.ts";
import { ofPublications } from "./of-publications.ts";
import { brokenOf, NAMED_BREAKS, type Proof, timed } from "./proof.ts";

/** What R4 compares of replaced rows, in words. */
export const HISTORY_COMPARES = "replaced rows, with what they were";

/** Whether an earlier comparison looked at what a publication replaced. */
function wasLookedAt(number: bigint, { number: stood, extent, result }: KeptLook): boolean {
  if (result === "not_proven" || number > stood) return false;
  if (extent.by === "touched") return number > extent.since.publication;
  const own = { from: publicationBound(number), to: publicationBound(number + 1n) };
  return extent.by === "all" || extent.of.some((stretch) => overlap(own, stretch) !== null);
}

/** What replaced rows are now, what they were when they were compared first, and which of them were looked at before. */
interface HistorySides {
  readonly now: readonly HistoryDigest[];
  readonly kept: readonly HistoryDigest[];
  readonly looks: readonly KeptLook[];
}

/** Publications whose replaced rows are not what they were, in words; and those that nobody has compared before. */
function besideKept({ now, kept, looks }: HistorySides) {
  const current = new Map(now.map((one) => [one.number, one]));
  const first = new Map(kept.toReversed().map((one) => [one.number, one]));
  const others = [...first.values()]
    .toSorted((a, b) => (a.number < b.number ? -1 : 1))
    .flatMap((was) => {
      const is = current.get(was.number);
      if (is?.rows === was.rows && is.digest === was.digest) return [];
      const what = is?.rows === was.rows ? "have other contents" : `are ${is?.rows ?? 0n} now`;
      return [`${was.rows} rows that publication ${was.number} replaced ${what}`];
    });
  const fresh = now.filter(({ number }) => !first.has(number));
  const invented = fresh.filter(({ number }) => looks.some((look) => wasLookedAt(number, look)));
  return {
    says: [
      ...others,
      ...invented.map(({ number, rows }) => `publication ${number} replaced nothing, and there are ${rows} rows of it now`),
    ],
    digests: fresh.filter((one) => !invented.includes(one)),
  };
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
  const about = { leg: "R4", of: model.table, compares: HISTORY_COMPARES } as const;
  const found = await timed(async () => {
    const now = await measureHistory(session, dialect, of);
    const kept = await keptHistory(session, dialect, of);
    const { says, digests } = besideKept({ now, kept, looks: await readLooks(session, dialect, about) });
    const broken = brokenOf(await session.rows(brokenHistory(dialect, { ...of, limit: NAMED_BREAKS })), model.key);
    return { rows: now.reduce((sum, { rows }) => sum + rows, 0n), says, digests, ...broken };
  });
  return { ...about, notProven: null, ...found };
}
