import type { Clock } from "../src/kernel/clock.ts";
import { Failure, problem } from "../src/kernel/problem.ts";
import type { Beside, BesideHour, LivedHour } from "./beside/beside.ts";
import { conservationOf } from "./conservation.ts";
import {
  curatedDifferences,
  curatedDuplicates,
  curatedOrphans,
  type ExpectedCurated,
  emptyCurated,
  type PublishedCurated,
  publish,
  readCurated,
} from "./curated/curated.ts";
import { findingUnits, openExpected, openFound } from "./curated/findings.ts";
import type { Staging } from "./curated/staging.ts";
import { DEMO_LEASE_SECONDS, DEMO_VANISHED_SHARE } from "./demo-pipeline.ts";
import { type Difference, noteDifferences } from "./difference.ts";
import { type ExpectedRun, expectRun } from "./expectation/expect-run.ts";
import { type ExpectedState, emptyState } from "./expectation/state.ts";
import type { Fault } from "./faults.ts";
import { hourLine, nightLine } from "./hour-line.ts";
import { monthEndFound, monthEndUnit } from "./month-end.ts";
import type { Product, ProductRun } from "./product.ts";
import { isNight, type ProofCount, proveNight } from "./proving.ts";
import { type ReportedRun, recordedUnits, stagedUnits } from "./recorded.ts";
import { type DemoResult, type DemoRun, isPerfect, score } from "./scoreboard.ts";
import { readStaged, stagedDifferences } from "./staged.ts";
import { type HeldUp, killAndRepeat, letPublishersMeet, type Stunt } from "./stunts.ts";
import { faultOfHand, tamper } from "./tampering.ts";
import { addUnits, runUnit, tamperedUnit, type UnitName } from "./units.ts";
import { readWaiting } from "./waiting.ts";
import type { Book } from "./world/book.ts";
import { planOf } from "./world/schedule.ts";
import { createWorld, type World } from "./world/world.ts";

export interface DemoOptions {
  /** Simulated hours, at least 9. */
  readonly hours: number;
  readonly seed: number;
  /** 1 is 400 customers and some 150 changes an hour. */
  readonly scale: number;
  readonly product: Product;
  /** The company's systems, empty; the product loads their feeds. */
  readonly books: readonly Book[];
  /** Systems that the product loads with them, in the same runs. */
  readonly besides: readonly Beside[];
  /** Holds up a run while it reads one of them. */
  readonly holdUp: () => Promise<HeldUp>;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  /** Ends the demo after the hour that is being played. */
  readonly signal?: AbortSignal;
  /** Called when all hours are played and before anything is compared; tests sabotage here. */
  readonly beforeScoring?: () => Promise<void>;
}

/** The result, and what is behind its numbers. */
export interface Demonstration {
  readonly result: DemoResult;
  readonly missed: readonly UnitName[];
  readonly falseAlarms: readonly UnitName[];
  readonly differences: readonly Difference[];
}

/** The pipeline's one group. */
const GROUP = "company";

const KILLED_HOUR = 6;
const MEETING_HOUR = 20;

/** Whether a run of the hour is killed, or meets another. */
const isTroubled = (hour: number) => hour === KILLED_HOUR || hour === MEETING_HOUR;

/** What is expected and what was found so far. */
interface Tally {
  readonly state: ExpectedState;
  readonly curated: ExpectedCurated;
  readonly expected: Map<UnitName, Fault>;
  readonly found: Map<UnitName, Fault>;
  readonly reported: ReportedRun[];
  /** What was published otherwise than it should be in any hour. */
  readonly differences: Map<string, Difference>;
  readonly runs: DemoRun[];
  readonly proofs: ProofCount;
}

function runArguments(kind: DemoRun["kind"], window: { start: string; end: string }): string[] {
  const named = ["--window", `${window.start}/${window.end}`];
  if (kind === "full") return [...named, "--full", "--reason", "nightly full read"];
  return kind === "keys" ? [...named, "--keys"] : named;
}

/** Runs the hour's window, in two of the hours with trouble. */
async function perform(options: DemoOptions, world: World, hour: number): Promise<{ run: ProductRun; stunt: Stunt | null }> {
  const window = world.windowOf(hour);
  const args = runArguments(planOf(hour).run, window);
  const { product, holdUp } = options;
  if (!isTroubled(hour)) return { run: await product.run(args), stunt: null };
  const stunt =
    hour === KILLED_HOUR
      ? await killAndRepeat(product, window, args)
      : await letPublishersMeet(product, { window, holdUp, leaseSeconds: DEMO_LEASE_SECONDS }, args);
  return { run: stunt.run, stunt };
}

function noteStunt(tally: Tally, hour: number, stunt: Stunt): void {
  const fault = hour === KILLED_HOUR ? "killed_run" : "two_publishers";
  const unit = runUnit(runName(hour), "window published once");
  tally.expected.set(unit, fault);
  if (stunt.behaved) tally.found.set(unit, fault);
}

