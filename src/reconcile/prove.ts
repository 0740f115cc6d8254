import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { contentSpec } from "../contract/row-content.ts";
import { isoDay } from "../kernel/clock.ts";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { readRecorded } from "../ledger/recorded.ts";
import { type Evolution, planEvolution } from "../schema/evolve.ts";
import { lookAtPublished } from "../schema/in-force.ts";
import type { Recompute } from "../schema/recompute.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Chosen } from "./extent.ts";
import { proveHistory } from "./history.ts";
import { proveLanded } from "./landed.ts";
import { configurationAhead, nothingPublished, publishedMeanwhile } from "./problems.ts";
import { type Leg, type MadeProof, notMade, type Proof } from "./proof.ts";
import { proveSource, sourceUnread } from "./source.ts";
import type { Beside } from "./source-contents.ts";
import { proveMoney, stockOf } from "./stock.ts";
import type { Subject } from "./subjects.ts";
import { proveSums } from "./sums.ts";
import { proveTable, TABLE_COMPARES } from "./tables.ts";
import { proveTie } from "./ties.ts";
import type { ProvingTools } from "./tools.ts";
import { proveWaiting } from "./waiting.ts";

/** A group, and the publication that its proofs are of: the newest, where it published between two of them. */
export interface ProvenGroup {
  readonly group: string;
  readonly number: bigint;
  readonly proofs: readonly MadeProof[];
}

export interface ProveOptions {
  readonly pipeline: Pipeline;
  readonly legs: ReadonlySet<Leg>;
  readonly tools: ProvingTools;
  /** Of the whole comparison. */
  readonly id: string;
  readonly chosen: Chosen;
  /** What there is of the source of a feed. */
  readonly beside: Beside;
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

async function besideSource(
  session: Session,
  dialect: Dialect,
  { feed, group, beside, ...options }: ProveOptions & { feed: Feed; group: Group },
): Promise<Proof[]> {
  switch (beside.by) {
    case "content":
      return [await proveSource({ session, dialect, ...options }, beside.content)];
    case "sums":
      return [await proveSums(session, dialect, beside.sums)];
    case "landing":
      return [await proveLanded({ session, dialect, ...options }, { feed, group: group.name, extent: beside.extent })];
    case "nothing":
      return beside.why === null ? [] : [sourceUnread(feed.id, { why: beside.why, later: beside.later })];
  }
}

async function proveFeed(
  session: Session,
  dialect: Dialect,
  options: ProveOptions & { feed: Feed; group: Group },
): Promise<Proof[]> {
  const { feed, group, pipeline, legs } = options;
  const proofs = await besideSource(session, dialect, options);
  if (!legs.has("R4")) return proofs;
  const stock = await stockOf(session, dialect, { feed, group });
  const money = await proveMoney(session, dialect, { feed, pipeline, rows: stock.rows });
  return [...proofs, stock, money, await proveWaiting(session, dialect, { feed, currencies: pipeline.currencies })];
}

async function proveRows(
  session: Session,
  dialect: Dialect,
  { model, head, chosen, ...options }: ModelOptions & { head: bigint },
): Promise<Proof> {
  const again = (await changing(session, dialect, { ...options, head })).find(({ table }) => table === model.table);
  const of = { leg: "R2", of: model.table, compares: TABLE_COMPARES } as const;
  if (again) return notMade(of, `the next run computes it again: ${again.why}`);
  return proveTable(session, dialect, { model, pipeline: options.pipeline, extent: chosen.extent });
}

type ModelOptions = Extract<Subject, { model: unknown }> & Pick<ProveOptions, "pipeline" | "chosen" | "legs">;

async function proveModel(session: Session, dialect: Dialect, options: ModelOptions & { head: bigint }): Promise<Proof[]> {
  const { model, legs, chosen } = options;
  return [
    ...(legs.has("R2") ? [await proveRows(session, dialect, options)] : []),
    ...(legs.has("R4") ? [await proveHistory(session, dialect, { model, extent: chosen.extent })] : []),
  ];
}

async function proofsOf(
  session: Session,
  dialect: Dialect,
  { subject, head, ...options }: ProveOptions & { subject: Subject; head: bigint },
): Promise<Proof[]> {
  if ("feed" in subject) return proveFeed(session, dialect, { ...options, ...subject });
  if ("model" in subject) return proveModel(session, dialect, { ...options, ...subject, head });
  const { clock, pipeline } = options.tools;
  return [await proveTie(session, dialect, { tie: subject.tie, currencies: pipeline.currencies, today: isoDay(clock.now()) })];
}

/**
 * Compares a feed with its source or its landing, with the ledger and with its own columns; or a curated table with what its model gives, and
 * what it replaced with what that was; or the sides of a tie.
 * Null where nothing of its group is published. Changes nothing that is published.
 * @throws Failure `retryable` where the group published meanwhile.
 */
export async function proveSubject(
  session: Session,
  dialect: Dialect,
  { subject, ...options }: ProveOptions & { subject: Subject },
): Promise<ProvenGroup | null> {
  const group = subject.group.name;
  const { head } = await readNumbers(session, dialect, group);
  if (head === 0n) return null;
  const proofs = await proofsOf(session, dialect, { ...options, subject, head });
  const after = await readNumbers(session, dialect, group);
  if (after.head !== head) throw new Failure("retryable", publishedMeanwhile({ group, from: head, to: after.head }));
  const contract = "feed" in subject ? subject.feed.contract : "model" in subject ? subject.model.contract : null;
  const made = { chosen: options.chosen, ...(contract && { spec: contentSpec(contract) }) };
  return { group, number: head, proofs: proofs.map((proof) => ({ ...proof, ...made })) };
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
