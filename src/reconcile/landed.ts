import type { Feed } from "../config/pipeline.ts";
import { eachAtOnce } from "../kernel/at-once.ts";
import { chunks } from "../kernel/chunks.ts";
import { grouped } from "../kernel/grouped.ts";
import { Failure } from "../kernel/problem.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { rawFiles } from "../landing/raw-files.ts";
import { verifyRowFiles } from "../landing/verify-extract.ts";
import { namesOf, readRecorded } from "../ledger/recorded.ts";
import { imbalances } from "../proofs/equation.ts";
import {
  cameWith,
  deletesSide,
  type LandedFile,
  type LandedKind,
  type LandedPart,
  landedKeysIn,
  landedSide,
  originColumns,
  partTable,
  settleLanded,
} from "../proofs/landed.ts";
import { batchesOfBreaks, landedAgain, placeAgain } from "../proofs/landed-breaks.ts";
import { hasCopies, liveSide, sideTotals } from "../proofs/sides.ts";
import { sumTerms } from "../proofs/terms.ts";
import { rowFileColumns } from "../sources/landed-text.ts";
import type { ExtractedFile } from "../sources/source.ts";
import type { Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stem } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { EVERYTHING, type Extent } from "./extent.ts";
import { breaksOf, type Found, foundOrNot, type Proving } from "./found.ts";
import { ofPublications } from "./of-publications.ts";
import { landedGone } from "./problems.ts";
import type { Proof } from "./proof.ts";

/** What R1 compares of a feed whose source computes no content, in words. */
export const LANDED_COMPARES = "rows, as the source's were landed";

/** Files that one raw relation is made of. */
const FILES_AT_ONCE = 500;

/** Batches whose files are verified at once. */
const MANIFESTS_AT_ONCE = 16;

/** A published feed, the group that it is published with, and of which batches its rows are compared. */
export interface LandedFeed {
  readonly feed: Feed;
  readonly group: string;
  readonly extent: Extent;
}

/** A batch that a feed was published from. */
interface PublishedBatch extends Omit<LandedFile, "key"> {
  /** Object key of its manifest. */
  readonly manifest: string;
}

/** Every batch that the feed was published from with publications of an extent, under whatever name it had then. */
async function publishedBatches(
  { session, dialect }: Proving,
  { names, extent }: { names: readonly string[]; extent: Extent },
): Promise<PublishedBatch[]> {
  const isOf = ofPublications(extent);
  const rows = await session.rows({
    name: "reconcile.batches",
    sql: `SELECT b.batch_id AS batch_id, b.manifest AS manifest, ${asText("b.seq")} AS seq FROM ${ops(dialect, "batch")} b
WHERE b.feed IN (${names.map(dialect.literal).join(", ")})${isOf ? ` AND ${isOf("b.number")}` : ""} ORDER BY b.number, b.batch_id`,
  });
  return rows.map(publishedBatch);
}

/** Reads a row of `ops.batch` that a query gives. */
export function publishedBatch(row: TextRow): PublishedBatch {
  return { batchId: row["batch_id"] ?? "", seq: BigInt(row["seq"] ?? "0"), manifest: row["manifest"] ?? "" };
}

interface Landed extends PublishedBatch {
  readonly batch: Batch;
}

/** What the batches were landed as, every byte as it was then. */
export async function manifestsOf(
  { tools }: Proving,
  { feed, of }: { feed: Feed; of: readonly PublishedBatch[] },
): Promise<Landed[]> {
  return eachAtOnce(of, MANIFESTS_AT_ONCE, async (one) => {
    const batch = await readManifest(tools.objects, one.manifest);
    if (!batch) throw new Failure("incomplete", landedGone({ feed: feed.id, batch: one.batchId, key: one.manifest }));
    await verifyRowFiles(tools.objects, batch.manifest);
    return { ...one, batch };
  });
}

/** Landed files of the same columns, at most `FILES_AT_ONCE`, and the batches that have them. */
interface Shape {
  readonly columns: readonly string[];
  readonly files: readonly ExtractedFile[];
  readonly of: readonly LandedFile[];
}

