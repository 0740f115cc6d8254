import { feedsOf } from "../config/groups.ts";
import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import type { AuditEntry } from "../ledger/audit-trail.ts";
import { raiseFence } from "../ledger/fence.ts";
import { type Head, loadingSince, readHead } from "../ledger/head.ts";
import { endViews, settleViews } from "../schema/curated-views.ts";
import {
  COLUMN_ACCEPTED,
  type Evolution,
  evolveTables,
  KEY_DECLARED,
  type NewDerived,
  ofGroup,
  requireDeployed,
} from "../schema/evolve.ts";
import { warehouseDdl } from "../schema/layout.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
import { fillDerived } from "../warehouse/derived-text.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { type Session, UnknownOutcome } from "../warehouse/warehouse.ts";
import { decide, originOf, recordDecisions, refuseBeforeChange, wantedFeeds } from "./decisions.ts";
import type { RunTools } from "./engine.ts";
import { noCursor, notBegun, notLost, waitsElsewhere } from "./problems.ts";
import { readsOf, windowOf } from "./request.ts";
import { openSession, type Run } from "./run.ts";
import type { Begun, Ended } from "./stages.ts";

/** Brings the tables to what the pipeline asks, or looks whether somebody has. */
async function evolved(session: Session, run: Run<RunTools>): Promise<{ evolution: Evolution; views: ReadonlySet<string> }> {
  const { pipeline, warehouse } = run.engine;
  const { dialect } = warehouse;
  const accept = run.request.acceptRemoved;
  if (dialect.can.ddl === "by_apply") {
    await requireOpsVersion(session, dialect);
    return { evolution: await requireDeployed(session, dialect, { pipeline, accept }), views: new Set() };
  }
  await prepareOps(session, dialect, pipeline.groups.keys());
  const views = await settleViews(session, dialect, pipeline);
  const beforeChange = (change: Pick<Evolution, "added" | "newDerived">) => refuseBeforeChange(session, run, change);
  const evolution = await evolveTables(session, dialect, { pipeline, accept, origin: originOf(run), beforeChange });
  return { evolution, views };
}

interface Prepared {
  readonly retired: Begun["retired"];
  readonly newDerived: readonly NewDerived[];
  readonly events: readonly AuditEntry[];
}

/** Version first, so that a newer warehouse is left as it is; then changed columns, which the views need. */
async function prepareTables(session: Session, run: Run<RunTools>): Promise<Prepared> {
  const { engine, request } = run;
  const { pipeline, warehouse } = engine;
  const { dialect } = warehouse;
  const accept = request.acceptRemoved;
  const { evolution, views } = await evolved(session, run);
  const { newKeys, newDerived, retired } = evolution;
  const lost = [...retired].flatMap(([table, columns]) => columns.map((column) => `curated.${table}.${column}`));
  const strange = accept.filter((column) => !lost.includes(column));
  if (strange.length > 0)
    throw new Failure(
      "usage",
      strange.map((column) => notLost({ column, lost })),
    );
  if (dialect.can.ddl === "by_run") for (const statement of warehouseDdl(dialect, pipeline, views)) await session.run(statement);
  const declared = newKeys.map(({ table, key }) => ({ event: KEY_DECLARED, subject: table, detail: key }));
  return {
    retired,
    newDerived: ofGroup({ newDerived }, run.group.name),
    events: [...declared, ...accept.map((column) => ({ event: COLUMN_ACCEPTED, subject: column, detail: null }))],
  };
}

/** What of the tables that were prepared the lead is taken with. */
type Leading = Pick<Prepared, "newDerived" | "events">;

const NOTHING_PREPARED: Leading = { newDerived: [], events: [] };

/** What a run that took the lead builds on. */
export type Led = Pick<Begun, "head" | "recompute">;

/**
 * Raises the group's fence to this run's token and reads, in that transaction, head, cursors and what is published. What people
 * decided with the command is recorded in it too.
 */
export async function takeLead(session: Session, run: Run<RunTools>, prepared: Leading = NOTHING_PREPARED): Promise<Led> {
  const { engine, group, request } = run;
  const d = engine.warehouse.dialect;
  const window = windowOf(request);
  return session.transaction(async () => {
    await recordDecisions(session, run, prepared.events);
    const owner = { group: group.name, runId: run.runId, now: d.timestamp(run.startedAt.toISOString()) };
    for (const statement of raiseFence(d, owner)) await session.run(statement);
    const head = await readHead(session, d, {
      group: group.name,
      feeds: feedsOf(engine.pipeline, group),
      window: window && { start: window.start.toISOString(), end: window.end.toISOString() },
    });
    const decided = await decide(session, run, { head, newDerived: prepared.newDerived });
    await recordDecisions(session, run, decided.events);
    return { head, recompute: decided.recompute };
  });
}

