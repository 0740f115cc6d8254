import { ancestorsOf, parentFeedId } from "../config/foreign-keys.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { Below } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { MeasuredLine } from "../warehouse/measured.ts";
import { measuredLines } from "../warehouse/measured.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type BatchRuleOutcome, judgeBatchRules } from "./batch-verdicts.ts";
import { type BrokenRule, bisectRules } from "./bisect.ts";
import { countHealed, type HealedLine, parseHealed } from "./healed.ts";
import type { KeyPass } from "./key-pass.ts";
import { type Absences, type FeedBatch, labelScan, NOTHING_ABSENT } from "./label.ts";
import type { LandedRows } from "./landed-keys.ts";
import { countLeftChildren } from "./left-children.ts";
import { countMissedRows, type KeyPassFound, type MissedRows, passKeys } from "./missing-keys.ts";
import { countMissingParents, type Day, type MissingParents, parseMissingParents } from "./missing-parents.ts";
import { findMisses, type NetBatch, type NetMisses } from "./net-misses.ts";
import { collectWaiting, countLanded } from "./newly-waiting.ts";
import { type Parent, tallyDeletedParents } from "./references.ts";
import { countRestated, parseRestated, type RestatedRows } from "./restated.ts";
import { ENTERS, isOneOf } from "./row-class.ts";
import { parseSamples, type SampleRow, sampleQuestion } from "./samples.ts";
import {
  isNewlyWaiting,
  parseRuleCounts,
  parseTally,
  type RuleCount,
  type TallyLine,
  tallyClasses,
  tallyReplaced,
  tallyRules,
} from "./tally.ts";
import { canLeave, collectDepartures, countAbsent, type Departures, tallyVanished } from "./vanished.ts";
import { judgeRows } from "./verdict.ts";
import { collectWithdrawn } from "./withdrawn.ts";

/** A feed of the group as it goes into judgement, parents first. */
export interface FeedToJudge {
  readonly feed: Feed;
  /** Null when the feed was not extracted and only its waiting rows are judged. */
  readonly batchId: string | null;
  readonly seq: bigint;
  /** The batch's bytes were landed for an earlier one: they do not say where rows are now. */
  readonly isReplay: boolean;
  /** Published rows are held beside the batch value by value. */
  readonly byValue: boolean;
  /** Keys that were asked for; null for every other batch. */
  readonly asked: FeedBatch["asked"];
  /** What the batch is complete of, and what it says was deleted. */
  readonly says: Pick<Departures, "complete" | "deletes">;
  /** All source keys, from the batch's snapshot; null without a key pass. */
  readonly keys: LandedRows | null;
  /** The rows of a whole read that an increment would not have brought; null where nothing was published before. */
  readonly below: Below | null;
  /** What a batch of nets says beside its rows; null for every other one. */
  readonly net: FeedBatch["net"];
  readonly open: { readonly pool: bigint; readonly all: bigint };
}

export interface JudgedFeed {
  readonly input: FeedBatch;
  readonly isReplay: boolean;
  /** How rows leave with the batch; null when nothing can. */
  readonly departures: Departures | null;
  readonly hasOpen: boolean;
  readonly rules: readonly RuleCount[];
  /** Rules that could not run; the scan ran without them. */
  readonly brokenRules: readonly BrokenRule[];
  readonly batchRules: readonly BatchRuleOutcome[];
}

/** The newly waiting rows of a feed that has any; they stand in a work table. */
export interface NewlyWaiting {
  readonly feed: string;
  /** Rows whose landed texts the typed values give back. */
  readonly typed: bigint;
  /** Rows whose landed texts only the files have, where their positions lead to them. */
  readonly bytes: bigint;
  /** The same without a position: their content leads to them. */
  readonly content: bigint;
  /** Rows without a position, wherever their texts are. */
  readonly unplaced: bigint;
  readonly samples: readonly SampleRow[];
}

/** Rows of a feed, by a foreign key of theirs. */
export interface ChildRows {
  readonly feed: string;
  readonly rule: string;
  readonly rows: bigint;
}