/** A month's last hour, when its run is reported. */
function noteMonthEnd(tally: Tally, hour: number): void {
  const [unit, fault] = monthEndUnit(runName(hour));
  tally.expected.set(unit, fault);
  for (const [found] of monthEndFound(tally.reported)) tally.found.set(found, fault);
}

function runName(hour: number): string {
  return `hour ${hour}`;
}

/** An hour that is being played. */
interface Played {
  readonly world: World;
  readonly tally: Tally;
  readonly hour: number;
  /** The hour as the systems beside the books have lived it. */
  readonly lived: readonly LivedHour[];
}

/** A run that has ended, and what it should have come to. */
interface Done {
  readonly run: ProductRun;
  readonly stunt: Stunt | null;
  readonly expected: ExpectedRun;
}

function demoRun({ world, hour }: Played, { run, stunt, expected }: Done): DemoRun {
  const { start, end } = world.windowOf(hour);
  const silent = run.report === null ? run.stderr.trim().split("\n").at(-1) : undefined;
  return {
    hour,
    group: GROUP,
    window: `${start}/${end}`,
    kind: planOf(hour).run,
    exit_code: run.exitCode,
    expected_exit_code: expected.exitCode,
    outcome: run.report?.outcome ?? "no report",
    run_id: run.report?.run_id ?? null,
    publication_id: run.report?.publication_id ?? null,
    note: stunt?.note ?? silent ?? null,
  };
}

/** What takes longer than an hour of life: the past, an hour with trouble, the comparison at the end. In hours. */
const PAST = 2;
const TROUBLE = 4;
const COMPARISON = 2;

function effort(hours: number): number {
  return PAST + hours + [KILLED_HOUR, MEETING_HOUR].filter((hour) => hour < hours).length * TROUBLE;
}

/** How long it took so far, and how long it takes in all if the hours to come are like those that were. */
function progressText(options: DemoOptions, { hour, beganAt }: { hour: number; beganAt: number }): string {
  const seconds = Math.round((options.clock.now().getTime() - beganAt) / 1000);
  const whole = (seconds * (effort(options.hours) + COMPARISON)) / effort(hour + 1);
  return `${seconds}/${Math.round(whole)}s`;
}

const besideHour = ({ world, hour }: Played): BesideHour => ({
  run: runName(hour),
  kind: planOf(hour).run,
  window: world.windowOf(hour),
});

/** Live rows of feeds as they should be published: those of the books, and those of the systems beside them. */
function stagingOf({ state }: Tally, besides: readonly Beside[]): Staging {
  const beside = new Map(besides.flatMap(({ rows }) => [...rows]));
  return (feed) => {
    const rows = (beside.get(feed) ?? state.of(feed).published).values();
    return [...rows].filter(({ deleted }) => !deleted).map(({ cells }) => cells);
  };
}

/** What the hour's run should do; the expected state becomes what should stand after it. */
function expectHour(options: DemoOptions, played: Played): ExpectedRun {
  const { world, tally, hour } = played;
  const startedAt = options.clock.now().getTime();
  const facts = { ...world.sight(), run: runName(hour), kind: planOf(hour).run, startedAt, vanishedShare: DEMO_VANISHED_SHARE };
  const expected = expectRun(tally.state, facts);
  addUnits(tally.expected, expected.units);
  if (expected.exitCode === 0) {
    for (const lived of played.lived) addUnits(tally.expected, lived.expect(besideHour(played)));
    publish(tally.curated, stagingOf(tally, options.besides));
  }
  return expected;
}

/** Compares what stands of the books and of curated tables, and what is told of these, with what should; `run` is the last one. */
async function lookAtTables(
  { product }: DemoOptions,
  tally: Tally,
  run: string,
): Promise<{ readonly curated: PublishedCurated; readonly disagreeing: number }> {
  const staged = await readStaged(product, tally.state.feeds);
  const curated = await readCurated(product);
  noteDifferences(tally.differences, [...stagedDifferences(staged, tally.state), ...curatedDifferences(curated, tally.curated)]);
  for (const [unit, fault] of await stagedUnits(product, staged)) tally.found.set(unit, fault);
  const told = await openFound(product, curated);
  const open = findingUnits(run, openExpected(tally.curated), told);
  for (const [unit, fault] of open.expected) tally.expected.set(unit, fault);
  for (const [unit, fault] of open.found) tally.found.set(unit, fault);
  return { curated, disagreeing: told.size };
}

/** What the hour's run has recorded and published; says in how many rows systems do not agree. */
async function lookAtHour(options: DemoOptions, played: Played, { run, stunt, expected }: Done): Promise<number> {
  const { product } = options;
  const { tally, hour, lived } = played;
  if (stunt) noteStunt(tally, hour, stunt);
  if (run.report) tally.reported.push({ run: runName(hour), report: run.report, reread: expected.reread });
  if (planOf(hour).monthEnd) noteMonthEnd(tally, hour);
  const { disagreeing } = await lookAtTables(options, tally, runName(hour));
  for (const one of lived) {
    const found = await one.look({ ...besideHour(played), product, ended: run });
    for (const [unit, fault] of found) tally.found.set(unit, fault);
  }
  return disagreeing;
}

