import type { LandedRows } from "../checks/landed-keys.ts";
import { vectorWords } from "../contract/row-content.ts";
import { Failure } from "../kernel/problem.ts";
import { rawFiles } from "../landing/raw-files.ts";
import { compareSides } from "../proofs/compared.ts";
import { wrongVectors } from "../proofs/content.ts";
import { imbalances } from "../proofs/equation.ts";
import { countOpen, openKeys, settle, typeAgain } from "../proofs/settled.ts";
import { liveSide, measureSide, sourceSide } from "../proofs/sides.ts";
import { sumTerms } from "../proofs/terms.ts";
import { contentOtherwise } from "../sources/problems.ts";
import type { RowFiles } from "../sources/source.ts";
import type { Statement } from "../warehouse/dialect.ts";
import { stem } from "../warehouse/relations.ts";
import { breaksOf, type Found, foundOrNot, type Proving } from "./found.ts";
import { notMade, type Proof } from "./proof.ts";
import type { SourceContent } from "./source-contents.ts";

/** What R1 compares, in words. */
export const SOURCE_COMPARES = "rows, with the source";

/** With more keys than this a source is read once more as a whole: lists of keys would take it longer. */
const MOST_KEYS = 100_000;

/** Makes landed rows readable for one statement, and takes them away behind it. */
async function throughRaw(
  { session, tools, id }: Proving,
  { feed }: SourceContent,
  { suffix, rows, statement }: { suffix: string; rows: RowFiles; statement: (landed: LandedRows) => Statement },
): Promise<void> {
  const landed = { relation: `${stem(feed)}__${suffix}`, batchId: id };
  await session.loadRaw({ feed: feed.id, ...landed, columns: rows.columns, files: rawFiles(tools.objects, rows.files) });
  await session.run(statement(landed));
  await session.releaseRaw(landed.relation);
}

/** Reads rows again whose key is not equal at first sight; false where there are none. */
async function readAgain(proving: Proving, of: SourceContent): Promise<boolean> {
  const { session, dialect, tools } = proving;
  const { feed } = of;
  const open = await countOpen(session, dialect, feed);
  if (open === 0) return false;
  await throughRaw(proving, of, {
    suffix: "again",
    rows: await of.again(open > MOST_KEYS ? null : await openKeys(session, dialect, feed)),
    statement: (rows) => typeAgain(dialect, feed, { rows, currencies: tools.pipeline.currencies }),
  });
  await session.run(settle(dialect, feed));
  return true;
}

/** Compares a feed with its source; leaves the work tables that tell keys of terms. */
async function compare(proving: Proving, of: SourceContent): Promise<Found> {
  const { session, dialect, tools } = proving;
  const { feed, content, head } = of;
  const wrong = await wrongVectors(session, dialect);
  if (wrong.length > 0) throw new Failure("incomplete", contentOtherwise("the warehouse", vectorWords(wrong)));
  await throughRaw(proving, of, {
    suffix: "content",
    rows: content.rows,
    statement: (rows) => sourceSide(dialect, feed, { rows, currencies: tools.pipeline.currencies }),
  });
  await session.run(liveSide(dialect, feed, [`s._publication > ${head} AS _later`]));
  const source = await measureSide(session, dialect, { feed, side: "source_side" });
  const live = await measureSide(session, dialect, { feed, side: "live_side" });
  await session.run(compareSides(dialect, feed, { source: source.hasCopies, live: live.hasCopies }));
  const namedIn = (await readAgain(proving, of)) ? "both" : "compared";
  const terms = await sumTerms(session, dialect, { feed, namedIn });
  return {
    rows: BigInt(content.rows.rows),
    ...(await breaksOf(session, dialect, { feed, namedIn })),
    says: imbalances({ source: { counted: content.totals, arrived: source.totals }, live: live.totals, terms }),
    equation: { terms, asOf: content.asOf, namedIn },
  };
}

/** R1: every row of a source beside what is published of it, what waits, and what changed since (docs/reconciliation.md). */
export function proveSource(proving: Proving, of: SourceContent): Promise<Proof> {
  return foundOrNot({ leg: "R1", of: of.feed.id, compares: SOURCE_COMPARES }, () => compare(proving, of));
}

/** A feed whose source could not be read. */
export function sourceUnread(feed: string, why: string): Proof {
  return notMade({ leg: "R1", of: feed, compares: SOURCE_COMPARES }, why);
}