/** What of each extract is read: its rows, or what it says was deleted. */
function filesOf({ batch }: Landed, of: LandedKind) {
  const { extract } = batch.manifest;
  return of === "rows" ? extract : extract.deletes;
}

function shapesOf(landed: readonly Landed[], kind: LandedKind): Shape[] {
  const having = landed.filter((one) => (filesOf(one, kind)?.files.length ?? 0) > 0);
  const byColumns = grouped(having, (one) => JSON.stringify(filesOf(one, kind)?.columns));
  return [...byColumns.values()].flatMap((same) => {
    const of = same.flatMap((one) =>
      (filesOf(one, kind)?.files ?? []).map((file) => ({ file, batchId: one.batchId, seq: one.seq })),
    );
    const files = [...new Map(of.map(({ file }) => [file.key, file])).values()];
    const columns = same[0] ? (filesOf(same[0], kind)?.columns ?? []) : [];
    return chunks(files, FILES_AT_ONCE).map((some) => {
      const keys = new Set(some.map(({ key }) => key));
      const own = of.filter(({ file }) => keys.has(file.key));
      return { columns, files: some, of: own.map(({ file, batchId, seq }) => ({ key: file.key, batchId, seq })) };
    });
  });
}

/** Makes each shape readable for one statement. @returns how many there are. */
async function throughShapes(
  { session, tools, id }: Proving,
  feed: Feed,
  {
    name,
    shapes,
    statement,
  }: { name: string; shapes: readonly Shape[]; statement: (part: LandedPart, nth: number) => Statement },
): Promise<number> {
  for (const [nth, { columns, files, of }] of shapes.entries()) {
    const relation = `${stem(feed)}__landed_${name}_${nth}`;
    await session.loadRaw({ feed: feed.id, relation, batchId: id, columns, files: rawFiles(tools.objects, files) });
    const lacks = rowFileColumns(feed).filter((column) => !columns.includes(column));
    await session.run(statement({ relation, batchId: id, files: of, lacks }, nth));
    await session.releaseRaw(relation);
  }
  return shapes.length;
}

/** What the source said it had deleted. */
function readDeletes(proving: Proving, feed: Feed, landed: readonly Landed[]): Promise<number> {
  const statement = (part: LandedPart, nth: number) => deletesSide(proving.dialect, feed, { part, nth });
  return throughShapes(proving, feed, { name: "deletes", shapes: shapesOf(landed, "deletes"), statement });
}

/** Types the landed rows; where nothing was ever landed a part without rows. @returns how many parts there are. */
export async function readRows(proving: Proving, feed: Feed, landed: readonly Landed[]): Promise<number> {
  const shapes = shapesOf(landed, "rows");
  const nothing: Shape = { columns: rowFileColumns(feed), files: [], of: [NO_FILE] };
  const { currencies } = proving.tools.pipeline;
  const statement = (part: LandedPart, nth: number) => landedSide(proving.dialect, feed, { part, nth, currencies });
  return throughShapes(proving, feed, { name: "rows", shapes: shapes.length > 0 ? shapes : [nothing], statement });
}

/** Batches whose files are read again for the values of keys that differ; of more the newest. */
const BATCHES_AGAIN = 50;

/** Makes the landed rows of keys that differ readable with their values; false where they are of no batch. */
async function readBroken(
  proving: Proving,
  feed: Feed,
  { landed, parts }: { landed: readonly Landed[]; parts: number },
): Promise<boolean> {
  const { session, dialect } = proving;
  const ids = await batchesOfBreaks(session, dialect, { feed, parts, limit: BATCHES_AGAIN });
  const shapes = shapesOf(
    landed.filter(({ batchId }) => ids.includes(batchId)),
    "rows",
  );
  if (shapes.length === 0) return false;
  const statement = (part: LandedPart, nth: number) => landedAgain(dialect, feed, { part, nth });
  const read = await throughShapes(proving, feed, { name: "again", shapes, statement });
  await session.run(placeAgain(dialect, feed, read));
  return true;
}

