import type { Judgement } from "../checks/judge.ts";
import type { Day } from "../checks/missing-parents.ts";
import { findRespelled, parseRespelled } from "../checks/respelled-keys.ts";
import { ENTERS, isOneOf, TURNED_BAD } from "../checks/row-class.ts";
import type { TallyLine } from "../checks/tally.ts";
import { measureClosed, measureWaiting, parseClosed, parseWaiting } from "../checks/waiting.ts";
import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { type CuratedLedger, curatedLedger, parseCuratedLedger } from "../ledger/curated-findings.ts";
import { closingStock, recentFlow } from "../ledger/earlier.ts";
import { type HeadProof, proveHead, publicationsOf, takeFence } from "../ledger/fence.ts";
import type { Head } from "../ledger/head.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import { namesOf, type Recorded } from "../ledger/recorded.ts";
import type { CuratedViews } from "../schema/curated-views.ts";
import { isRecomputed, type Recompute } from "../schema/recompute.ts";
import { countUnfilled, parseUnfilled } from "../schema/unfilled-columns.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { type MeasuredLine, measuredLines } from "../warehouse/measured.ts";
import type { OpsRow } from "../warehouse/ops-tables.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type Account, buildAccounts, type Measurements } from "./accounts.ts";
import { closeRows } from "./close-rows.ts";
import { type Gate, isBlocked } from "./gate.ts";
import { heldGates, type ShareSample } from "./gates.ts";
import { identityGates } from "./identities.ts";
import { flowRows, gateRows, HELD_FOR_ABSENT } from "./ledger-rows.ts";
import { newColumnGates } from "./new-column-gates.ts";
import { ofModel } from "./of-model.ts";
import { openRows } from "./open-rows.ts";
import { prepareRecompute } from "./recompute.ts";
import { insertingFeeds, respelledGates } from "./respelled-gates.ts";
import type { Recounted } from "./restated-gates.ts";
import {
  deleteReplaced,
  insertStaging,
  keepReplacedRows,
  measureStock,
  moveScopes,
  tombstoneVanished,
  type Writing,
} from "./staging.ts";
import { asksForReplaced, collectTouched, type NamedKeys } from "./touched.ts";
import { writeModels } from "./write-models.ts";
import { feedChanges, historyOfViews, viewsAnew, writtenModels } from "./written-models.ts";

/** What a publication writes beside the judged rows. */
export interface PublicationPlan {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly judgement: Judgement;
  readonly totals: Measurements["totals"];
  readonly writing: Writing;
  readonly baseHead: bigint;
  readonly token: bigint;
  readonly runId: string;
  readonly batchIds: readonly string[];
  /** Ledger rows that are known before: publication, batches, rule verdicts. */
  readonly ledger: {
    readonly publication: OpsRow<"publication">;
    readonly batches: readonly OpsRow<"batch">[];
    readonly horizons: readonly OpsRow<"feed_horizon">[];
    readonly state: readonly OpsRow<"adapter_state">[];
    readonly verdicts: readonly OpsRow<"verdict">[];
  };
  /** Gates that passed before the transaction; recorded with it. */
  readonly gates: readonly Gate[];
  /** What is recorded of the published tables. */
  readonly recorded: Recorded;
  /** Curated tables that are computed whole, those that others read first. */
  readonly recompute: readonly Recompute[];
  /** Keys of curated tables that are computed again, whether or not anything reaches them. */
  readonly named: readonly NamedKeys[];
  /** Curated tables whose rows are a view over staging. */
  readonly views: CuratedViews;
  /** What the audit trail gets with the publication. */
  readonly audit: readonly Statement[];
}

/** Live rows and waiting rows before the publication, measured outside the transaction and again proven by its head. */
export interface Before {
  readonly stock: readonly MeasuredLine[];
  /** Where the stock was counted again although the ledger had it: both. */
  readonly recounted: Recounted | null;
  readonly waiting: Measurements["waitingBefore"];
  /** Good and bad rows of the group's publications of the day before. */
  readonly recent: readonly ShareSample[];
  /** What is known of the rules of the group's curated tables. */
  readonly curated: CuratedLedger;
}

