import { feedsOf, modelsOf } from "../config/groups.ts";
import type { Feed, Group, Model, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { readRecorded } from "../ledger/recorded.ts";
import { type Evolution, planEvolution } from "../schema/evolve.ts";
import { lookAtPublished } from "../schema/in-force.ts";
import type { Recompute } from "../schema/recompute.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { proveLanded } from "./landed.ts";
import { configurationAhead, nothingPublished, publishedMeanwhile } from "./problems.ts";
import { type Leg, notMade, type Proof } from "./proof.ts";
import { proveSource, sourceUnread } from "./source.ts";
import type { Contents } from "./source-contents.ts";
import { proveMoney, proveStock, stockOf } from "./stock.ts";
import { proveTable, TABLE_COMPARES } from "./tables.ts";
import type { ProvingTools } from "./tools.ts";

/** A group, and the publication that its proofs are of. */
export interface ProvenGroup {
  readonly group: string;
  readonly number: bigint;
  readonly proofs: readonly Proof[];
}

/** What is compared. */
export interface ProveScope {
  readonly pipeline: Pipeline;
  /** A feed or a curated table; null for all. */
  readonly only: string | null;
  readonly legs: ReadonlySet<Leg>;
}

export interface ProveOptions extends ProveScope {
  readonly tools: ProvingTools;
  /** Of the whole comparison. */
  readonly id: string;
  readonly contents: Contents;
  /** Told each proof as soon as it is made. */
  readonly tell: (proof: Proof) => void;
}

/** What of a group is compared. */
interface Scope {
  readonly group: Group;
  readonly feeds: readonly Feed[];
  readonly models: readonly Model[];
}

/** The groups, feeds and tables of a comparison. */
export function scopes({ pipeline, only }: ProveScope): Scope[] {
  const isMeant = (name: string) => only === null || only === name;
  return [...pipeline.groups.values()]
    .map((group) => ({
      group,
      feeds: feedsOf(pipeline, group).filter(({ id }) => isMeant(id)),
      models: modelsOf(pipeline, group).filter(({ table }) => isMeant(table)),
    }))
    .filter(({ feeds, models }) => feeds.length + models.length > 0);
}

/** What is read must be what the configuration describes. */
function refuseAhead({ statements, missing, problems }: Evolution): void {
  const [first] = problems;
  if (first) throw new Failure("incomplete", configurationAhead(first));
  const says = missing.length > 0 ? `${missing[0]} is not there` : statements[0]?.sql.split("\n")[0];
  if (says !== undefined) throw new Failure("incomplete", configurationAhead({ says }));
}

/** Tables whose next publication computes them again: of these nobody can say which rows are right. */
async function changing(
  session: Session,
  dialect: Dialect,
  { pipeline, group, head }: { pipeline: Pipeline; group: Group; head: bigint },
): Promise<readonly Recompute[]> {
  const recorded = await readRecorded(session, dialect, group.name);
  const facts = { pipeline, group, recorded, head, asked: [], returning: [], added: [], newDerived: [], suspects: null };
  return (await lookAtPublished(session, dialect, facts)).recompute;
}

async function proveFeeds(session: Session, dialect: Dialect, options: ProveOptions & Scope & Telling): Promise<void> {
  const { pipeline, group, feeds, legs, contents, add } = options;
  for (const feed of feeds) {
    const [content, why] = [contents.read.get(feed.id), contents.failed.get(feed.id)];
    if (content) add(await proveSource({ session, dialect, ...options }, content));
    else if (why !== undefined) add(sourceUnread(feed.id, why));
    else if (contents.landed.has(feed.id)) add(await proveLanded({ session, dialect, ...options }, { feed, group: group.name }));
  }
  if (!legs.has("R4")) return;
  const stock = await stockOf(session, dialect, { feeds, group });
  for (const feed of feeds) {
    const ofStock = proveStock(stock, feed.id);
    add(ofStock);
    add(await proveMoney(session, dialect, { feed, pipeline, rows: ofStock.rows }));
  }
}

async function proveTables(
  session: Session,
  dialect: Dialect,
  { pipeline, group, models, legs, head, add }: ProveOptions & Scope & Telling & { head: bigint },
): Promise<void> {
  if (!legs.has("R2")) return;
  const recompute = await changing(session, dialect, { pipeline, group, head });
  for (const model of models) {
    const again = recompute.find(({ table }) => table === model.table);
    const of = { leg: "R2", of: model.table, compares: TABLE_COMPARES } as const;
    add(again ? notMade(of, `the next run computes it again: ${again.why}`) : await proveTable(session, dialect, model));
  }
}

interface Telling {
  readonly add: (proof: Proof) => void;
}

async function proveGroup(session: Session, dialect: Dialect, options: ProveOptions & Scope): Promise<ProvenGroup | null> {
  const { group, tell } = options;
  const { head } = await readNumbers(session, dialect, group.name);
  if (head === 0n) return null;
  const proofs: Proof[] = [];
  const add = (proof: Proof) => {
    proofs.push(proof);
    tell(proof);
  };
  await proveFeeds(session, dialect, { ...options, add });
  await proveTables(session, dialect, { ...options, head, add });
  const after = await readNumbers(session, dialect, group.name);
  if (after.head !== head) throw new Failure("retryable", publishedMeanwhile({ group: group.name, from: head, to: after.head }));
  return { group: group.name, number: head, proofs };
}

/**
 * Refuses a warehouse of which nothing can be said.
 * @throws Failure `incomplete` where nothing is published or the configuration asks for other tables.
 */
export async function refuseUnready(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const evolution = await planEvolution(session, dialect, { pipeline, accept: [] });
  if (evolution.missing.includes("ops.publication")) throw new Failure("incomplete", nothingPublished());
  refuseAhead(evolution);
}

/**
 * Compares what is published with its sources, where their contents were read, and with itself: curated tables with what their models
 * give today, and feeds' tables with the ledger and with their own columns. Changes nothing that is published.
 * @throws Failure as `refuseUnready`, `retryable` where a group published meanwhile.
 */
export async function proveWarehouse(session: Session, dialect: Dialect, options: ProveOptions): Promise<ProvenGroup[]> {
  await refuseUnready(session, dialect, options.pipeline);
  const proven: ProvenGroup[] = [];
  for (const scope of scopes(options)) {
    const found = await proveGroup(session, dialect, { ...options, ...scope });
    if (found) proven.push(found);
  }
  if (proven.length === 0) throw new Failure("incomplete", nothingPublished());
  return proven;
}
