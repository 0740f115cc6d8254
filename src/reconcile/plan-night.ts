import { typeOf } from "../checks/landed-keys.ts";
import type { Feed, Model } from "../config/pipeline.ts";
import { namesOf, readRecorded } from "../ledger/recorded.ts";
import { dayOf, dayText } from "../proofs/beside-part.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { curatedRows, stagingRows } from "../warehouse/relations.ts";
import { asText, exactSum } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { chooseExtents, chooseRecent, chooseSums } from "./choose.ts";
import { type Comparison, comparisonsOf } from "./comparisons.ts";
import { type Chosen, EVERYTHING, publicationBound, type Tier } from "./extent.ts";
import { type KeptProofs, lastIn, readKept, standingIn } from "./kept-proofs.ts";
import type { Leg } from "./proof.ts";
import { type RowsAt, type Segment, segmentsByDate, segmentsByPublication } from "./segments.ts";
import type { Standing } from "./standing.ts";
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

/** Rows `r` of a relation by the day of a column; without one all at one place. */
function daysOf(
  session: Session,
  dialect: Dialect,
  { of, day: name, from }: { of: string; day: string | undefined; from: string },
): Promise<RowsAt[]> {
  const at = name === undefined ? "'-'" : dayOf(dialect, { alias: "r", name });
  const text = (day: string) => (name === undefined ? day : dayText(dialect, day));
  return rowsAt(session, { name: `reconcile.days.${of}`, at, text, rows: "COUNT(*)", from });
}

