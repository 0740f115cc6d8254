import { Failure } from "../kernel/problem.ts";
import { readAdapterState } from "../ledger/adapter-state.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import { PART_EVENTS, type PartDecision, partDetail } from "../ledger/part-decisions.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
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

interface Deciding {
  readonly engine: DecidingEngine;
  readonly request: PartRequest;
  readonly group: string;
  /** How the feed's adapter reads its own rows. */
  readonly partsOf: NonNullable<SourceReader["parts"]>;
}

async function find(session: Session, { engine, request, group, partsOf }: Deciding): Promise<FeedPart> {
  const { feed, part: wanted, does } = request;
  const parts = partsOf(await readAdapterState(session, engine.warehouse.dialect, { group, feed }));
  const part = parts.find((p) => p.part === wanted);
  if (part === undefined) throw new Failure("usage", partUnknown({ feed, part: wanted, known: parts.map((p) => p.part) }));
  if (!part.may.includes(does)) throw new Failure("usage", partNotDecidable({ feed, does, part }));
  return part;
}

async function decideIn(session: Session, deciding: Deciding): Promise<PartResult> {
  const { engine, request, group } = deciding;
  const { dialect } = engine.warehouse;
  if (dialect.can.ddl === "by_run") await prepareOps(session, dialect, engine.pipeline.groups.keys());
  else await requireOpsVersion(session, dialect);
  const part = await find(session, deciding);
  const { feed, does, reason, ticket } = request;
  const { actor, codeVersion, clock, ids } = engine;
  const origin = { id: ids.next("decision"), group, actor, reason, ticket, codeVersion, at: clock.now() };
  const subject = `${feed} ${part.part}`;
  const entry = { event: PART_EVENTS[does], subject, detail: partDetail({ feed, part: part.part, version: part.version }) };
  await session.transaction(async () => {
    for (const statement of recordAudit(dialect, origin, [entry])) await session.run(statement);
  });
  return { feed, part, does };
}

/**
 * Records what somebody decided about the version of a part of a feed that a run looked at last. Publishes nothing: the next run's
 * adapter is handed the decision. Holds every group's lease.
 * @throws Failure `usage` without a reason, for a part that no run has looked at, or for what cannot be decided about it; `retryable`
 * while a run goes on.
 */
export async function decidePart(
  engine: DecidingEngine,
  request: PartRequest,
  partsOf: NonNullable<SourceReader["parts"]>,
): Promise<PartResult> {
  const { feed: id, part, does } = request;
  if (request.reason === null) throw new Failure("usage", decisionOnPartWithoutReason({ part, does }));
  const feed = engine.pipeline.feeds.get(id);
  if (feed === undefined) throw new Failure("usage", partUnknown({ feed: id, part, known: [] }));
  return underLeases(engine.store, leaseOf(engine, engine.ids.next("decide")), async () => {
    const session = await engine.warehouse.open({ purpose: `file ${does}` });
    try {
      return await decideIn(session, { engine, request, group: feed.group, partsOf });
    } finally {
      await session.close();
    }
  });
}