/** Lets an hour be lived in all systems, and the product load it. */
async function playHour(
  options: DemoOptions,
  world: World,
  { tally, beganAt }: { tally: Tally; beganAt: number },
): Promise<void> {
  const hour = await world.playHour();
  const played: Played = { world, tally, hour, lived: options.besides.map((beside) => beside.live()) };
  const expected = expectHour(options, played);
  const done: Done = { expected, ...(await perform(options, world, hour)) };
  const disagreeing = await lookAtHour(options, played, done);
  const run = demoRun(played, done);
  tally.runs.push(run);
  options.print(hourLine(run, done.run.report, { disagreeing, progress: progressText(options, { hour, beganAt }) }));
  // The last hour's is that of the end.
  if (!isNight(hour) || hour + 1 === options.hours) return;
  const night = await proveNight(options.product, tally, { world, staging: stagingOf(tally, options.besides) });
  options.print(nightLine(night));
}

async function compare(options: DemoOptions, world: World, tally: Tally): Promise<Demonstration> {
  const { product, besides } = options;
  const { open } = await proveNight(product, tally, { world, staging: stagingOf(tally, besides) });
  const { curated } = await lookAtTables(options, tally, "the end");
  const records = { product, feeds: tally.state.feeds, elsewhere: besides.flatMap(({ feeds }) => feeds) };
  const recorded = new Map([...tally.found, ...(await recordedUnits(records, tally.reported))]);
  for (const beside of besides) {
    const compared = await beside.compare(product);
    noteDifferences(tally.differences, compared.differences);
    for (const [unit, fault] of compared.found) recorded.set(unit, fault);
  }
  const differences = [...tally.differences.values()];
  const waiting = await readWaiting(product);
  options.print("changing rows of the warehouse by hand, which comparisons have to name …");
  const tampered = await tamper(product, open);
  if (tampered.unhealed !== null) options.print(tampered.unhealed);
  for (const one of tampered.planted) tally.expected.set(tamperedUnit(one), faultOfHand(one));
  for (const one of tampered.found) recorded.set(tamperedUnit(one), faultOfHand(one));
  const numbers = {
    scoreboard: score(tally.expected, recorded),
    conservation: conservationOf(tally.reported.map(({ report }) => report)),
    curated: { duplicates: curatedDuplicates(curated), orphans: curatedOrphans(curated), differs_from_truth: differences.length },
    proofs: tally.proofs,
    waiting,
    runs: tally.runs,
  };
  return {
    result: { ok: isPerfect(numbers), ...numbers },
    missed: [...tally.expected.keys()].filter((name) => !recorded.has(name)),
    falseAlarms: [...recorded.keys()].filter((name) => !tally.expected.has(name)),
    differences,
  };
}

const MOST_LINES = 20;

/** Names what is wrong, so that a red scoreboard can be followed up. */
function explain({ missed, falseAlarms, differences }: Demonstration, print: DemoOptions["print"]): void {
  const lines = [
    ...missed.map((name) => `missed       ${name}`),
    ...falseAlarms.map((name) => `false alarm  ${name}`),
    ...differences.map((d) => `differs      ${d.feed} ${d.key}: ${d.columns.join(", ")}`),
  ];
  for (const text of lines.slice(0, MOST_LINES)) print(text);
  if (lines.length > MOST_LINES) print(`and ${lines.length - MOST_LINES} more`);
}

function interrupted(hour: number) {
  return problem({ code: "demo.interrupted", says: `the demo was interrupted before hour ${hour}`, next: "ledgerloop demo" });
}

/**
 * Lets a company live for some hours, loads each of them with the product, and compares what the product recorded and
 * published with what independent code expects from the truth.
 */
export async function runDemo(options: DemoOptions): Promise<Demonstration> {
  const beganAt = options.clock.now().getTime();
  await using world = await createWorld(options);
  const tally: Tally = {
    state: emptyState(world.feeds),
    expected: new Map(),
    curated: emptyCurated(),
    found: new Map(),
    reported: [],
    differences: new Map(),
    runs: [],
    proofs: { nights: 0, made: 0, not_equal: 0 },
  };
  for (let hour = 0; hour < options.hours; hour += 1) {
    if (options.signal?.aborted) throw new Failure("retryable", interrupted(hour));
    await playHour(options, world, { tally, beganAt });
  }
  await options.beforeScoring?.();
  options.print("comparing what was published with what independent code expects …");
  const demonstration = await compare(options, world, tally);
  explain(demonstration, options.print);
  return demonstration;
}
