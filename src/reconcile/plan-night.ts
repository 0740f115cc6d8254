import type { Feed, Model } from "../config/pipeline.ts";
import { namesOf, readRecorded } from "../ledger/recorded.ts";
import { dayOf, dayText } from "../proofs/beside-part.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { curatedRows, stagingRows } from "../warehouse/relations.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { chooseExtents, chooseSums } from "./choose.ts";
import { comparisonsOf } from "./comparisons.ts";
import { type Chosen, EVERYTHING, publicationBound, type Tier } from "./extent.ts";
import { type KeptProofs, lastIn, readKept, standingIn } from "./kept-proofs.ts";
import type { Leg } from "./proof.ts";
import { type RowsAt, type Segment, segmentsByDate, segmentsByPublication } from "./segments.ts";
import { type ProveScope, type Subject, subjectsOf } from "./subjects.ts";

/** Rows of a relation by place; `text` writes a place, which an engine does once for each and not once for each row. */
async function rowsAt(
  session: Session,
  { name, at, text, rows, from }: { name: string; at: string; text: (place: string) => string; rows: string; from: string },
): Promise<RowsAt[]> {
  const found = await session.rows({
    name,
    sql: `SELECT ${text("p.at_place")} AS at_place, ${asText("p.row_count")} AS row_count FROM (SELECT ${at} AS at_place, ${rows} AS row_count FROM ${from} GROUP BY ${at}) p`,
  });
  return found.map((row) => ({ at: row["at_place"] ?? "", rows: BigInt(row["row_count"] ?? "0") }));
}

/** Live rows of a feed by the day of its posting date; without one in one segment. */
async function segmentsOfFeed(
  session: Session,
  dialect: Dialect,
  { feed, most }: { feed: Feed; most: bigint },
): Promise<Segment[]> {
  const name = feed.postingDate;
  const at = name === undefined ? "'-'" : dayOf(dialect, { alias: "s", name });
  const text = (day: string) => (name === undefined ? day : dayText(dialect, day));
  const from = `${stagingRows(dialect, feed)} s WHERE s._deleted_at IS NULL`;
  const days = await rowsAt(session, { name: `reconcile.days.${feed.id}`, at, text, rows: "COUNT(*)", from });
  return segmentsByDate(days, most);
}

/** Landed rows by the publication that took their batches. */
async function segmentsOfLanding(
  session: Session,
  dialect: Dialect,
  { feed, most }: { feed: Feed; most: bigint },
): Promise<Segment[]> {
  const names = namesOf(await readRecorded(session, dialect, feed.group), feed.id);
  const from = `${ops(dialect, "batch")} b WHERE b.feed IN (${names.map(dialect.literal).join(", ")})`;
  const of = {
    name: `reconcile.landings.${feed.id}`,
    at: "b.number",
    text: asText,
    rows: exactSum(dialect, "b.row_count"),
    from,
  };
  const landings = (await rowsAt(session, of)).map(({ at, rows }) => ({ at: publicationBound(BigInt(at)), rows }));
  return segmentsByPublication(landings, most);
}

async function segmentsOfTable(session: Session, dialect: Dialect, model: Model): Promise<Segment[]> {
  const from = `${curatedRows(dialect, model)} c WHERE c.deleted_at IS NULL`;
  const [all] = await session.rows({
    name: `reconcile.size.${model.table}`,
    sql: `SELECT ${asText("COUNT(*)")} AS row_count FROM ${from}`,
  });
  return [{ from: null, to: null, rows: BigInt(all?.["row_count"] ?? "0") }];
}

/** What is planned, and by what. */
export interface NightPlan extends ProveScope {
  readonly tiers: ReadonlySet<Tier>;
  /** Whether the source of a feed computes the content of its rows. */
  readonly hasContents: (feed: Feed) => boolean;
  readonly began: Date;
  /** Null for the pipeline's order, else what was compared the longest ago comes first. */
  readonly budget: number | null;
}

/** Something of a feed or table, and the legs that are compared of it. */
export interface Task {
  readonly subject: Subject;
  readonly chosen: Chosen;
  readonly legs: ReadonlySet<Leg>;
  /** Only rows and money are compared. */
  readonly bySums: boolean;
}

/** What of a feed or table is compared with its source, or with what its model gives: by content, and by rows and money. */
interface ChosenOf {
  readonly content: readonly Chosen[];
  readonly sums: readonly Chosen[];
}

async function chosenOf(
  session: Session,
  dialect: Dialect,
  { plan, subject, kept }: { plan: NightPlan; subject: Subject; kept: KeptProofs },
): Promise<ChosenOf> {
  const { pipeline, tiers, began: now, hasContents } = plan;
  const pace = pipeline.reconcile;
  const most = BigInt(pace.segmentRows);
  const [first] = comparisonsOf(subject, hasContents);
  if (!first) return { content: [], sums: [] };
  const standing = standingIn(kept, first);
  const choose = (segments: readonly Segment[], hasTouched: boolean, sums: readonly Chosen[] = []): ChosenOf => {
    return { content: chooseExtents({ standing, segments, tiers, pace, hasTouched, now }), sums };
  };
  // Where everything is asked for nothing has to be counted first.
  if (tiers.has("all")) return choose([], false);
  if (!("feed" in subject)) return choose(await segmentsOfTable(session, dialect, subject.model), true);
  const { feed } = subject;
  if (!hasContents(feed)) return choose(await segmentsOfLanding(session, dialect, { feed, most }), true);
  const segments = await segmentsOfFeed(session, dialect, { feed, most });
  const sums = feed.postingDate === undefined ? [] : chooseSums({ segments, tiers, pace, now });
  return choose(segments, standing.base?.cursor != null, sums);
}

/** One task for each extent, and for a feed one of what is always held beside everything. */
function tasksOf(subject: Subject, { legs, tiers }: NightPlan, { content, sums }: ChosenOf): Task[] {
  const isFeed = "feed" in subject;
  const mayRecount = isFeed && legs.has("R4") && !(tiers.size === 1 && tiers.has("T1"));
  const beside: Leg = isFeed ? "R1" : "R2";
  const whole: Chosen = { tier: content[0]?.tier ?? "T4", extent: EVERYTHING };
  const taskOf = (chosen: Chosen, leg: Leg, bySums = false): Task => ({ subject, chosen, legs: new Set([leg]), bySums });
  return [
    ...(legs.has(beside) ? [...sums.map((one) => taskOf(one, beside, true)), ...content.map((one) => taskOf(one, beside))] : []),
    ...(mayRecount ? [taskOf(whole, "R4")] : []),
  ];
}

/** Tasks in the order in which they are due: what was never compared, then what was the longest ago. */
function byAge(tasks: readonly Task[], { hasContents }: NightPlan, kept: KeptProofs): Task[] {
  const age = ({ subject, legs }: Task) =>
    comparisonsOf(subject, hasContents)
      .filter(({ leg }) => legs.has(leg))
      .map((of) => lastIn(kept, of)?.provedAt ?? "")
      .toSorted()[0] ?? "";
  const aged = tasks.map((task) => ({ task, age: age(task) }));
  return aged.toSorted((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0)).map(({ task }) => task);
}

/** What one night compares, in the order in which that is done. */
export async function planNight(session: Session, dialect: Dialect, plan: NightPlan): Promise<Task[]> {
  const kept = await readKept(session, dialect);
  const tasks: Task[] = [];
  for (const subject of subjectsOf(plan)) {
    tasks.push(...tasksOf(subject, plan, await chosenOf(session, dialect, { plan, subject, kept })));
  }
  return plan.budget === null ? tasks : byAge(tasks, plan, kept);
}
