import { Failure } from "../kernel/problem.ts";
import { findBatch, landedFeeds } from "../landing/find-extracts.ts";
import { landReplay } from "../landing/land-extract.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { publishedBatches } from "../ledger/fence.ts";
import { nameNow } from "../ledger/recorded.ts";
import { type Extracting, landingRun } from "./extracting.ts";
import { batchOfGone, batchUnknown, replayBeforeFirst, replayOvertaken } from "./problems.ts";
import { openSession, type Run } from "./run.ts";

/** A batch of the group whose feed is not in the configuration: it may have had another name then. */
async function batchOfFormer({ engine, group }: Run, id: string): Promise<Batch | null> {
  const former = (await landedFeeds(engine.objects)).filter((feed) => !engine.pipeline.feeds.has(feed));
  const batch = await findBatch(engine.objects, former, id);
  return batch?.manifest.group === group.name ? batch : null;
}

/**
 * The landed batch that a replay asks for.
 * @throws Failure `usage` when there is none.
 */
export async function batchToReplay(run: Run, id: string): Promise<Batch> {
  const batch = (await findBatch(run.engine.objects, run.group.feeds, id)) ?? (await batchOfFormer(run, id));
  if (!batch) throw new Failure("usage", batchUnknown({ batch: id }));
  return batch;
}

/**
 * The batch as one of the feed that has its rows today: bytes do not know what their feed is called.
 * @throws Failure `usage` when the feed was not renamed.
 */
function underNameNow({ run, begun }: Extracting, batch: Batch): Batch {
  const feed = nameNow(begun.head.recorded, batch.manifest.extract.feed);
  if (!run.group.feeds.includes(feed)) throw new Failure("usage", batchOfGone({ batch: batch.id, feed }));
  return { ...batch, manifest: { ...batch.manifest, extract: { ...batch.manifest.extract, feed } } };
}

async function wasPublished(run: Run, id: string): Promise<boolean> {
  const session = await openSession(run, "look-up", { readOnly: true });
  try {
    return (await publishedBatches(session, run.engine.warehouse.dialect, [id])).size > 0;
  } finally {
    await session.close();
  }
}

/**
 * Makes a new batch of a landed one's bytes, on today's head.
 * @throws Failure `usage` for a batch that was never published and has been overtaken, or whose feed never was.
 */
export async function replay(work: Extracting, id: string): Promise<Batch> {
  const { run, begun } = work;
  const batch = underNameNow(work, await batchToReplay(run, id));
  const { feed } = batch.manifest.extract;
  const manifest = begun.head.newestManifests.get(feed);
  if (manifest === undefined) throw new Failure("usage", replayBeforeFirst({ batch: id, feed }));
  const newest = await readManifest(run.engine.objects, manifest);
  const overtaken =
    newest && newest.id !== id && newest.manifest.extractSeq > batch.manifest.extractSeq && !(await wasPublished(run, id));
  if (overtaken) throw new Failure("usage", replayOvertaken({ batch: id, feed }));
  return landReplay(run.engine.objects, batch, { ...landingRun(work), extractSeq: batch.manifest.extractSeq });
}
