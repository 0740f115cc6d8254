import { feedsOf } from "../config/groups.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { COLUMN_ACCEPTED, evolveTables, KEY_DECLARED, requireDeployed } from "../publish/evolve.ts";
import { raiseFence } from "../publish/fence.ts";
import { type Head, readHead } from "../publish/head.ts";
import { warehouseDdl } from "../publish/layout.ts";
import { insertOps, type OpsRow } from "../publish/ledger.ts";
import { prepareOps, requireOpsVersion } from "../publish/upgrade.ts";
import { recordBase } from "../store/operations/record-base.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { type Session, UnknownOutcome } from "../warehouse/warehouse.ts";
import { openSession, type RunContext, type RunEnding } from "./context.ts";
import { kindOf } from "./engine.ts";
import { batchToReplay } from "./extract.ts";
import { acceptWithoutReason, costNotAllowed, feedUnknown, noCursor, notBegun, notLost } from "./problems.ts";

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

/** Brings the tables to what the pipeline asks, or looks whether somebody has. */
async function evolved(session: Session, dialect: Dialect, options: { pipeline: Pipeline; accept: readonly string[] }) {
  if (dialect.can.ddl === "by_apply") {
    await requireOpsVersion(session, dialect);
    return requireDeployed(session, dialect, options);
  }
  await prepareOps(session, dialect, options.pipeline.groups.keys());
  return evolveTables(session, dialect, options);
}

/** Version first, so that a newer warehouse is left as it is; then changed columns, which the views need. */
async function prepareTables(session: Session, run: RunContext): Promise<OpsRow[]> {
  const { pipeline, warehouse } = run.engine;
  const { dialect } = warehouse;
  const accept = run.request.acceptRemoved ?? [];
  const { newKeys, retired } = await evolved(session, dialect, { pipeline, accept });
  const lost = [...retired].flatMap(([table, columns]) => columns.map((column) => `curated.${table}.${column}`));
  const strange = accept.filter((column) => !lost.includes(column));
  if (strange.length > 0)
    throw new Failure(
      "usage",
      strange.map((column) => notLost({ column, lost })),
    );
  run.retired = retired;
  if (dialect.can.ddl === "by_run") for (const statement of warehouseDdl(dialect, pipeline)) await session.run(statement);
  const declared = newKeys.map(({ table, key }) => auditRow(run, { event: KEY_DECLARED, subject: table, detail: key }));
  return [...declared, ...accept.map((column) => auditRow(run, { event: COLUMN_ACCEPTED, subject: column, detail: null }))];
}

function auditRow(run: RunContext, row: { event: string; subject: string; detail: string | null }): OpsRow {
  const { engine, request, runId, group } = run;
  return {
    ...row,
    event_id: `${runId}/${row.event}/${row.subject}`,
    run_group: group.name,
    actor: engine.actor,
    reason: request.reason,
    ticket: request.ticket,
    code_version: engine.codeVersion,
    happened_at: run.startedAt.toISOString(),
  };
}

/** The recorded decision to read more published rows whole than the environment declares. */
const COST_ALLOWED = "cost.allowed";

/**
 * A full refresh over more published rows than declared is a decision of its own.
 * @returns what is recorded of it.
 * @throws Failure `usage` when nobody has made it.
 */
function decidedCost(run: RunContext, wanted: readonly Feed[], head: Head): OpsRow[] {
  const limit = run.engine.pipeline.environment.fullRefreshRows;
  if (!run.request.full || limit === undefined) return [];
  const rows = wanted.reduce((sum, feed) => sum + (head.stagingRows.get(feed.id) ?? 0n), 0n);
  if (rows <= BigInt(limit)) return [];
  if (!run.request.allowCost || run.request.reason === null) throw new Failure("usage", costNotAllowed({ rows, limit }));
  return [auditRow(run, { event: COST_ALLOWED, subject: run.group.name, detail: `${rows} published rows, declared ${limit}` })];
}

async function raiseAndRead(run: RunContext, wanted: readonly Feed[]): Promise<Head> {
  const { warehouse } = run.engine;
  const session = await openSession(run, "begin");
  try {
    const d = warehouse.dialect;
    const events = await prepareTables(session, run);
    return await session.transaction(async () => {
      for (const statement of insertOps(d, "audit_event", events)) await session.run(statement);
      const owner = { group: run.group.name, runId: run.runId, now: d.timestamp(run.startedAt.toISOString()) };
      for (const statement of raiseFence(d, owner)) await session.run(statement);
      const { window } = run.request;
      const head = await readHead(session, d, {
        group: run.group.name,
        feeds: feedsOf(run.engine.pipeline, run.group),
        window: window && { start: window.start.toISOString(), end: window.end.toISOString() },
      });
      for (const statement of insertOps(d, "audit_event", decidedCost(run, wanted, head))) await session.run(statement);
      return head;
    });
  } catch (error) {
    throw error instanceof UnknownOutcome ? new Failure("retryable", notBegun(), { cause: error }) : error;
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
  if (run.request.acceptRemoved && run.request.reason === null) throw new Failure("usage", acceptWithoutReason());
  const wanted = wantedFeeds(run);
  // A mistyped batch must not raise the fence against a run on its way.
  if (run.request.replay !== null) await batchToReplay(run, run.request.replay);
  const head = await raiseAndRead(run, wanted);
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
