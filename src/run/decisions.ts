import { feedsOf } from "../config/groups.ts";
import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { type AuditEntry, type AuditOrigin, recordAudit } from "../ledger/audit-trail.ts";
import { readNumbers } from "../ledger/fence.ts";
import type { Head } from "../ledger/head.ts";
import { eraDetail, FEED_RETURNED, MODEL_ACCEPTED, MODEL_DECLARED, type Recorded, readRecorded } from "../ledger/recorded.ts";
import { addedColumns, type Evolution } from "../schema/evolve.ts";
import { type InForce, type InForceOptions, lookAtPublished } from "../schema/in-force.ts";
import { selectFingerprint } from "../schema/select-eras.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { RunTools } from "./engine.ts";
import { costNotAllowed, feedUnknown, noNets, notMixed } from "./problems.ts";
import { feedsAsked, readsOf } from "./request.ts";
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

/** The recorded decision to read more published rows whole than the environment declares. */
const COST_ALLOWED = "cost.allowed";

/**
 * A full refresh over more published rows than declared is a decision of its own.
 * @returns what is recorded of it.
 * @throws Failure `usage` when nobody has made it.
 */
function decidedCost({ engine, request, group }: Run<RunTools>, wanted: readonly Feed[], head: Head): AuditEntry[] {
  const limit = engine.pipeline.environment.fullRefreshRows;
  if (request.kind !== "whole" || limit === undefined) return [];
  const rows = wanted.reduce((sum, feed) => sum + (head.liveRows.get(feed.id) ?? 0n), 0n);
  if (rows <= BigInt(limit)) return [];
  if (!request.allowCost || request.reason === null) throw new Failure("usage", costNotAllowed({ rows, limit }));
  return [{ event: COST_ALLOWED, subject: group.name, detail: `${rows} published rows, declared ${limit}` }];
}

/** Retired feeds that are read whole with a reason: nothing of what they missed stays unseen. */
function returningFeeds({ request }: Run<RunTools>, wanted: readonly Feed[], { retiredFeeds }: Recorded): string[] {
  if (request.kind !== "whole" || request.reason === null) return [];
  return wanted.map((feed) => feed.id).filter((id) => retiredFeeds.has(id));
}

/** What of the group's published state the configuration is compared with. */
type Published = Pick<InForceOptions, "recorded" | "head" | "added" | "suspects" | "returning">;

/** @throws Failure `blocked` for feeds and tables that are gone or retired, and for models whose rows another SELECT made. */
async function requireInForce(
  session: Session,
  { engine, group, request }: Run<RunTools>,
  published: Published,
): Promise<InForce> {
  const { pipeline, warehouse } = engine;
  const options = { ...published, pipeline, group, accept: request.acceptMixed, count: false };
  const found = await lookAtPublished(session, warehouse.dialect, options);
  if (found.problems.length > 0) throw new Failure("blocked", found.problems);
  return found;
}

/**
 * The same before published tables get columns: a change that is refused and taken back must leave no column behind.
 * @throws Failure `blocked` as a run would be when it takes the lead.
 */
export async function refuseBeforeChange(session: Session, run: Run<RunTools>, added: Evolution["added"]): Promise<void> {
  const { dialect } = run.engine.warehouse;
  const recorded = await readRecorded(session, dialect, run.group.name);
  const { head } = await readNumbers(session, dialect, run.group.name);
  const columns = addedColumns(added, head);
  const returning = returningFeeds(run, wantedFeeds(run), recorded);
  await requireInForce(session, run, { recorded, head, added: columns, suspects: null, returning });
}

/** What was decided when the run took the lead: the head that it goes on from, and what is recorded of it. */
interface Decided {
  readonly head: Head;
  readonly events: readonly AuditEntry[];
}

async function decidedTables(session: Session, run: Run<RunTools>, { head, wanted }: { head: Head; wanted: readonly Feed[] }) {
  const { recorded, number } = head;
  const returning = returningFeeds(run, wanted, recorded);
  const suspects = [...head.horizons.keys(), ...head.open.keys()];
  const found = await requireInForce(session, run, { recorded, head: number, added: [], suspects, returning });
  const accept = run.request.acceptMixed;
  const mixed = found.behind.mixed.map(({ table }) => table);
  const strange = accept.filter((table) => !mixed.includes(table));
  if (strange.length > 0) {
    throw new Failure(
      "usage",
      strange.map((table) => notMixed({ table, mixed })),
    );
  }
  const declared = [...found.fresh].map(([table, eras]) => ({ event: MODEL_DECLARED, subject: table, detail: eraDetail(eras) }));
  const accepted = accept.flatMap((table) => {
    const model = run.engine.pipeline.models.get(table);
    return model ? [{ event: MODEL_ACCEPTED, subject: table, detail: selectFingerprint(model) }] : [];
  });
  const returned = returning.map((feed) => ({ event: FEED_RETURNED, subject: feed, detail: null }));
  return { eras: found.eras, events: [...declared, ...accepted, ...returned] };
}

/**
 * What people have decided with the command, against what is published.
 * @throws Failure `usage` or `blocked` when a decision is missing or has no object.
 */
export async function decide(session: Session, run: Run<RunTools>, head: Head): Promise<Decided> {
  const wanted = wantedFeeds(run);
  const cost = decidedCost(run, wanted, head);
  const { eras, events } = await decidedTables(session, run, { head, wanted });
  return { head: { ...head, recorded: { ...head.recorded, eras } }, events: [...cost, ...events] };
}

/** Records decisions of a run; inside the transaction that takes the lead. */
export async function recordDecisions(session: Session, run: Run<RunTools>, events: readonly AuditEntry[]): Promise<void> {
  for (const statement of recordAudit(run.engine.warehouse.dialect, originOf(run), events)) await session.run(statement);
}