export type PublicationOutcome =
  | { readonly outcome: "published"; readonly accounts: readonly Account[]; readonly gates: readonly Gate[] }
  /** `isMine`: the transaction whose answer was lost had happened. */
  | { readonly outcome: "already"; readonly publicationIds: readonly string[]; readonly isMine: boolean }
  | { readonly outcome: "lost"; readonly head: bigint; readonly token: bigint }
  | { readonly outcome: "partial"; readonly found: readonly string[] }
  | { readonly outcome: "blocked"; readonly accounts: readonly Account[]; readonly gates: readonly Gate[] };

/** Thrown inside the transaction to roll it back; carries what the caller reports. */
class NotPublished extends Error {
  readonly result: Exclude<PublicationOutcome, { outcome: "published" }>;
  constructor(result: Exclude<PublicationOutcome, { outcome: "published" }>) {
    super(result.outcome);
    this.result = result;
  }
}

async function runAll(session: Session, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await session.run(statement);
}

/** What was published under a feed's former names counts as its own. */
function recentSample(feed: string, names: readonly string[], rows: readonly TextRow[]): ShareSample {
  const mine = rows.filter((row) => names.includes(row["feed"] ?? ""));
  const of = (name: string) =>
    mine.filter((row) => row["class"] === name).reduce((sum, row) => sum + BigInt(row["row_count"] ?? "0"), 0n);
  return { feed, good: of("good"), bad: of("bad"), newlyHeld: of("newly_held") - of(HELD_FOR_ABSENT) };
}

/**
 * The stock and the waiting rows that the publication opens with. The stock is the closing stock of the last publication, so that
 * rows which came or went by another hand break the identity. The feeds of `recount` are counted again, and all where there are
 * rows of a feed without a closing stock. `day` has the publications that gates may need as a sample.
 */
export async function measureBefore(
  session: Session,
  dialect: Dialect,
  options: { pipeline: Pipeline; group: Group; head: Pick<Head, "liveRows" | "recorded">; recount: readonly string[]; day: Day },
): Promise<Before> {
  const { pipeline, group, recount, day } = options;
  const { liveRows, recorded } = options.head;
  const feeds = feedsOf(pipeline, group);
  const again = feeds.filter(({ id }) => recount.includes(id));
  const left = closingStock(dialect, group.name);
  const answer = await ask(session, { dialect, name: "before" }, [
    ...(again.length > 0 ? [measureStock(dialect, again), { ...left, name: "left" }] : [left]),
    measureWaiting(dialect, group.name),
    recentFlow(dialect, day),
    ...curatedLedger(dialect, group.models),
  ]);
  const others = again.length > 0 ? answer("left").filter((line) => !recount.includes(line["feed"] ?? "")) : [];
  const closed = [...answer("stock"), ...others];
  const isUnknown = group.feeds.some((id) => (liveRows.get(id) ?? 0n) > 0n && !closed.some((line) => line["feed"] === id));
  const stock = isUnknown
    ? (await ask(session, { dialect, name: "before-count" }, [measureStock(dialect, feeds)]))("stock")
    : closed;
  // A feed that left the group closed with its rows, and is not counted any more.
  const mine = measuredLines(stock).filter((line) => group.feeds.includes(line.feed));
  const recent = group.feeds.map((feed) => recentSample(feed, namesOf(recorded, feed), answer("recent")));
  const recounted = again.length > 0 ? recountedStock(mine, measuredLines(answer("left"))) : null;
  return { stock: mine, recounted, waiting: parseWaiting(answer("waiting")), recent, curated: parseCuratedLedger(answer) };
}

