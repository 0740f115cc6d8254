import type { Clock } from "../src/kernel/clock.ts";
import { Failure, problem } from "../src/kernel/problem.ts";
import type { RunReport } from "../src/projector/run-report.ts";
import type { Beside } from "./beside/beside.ts";
import { conservationOf } from "./conservation.ts";
import { curatedDifferences, curatedDuplicates, curatedOrphans, type Difference, readCurated } from "./curated.ts";
import { DEMO_LEASE_SECONDS, DEMO_VANISHED_SHARE } from "./demo-pipeline.ts";
import { expectRun } from "./expectation/expect-run.ts";
import { type ExpectedState, emptyState } from "./expectation/state.ts";
import type { Fault } from "./faults.ts";
import type { Product, ProductRun } from "./product.ts";
import { type ReportedRun, recordedUnits } from "./recorded.ts";
import { type DemoResult, type DemoRun, isPerfect, score } from "./scoreboard.ts";
import { type HeldUp, killAndRepeat, letPublishersMeet, type Stunt } from "./stunts.ts";
import { addUnits, runUnit, type UnitName, type Units } from "./units.ts";
import type { Book } from "./world/book.ts";
import { planOf } from "./world/schedule.ts";
import { createWorld, type World } from "./world/world.ts";

export interface DemoOptions {
  /** Simulated hours, at least 24. */
  readonly hours: number;
  readonly seed: number;
  /** 1 is 400 customers and some 150 changes an hour. */
  readonly scale: number;
  readonly product: Product;
  /** The company's systems, empty; the product loads their feeds. */
  readonly books: readonly Book[];
  /** What the product loads beside them. */
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

/** The group that loads the books. */
const GROUP = "billing";

const KILLED_HOUR = 6;
const MEETING_HOUR = 20;

/** Whether a run of the hour is killed, or meets another. */
const isTroubled = (hour: number) => hour === KILLED_HOUR || hour === MEETING_HOUR;

/** What is expected and what was found so far. */
interface Tally {
  readonly state: ExpectedState;
  readonly expected: Map<UnitName, Fault>;
  readonly found: Map<UnitName, Fault>;
  readonly reported: ReportedRun[];
  /** Reports of the systems beside the books. */
  readonly beside: RunReport[];
  readonly runs: DemoRun[];
}

function runArguments(kind: DemoRun["kind"], window: { start: string; end: string }): string[] {
  const named = ["--group", GROUP, "--window", `${window.start}/${window.end}`];
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

function runName(hour: number): string {
  return `hour ${hour}`;
}

type Done = Pick<DemoRun, "group" | "kind" | "expected_exit_code"> & { readonly run: ProductRun; readonly note: string | null };

function demoRun(hour: number, world: World, { run, note, ...done }: Done): DemoRun {
  const { start, end } = world.windowOf(hour);
  const silent = run.report === null ? run.stderr.trim().split("\n").at(-1) : undefined;
  return {
    hour,
    window: `${start}/${end}`,
    ...done,
    exit_code: run.exitCode,
    outcome: run.report?.outcome ?? "no report",
    run_id: run.report?.run_id ?? null,
    publication_id: run.report?.publication_id ?? null,
    note: note ?? silent ?? null,
  };
}

/** Feeds that a run went on without, and as of when their rows are. */
function leftOutText(report: ProductRun["report"]): string[] {
  const stale = (report?.gates ?? []).filter((g) => g.name === "stale" && g.verdict === "warn");
  if (stale.length === 0) return [];
  const instants = new Set(stale.map((g) => /as of [^,]+/.exec(g.observed)?.[0] ?? "never published"));
  return [`left out: ${stale.map((g) => g.feed?.split(".")[1]).join(", ")} ${[...instants].join(", ")}`];
}

function line(run: DemoRun, report: ProductRun["report"]): string {
  const sum = (name: "inserted" | "updated" | "newly_quarantined" | "newly_held") =>
    (report?.feeds ?? []).reduce((total, feed) => total + Number(feed[name]), 0);
  const counts = `${sum("inserted")} inserted, ${sum("updated")} updated, ${sum("newly_quarantined")} quarantined, ${sum("newly_held")} held`;
  const failed = (report?.gates ?? []).filter((g) => g.verdict === "fail" || g.verdict === "error").map((g) => g.gate);
  const wrong = run.exit_code === run.expected_exit_code ? "" : ` — EXPECTED EXIT ${run.expected_exit_code}`;
  const detail = failed.length > 0 ? `stopped by ${failed.join(", ")}` : [counts, ...leftOutText(report)].join("; ");
  const note = run.note === null ? "" : `; ${run.note}`;
  const what = run.group === GROUP ? run.kind : [run.group, ...(run.kind === "keys" ? ["keys"] : [])].join(" ");
  return `hour ${String(run.hour).padStart(2)}  ${what.padEnd(10)}  ${run.outcome.padEnd(10)}  ${detail}${note}${wrong}`;
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
  return `${seconds} s of about ${Math.round(whole)} s`;
}

/** An hour that is being played. */
interface Played {
  readonly world: World;
  readonly tally: Tally;
  readonly hour: number;
}

/** A run that has ended, and its report. */
interface Told {
  readonly done: DemoRun;
  readonly report: ProductRun["report"];
}

/** Lets the product load the hour of the books. */
async function loadBooks(options: DemoOptions, { world, tally, hour }: Played): Promise<Told> {
  const sight = world.sight();
  const startedAt = options.clock.now().getTime();
  const { run: kind } = planOf(hour);
  const facts = { ...sight, run: runName(hour), kind, startedAt, vanishedShare: DEMO_VANISHED_SHARE };
  const expected = expectRun(tally.state, facts);
  addUnits(tally.expected, expected.units);
  const { run, stunt } = await perform(options, world, hour);
  if (stunt) noteStunt(tally, hour, stunt);
  if (run.report) tally.reported.push({ run: runName(hour), report: run.report, reread: expected.reread });
  const more = { expected_exit_code: expected.exitCode, run, note: stunt?.note ?? null };
  return { done: demoRun(hour, world, { group: GROUP, kind, ...more }), report: run.report };
}

/** The same hour of a system beside the books. */
async function loadBeside({ product }: DemoOptions, beside: Beside, { world, tally, hour }: Played): Promise<Told> {
  const name = `${beside.group} ${runName(hour)}`;
  const { run, kind, expected, found } = await beside.playHour({ product, run: name, window: world.windowOf(hour) });
  addUnits(tally.expected, expected);
  for (const [unit, fault] of found) tally.found.set(unit, fault);
  if (run.report) tally.beside.push(run.report);
  const more = { expected_exit_code: 0, run, note: null };
  return { done: demoRun(hour, world, { group: beside.group, kind, ...more }), report: run.report };
}

/** Groups need not wait for each other; but where a run is stopped in its tracks, nobody else is about. */
async function loadHour(options: DemoOptions, played: Played): Promise<readonly Told[]> {
  const books = loadBooks(options, played);
  if (isTroubled(played.hour)) await books;
  return Promise.all([books, ...options.besides.map((beside) => loadBeside(options, beside, played))]);
}

async function playHour(
  options: DemoOptions,
  world: World,
  { tally, beganAt }: { tally: Tally; beganAt: number },
): Promise<void> {
  const hour = await world.playHour();
  const told = await loadHour(options, { world, tally, hour });
  for (const { done, report } of told) {
    tally.runs.push(done);
    const isLast = done.group === told.at(-1)?.done.group;
    options.print(`${line(done, report)}${isLast ? `  [${progressText(options, { hour, beganAt })}]` : ""}`);
  }
}

async function compare(options: DemoOptions, tally: Tally): Promise<Demonstration> {
  const { product, besides } = options;
  const records = { product, feeds: tally.state.feeds, elsewhere: besides.flatMap(({ feeds }) => feeds) };
  const compared: Awaited<ReturnType<Beside["compare"]>>[] = [];
  for (const beside of besides) compared.push(await beside.compare(product));
  const found = [...tally.found, ...compared.flatMap((one) => one.found)];
  const recorded: Units = new Map([...(await recordedUnits(records, tally.reported)), ...found]);
  const curated = await readCurated(product, tally.state.feeds, "curated");
  const differences = [...curatedDifferences(curated, tally.state), ...compared.flatMap((one) => one.differences)];
  const numbers = {
    scoreboard: score(tally.expected, recorded),
    conservation: conservationOf([...tally.reported.map((r) => r.report), ...tally.beside]),
    curated: { duplicates: curatedDuplicates(curated), orphans: curatedOrphans(curated), differs_from_truth: differences.length },
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
  options.print(
    `${options.hours} hours of a billing company, its partners, its Stripe account and its Salesforce org with planted faults (seed ${options.seed}), each loaded by runs of the program`,
  );
  await using world = await createWorld(options);
  const tally: Tally = {
    state: emptyState(world.feeds),
    expected: new Map(),
    found: new Map(),
    reported: [],
    beside: [],
    runs: [],
  };
  for (let hour = 0; hour < options.hours; hour += 1) {
    if (options.signal?.aborted) throw new Failure("retryable", interrupted(hour));
    await playHour(options, world, { tally, beganAt });
  }
  await options.beforeScoring?.();
  options.print("comparing what was published with what independent code expects …");
  const demonstration = await compare(options, tally);
  explain(demonstration, options.print);
  return demonstration;
}
