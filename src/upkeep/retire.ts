import { Failure, type Problem } from "../kernel/problem.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import { readNumbers } from "../ledger/fence.ts";
import { type PublishedFeed, publishedFeeds } from "../ledger/published-feeds.ts";
import {
  FEED_RETIRED,
  FEED_RETURNED,
  NOTHING_RECORDED,
  type Recorded,
  readRecorded,
  TABLE_RETIRED,
  TABLE_RETURNED,
} from "../ledger/recorded.ts";
import { endViews } from "../schema/curated-views.ts";
import { followSelects } from "../schema/select-eras.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Decision, leaseOf, type UpkeepEngine } from "./engine.ts";
import { decisionWithoutReason, notPublished, notRetired, notYetBack, stillConfigured } from "./problems.ts";
import { underLeases } from "./under-leases.ts";

/** Something that leaves the configuration and stays in the warehouse. */
export interface RetireRequest extends Decision {
  readonly kind: "feed" | "table";
  readonly name: string;
  /** Leaves, or has come back. */
  readonly does: "retire" | "return";
}

export interface RetireResult {
  readonly kind: RetireRequest["kind"];
  readonly name: string;
  readonly group: string;
  readonly outcome: "retired" | "returned" | "already";
  /** Published rows and waiting rows of a feed, which stay as they are; null for a table. */
  readonly rows: bigint | null;
  readonly waiting: bigint | null;
}

/** What a group has published, and what is recorded of it. */
interface GroupState {
  readonly group: string;
  readonly head: bigint;
  readonly recorded: Recorded;
  readonly feeds: readonly PublishedFeed[];
  readonly goneTables: readonly string[];
}

async function stateOf(session: Session, engine: UpkeepEngine, group: string): Promise<GroupState> {
  const { pipeline, warehouse } = engine;
  const { dialect } = warehouse;
  const { head } = await readNumbers(session, dialect, group);
  const recorded = await readRecorded(session, dialect, group);
  const elsewhere = new Set(pipeline.models.keys());
  const known = { group, models: [], elsewhere, recorded: { ...NOTHING_RECORDED, eras: recorded.eras }, head };
  const { gone } = await followSelects(session, dialect, known);
  return { group, head, recorded, feeds: await publishedFeeds(session, dialect, group), goneTables: gone };
}

/** The names of a group's state that a request may be about. */
function namesOf({ kind }: RetireRequest, { recorded, feeds, goneTables }: GroupState): string[] {
  return kind === "feed"
    ? [...new Set([...feeds.map(({ feed }) => feed), ...recorded.retiredFeeds])]
    : [...new Set([...recorded.eras.keys(), ...goneTables, ...recorded.retiredTables])];
}

const isRetired = ({ kind, name }: RetireRequest, { recorded }: GroupState) =>
  (kind === "feed" ? recorded.retiredFeeds : recorded.retiredTables).has(name);

/** Every group that has ever published, whether the configuration still has it or not. */
async function groupsOf(session: Session, { warehouse, pipeline }: UpkeepEngine): Promise<string[]> {
  const published = await publishedFeeds(session, warehouse.dialect, null);
  return [...new Set([...pipeline.groups.keys(), ...published.map(({ group }) => group)])];
}

/** What the configuration says against a request. */
function refusalOf({ pipeline: { feeds, models } }: UpkeepEngine, { kind, name, does }: RetireRequest): Problem | null {
  const configured = kind === "feed" ? feeds.get(name) : models.get(name);
  if (does === "return") return configured ? null : notYetBack({ kind, name });
  return configured ? stillConfigured({ kind, name, file: configured.at.file }) : null;
}

const EVENTS = {
  feed: { retire: FEED_RETIRED, return: FEED_RETURNED },
  table: { retire: TABLE_RETIRED, return: TABLE_RETURNED },
} as const;

/** @throws Failure `usage` where nothing was published under the name. */
async function find(session: Session, engine: UpkeepEngine, request: RetireRequest): Promise<GroupState> {
  const known: string[] = [];
  for (const group of await groupsOf(session, engine)) {
    const state = await stateOf(session, engine, group);
    const names = namesOf(request, state);
    if (names.includes(request.name)) return state;
    known.push(...names);
  }
  throw new Failure("usage", notPublished({ kind: request.kind, name: request.name, known }));
}

async function record(session: Session, engine: UpkeepEngine, of: { request: RetireRequest; state: GroupState }): Promise<void> {
  const { request, state } = of;
  const { kind, name: subject, does, reason, ticket } = request;
  const { actor, codeVersion, clock, ids, warehouse } = engine;
  // Rows of a table that nobody makes any more stay as they are, whatever becomes of staging.
  if (kind === "table") await endViews(session, warehouse.dialect, [subject]);
  const origin = { id: ids.next("upkeep"), group: state.group, actor, reason, ticket, codeVersion, at: clock.now() };
  const entry = { event: EVENTS[kind][does], subject, detail: JSON.stringify({ after: state.head.toString() }) };
  await session.transaction(async () => {
    for (const statement of recordAudit(warehouse.dialect, origin, [entry])) await session.run(statement);
  });
}

async function decideIn(session: Session, engine: UpkeepEngine, request: RetireRequest): Promise<RetireResult> {
  const { dialect } = engine.warehouse;
  if (dialect.can.ddl === "by_run") await prepareOps(session, dialect, engine.pipeline.groups.keys());
  else await requireOpsVersion(session, dialect);
  const state = await find(session, engine, request);
  const { kind, name, does } = request;
  if (does === "return" && !isRetired(request, state)) throw new Failure("usage", notRetired({ kind, name }));
  const already = does === "retire" && isRetired(request, state);
  if (!already) await record(session, engine, { request, state });
  const published = state.feeds.find(({ feed }) => kind === "feed" && feed === name);
  const counted =
    kind === "feed" ? { rows: published?.rows ?? 0n, waiting: published?.waiting ?? 0n } : { rows: null, waiting: null };
  const done = does === "retire" ? "retired" : "returned";
  return { kind, name, group: state.group, outcome: already ? "already" : done, ...counted };
}

/**
 * Records that a feed or a curated table has left the configuration for good, or is back. Rows are neither moved nor removed, waiting
 * ones included; runs go on without them. Repeating it is harmless. Holds every group's lease.
 * @throws Failure `usage` without a reason, for what is still (or not yet again) in the configuration, or was never published;
 * `retryable` while a run goes on.
 */
export async function retire(engine: UpkeepEngine, request: RetireRequest): Promise<RetireResult> {
  const { kind, name, does } = request;
  if (request.reason === null) throw new Failure("usage", decisionWithoutReason({ kind, name, does }));
  const refusal = refusalOf(engine, request);
  if (refusal) throw new Failure("usage", refusal);
  return underLeases(engine.store, leaseOf(engine, engine.ids.next("retire")), async () => {
    const session = await engine.warehouse.open({ purpose: `${kind} ${does}` });
    try {
      return await decideIn(session, engine, request);
    } finally {
      await session.close();
    }
  });
}