/** What was counted beside what the ledger left; of a feed of which it left nothing nobody knows. */
function recountedStock(counted: readonly MeasuredLine[], recorded: readonly MeasuredLine[]): Recounted {
  const known = new Set(recorded.map(({ feed }) => feed));
  return { counted: counted.filter(({ feed }) => known.has(feed)), recorded };
}

/** Fills the work tables that the transaction needs; DDL, so it stands before BEGIN. */
export async function prepare(session: Session, dialect: Dialect, plan: PublicationPlan): Promise<void> {
  const changes = feedChanges(plan.judgement);
  const models = writtenModels(plan);
  const whole = models.filter((model) => isRecomputed(plan.recompute, model));
  const reached = models.filter((model) => !whole.includes(model));
  await runAll(session, viewsAnew(dialect, plan));
  const asked = changes.filter((change) => asksForReplaced(reached, change));
  await runAll(
    session,
    asked.flatMap((change) => keepReplacedRows(dialect, change)),
  );
  for (const model of reached) {
    const touched = collectTouched(dialect, model, { feeds: changes, tables: reached, named: plan.named });
    await ofModel(model, () => session.run(touched));
  }
  await runAll(
    session,
    whole.flatMap((model) => prepareRecompute(dialect, model)),
  );
}

/** What proves that a publication may still be written, or was. */
export type Lead = Pick<PublicationPlan, "group" | "runId" | "batchIds" | "baseHead" | "token"> & {
  readonly writing: Pick<Writing, "now">;
};

/** Takes the group's lock, which is its fence; proves nothing. */
export async function takeLock(session: Session, dialect: Dialect, plan: Lead): Promise<void> {
  const owner = { group: plan.group.name, runId: plan.runId, now: plan.writing.now };
  const locked = await session.run(takeFence(dialect, owner));
  if (locked !== 1n) throw new Error(`the fence of group ${plan.group.name} has ${locked} rows instead of one`);
}

function foundBatches(plan: Pick<Lead, "batchIds">, published: HeadProof["published"]): NotPublished | null {
  if (published.size === 0) return null;
  const publicationIds = [...new Set(published.values())];
  if (published.size === plan.batchIds.length) return new NotPublished({ outcome: "already", publicationIds, isMine: false });
  return new NotPublished({ outcome: "partial", found: [...published.keys()] });
}

/** A publication of feeds that were all left out has no batch to be found by. */
async function foundRun(session: Session, dialect: Dialect, { batchIds, runId }: Lead): Promise<NotPublished | null> {
  const publicationIds = batchIds.length > 0 ? [] : await publicationsOf(session, dialect, runId);
  return publicationIds.length > 0 ? new NotPublished({ outcome: "already", publicationIds, isMine: true }) : null;
}

/** Whether batches that are published were so by this very run: another may have published the same bytes. */
async function isOfRun(
  session: Session,
  dialect: Dialect,
  { plan, found: { result } }: { plan: Lead; found: NotPublished },
): Promise<NotPublished> {
  if (result.outcome !== "already") return new NotPublished(result);
  const own = await publicationsOf(session, dialect, plan.runId);
  return new NotPublished({ ...result, isMine: own.some((id) => result.publicationIds.includes(id)) });
}

async function proveMine(session: Session, dialect: Dialect, plan: Lead): Promise<void> {
  await takeLock(session, dialect, plan);
  const proof = await proveHead(session, dialect, { group: plan.group.name, batchIds: plan.batchIds });
  if (proof.head !== plan.baseHead || proof.token !== plan.token) {
    throw new NotPublished({ outcome: "lost", head: proof.head, token: proof.token });
  }
  const found = foundBatches(plan, proof.published);
  if (found) throw found;
}

/**
 * After a lost answer at COMMIT: takes the fence lock again and looks the batches up, or the run where it has none, before the head.
 * @returns `already` when the transaction had happened, `partial` when it cannot have, else null: it did not happen.
 */