function childRows(rows: readonly TextRow[]): ChildRows[] {
  return rows.map((row) => ({ feed: row["feed"] ?? "", rule: row["rule"] ?? "", rows: BigInt(row["row_count"] ?? "0") }));
}

/** Everything the judgement found; the rows themselves stay in the warehouse's work tables. */
export interface Judgement {
  readonly feeds: readonly JudgedFeed[];
  readonly tally: readonly TallyLine[];
  readonly replaced: readonly MeasuredLine[];
  readonly vanished: readonly MeasuredLine[];
  /** Live rows that are absent of feeds whose rows cannot go. */
  readonly absent: readonly { readonly feed: string; readonly rows: bigint }[];
  readonly keyPasses: readonly KeyPassFound[];
  readonly missed: readonly MissedRows[];
  readonly missedByNets: readonly NetMisses[];
  readonly waiting: readonly NewlyWaiting[];
  readonly missingParents: readonly MissingParents[];
  /** Entering rows whose parent is tombstoned. */
  readonly deletedParents: readonly ChildRows[];
  /** Live rows whose parent leaves with this run. */
  readonly leftChildren: readonly ChildRows[];
  /** Of feeds whose published rows were held beside the batch value by value. */
  readonly restated: readonly RestatedRows[];
  /** Of feeds whose keys were asked for. */
  readonly healed: readonly HealedLine[];
}

/** What is found where there is nothing to judge. */
const NOTHING_JUDGED: Judgement = {
  feeds: [],
  tally: [],
  replaced: [],
  vanished: [],
  absent: [],
  keyPasses: [],
  missed: [],
  missedByNets: [],
  waiting: [],
  missingParents: [],
  deletedParents: [],
  leftChildren: [],
  restated: [],
  healed: [],
};

/** What of a pipeline judgement needs. */
export type JudgedPipeline = Pick<Pipeline, "feeds" | "currencies">;

export interface JudgeOptions {
  readonly pipeline: JudgedPipeline;
  readonly feeds: readonly FeedToJudge[];
  /** Feeds whose rows cannot all be here: left out, or still loading. */
  readonly absent: ReadonlySet<string>;
  /** The run's instant as SQL. */
  readonly now: string;
  /** Called around each named part, for stage times. */
  readonly timed: <T>(part: string, work: () => Promise<T>) => Promise<T>;
}

/** Runs the fused scan; if it fails, finds the rules that fail alone and runs it without them. */
async function label(
  session: Session,
  dialect: Dialect,
  options: { feed: FeedToJudge; pipeline: JudgedPipeline; absences: Absences },
) {
  const { pipeline, absences } = options;
  const { feed, batchId, seq, byValue, asked, open, net } = options.feed;
  const make = (without: ReadonlySet<string>): FeedBatch => ({
    feed,
    plan: planChecks(feed.contract, without),
    batchId,
    seq,
    byValue,
    asked,
    hasPool: open.pool > 0n,
    absences,
    net,
  });
  const input = make(new Set());
  try {
    await session.run(labelScan(dialect, input, pipeline.currencies));
    return { input, brokenRules: [] };
  } catch (error) {
    const brokenRules = await bisectRules(session, dialect, input);
    if (brokenRules.length === 0) throw error;
    const reduced = make(new Set(brokenRules.map((rule) => rule.id)));
    await session.run(labelScan(dialect, reduced, pipeline.currencies));
    return { input: reduced, brokenRules };
  }
}

function parentOf(pipeline: JudgedPipeline, judged: ReadonlySet<string>): (feed: Feed, object: string) => Parent {
  return (feed, object) => {
    const parent = pipeline.feeds.get(parentFeedId(feed, object));
    if (!parent) throw new Error(`${feed.id} refers to ${object}, which configuration should have refused`);
    return { feed: parent, judged: judged.has(parent.id) };
  };
}

