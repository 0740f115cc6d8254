import { modelsOf } from "../config/groups.ts";
import type { Feed, Group } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { type AuditEntry, recordAudit } from "../ledger/audit-trail.ts";
import { proveHead, raiseFence, readNumbers } from "../ledger/fence.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import { publishedFeeds } from "../ledger/published-feeds.ts";
import { FEED_RENAMED, nameNow, type Recorded, readRecorded } from "../ledger/recorded.ts";
import { type Lead, lookUp, takeLock } from "../publish/publication.ts";
import { cursorNumber, type Move, moveStaging, moveWaiting, type Renaming, renameLedger } from "../publish/rename.ts";
import { dropUnpublished } from "../schema/anew.ts";
import { endViews } from "../schema/curated-views.ts";
import { KEY_DECLARED, planEvolution, requireDeployed } from "../schema/evolve.ts";
import { stagingDdl } from "../schema/layout.ts";
import { carriedColumns, carriedFingerprints, renamedSelects } from "../schema/rename-declarations.ts";
import { onlyFeed } from "../schema/rename-fit.ts";
import { prepareOps, requireOpsVersion } from "../schema/upgrade.ts";
import { type Session, UnknownOutcome } from "../warehouse/warehouse.ts";
import { type Decision, leaseOf, type UpkeepEngine } from "./engine.ts";
import { renamedElsewhere, renameNotCommitted, renameOvertaken } from "./problems.ts";
import { configuredFor, refuseRename } from "./rename-refusals.ts";
import { underLeases } from "./under-leases.ts";

/** A feed of the configuration, and the name under which its rows were published. */
export interface RenameRequest extends Decision {
  readonly feed: string;
  readonly was: string;
}

export interface RenameResult {
  readonly feed: string;
  readonly was: string;
  readonly group: string;
  readonly outcome: "renamed" | "already";
  /** The publication that the rows have their name by. */
  readonly publicationId: string;
  /** Live and waiting rows that were given the name; null where that was done before. */
  readonly rows: bigint | null;
  readonly waiting: bigint | null;
}

/** A rename that nothing is in the way of. */
interface Plan {
  readonly request: RenameRequest;
  readonly renaming: Renaming;
  readonly lead: Lead;
  readonly at: Date;
  /** What is recorded of the feed beside the rename itself. */
  readonly declared: readonly AuditEntry[];
}

/** Makes the feed's staging table as a run would, or looks whether somebody has; says which key is still to be recorded. */
async function prepareStaging(session: Session, { pipeline, warehouse }: UpkeepEngine, feed: Feed): Promise<AuditEntry[]> {
  const { dialect } = warehouse;
  const options = { pipeline: onlyFeed(pipeline, feed), accept: [] };
  const isOurs = dialect.can.ddl === "by_run";
  const evolution = isOurs ? await planEvolution(session, dialect, options) : await requireDeployed(session, dialect, options);
  const { problems, statements, newKeys } = evolution;
  if (problems.length > 0) throw new Failure("usage", problems);
  await dropUnpublished(session, dialect, evolution);
  if (isOurs) for (const statement of [...statements, ...stagingDdl(dialect, feed)]) await session.run(statement);
  return newKeys.map(({ table, key }) => ({ event: KEY_DECLARED, subject: table, detail: key }));
}

/** Raises the fence, so that whoever published before is dead. */
async function takeLead(session: Session, engine: UpkeepEngine, of: { group: Group; baseHead: bigint; at: Date }): Promise<Lead> {
  const { dialect } = engine.warehouse;
  const { group, baseHead, at } = of;
  const runId = engine.ids.next("rename");
  const now = dialect.timestamp(at.toISOString());
  const { head, token } = await session.transaction(async () => {
    for (const statement of raiseFence(dialect, { group: group.name, runId, now })) await session.run(statement);
    return readNumbers(session, dialect, group.name);
  });
  if (head !== baseHead) throw new Failure("lost", renameOvertaken({ group: group.name }));
  return { group, runId, batchIds: [], baseHead, token, writing: { now } };
}

async function planRename(
  session: Session,
  engine: UpkeepEngine,
  of: { request: RenameRequest; feed: Feed; group: Group; recorded: Recorded; head: bigint },
): Promise<Plan> {
  const { request, feed, group, recorded, head } = of;
  const { was } = request;
  const { pipeline, warehouse, clock } = engine;
  await refuseRename(session, engine, { feed, was, recorded });
  const keys = await prepareStaging(session, engine, feed);
  const models = modelsOf(pipeline, group);
  const selects = await renamedSelects(session, warehouse.dialect, { feed, was, group: group.name, models, recorded, head });
  // The rows of a view are those of the staging table that is left.
  await endViews(session, warehouse.dialect, group.models);
  const at = clock.now();
  const lead = await takeLead(session, engine, { group, baseHead: head, at });
  const number = head + 1n;
  const writing = { publicationId: `${group.name}-${number}`, group: group.name, number, now: lead.writing.now };
  const declared = [...keys, ...carriedColumns(recorded, { feed, was }), ...selects];
  return { request, renaming: { feed, group, was, writing }, lead, at, declared };
}

/** @throws Failure `lost` when somebody else has published or is about to. */
async function prove(session: Session, { warehouse: { dialect } }: UpkeepEngine, lead: Lead): Promise<void> {
  await takeLock(session, dialect, lead);
  const { head, token } = await proveHead(session, dialect, { group: lead.group.name, batchIds: [] });
  if (head !== lead.baseHead || token !== lead.token) throw new Failure("lost", renameOvertaken({ group: lead.group.name }));
}