export async function lookUp(session: Session, dialect: Dialect, plan: Lead): Promise<PublicationOutcome | null> {
  try {
    await session.transaction(async () => {
      await takeLock(session, dialect, plan);
      const proof = await proveHead(session, dialect, { group: plan.group.name, batchIds: plan.batchIds });
      const batches = foundBatches(plan, proof.published);
      const found = batches ? await isOfRun(session, dialect, { plan, found: batches }) : await foundRun(session, dialect, plan);
      throw found ?? new NotPublished({ outcome: "lost", head: proof.head, token: proof.token });
    });
    return null;
  } catch (error) {
    if (!(error instanceof NotPublished)) throw error;
    const mine = error.result.outcome === "lost" && error.result.head === plan.baseHead && error.result.token === plan.token;
    return mine ? null : error.result;
  }
}

/** The feeds of which the batch may show keys in other scopes than they are published in. */
function movingFeeds({ feeds, tally }: Judgement) {
  const stays = (id: string) => tally.some((l) => l.feed === id && l.origin === "batch" && !isOneOf(ENTERS, l.class));
  return feeds.filter(({ input, isReplay }) => input.feed.scoped && !isReplay && stays(input.feed.id));
}

async function writeStaging(session: Session, dialect: Dialect, plan: PublicationPlan): Promise<void> {
  for (const { input, departures } of movingFeeds(plan.judgement)) await session.run(moveScopes(dialect, input, departures));
  const inserts = ({ id }: Feed) => plan.judgement.tally.some((line) => line.feed === id && line.class === "inserted");
  for (const { input, hasUpdated, hasVanished } of feedChanges(plan.judgement)) {
    if (hasUpdated) await session.run(deleteReplaced(dialect, input));
    if (hasUpdated || inserts(input.feed)) await session.run(insertStaging(dialect, input, plan.writing));
    if (hasVanished) await session.run(tombstoneVanished(dialect, input, plan.writing));
  }
}

async function writeQuarantine(session: Session, dialect: Dialect, plan: PublicationPlan): Promise<void> {
  const { feeds, tally, waiting } = plan.judgement;
  const closings = feeds.filter((f) => f.hasOpen).map(({ input, departures }) => ({ input, departures }));
  await runAll(session, closeRows(dialect, closings, plan.writing));
  const turnedBad = (line: TallyLine) => line.origin === "held" && isOneOf(TURNED_BAD, line.class);
  const openings = feeds.map((f) => {
    const { id } = f.input.feed;
    const fresh = waiting.find((line) => line.feed === id);
    return {
      input: f.input,
      fromTyped: (fresh?.typed ?? 0n) > 0n,
      fromFiles: (fresh?.bytes ?? 0n) > 0n,
      fromContent: (fresh?.content ?? 0n) > 0n,
      hasUnplaced: (fresh?.unplaced ?? 0n) > 0n,
      fromPool: tally.some((line) => line.feed === id && turnedBad(line)),
    };
  });
  await runAll(session, openRows(dialect, openings, plan.writing));
}

/** Rows that enter staging, and those that leave it. */
function changedRows({ tally, vanished }: Judgement): bigint {
  const entering = tally.filter((line) => isOneOf(ENTERS, line.class));
  return [...entering, ...vanished].reduce((sum, { rows }) => sum + rows, 0n);
}

/** What the group's tables hold behind the judged rows, and what their rules say of it. */
async function publishModels(
  session: Session,
  dialect: Dialect,
  { plan, before }: { plan: PublicationPlan; before: Before },
): Promise<Gate[]> {
  const { pipeline, group, judgement, writing, recompute, views, named } = plan;
  const publishedAt = plan.ledger.publication.published_at ?? "";
  const changes = feedChanges(judgement);
  const options = {
    ...{ pipeline, group, writing, publishedAt, changes, recompute, views, named },
    ...{ touched: writtenModels(plan), ledger: before.curated, changed: changedRows(judgement) },
  };
  const gates = await writeModels(session, dialect, options);
  if (gates.some(({ verdict }) => verdict === "error")) throw new NotPublished({ outcome: "blocked", accounts: [], gates });
  return gates;
}

