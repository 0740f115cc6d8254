import { vectorWords } from "../contract/row-content.ts";
import { Failure } from "../kernel/problem.ts";
import { countOpen, openKeys, typeAgain } from "../proofs/again.ts";
import { type Copies, compareSides, NO_COPIES, wasUnique } from "../proofs/compared.ts";
import { wrongVectors } from "../proofs/content.ts";
import { imbalances } from "../proofs/equation.ts";
import { settle } from "../proofs/settled.ts";
import { hasCopies, sideTotals, totalsOf } from "../proofs/sides.ts";
import { sumTerms } from "../proofs/terms.ts";
import { contentOtherwise } from "../sources/problems.ts";
import { findAltered } from "./altered.ts";
import { breaksOf, type Found, foundOrNot, type Proving } from "./found.ts";
import { notMade, type Proof } from "./proof.ts";
import { MOST_KEYS, type ReadContent, readSides, readWholeKeys, throughRaw } from "./read-sides.ts";
import type { SourceContent } from "./source-contents.ts";

/** What R1 compares, in words. */
export const SOURCE_COMPARES = "rows, with the source";

/** Reads rows again whose key is not equal at first sight; false where there are none. */
async function readAgain(proving: Proving, of: SourceContent, copies: Copies): Promise<boolean> {
  const { session, dialect, tools } = proving;
  const { feed } = of;
  const open = await countOpen(session, dialect, feed);
  if (open === 0) return false;
  await throughRaw(proving, of, {
    suffix: "again",
    rows: await of.again(open > MOST_KEYS ? null : await openKeys(session, dialect, feed)),
    statement: (rows) => typeAgain(dialect, feed, { rows, currencies: tools.pipeline.currencies }),
  });
  await findAltered(proving, feed);
  await session.run(settle(dialect, feed, copies));
  return true;
}

/** Holds one side beside the other. @returns which of them have several rows of a key. */
async function compareNow({ session, dialect }: Proving, { feed }: SourceContent): Promise<Copies> {
  await session.run(compareSides(dialect, feed, NO_COPIES));
  if (await wasUnique(session, dialect, feed)) return NO_COPIES;
  const source = await hasCopies(session, dialect, { feed, side: "source_side" });
  const live = await hasCopies(session, dialect, { feed, side: "live_side" });
  await session.run(compareSides(dialect, feed, { source, live }));
  return { source, live };
}

/** Reads both sides and holds one beside the other, until every key that is not equal at first sight has all its rows. */
async function compareParts(proving: Proving, of: SourceContent): Promise<{ content: ReadContent; copies: Copies }> {
  const content = await readSides(proving, of);
  const copies = await compareNow(proving, of);
  const whole = await readWholeKeys(proving, of, content);
  return whole ? { content: whole, copies: await compareNow(proving, of) } : { content, copies };
}

/** Compares a feed with its source; leaves the work tables that tell keys of terms. */
async function compare(proving: Proving, of: SourceContent): Promise<Found> {
  const { session, dialect } = proving;
  const { feed, head, cursor } = of;
  const wrong = await wrongVectors(session, dialect);
  if (wrong.length > 0) throw new Failure("incomplete", contentOtherwise("the warehouse", vectorWords(wrong)));
  const { content, copies } = await compareParts(proving, of);
  const [only, ...more] = content.arrivals;
  const rows = more.length === 0 && only ? only.arrived : await totalsOf(session, dialect, { feed, side: "source_side" });
  const published = await sideTotals(session, dialect, { feed, side: "live_side" });
  const namedIn = (await readAgain(proving, of, copies)) ? "both" : "compared";
  const terms = await sumTerms(session, dialect, { feed, namedIn });
  const says = imbalances({ source: { arrivals: content.arrivals, rows }, live: published, terms });
  // Where every key is equal by its content, and money beside it too, both sides are one.
  const isOne = says.length === 0 && namedIn === "compared" && terms.every(({ term }) => term === "equal");
  const source = isOne ? published : await sideTotals(session, dialect, { feed, side: "source_side" });
  return {
    rows: rows.reduce((sum, total) => sum + total.rows, 0n),
    ...(await breaksOf(session, dialect, { feed, namedIn, readAgain: async () => namedIn === "both" })),
    says,
    equation: { terms, asOf: content.asOf, namedIn, sides: { source, published } },
    base: { publication: head, cursor },
  };
}

/** R1: every row of a source beside what is published of it, what waits, and what changed since (docs/reconciliation.md). */
export function proveSource(proving: Proving, of: SourceContent): Promise<Proof> {
  return foundOrNot({ leg: "R1", of: of.feed.id, compares: SOURCE_COMPARES }, () => compare(proving, of));
}

/** A feed whose source could not be read. */
export function sourceUnread(feed: string, { why, later }: { why: string; later: boolean }): Proof {
  return { ...notMade({ leg: "R1", of: feed, compares: SOURCE_COMPARES }, why), later };
}