/** Behind the lead, which no run of another configuration can publish against: what derived columns are for rows that had none. */
async function fillNewDerived(session: Session, { engine }: Run<RunTools>, columns: readonly NewDerived[]): Promise<void> {
  const { pipeline, warehouse } = engine;
  for (const { feed: id, name } of columns) {
    const feed = pipeline.feeds.get(id);
    const derived = feed?.contract.derived.find((of) => of.name === name);
    if (!(feed && derived)) continue;
    await session.run(fillDerived(warehouse.dialect, { feed, derived, rows: stagingRows(warehouse.dialect, feed) }));
  }
}

/** Called as soon as a run has the lead, with the session that took it. */
type OnLead = (head: Head, session: Session) => Promise<void>;

async function prepareAndLead(run: Run<RunTools>, onLead: OnLead): Promise<Led & Pick<Begun, "retired" | "declares">> {
  const session = await openSession(run, "begin");
  try {
    const { retired, newDerived, events } = await prepareTables(session, run);
    const led = await takeLead(session, run, { newDerived, events });
    await endViews(
      session,
      run.engine.warehouse.dialect,
      led.recompute.map(({ table }) => table),
    );
    await fillNewDerived(session, run, newDerived);
    await onLead(led.head, session);
    const declares = newDerived.map(({ subject, template }) => ({ event: KEY_DECLARED, subject, detail: template }));
    return { retired, declares, ...led };
  } catch (error) {
    throw error instanceof UnknownOutcome ? new Failure("retryable", notBegun(), { cause: error }) : error;
  } finally {
    await session.close();
  }
}

/** A feed with rows but no cursor, and not on its way to one: an empty ledger beside full tables is never silently loaded again. */
function refuseLostCursors({ request }: Run<RunTools>, feeds: readonly Feed[], head: Head): void {
  if (readsOf(request) === "whole") return;
  const isLost = ({ id }: Feed) => !head.cursors.has(id) && loadingSince(head, id) === null;
  const lost = feeds.filter((feed) => isLost(feed) && (head.liveRows.get(feed.id) ?? 0n) > 0n);
  if (lost.length === 0) return;
  throw new Failure(
    "incomplete",
    lost.map((feed) => noCursor({ feed: feed.id, rows: head.liveRows.get(feed.id) ?? 0n })),
  );
}

/** A group knows nothing of what another one has set aside: rows of a feed that has moved would be set aside once more. */
function refuseMovedWaits(feeds: readonly Feed[], { waitsElsewhere: elsewhere }: Head): void {
  const moved = feeds.flatMap(({ id: feed }) => {
    const group = elsewhere.get(feed);
    return group === undefined ? [] : [waitsElsewhere({ feed, group })];
  });
  if (moved.length > 0) throw new Failure("blocked", moved);
}

/** The wanted feeds that are not published yet: a window is published per feed, `--keys` and `--full` are done again. */
function dueFeeds({ request }: Run<RunTools>, wanted: readonly Feed[], head: Head): readonly Feed[] {
  const byWindow = request.kind === "changes" && request.window !== null && !request.keys;
  return byWindow ? wanted.filter((feed) => !head.publishedForWindow.has(feed.id)) : wanted;
}

/**
 * Takes the lead of the group.
 * @returns what the run builds on, or an ending when its window is published already.
 * @throws Failure `usage` for feeds that do not exist, `blocked` for one that has rows waiting in another group, `incomplete` for one whose cursor is lost.
 */
export async function begin(run: Run<RunTools>, onLead: OnLead): Promise<Begun | Ended> {
  const wanted = wantedFeeds(run);
  const { head, ...rest } = await prepareAndLead(run, onLead);
  const readsNone = run.request.kind === "recompute" || wanted.length === 0;
  if (readsNone) return { head, feeds: [], ...rest, gates: [] };
  const feeds = dueFeeds(run, wanted, head);
  if (feeds.length === 0) {
    const publications = [...new Set(wanted.map((feed) => head.publishedForWindow.get(feed.id) ?? ""))];
    const message = `published by ${publications.join(", ")}`;
    return { ending: { outcome: "already_published", publicationId: publications[0] ?? null, message } };
  }
  refuseMovedWaits(feeds, head);
  refuseLostCursors(run, feeds, head);
  return { head, feeds, ...rest, gates: [] };
}
