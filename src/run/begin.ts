import { feedsOf } from "../config/groups.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { addMissingColumns } from "../publish/evolve.ts";
import { raiseFence } from "../publish/fence.ts";
import { type Head, readHead } from "../publish/head.ts";
import { warehouseDdl } from "../publish/layout.ts";
import { prepareOps } from "../publish/upgrade.ts";
import { recordBase } from "../store/operations/record-base.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { RunContext, RunEnding } from "./context.ts";
import { kindOf } from "./engine.ts";
import { batchToReplay } from "./extract.ts";
import { feedUnknown, noCursor } from "./problems.ts";

/** The feeds that the command names, or all of the group. */
function wantedFeeds(run: RunContext): Feed[] {
  const all = feedsOf(run.engine.pipeline, run.group);
  const { feeds } = run.request;
  if (feeds === null) return all;
  const unknown = feeds.filter((id) => !all.some((feed) => feed.id === id));
  if (unknown.length > 0) {
    const known = all.map((feed) => feed.id);
    throw new Failure(
      "usage",
      unknown.map((feed) => feedUnknown({ feed, group: run.group.name, known })),
    );
  }
  return all.filter((feed) => feeds.includes(feed.id));
}

/** Version first, so that a newer warehouse is left as it is; then new columns, which the views need. */
async function prepareTables(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  await prepareOps(session, dialect, pipeline.groups.keys());
  await addMissingColumns(session, dialect, pipeline);
  for (const statement of warehouseDdl(dialect, pipeline)) await session.run(statement);
}

async function raiseAndRead(run: RunContext): Promise<Head> {
  const { warehouse, pipeline } = run.engine;
  const session = await warehouse.open({ purpose: `run ${run.runId}, begin` });
  try {
    const d = warehouse.dialect;
    await prepareTables(session, d, pipeline);
    return await session.transaction(async () => {
      const owner = { group: run.group.name, runId: run.runId, now: d.timestamp(run.startedAt.toISOString()) };
      for (const statement of raiseFence(d, owner)) await session.run(statement);
      const { window } = run.request;
      return readHead(session, d, {
        group: run.group.name,
        feeds: feedsOf(run.engine.pipeline, run.group),
        window: window && { start: window.start.toISOString(), end: window.end.toISOString() },
      });
    });
  } finally {
    await session.close();
  }
}

/** A feed with rows but no cursor: an empty ledger beside full tables is never silently loaded again. */
function refuseLostCursors(run: RunContext, head: Head): void {
  if (run.request.full) return;
  const lost = run.feeds.filter((feed) => !head.cursors.has(feed.id) && (head.stagingRows.get(feed.id) ?? 0n) > 0n);
  if (lost.length === 0) return;
  throw new Failure(
    "incomplete",
    lost.map((feed) => noCursor({ feed: feed.id, rows: head.stagingRows.get(feed.id) ?? 0n })),
  );
}

/**
 * Raises the group's fence to this run's token and reads, in that transaction, head, cursors and what is published.
 * @returns an ending when there is nothing to do.
 */
export async function begin(run: RunContext): Promise<RunEnding | null> {
  const wanted = wantedFeeds(run);
  // A mistyped batch must not raise the fence against a run on its way.
  if (run.request.replay !== null) await batchToReplay(run, run.request.replay);
  const head = await raiseAndRead(run);
  run.head = head;
  await recordBase(run.engine.store, { runId: run.runId, token: head.token.toString(), baseHead: head.number.toString() });
  const checksWindow = run.request.window !== null && kindOf(run.request) === "increment";
  run.feeds = checksWindow ? wanted.filter((feed) => !head.publishedForWindow.has(feed.id)) : wanted;
  if (run.feeds.length === 0) {
    const publications = [...new Set(wanted.map((feed) => head.publishedForWindow.get(feed.id) ?? ""))];
    return {
      outcome: "already_published",
      publicationId: publications[0] ?? null,
      message: `published by ${publications.join(", ")}`,
    };
  }
  refuseLostCursors(run, head);
  return null;
}
