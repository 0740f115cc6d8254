import { feedsOf } from "../config/groups.ts";
import { Failure } from "../kernel/problem.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { loadingSince, readHead } from "../ledger/head.ts";
import { manifestsSince, publicationsSince, publishedToken } from "../ledger/publications.ts";
import { requireDeployed } from "../schema/evolve.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { wantedFeeds } from "./decisions.ts";
import { batchUnknown, notAsDeclared, overtakenByOthers } from "./problems.ts";
import { openSession, type Run } from "./run.ts";
import { type Begun, type Ended, isEnded, type Landed } from "./stages.ts";

/** @throws Failure `blocked` as a run that leads, `usage` where tables or columns are still to be made, by whoever makes them here. */
async function requireAsDeclared(session: Session, { engine, request }: Run): Promise<void> {
  const { pipeline, warehouse } = engine;
  const { dialect } = warehouse;
  const otherwise = dialect.can.ddl === "by_run" ? { otherwise: notAsDeclared } : {};
  await requireDeployed(session, dialect, { pipeline, accept: request.acceptRemoved, ...otherwise });
}

/**
 * Reads what is published, for a run that reads while others lead: it takes neither lease nor fence. Its rows get the sequence of the last
 * publication, so that nothing which is published later is replaced by them.
 * @throws Failure as `requireAsDeclared`.
 */
export async function look(run: Run): Promise<Begun | Ended> {
  const { engine, group } = run;
  const { dialect } = engine.warehouse;
  const wanted = wantedFeeds(run);
  const session = await openSession(run, "look", { readOnly: true });
  try {
    await requireAsDeclared(session, run);
    const head = await readHead(session, dialect, { group: group.name, feeds: feedsOf(engine.pipeline, group), window: null });
    const feeds = wanted.filter(({ id }) => head.cursors.has(id) && loadingSince(head, id) === null);
    if (feeds.length === 0) {
      const message = "none of the feeds is loaded to its end yet";
      return { ending: { outcome: "nothing_to_do", publicationId: null, message } };
    }
    const token = await publishedToken(session, dialect, group.name);
    return { head: { ...head, token }, feeds, recompute: [], declares: [], retired: new Map(), gates: [] };
  } finally {
    await session.close();
  }
}

/**
 * What was published of the run's feeds since it looked: its rows say by their sequence that they are newer than what it read, and what is
 * equal or gone of them says it here alone.
 * @throws Failure `retryable` where others were published: bytes of long ago, which have the sequence of their own extract, and reads of
 * everything, in which a key that was never published is gone without a word.
 */
async function publishedSince(run: Run, looked: Landed): Promise<Batch[]> {
  const { dialect } = run.engine.warehouse;
  const of = { group: run.group.name, number: looked.head.number };
  const session = await openSession(run, "look", { readOnly: true });
  try {
    const others = (await publicationsSince(session, dialect, of)).filter(
      ({ kind }) => kind !== "changes" && kind !== "recompute",
    );
    if (others.length > 0)
      throw new Failure("retryable", overtakenByOthers({ publications: others.map(({ publicationId }) => publicationId) }));
    const feeds = looked.feeds.map(({ id }) => id);
    const batches: Batch[] = [];
    for (const key of feeds.length === 0 ? [] : await manifestsSince(session, dialect, { ...of, feeds })) {
      const batch = await readManifest(run.engine.objects, key);
      if (!batch) throw new Failure("incomplete", batchUnknown({ batch: key }));
      batches.push(batch);
    }
    return batches;
  } finally {
    await session.close();
  }
}

/**
 * What was read, on the head of now.
 * @throws Failure as `publishedSince`.
 */
export async function goOn(run: Run, looked: Landed, begun: Begun | Ended): Promise<Landed | Ended> {
  if (isEnded(begun)) return begun;
  const since = await publishedSince(run, looked);
  const { feeds, batches, reused, leftOut, gates } = looked;
  return { ...begun, feeds, batches, reused, leftOut, since, gates };
}
