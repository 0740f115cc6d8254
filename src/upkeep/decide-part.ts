import { Failure } from "../kernel/problem.ts";
import { readAdapterState } from "../ledger/adapter-state.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import { PART_EVENTS, type PartDecision, partDetail, pendingAmong, readPartDecisions } from "../ledger/part-decisions.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
import { partThere } from "../sources/part-there.ts";
import type { PendingPart } from "../sources/pending.ts";
import type { FeedPart, SourceReader } from "../sources/source.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Decision, leaseOf, type UpkeepEngine } from "./engine.ts";
import { decisionOnPartWithoutReason, partNotDecidable, partUnknown } from "./problems.ts";
import { underLeases } from "./under-leases.ts";

/** What somebody decides about a part of a feed: a file. */
export interface PartRequest extends Decision {
  readonly feed: string;
  readonly part: string;
  readonly does: PartDecision["does"];
}

/** What was recorded; the next run follows it. */
export interface PartResult {
  readonly feed: string;
  readonly part: FeedPart;
  readonly does: PartRequest["does"];
}

/** What of an upkeep engine a decision needs: no object is looked at. */
type DecidingEngine = Omit<UpkeepEngine, "objects" | "files" | "emit">;

/** What is known of the part that a decision is about. */
export interface Deciding {
  /** How the feed's adapter reads its own rows. */
  readonly partsOf: NonNullable<SourceReader["parts"]>;
  /** The part as it is there now; null where nobody looked, or it is not there. */
  readonly there: PendingPart | null;
}

interface Recording {
  readonly engine: DecidingEngine;
  readonly request: PartRequest;
  readonly group: string;
}

async function find(session: Session, { engine, request, group }: Recording, { partsOf, there }: Deciding): Promise<FeedPart> {
  const { feed, part: wanted, does } = request;
  const parts = partsOf(await readAdapterState(session, engine.warehouse.dialect, { group, feed }));
  const looked = parts.find((p) => p.part === wanted);
  const part = partThere(looked, there);
  if (part === undefined) throw new Failure("usage", partUnknown({ feed, part: wanted, known: parts.map((p) => p.part) }));
  if (!part.may.includes(does) && !(await takesBack(session, { engine, request, group }, part)))
    throw new Failure("usage", partNotDecidable({ feed, does, part }));
  return part;
}

/** Whether a decision takes back another one about the same version, which no publication has followed yet. */
async function takesBack(session: Session, { engine, request, group }: Recording, of: FeedPart): Promise<boolean> {
  if (request.does !== "reject") return false;
  const all = await readPartDecisions(session, engine.warehouse.dialect, group);
  const own = all.filter(({ feed, part }) => feed === request.feed && part === request.part);
  const pending = pendingAmong(own, of);
  return pending !== undefined && pending.does !== "reject";
}

async function record(session: Session, { engine, request, group }: Recording, version: string) {
  const { feed, part, does, reason, ticket } = request;
  const { actor, codeVersion, clock, ids, warehouse } = engine;
  const origin = { id: ids.next("decision"), group, actor, reason, ticket, codeVersion, at: clock.now() };
  const entry = { event: PART_EVENTS[does], subject: `${feed} ${part}`, detail: partDetail({ feed, part, version }) };
  await session.transaction(async () => {
    for (const statement of recordAudit(warehouse.dialect, origin, [entry])) await session.run(statement);
  });
}

/** The feed that a decision is about, and a session while no run goes on. */
async function inGroup<T>(
  engine: DecidingEngine,
  { feed: id, part, does, reason }: PartRequest,
  work: (session: Session, group: string) => Promise<T>,
): Promise<T> {
  if (reason === null) throw new Failure("usage", decisionOnPartWithoutReason({ feed: id, part, does }));
  const feed = engine.pipeline.feeds.get(id);
  if (feed === undefined) throw new Failure("usage", partUnknown({ feed: id, part, known: [] }));
  return underLeases(engine.store, leaseOf(engine, engine.ids.next("decide")), async () => {
    const { dialect } = engine.warehouse;
    const session = await engine.warehouse.open({ purpose: `file ${does}` });
    try {
      if (dialect.can.ddl === "by_run") await prepareOps(session, dialect, engine.pipeline.groups.keys());
      else await requireOpsVersion(session, dialect);
      return await work(session, feed.group);
    } finally {
      await session.close();
    }
  });
}

/**
 * Records what somebody decided about the version of a part of a feed that is there, or, where nobody looked what is there, that a run
 * looked at last. Publishes nothing: the next run's adapter is handed the decision. Holds every group's lease.
 * @throws Failure `usage` without a reason, for a part that is not there and that no run has looked at, or for what cannot be decided
 * about it; `retryable` while a run goes on.
 */
export function decidePart(engine: DecidingEngine, request: PartRequest, deciding: Deciding): Promise<PartResult> {
  return inGroup(engine, request, async (session, group) => {
    const part = await find(session, { engine, request, group }, deciding);
    await record(session, { engine, request, group }, part.version);
    return { feed: request.feed, part, does: request.does };
  });
}

/** A part that is expected no more. */
export type WaivedPart = Omit<PartRequest, "does">;

/**
 * Records that a part of a feed is expected no more: the file of a day, of one partner or of all. It may still come, and is taken then.
 * @throws Failure `usage` without a reason or for a feed that is not configured; `retryable` while a run goes on.
 */
export function waivePart(engine: DecidingEngine, waived: WaivedPart): Promise<void> {
  const request = { ...waived, does: "waive" as const };
  return inGroup(engine, request, (session, group) => record(session, { engine, request, group }, ""));
}