/** Which parents of a feed's rows cannot all be here, or cannot all enter. */
function absencesOf({ absent, pipeline: { feeds } }: JudgeOptions, feed: Feed): Absences {
  if (absent.size === 0) return NOTHING_ABSENT;
  const bits = (lacks: (parent: Feed) => boolean) =>
    planChecks(feed.contract).foreignKeys.reduce((mask, fk, i) => {
      const parent = feeds.get(parentFeedId(feed, fk.parent.object));
      return parent && lacks(parent) ? mask | (1n << BigInt(i)) : mask;
    }, 0n);
  return {
    parents: bits((parent) => absent.has(parent.id)),
    ancestors: bits((parent) => [...ancestorsOf(feeds, parent)].some((id) => absent.has(id))),
  };
}

/** A feed before the counts, with everything that its batch says of rows that it does not bring. */
export type FeedInWork = Omit<JudgedFeed, "rules"> & { readonly said: Departures };

/** What a batch says of rows that it does not bring; where those of parents leave by a range, what stands inside them leaves too. */
function saysOf({ feed, batchId, says, net }: FeedToJudge, before: readonly FeedInWork[]): FeedToJudge["says"] {
  const parent = before.find(({ input }) => input.feed.source === feed.source && input.feed.name === feed.inside);
  const { complete, deletes } = says;
  if (batchId === null || parent?.departures?.complete?.of !== "ranges") return says;
  if (complete !== null && complete.of !== "scopes") return says;
  return {
    deletes,
    complete: { of: "scopes", listed: complete?.listed ?? null, parent: parent.input.feed, but: net?.underway ?? [] },
  };
}

/** One feed, and the parents among those that were judged before it. */
interface Judging extends JudgeOptions {
  readonly feed: FeedToJudge;
  readonly before: readonly FeedInWork[];
}

async function judgeFeed(session: Session, dialect: Dialect, options: Judging): Promise<FeedInWork> {
  const { feed: work, timed, pipeline } = options;
  const { feed } = work;
  const { input, brokenRules } = await timed("label", () =>
    label(session, dialect, { feed: work, pipeline, absences: absencesOf(options, feed) }),
  );
  const hasOpen = work.open.all > 0n;
  const said: Departures = { feed, seq: work.seq, hasOpen, isReplay: work.isReplay, ...saysOf(work, options.before) };
  await timed("keys", async () => {
    for (const statement of collectDepartures(dialect, said)) await session.run(statement);
  });
  const departures = canLeave(said) ? said : null;
  const find = parentOf(pipeline, new Set(options.before.map(({ input }) => input.feed.id)));
  const parentOfFeed = (object: string) => find(feed, object);
  const context = { now: options.now, hasOpen, departures, parentOf: parentOfFeed };
  await timed("verdict", async () => {
    await session.run(judgeRows(dialect, input, context));
    const withdrawn = departures && collectWithdrawn(dialect, departures);
    if (withdrawn) await session.run(withdrawn);
  });
  const batchRules = await timed("batch-rules", () => judgeBatchRules(session, dialect, input));
  return { input, isReplay: work.isReplay, said, departures, hasOpen, brokenRules, batchRules };
}

/** Sets the newly waiting rows of each feed apart, counts them by how they can be stored, and shows the first. */
async function newlyWaiting(session: Session, dialect: Dialect, inputs: readonly FeedBatch[]): Promise<NewlyWaiting[]> {
  for (const input of inputs) await session.run(collectWaiting(dialect, input));
  const questions = inputs.flatMap((input) => [countLanded(dialect, input), sampleQuestion(dialect, input)]);
  const answer = await ask(session, { dialect, name: "waiting" }, questions);
  return inputs.map((input) => {
    const [count] = answer(`landed.${input.feed.id}`);
    const samples = parseSamples(input, answer(`samples.${input.feed.id}`));
    const rows = (name: string) => BigInt(count?.[name] ?? "0");
    const counted = { typed: rows("typed"), bytes: rows("bytes"), content: rows("content"), unplaced: rows("unplaced") };
    return { feed: input.feed.id, ...counted, samples };
  });
}

function passesOf(feeds: readonly FeedToJudge[]): KeyPass[] {
  return feeds.flatMap(({ feed, keys, open }) => (keys ? [{ feed, keys, hasOpen: open.all > 0n }] : []));
}