const NO_FILE: LandedFile = { key: "", batchId: "", seq: 0n };

/** The rows that were landed, as their manifests count them and as they were read. */
async function countLanded(
  { session, dialect }: Proving,
  feed: Feed,
  { landed, parts }: { landed: readonly Landed[]; parts: number },
) {
  const counted = landed.reduce(
    (sum, { batch }) => sum + BigInt(batch.manifest.extract.files.reduce((n, { rows }) => n + rows, 0)),
    0n,
  );
  const selects = Array.from({ length: parts }, (_, nth) => `SELECT 1 AS n FROM ${dialect.work(partTable(feed, "rows", nth))} p`);
  const [row] = await session.rows({
    name: `reconcile.landed-rows.${feed.id}`,
    sql: `SELECT ${asText("COUNT(*)")} AS landed FROM (${selects.join(" UNION ALL ")}) p`,
  });
  return { counted, read: BigInt(row?.["landed"] ?? "0") };
}

/** Makes the live side: of an extent the rows that came with its batches, and those of every key that these had. */
async function readLive({ session, dialect }: Proving, { feed, extent }: LandedFeed, parts: number) {
  const isOf = ofPublications(extent);
  const judged = isOf && cameWith(dialect, isOf);
  const part = judged === null ? null : { where: judged, orKeysOf: landedKeysIn(dialect, feed, parts) };
  await session.run(liveSide(dialect, feed, { more: originColumns(dialect, feed, judged ?? "TRUE"), part }));
  return {
    totals: await sideTotals(session, dialect, { feed, side: "live_side", counted: "t._judged" }),
    hasCopies: await hasCopies(session, dialect, { feed, side: "live_side" }),
  };
}

/**
 * Holds what is published of a feed beside its landed rows, of an extent those of its batches alone; leaves the work table that tells keys of
 * terms.
 */
export async function compareLanded(proving: Proving, of: LandedFeed): Promise<Found> {
  const { session, dialect } = proving;
  const { feed, group, extent } = of;
  const names = namesOf(await readRecorded(session, dialect, group), feed.id);
  const landed = await manifestsOf(proving, { feed, of: await publishedBatches(proving, { names, extent }) });
  const parts = await readRows(proving, feed, landed);
  const deletes = await readDeletes(proving, feed, landed);
  const { counted, read } = await countLanded(proving, feed, { landed, parts });
  const live = await readLive(proving, of, parts);
  await session.run(settleLanded(dialect, feed, { parts, deletes, hasCopies: live.hasCopies, names }));
  const terms = await sumTerms(session, dialect, { feed, namedIn: "settled" });
  return {
    rows: read,
    ...(await breaksOf(session, dialect, {
      feed,
      namedIn: "settled",
      readAgain: () => readBroken(proving, feed, { landed, parts }),
    })),
    says: [
      ...(counted === read ? [] : [`its manifests count ${counted} landed rows, ${read} were read`]),
      ...imbalances({ source: null, live: live.totals, terms }),
    ],
    equation: {
      terms,
      asOf: landed.at(-1)?.batch.manifest.extract.asOf ?? null,
      namedIn: "settled",
      sides: { source: null, published: live.totals },
    },
  };
}

/** What some batches alone leave open is held beside all of them before it is called a difference: what explains it may be in another one. */
async function compareTwice(proving: Proving, of: LandedFeed): Promise<Found> {
  const found = await compareLanded(proving, of);
  const isEqual = found.differing === 0n && found.says.length === 0;
  return isEqual || of.extent.by === "all" ? found : compareLanded(proving, { ...of, extent: EVERYTHING });
}

/**
 * R1 of a feed whose source computes no content: every live row beside the row of its own batch, as it was landed, and every landed key
 * beside what is published and waits of it (docs/reconciliation.md).
 */
export function proveLanded(proving: Proving, of: LandedFeed): Promise<Proof> {
  return foundOrNot({ leg: "R1", of: of.feed.id, compares: LANDED_COMPARES }, () => compareTwice(proving, of));
}