async function move(session: Session, { put, take }: Move): Promise<void> {
  const [came, went] = [await session.run(put), await session.run(take)];
  if (came !== went) throw new Error(`${put.name} wrote ${came} rows and ${take.name} took ${went}`);
}

async function recordPublication(session: Session, engine: UpkeepEngine, plan: Plan): Promise<void> {
  const { request, renaming, lead, at } = plan;
  const { dialect } = engine.warehouse;
  const { publicationId, group, number } = renaming.writing;
  const instant = at.toISOString();
  const { actor, codeVersion } = engine;
  const { reason, ticket } = request;
  const row = {
    ...{ publication_id: publicationId, run_group: group, number, base_head: lead.baseHead, token: lead.token },
    ...{ run_id: lead.runId, kind: "rename", window_start: null, window_end: instant, published_at: instant },
    ...{ code_version: codeVersion, actor, reason, ticket },
    fingerprints: await carriedFingerprints(session, dialect, { ...renaming, group, head: lead.baseHead }),
  };
  const detail = JSON.stringify({ to: renaming.feed.id, publication: publicationId });
  const origin = { id: lead.runId, group, actor, reason, ticket, codeVersion, at };
  const entries = [{ event: FEED_RENAMED, subject: renaming.was, detail }, ...plan.declared];
  const statements = [...insertOps(dialect, "publication", [row]), ...recordAudit(dialect, origin, entries)];
  for (const statement of statements) await session.run(statement);
}

/** The transaction: fence, proof of head and token, rows, ledger. */
async function publishRename(session: Session, engine: UpkeepEngine, plan: Plan): Promise<void> {
  const { dialect } = engine.warehouse;
  const { renaming, lead } = plan;
  const { group, was } = renaming;
  await session.transaction(async () => {
    await prove(session, engine, lead);
    await recordPublication(session, engine, plan);
    const staging = moveStaging(dialect, renaming);
    if (staging) await move(session, staging);
    await move(session, moveWaiting(dialect, renaming));
    const cursor = await cursorNumber(session, dialect, { group: group.name, feed: was });
    for (const statement of renameLedger(dialect, renaming, cursor)) await session.run(statement);
  });
}

/** The session that lost its answer is gone; a new one asks the ledger what happened. */
async function afterLostAnswer(engine: UpkeepEngine, { lead }: Plan, lost: UnknownOutcome): Promise<void> {
  const { warehouse } = engine;
  const session = await warehouse.open({ purpose: "look-up" });
  const found = await lookUp(session, warehouse.dialect, lead).finally(() => session.close());
  if (found?.outcome === "already") return;
  if (found === null) throw new Failure("retryable", renameNotCommitted(), { cause: lost });
  throw new Failure("lost", renameOvertaken({ group: lead.group.name }), { cause: lost });
}

async function renameIn(session: Session, engine: UpkeepEngine, of: { request: RenameRequest; feed: Feed; group: Group }) {
  const { dialect } = engine.warehouse;
  const { request, group } = of;
  const { feed, was } = request;
  if (dialect.can.ddl === "by_run") await prepareOps(session, dialect, engine.pipeline.groups.keys());
  else await requireOpsVersion(session, dialect);
  const { head } = await readNumbers(session, dialect, group.name);
  const recorded = await readRecorded(session, dialect, group.name);
  const base = { feed, was, group: group.name };
  const before = recorded.renamed.get(was);
  if (before) {
    const now = nameNow(recorded, was);
    if (now !== feed) throw new Failure("usage", renamedElsewhere({ ...request, now }));
    return { ...base, outcome: "already", publicationId: before.publicationId, rows: null, waiting: null } as const;
  }
  const plan = await planRename(session, engine, { ...of, recorded, head });
  const counted = (await publishedFeeds(session, dialect, group.name)).find((published) => published.feed === was);
  try {
    await publishRename(session, engine, plan);
  } catch (error) {
    if (!(error instanceof UnknownOutcome)) throw error;
    await session.close();
    await afterLostAnswer(engine, plan, error);
  }
  const { publicationId } = plan.renaming.writing;
  return { ...base, outcome: "renamed", publicationId, rows: counted?.rows ?? 0n, waiting: counted?.waiting ?? 0n } as const;
}

/**
 * Gives the published rows of a name that left the configuration to the feed that has another name now: staging, cursor, waiting
 * rows and what is recorded of them, in one publication of its own. Nothing is read at the source. Repeating it is harmless. Holds
 * every group's lease.
 * @throws Failure `usage` where the rows are not those of the feed, `retryable` while a run goes on, `lost` when one took over.
 */
export async function renameFeed(engine: UpkeepEngine, request: RenameRequest): Promise<RenameResult> {
  const feed = configuredFor(engine, request);
  const group = engine.pipeline.groups.get(feed.group);
  if (!group) throw new Error(`no group ${feed.group}, which configuration should have refused`);
  return underLeases(engine.store, leaseOf(engine, engine.ids.next("rename")), async () => {
    const session = await engine.warehouse.open({ purpose: "feed rename" });
    try {
      return await renameIn(session, engine, { request, feed, group });
    } finally {
      await session.close();
    }
  });
}