/** Feeds that were read whole beside a published cursor, and of which rows enter. */
function entering(feeds: readonly FeedToJudge[], inputs: readonly FeedBatch[], tally: readonly TallyLine[]) {
  return feeds.flatMap(({ feed, below }) => {
    const input = inputs.find((i) => i.feed.id === feed.id);
    const enters = tally.some((line) => line.feed === feed.id && line.origin === "batch" && isOneOf(ENTERS, line.class));
    return below && input && enters ? [{ input, below }] : [];
  });
}

function netBatches(asked: readonly FeedToJudge[], feeds: readonly FeedInWork[]): NetBatch[] {
  return feeds.flatMap(({ input, departures }) => {
    const net = asked.find(({ feed }) => feed.id === input.feed.id)?.net;
    return net ? [{ input, canLeave: departures !== null }] : [];
  });
}

/** Labels and judges the rows of feeds, parents first: afterwards each has its work tables `label` and `verdict`. */
export async function judgeFeeds(session: Session, dialect: Dialect, options: JudgeOptions): Promise<FeedInWork[]> {
  const feeds: FeedInWork[] = [];
  for (const feed of options.feeds) feeds.push(await judgeFeed(session, dialect, { ...options, feed, before: feeds }));
  return feeds;
}

/**
 * Labels and judges the batches of a group and its waiting rows, parents first. Measures only: nothing outside the work tables
 * changes, and nothing is decided. `day`: the publications that small batches are judged with.
 */
export async function judge(
  session: Session,
  dialect: Dialect,
  options: JudgeOptions & { readonly day: Day },
): Promise<Judgement> {
  const feeds = await judgeFeeds(session, dialect, options);
  const inputs = feeds.map((f) => f.input);
  const losing = feeds.filter((f) => f.departures).map((f) => f.input.feed);
  const keyPasses = await options.timed("key-pass", () => passKeys(session, dialect, passesOf(options.feeds)));
  if (inputs.length === 0) return NOTHING_JUDGED;
  return options.timed("tally", async () => {
    const judged = new Set(inputs.map(({ feed }) => feed.id));
    const deletedParents = tallyDeletedParents(dialect, inputs, parentOf(options.pipeline, judged));
    const left = countLeftChildren(dialect, { feeds: options.pipeline.feeds, losing, judged });
    const parents = countMissingParents(dialect, inputs, options.day);
    const absent = countAbsent(
      dialect,
      feeds.map((f) => f.said),
    );
    const held = inputs.filter(({ byValue, batchId }) => byValue && batchId !== null);
    const restated = countRestated(dialect, held);
    const healed = countHealed(
      dialect,
      inputs.flatMap(({ asked, ...input }) => (asked === null ? [] : [{ ...input, asked }])),
    );
    const gone = losing.length === 0 ? null : tallyVanished(dialect, losing);
    const further = [deletedParents, left, gone, absent, restated, healed, parents].filter((question) => question !== null);
    const counts = [tallyRules(dialect, inputs), tallyClasses(dialect, inputs), tallyReplaced(dialect, inputs)];
    const answer = await ask(session, { dialect, name: "tally" }, [...counts, ...further]);
    const rules = answer("rules");
    const tally = parseTally(answer("classes"));
    const waiting = inputs.filter((input) => tally.some((line) => line.feed === input.feed.id && isNewlyWaiting(line)));
    return {
      feeds: feeds.map(({ said: _, ...f }) => ({ ...f, rules: parseRuleCounts(dialect, f.input, rules) })),
      tally,
      replaced: measuredLines(answer("replaced")),
      keyPasses,
      missedByNets: await findMisses(session, dialect, netBatches(options.feeds, feeds)),
      missed: await countMissedRows(session, dialect, entering(options.feeds, inputs, tally)),
      waiting: await newlyWaiting(session, dialect, waiting),
      deletedParents: childRows(answer("parent-deleted")),
      leftChildren: childRows(answer("left-children")),
      missingParents: parseMissingParents(answer("missing-parents")),
      restated: parseRestated(held, answer("restated")),
      healed: parseHealed(answer("healed")),
      vanished: measuredLines(answer("vanished")),
      absent: answer("absent").map((row) => ({ feed: row["feed"] ?? "", rows: BigInt(row["row_count"] ?? "0") })),
    };
  });
}
