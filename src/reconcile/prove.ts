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
import { configurationAhead, nothingPublished, publishedMeanwhile } from "./problems.ts";
import { notMade, type Proof } from "./proof.ts";
import { proveMoney, proveStock, stockOf } from "./stock.ts";
import { proveTable, TABLE_COMPARES } from "./tables.ts";

/** A group, and the publication that its proofs are of. */
export interface ProvenGroup {
  readonly group: string;
  readonly number: bigint;
  readonly proofs: readonly Proof[];
}

export interface ProveOptions {
  readonly pipeline: Pipeline;
  /** A feed or a curated table; null for all. */
  readonly only: string | null;
  /** Told each proof as soon as it is made. */
  readonly tell: (proof: Proof) => void;
}

/** What of a group is compared. */
interface Scope {
  readonly group: Group;
  readonly feeds: readonly Feed[];
  readonly models: readonly Model[];
}

function scopes({ pipeline, only }: ProveOptions): Scope[] {
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

async function proveGroup(session: Session, dialect: Dialect, options: ProveOptions & Scope): Promise<ProvenGroup | null> {
  const { pipeline, group, feeds, models, tell } = options;
  const { head } = await readNumbers(session, dialect, group.name);
  if (head === 0n) return null;
  const proofs: Proof[] = [];
  const add = (proof: Proof) => {
    proofs.push(proof);
    tell(proof);
  };
  const stock = await stockOf(session, dialect, { feeds, group });
  for (const feed of feeds) {
    const ofStock = proveStock(stock, feed.id);
    add(ofStock);
    add(await proveMoney(session, dialect, { feed, pipeline, rows: ofStock.rows }));
  }
  const recompute = await changing(session, dialect, { pipeline, group, head });
  for (const model of models) {
    const again = recompute.find(({ table }) => table === model.table);
    const of = { leg: "R2", of: model.table, compares: TABLE_COMPARES } as const;
    add(again ? notMade(of, `the next run computes it again: ${again.why}`) : await proveTable(session, dialect, model));
  }
  const after = await readNumbers(session, dialect, group.name);
  if (after.head !== head) throw new Failure("retryable", publishedMeanwhile({ group: group.name, from: head, to: after.head }));
  return { group: group.name, number: head, proofs };
}

/**
 * Compares what is published with itself: curated tables with what their models give today, and feeds' tables with the ledger and with their
 * own columns. Reads all of it, and changes nothing.
 * @throws Failure `incomplete` where nothing is published or the configuration asks for other tables, `retryable` where a group published meanwhile.
 */
export async function proveWarehouse(session: Session, dialect: Dialect, options: ProveOptions): Promise<ProvenGroup[]> {
  const evolution = await planEvolution(session, dialect, { pipeline: options.pipeline, accept: [] });
  if (evolution.missing.includes("ops.publication")) throw new Failure("incomplete", nothingPublished());
  refuseAhead(evolution);
  const proven: ProvenGroup[] = [];
  for (const scope of scopes(options)) {
    const found = await proveGroup(session, dialect, { ...options, ...scope });
    if (found) proven.push(found);
  }
  if (proven.length === 0) throw new Failure("incomplete", nothingPublished());
  return proven;
}
