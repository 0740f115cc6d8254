import { feedsOf, modelsOf } from "../config/groups.ts";
import type { Feed } from "../config/pipeline.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import { type AuditEntry, type AuditOrigin, recordAudit } from "../ledger/audit-trail.ts";
import { readNumbers } from "../ledger/fence.ts";
import { type Head, readCursors } from "../ledger/head.ts";
import { eraDetail, FEED_RETURNED, MODEL_DECLARED, type Recorded, readRecorded } from "../ledger/recorded.ts";
import { addedColumns, type Evolution, type NewDerived, ofGroup } from "../schema/evolve.ts";
import { type InForce, type InForceOptions, lookAtPublished } from "../schema/in-force.ts";
import { feedsToRecompute, type Recompute, recomputeCommand } from "../schema/recompute.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { RunTools } from "./engine.ts";
import { costNotAllowed, feedUnknown, noNets, nothingToRecompute, recomputeCost, tableUnknown } from "./problems.ts";
import { feedsAsked, mayCost, readsOf, tablesAsked } from "./request.ts";
import type { Run } from "./run.ts";

/** Who a run records its decisions for. */
export function originOf({ engine, request, runId, group, startedAt }: Run<RunTools>): AuditOrigin {
  const { actor, codeVersion } = engine;
  return { id: runId, group: group.name, actor, reason: request.reason, ticket: request.ticket, codeVersion, at: startedAt };
}

/** The feeds that the command may name: those with nets, where these are asked for. */
function readable({ engine, group, request }: Run<RunTools>): Feed[] {
  const all = feedsOf(engine.pipeline, group);
  if (readsOf(request) !== "slice") return all;
  const netted = all.filter(({ nets }) => nets !== undefined);
  if (netted.length === 0) throw new Failure("usage", noNets({ group: group.name }));
  return netted;
}

/**
 * The feeds that the command names, or all of the group.
 * @throws Failure `usage` for feeds that there are not, or that have no nets where these are asked for.
 */
export function wantedFeeds(run: Run<RunTools>): Feed[] {
  const { group, request } = run;
  const all = readable(run);
  const asked = feedsAsked(request);
  if (asked === null) return all;
  const unknown = asked.filter((id) => !all.some((feed) => feed.id === id));
  if (unknown.length > 0) {
    const known = all.map((feed) => feed.id);
    throw new Failure(
      "usage",
      unknown.map((feed) => feedUnknown({ feed, group: group.name, known })),
    );
  }
  return all.filter((feed) => asked.includes(feed.id));
}

/** The recorded decision to read more published rows than the environment declares. */
const COST_ALLOWED = "cost.allowed";

/** What a run would read, and how many live rows its feeds have. */
interface Cost {
  readonly wanted: readonly Feed[];
  readonly recompute: readonly Recompute[];
  readonly liveRows: Head["liveRows"];
}

/** Who asks for it. */
type Asking = Pick<Run<RunTools>, "group" | "request"> & { readonly engine: Pick<RunTools, "pipeline"> };

/** The published rows that a full refresh would read where they are more than declared, whether feeds are read whole or tables are computed again. */
function overLimit({ engine: { pipeline }, request }: Asking, { wanted, recompute, liveRows }: Cost) {
  const limit = pipeline.environment.fullRefreshRows;
  const whole = request.kind === "whole" ? wanted.map(({ id }) => id) : [];
  const read = new Set([...whole, ...feedsToRecompute(pipeline, recompute)]);
  const rows = [...read].reduce((sum, id) => sum + (liveRows.get(id) ?? 0n), 0n);
  return limit === undefined || rows <= BigInt(limit) ? null : { rows, limit };
}

/** What stops a run over more published rows than declared, unless its command says that this is meant; null where nothing does. */
export function costProblem(asking: Asking, cost: Cost): Problem | null {
  const { engine, request, group } = asking;
  const over = overLimit(asking, cost);
  if (over === null || mayCost(request)) return null;
  if (request.kind === "whole" && cost.recompute.length === 0) return costNotAllowed(over);
  const { acceptRemoved } = request;
  const command = recomputeCommand(engine.pipeline, { group: group.name, tables: cost.recompute, acceptRemoved });
  return recomputeCost({ ...over, tables: cost.recompute, command });
}

/**
 * A full refresh over more published rows than declared is a decision of its own.
 * @returns what is recorded of it.
 * @throws Failure when nobody has made it: `usage` where the command asks for the refresh, `blocked` where the configuration does.
 */