async function measureAfter(
  session: Session,
  dialect: Dialect,
  options: { plan: PublicationPlan; before: Before },
): Promise<{ accounts: Account[]; told: Gate[] }> {
  const { plan, before } = options;
  const facts = { pipeline: plan.pipeline, group: plan.group, addedColumns: plan.recorded.addedColumns };
  const unfilled = countUnfilled(dialect, facts);
  const inserting = insertingFeeds(plan, { tally: plan.judgement.tally, stockBefore: before.stock });
  const respelled = findRespelled(dialect, inserting);
  const answer = await ask(session, { dialect, name: "after" }, [
    measureStock(dialect, feedsOf(plan.pipeline, plan.group)),
    measureWaiting(dialect, plan.group.name),
    measureClosed(dialect, plan.writing.publicationId),
    ...(unfilled ? [unfilled] : []),
    ...(respelled ? [respelled] : []),
  ]);
  const accounts = buildAccounts({
    totals: plan.totals,
    tally: plan.judgement.tally,
    replaced: plan.judgement.replaced,
    vanished: plan.judgement.vanished,
    stockBefore: before.stock,
    waitingBefore: before.waiting,
    stockAfter: measuredLines(answer("stock")),
    waitingAfter: parseWaiting(answer("waiting")),
    closed: parseClosed(answer("closed")),
  });
  const told = [
    ...newColumnGates(parseUnfilled(facts, unfilled ? answer(unfilled.name) : [])),
    ...respelledGates(parseRespelled(inserting, answer("respelled"))),
  ];
  return { accounts, told };
}

async function writeLedger(
  session: Session,
  dialect: Dialect,
  options: { plan: PublicationPlan; accounts: readonly Account[]; gates: readonly Gate[] },
) {
  const { plan } = options;
  await runAll(session, [
    ...insertOps(dialect, "batch", plan.ledger.batches),
    ...insertOps(dialect, "feed_horizon", plan.ledger.horizons),
    ...insertOps(dialect, "adapter_state", plan.ledger.state),
    ...insertOps(dialect, "flow", flowRows(plan, options.accounts)),
    ...insertOps(dialect, "verdict", [...plan.ledger.verdicts, ...gateRows(plan, options.gates)]),
    ...plan.audit,
  ]);
}

/**
 * The publish transaction: fence, proof of head and token, data of all tables, quarantine, assertions, identities and ledger,
 * and COMMIT only if everything holds. DML alone, since DDL would commit it on some engines.
 * @throws UnknownOutcome when the answer to COMMIT was lost.
 */
export async function publish(
  session: Session,
  dialect: Dialect,
  options: { plan: PublicationPlan; before: Before },
): Promise<PublicationOutcome> {
  const { plan } = options;
  try {
    return await session.transaction(async () => {
      await proveMine(session, dialect, plan);
      await runAll(session, insertOps(dialect, "publication", [plan.ledger.publication]));
      await runAll(session, historyOfViews(dialect, plan));
      await writeStaging(session, dialect, plan);
      await writeQuarantine(session, dialect, plan);
      const curated = await publishModels(session, dialect, options);
      const { accounts, told: after } = await measureAfter(session, dialect, options);
      const gates = [...plan.gates, ...curated, ...identityGates(accounts), ...after];
      if (isBlocked(gates)) throw new NotPublished({ outcome: "blocked", accounts, gates });
      // What waits of a retired feed is shown where waiting rows are listed, not hour by hour.
      const told = [...gates, ...heldGates(accounts.filter((account) => plan.group.feeds.includes(account.feed)))];
      await writeLedger(session, dialect, { plan, accounts, gates: told });
      return { outcome: "published", accounts, gates: told } as const;
    });
  } catch (error) {
    if (error instanceof NotPublished) return error.result;
    throw error;
  }
}