/** Live rows of a feed by the day of its posting date; without one in one segment. */
async function segmentsOfFeed(
  session: Session,
  dialect: Dialect,
  { feed, most }: { feed: Feed; most: bigint },
): Promise<Segment[]> {
  const from = `${stagingRows(dialect, feed)} r WHERE r._deleted_at IS NULL`;
  return segmentsByDate(await daysOf(session, dialect, { of: feed.id, day: feed.postingDate, from }), most);
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

/** Live rows of a curated table, by the day of its posting date where it has one. */
async function segmentsOfTable(
  session: Session,
  dialect: Dialect,
  { model, most }: { model: Model; most: bigint },
): Promise<Segment[]> {
  const from = `${curatedRows(dialect, model)} r WHERE r.deleted_at IS NULL`;
  const { postingDate: day, table: of } = model;
  if (day !== undefined) return segmentsByDate(await daysOf(session, dialect, { of, day, from }), most);
  const [all] = await session.rows({
    name: `reconcile.size.${model.table}`,
    sql: `SELECT ${asText("COUNT(*)")} AS row_count FROM ${from}`,
  });
  return [{ from: null, to: null, rows: BigInt(all?.["row_count"] ?? "0") }];
}

/** Rows that a curated table has replaced, by the publication that replaced them. */
async function segmentsOfHistory(
  session: Session,
  dialect: Dialect,
  { model, most }: { model: Model; most: bigint },
): Promise<Segment[]> {
  const from = dialect.table("history", model.table);
  const of = {
    name: `reconcile.replaced.${model.table}`,
    at: "h._to_publication",
    text: asText,
    rows: "COUNT(*)",
    from: `${from} h`,
  };
  const replaced = (await rowsAt(session, of)).map(({ at, rows }) => ({ at: publicationBound(BigInt(at)), rows }));
  return segmentsByPublication(replaced, most);
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

/** What is asked of the warehouse to plan a night. */
interface Planning {
  readonly plan: NightPlan;
  readonly kept: KeptProofs;
}

/**
 * What of something that is compared is due by content; `segments` are counted only where they matter. `isComputed`: a model
 * gives one side; the last days are compared each night, and segments as one, so that its inputs are read once.
 */
async function dueOf(
  { plan, kept }: Planning,
  {
    of,
    hasTouched,
    segments,
    isComputed = false,
  }: {
    of: Comparison;
    hasTouched: (standing: Standing) => boolean;
    segments: () => Promise<Segment[]>;
    isComputed?: boolean;
  },
): Promise<{ readonly content: Chosen[]; readonly segments: readonly Segment[] }> {
  const { pipeline, tiers, began: now } = plan;
  const standing = standingIn(kept, of);
  const counted = tiers.has("all") ? [] : await segments();
  const choosing = { segments: counted, tiers, pace: pipeline.reconcile, now };
  const recent = isComputed ? chooseRecent(choosing) : [];
  const besides = recent.flatMap(({ extent }) => (extent.by === "stretches" ? extent.of : []));
  const due = chooseExtents({ ...choosing, standing, hasTouched: hasTouched(standing), besides, together: isComputed });
  return { content: [...recent, ...due], segments: counted };
}

const always = () => true;

const taskOf = (subject: Subject, chosen: Chosen, of: { leg: Leg; column?: string; bySums?: boolean }): Task => {
  const { leg, column, bySums = false } = of;
  const { tier, extent } = chosen;
  const named = extent.by === "stretches" && column !== undefined ? { ...extent, column } : extent;
  return { subject, chosen: { tier, extent: named }, legs: new Set([leg]), bySums };
};

/** A feed beside its source or its landing: by rows and money where its source can count them, and by content. */
async function tasksBeside(
  session: Session,
  dialect: Dialect,
  { subject, of, ...planning }: Planning & { subject: Extract<Subject, { feed: unknown }>; of: Comparison },
): Promise<Task[]> {
  const { pipeline, tiers, hasContents, began: now } = planning.plan;
  const { feed } = subject;
  const pace = pipeline.reconcile;
  const atSource = hasContents(feed);
  const { content, segments } = await dueOf(planning, {
    of,
    hasTouched: atSource ? ({ base }) => base?.cursor != null : always,
    segments: () => (atSource ? segmentsOfFeed : segmentsOfLanding)(session, dialect, { feed, most: BigInt(pace.segmentRows) }),
  });
  const isCounted = atSource && feed.postingDate !== undefined;
  const byHour = typeOf(feed, feed.postingDate).kind === "timestamp";
  const sums = isCounted ? chooseSums({ segments, tiers, pace, now, byHour }) : [];
  return [
    ...sums.map((chosen) => taskOf(subject, chosen, { ...of, bySums: true })),
    ...content.map((chosen) => taskOf(subject, chosen, of)),
  ];
}

/** The comparisons of a feed that are due, and its recounts, which are always of everything. */
async function tasksOfFeed(
  session: Session,
  dialect: Dialect,
  { subject, ...planning }: Planning & { subject: Extract<Subject, { feed: unknown }> },
): Promise<Task[]> {
  const { tiers, legs, hasContents } = planning.plan;
  const [of] = comparisonsOf(subject, hasContents).filter(({ leg }) => leg === "R1" && legs.has(leg));
  const beside = of ? await tasksBeside(session, dialect, { ...planning, subject, of }) : [];
  const mayRecount = legs.has("R4") && !(tiers.size === 1 && tiers.has("T1"));
  const whole: Chosen = { tier: tiers.has("all") ? "all" : "T4", extent: EVERYTHING };
  return mayRecount ? [...beside, taskOf(subject, whole, { leg: "R4" })] : beside;
}

/** A curated table beside what its model gives, and what it replaced beside what that was. */
async function tasksOfTable(
  session: Session,
  dialect: Dialect,
  { subject, ...planning }: Planning & { subject: Extract<Subject, { model: unknown }> },
): Promise<Task[]> {
  const { pipeline, legs, hasContents } = planning.plan;
  const { model } = subject;
  const most = BigInt(pipeline.reconcile.segmentRows);
  const segments: Partial<Record<Leg, () => Promise<Segment[]>>> = {
    R2: () => segmentsOfTable(session, dialect, { model, most }),
    R4: () => segmentsOfHistory(session, dialect, { model, most }),
  };
  const tasks: Task[] = [];
  for (const of of comparisonsOf(subject, hasContents).filter(({ leg }) => legs.has(leg))) {
    const counted = segments[of.leg] ?? (async () => []);
    const isComputed = of.leg === "R2" && model.postingDate !== undefined;
    const { content } = await dueOf(planning, { of, hasTouched: always, segments: counted, isComputed });
    tasks.push(...content.map((chosen) => taskOf(subject, chosen, of)));
  }
  return tasks;
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

/** What is due of a feed or a table; a tie has no parts, and is due each night. */
async function tasksOf(
  session: Session,
  dialect: Dialect,
  { subject, ...planning }: Planning & { subject: Subject },
): Promise<Task[]> {
  if ("feed" in subject) return tasksOfFeed(session, dialect, { ...planning, subject });
  if ("model" in subject) return tasksOfTable(session, dialect, { ...planning, subject });
  const { tiers } = planning.plan;
  const chosen: Chosen = { tier: tiers.has("all") ? "all" : "T4", extent: EVERYTHING };
  return tiers.has("all") || tiers.has("T4") ? [taskOf(subject, chosen, { leg: "R3" })] : [];
}

/** What one night compares, in the order in which that is done. */
export async function planNight(session: Session, dialect: Dialect, plan: NightPlan): Promise<Task[]> {
  const kept = await readKept(session, dialect);
  const tasks: Task[] = [];
  for (const subject of subjectsOf(plan)) {
    tasks.push(...(await tasksOf(session, dialect, { plan, kept, subject })));
  }
  return plan.budget === null ? tasks : byAge(tasks, plan, kept);
}