function decidedCost(run: Run<RunTools>, cost: Cost): AuditEntry[] {
  const problem = costProblem(run, cost);
  const isAsked = run.request.kind === "whole" || run.request.kind === "recompute";
  if (problem) throw new Failure(isAsked ? "usage" : "blocked", problem);
  const over = overLimit(run, cost);
  if (over === null) return [];
  return [{ event: COST_ALLOWED, subject: run.group.name, detail: `${over.rows} published rows, declared ${over.limit}` }];
}

/** @throws Failure `usage` for tables that are asked for and are none of the group, and before anything is published. */
function requireTables({ engine, group, request }: Run<RunTools>, head: bigint): void {
  const known = modelsOf(engine.pipeline, group).map(({ table }) => table);
  const unknown = tablesAsked(request).filter((table) => !known.includes(table));
  const problems = unknown.map((table) => tableUnknown({ table, group: group.name, known }));
  if (problems.length > 0) throw new Failure("usage", problems);
  if (request.kind === "recompute" && head === 0n) throw new Failure("usage", nothingToRecompute({ group: group.name }));
}

/** Retired feeds that are read whole with a reason: nothing of what they missed stays unseen. */
function returningFeeds({ request }: Run<RunTools>, wanted: readonly Feed[], { retiredFeeds }: Recorded): string[] {
  if (request.kind !== "whole" || request.reason === null) return [];
  return wanted.map((feed) => feed.id).filter((id) => retiredFeeds.has(id));
}

/** What of the group's published state the configuration is compared with. */
type Published = Pick<InForceOptions, "recorded" | "head" | "added" | "newDerived" | "suspects" | "returning">;

/** @throws Failure `blocked` for feeds and tables that are gone or retired. */
async function requireInForce(
  session: Session,
  { engine, group, request }: Run<RunTools>,
  published: Published,
): Promise<InForce> {
  const { pipeline, warehouse } = engine;
  const options = { ...published, pipeline, group, asked: tablesAsked(request) };
  const found = await lookAtPublished(session, warehouse.dialect, options);
  if (found.problems.length > 0) throw new Failure("blocked", found.problems);
  return found;
}

/**
 * The same before published tables get columns: a change that is refused and taken back must leave no column behind.
 * @throws Failure as a run would when it takes the lead.
 */
export async function refuseBeforeChange(
  session: Session,
  run: Run<RunTools>,
  change: Pick<Evolution, "added" | "newDerived">,
): Promise<void> {
  const { pipeline, warehouse } = run.engine;
  const { dialect } = warehouse;
  const { name } = run.group;
  const recorded = await readRecorded(session, dialect, name);
  const { head } = await readNumbers(session, dialect, name);
  requireTables(run, head);
  const wanted = wantedFeeds(run);
  const returning = returningFeeds(run, wanted, recorded);
  const published = {
    recorded,
    head,
    added: addedColumns(change.added, head),
    newDerived: ofGroup(change, name),
    suspects: null,
    returning,
  };
  const { recompute } = await requireInForce(session, run, published);
  if (pipeline.environment.fullRefreshRows === undefined || recompute.length === 0) return;
  const { liveRows } = await readCursors(session, dialect, { group: name, feeds: feedsOf(pipeline, run.group) });
  decidedCost(run, { wanted, recompute, liveRows });
}

/** What was decided when the run took the lead: what it computes again, and what is recorded of it. */
interface Decided {
  readonly recompute: readonly Recompute[];
  readonly events: readonly AuditEntry[];
}

/**
 * What people have decided with the command and the configuration, against what is published.
 * @throws Failure `usage` or `blocked` when a decision is missing or has no object.
 */
export async function decide(
  session: Session,
  run: Run<RunTools>,
  { head, newDerived }: { head: Head; newDerived: readonly NewDerived[] },
): Promise<Decided> {
  const { recorded, number, liveRows } = head;
  requireTables(run, number);
  const wanted = wantedFeeds(run);
  const returning = returningFeeds(run, wanted, recorded);
  const suspects = [...head.horizons.keys(), ...head.open.keys()];
  const { fresh, recompute } = await requireInForce(session, run, {
    ...{ recorded, head: number, added: [], newDerived },
    ...{ suspects, returning },
  });
  const cost = decidedCost(run, { wanted, recompute, liveRows });
  const declared = [...fresh].map(([table, eras]) => ({ event: MODEL_DECLARED, subject: table, detail: eraDetail(eras) }));
  const returned = returning.map((feed) => ({ event: FEED_RETURNED, subject: feed, detail: null }));
  return { recompute, events: [...cost, ...declared, ...returned] };
}

/** Records decisions of a run; inside the transaction that takes the lead. */
export async function recordDecisions(session: Session, run: Run<RunTools>, events: readonly AuditEntry[]): Promise<void> {
  for (const statement of recordAudit(run.engine.warehouse.dialect, originOf(run), events)) await session.run(statement);
}
