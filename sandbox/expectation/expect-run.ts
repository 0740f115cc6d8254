import type { Fault } from "../faults.ts";
import type { Feed, FeedId, Row } from "../feed.ts";
import { rowVersion } from "../row-version.ts";
import {
  copyUnits,
  faultOfRule,
  gateUnit,
  lateUnit,
  olderUnits,
  rereadUnits,
  runUnit,
  type UnitName,
  vanishedUnit,
  waitingUnit,
} from "../units.ts";
import type { LyingFile } from "../world/sent-file.ts";
import { type TrueRow, tagName } from "../world/truth.ts";
import { judgeFeed, type Verdicts } from "./judge-feed.ts";
import { type FilesRead, readFiles } from "./read-files.ts";
import type { ExpectedState } from "./state.ts";

/** One run, as far as the source and the command line decide it. */
export interface RunFacts {
  readonly run: string;
  readonly kind: "increment" | "keys" | "full";
  readonly rows: ReadonlyMap<FeedId, readonly TrueRow[]>;
  /** Of feeds that are made of files. */
  readonly files: ReadonlyMap<FeedId, readonly LyingFile[]>;
  readonly retyped: readonly string[];
  readonly tags: ReadonlyMap<string, Fault>;
  /** When it read the source, by the real clock in milliseconds. */
  readonly startedAt: number;
  /** The largest share of live rows that may vanish in one pass. */
  readonly vanishedShare: number;
}

/** What the run should do. */
export interface ExpectedRun {
  readonly exitCode: 0 | 10;
  readonly units: ReadonlyMap<UnitName, Fault>;
  /** Rows of skewed clocks that should be read again and left as they are, per feed that is read by a clock. */
  readonly reread: ReadonlyMap<FeedId, number>;
}

/** Clocks are skewed by hours, ordinary rows are seconds old. */
const SKEW_MS = 3_600_000;

/** Rows that an increment cannot see: changed, but with a clock below the horizon of the last publication. */
export function isLate({ lastStart }: ExpectedState, { clock }: Feed, row: TrueRow): boolean {
  return clock !== null && lastStart !== null && clock(row.cells) < lastStart - SKEW_MS;
}

function isAhead({ lastStart }: ExpectedState, { clock }: Feed, row: TrueRow): boolean {
  return clock !== null && lastStart !== null && clock(row.cells) > lastStart + SKEW_MS;
}

function shown(facts: RunFacts, feed: Feed): readonly TrueRow[] {
  return facts.rows.get(feed.id) ?? [];
}

/** The rows that a run extracts. Rows read again for technical reasons change nothing, so they are left out. */
function extracted(state: ExpectedState, feed: Feed, facts: RunFacts): readonly TrueRow[] {
  if (facts.kind === "full" || state.rewritten.has(feed.id)) return shown(facts, feed);
  return shown(facts, feed).filter(
    (row) => isAhead(state, feed, row) || (row.commit > state.lastCommit && !isLate(state, feed, row)),
  );
}

function presentKeys({ rewritten }: ExpectedState, facts: RunFacts, feed: Feed): ReadonlySet<string> | null {
  const isIncrement = facts.kind === "increment" && !rewritten.has(feed.id);
  return isIncrement || feed.isFiles ? null : new Set(shown(facts, feed).map((row) => feed.keyOf(row.cells)));
}

function vanishing(state: ExpectedState, feed: Feed, present: ReadonlySet<string> | null): string[] {
  if (present === null) return [];
  return [...state.of(feed.id).published].filter(([id, row]) => !row.deleted && !present.has(id)).map(([id]) => id);
}

/** Gates that must stop the run, decided before any row. */
function expectedGates(state: ExpectedState, facts: RunFacts): [gate: string, fault: Fault][] {
  const retyped = [...new Set([...facts.retyped, ...state.lastRetyped])].filter(
    (c) => facts.retyped.includes(c) !== state.lastRetyped.includes(c),
  );
  const drift = retyped.map((column): [string, Fault] => [`drift/${column.slice(0, column.lastIndexOf("."))}`, "retyped_column"]);
  const gone = state.feeds.filter((feed) => {
    const live = [...state.of(feed.id).published.values()].filter((row) => !row.deleted).length;
    return vanishing(state, feed, presentKeys(state, facts, feed)).length > facts.vanishedShare * Math.max(1, live);
  });
  return [
    ...drift,
    ...gone.map((feed): [string, Fault] => [`vanished_share/${feed.id}`, "mass_delete"]),
    ...(facts.kind === "keys" ? state.feeds.flatMap((feed) => keyGates(state, feed, facts)) : []),
  ];
}

/** What a pass over all keys stops at: keys that repeat, and keys of rows that no increment could see and nobody knows of. */
function keyGates(state: ExpectedState, feed: Feed, facts: RunFacts): [gate: string, fault: Fault][] {
  const keys = shown(facts, feed).map((row) => feed.keyOf(row.cells));
  const { published, waiting } = state.of(feed.id);
  const known = new Set([
    ...extracted(state, feed, facts).map((row) => feed.keyOf(row.cells)),
    ...[...published].filter(([, row]) => !row.deleted).map(([id]) => id),
    ...waiting.map((row) => row.id),
  ]);
  return [
    ...(new Set(keys).size < keys.length ? [[`duplicate_source_keys/${feed.id}`, "duplicate_copy"] as [string, Fault]] : []),
    ...(keys.some((key) => !known.has(key)) ? [[`missing_keys/${feed.id}`, "clock_back"] as [string, Fault]] : []),
  ];
}

/** What a run reads of one feed. */
interface Read {
  readonly batch: readonly Row[];
  /** All source keys that the source has, if the run knows them. */
  readonly present: ReadonlySet<string> | null;
  readonly ahead: ReadonlySet<string>;
  readonly late: ReadonlySet<string>;
  /** What it makes of a feed's files; null for a table. */
  readonly files: FilesRead | null;
}

interface FeedOutcome extends Read {
  readonly feed: Feed;
  readonly verdicts: Verdicts;
  /** Source keys that leave staging. */
  readonly gone: readonly string[];
}

function readTable(state: ExpectedState, feed: Feed, facts: RunFacts): Read {
  const rows = extracted(state, feed, facts);
  const keysOf = (chosen: readonly TrueRow[]) => new Set(chosen.map((row) => feed.keyOf(row.cells)));
  return {
    batch: rows.map((row) => row.cells),
    present: presentKeys(state, facts, feed),
    ahead: keysOf(rows.filter((row) => isAhead(state, feed, row))),
    late: keysOf(rows.filter((row) => isLate(state, feed, row))),
    files: null,
  };
}

function readFeed(state: ExpectedState, feed: Feed, facts: RunFacts): Read {
  if (!feed.isFiles) return readTable(state, feed, facts);
  const files = readFiles(state.of(feed.id), { lying: facts.files.get(feed.id) ?? [], all: facts.kind === "full" });
  return { batch: files.batch, present: files.present, ahead: new Set(), late: new Set(), files };
}

/** Whether too many rows of a feed that a run can do without are bad. */
function isLeftOut({ leftOutBelow }: Feed, { batch }: Read, { records, duplicates }: Verdicts): boolean {
  const rows = batch.length - duplicates;
  const bad = records.filter(({ kind }) => kind !== "held").length;
  return leftOutBelow !== null && rows >= leftOutBelow.rows && rows - bad < leftOutBelow.share * rows;
}

/** Judges one feed and lets it be published; null where the run goes on without it. */
function play(state: ExpectedState, feed: Feed, facts: RunFacts): FeedOutcome | null {
  const read = readFeed(state, feed, facts);
  const verdicts = judgeFeed({ state, feed, batch: read.batch, present: read.present });
  if (isLeftOut(feed, read, verdicts)) return null;
  const gone = vanishing(state, feed, read.present);
  const of = state.of(feed.id);
  for (const cells of verdicts.entering) of.published.set(feed.keyOf(cells), { cells, deleted: false });
  for (const id of gone) {
    const row = of.published.get(id);
    if (row) of.published.set(id, { ...row, deleted: true });
  }
  of.waiting.splice(0, of.waiting.length, ...verdicts.waiting);
  if (read.files) of.files = read.files.files;
  return { ...read, feed, verdicts, gone };
}

function rowUnits(state: ExpectedState, facts: RunFacts, of: FeedOutcome): [UnitName, Fault][] {
  const { feed, verdicts, gone, late, files } = of;
  const at = (cells: Row) => ({ feed: feed.id, id: feed.keyOf(cells), version: rowVersion(feed, cells) });
  const faultOf = (id: string, rule: string) => {
    const tag = facts.tags.get(tagName(feed.id, id));
    return tag === undefined || tag === "vanished_rows" ? faultOfRule(feed, rule) : tag;
  };
  const waiting = verdicts.records.flatMap((w) =>
    w.reasons.map((rule): [UnitName, Fault] => [waitingUnit(at(w.cells), w.kind, rule), faultOf(w.id, rule)]),
  );
  const left = [
    ...gone.map((id) => state.of(feed.id).published.get(id)?.cells).filter((cells) => cells !== undefined),
    ...verdicts.vanished.map((w) => w.cells),
  ];
  const lateRows = verdicts.entering.filter((cells) => late.has(feed.keyOf(cells)));
  return [
    ...waiting,
    ...left.map((cells): [UnitName, Fault] => [vanishedUnit(at(cells)), "vanished_rows"]),
    ...lateRows.map((cells): [UnitName, Fault] => [lateUnit(at(cells)), "clock_back"]),
    ...copyUnits(facts.run, feed, verdicts.duplicates),
    ...olderUnits(facts.run, feed.id, files?.superseded ?? 0),
    ...(files?.units ?? []),
  ];
}

function isQuiet({ verdicts, gone }: FeedOutcome): boolean {
  return verdicts.entering.length + verdicts.records.length + gone.length + verdicts.vanished.length === 0;
}

function rereadOf({ verdicts, ahead }: FeedOutcome): number {
  return verdicts.unchanged.filter((id) => ahead.has(id)).length;
}

/** Plays one run on the expectation: `state` becomes what should stand after it, and the result is what should be recorded. */
export function expectRun(state: ExpectedState, facts: RunFacts): ExpectedRun {
  for (const column of facts.retyped) state.rewritten.add(column.slice(0, column.lastIndexOf(".")));
  const gates = expectedGates(state, facts);
  if (gates.length > 0) {
    return { exitCode: 10, units: new Map(gates.map(([gate, fault]) => [gateUnit(facts.run, gate), fault])), reread: new Map() };
  }
  const played = state.feeds.map((feed) => [feed, play(state, feed, facts)] as const);
  const outcomes = played.flatMap(([, outcome]) => outcome ?? []);
  const leftOut = played.filter(([, outcome]) => outcome === null).map(([feed]) => feed);
  const reread = new Map(outcomes.filter((o) => o.feed.clock !== null).map((o) => [o.feed.id, rereadOf(o)]));
  const units = [
    ...outcomes.flatMap((o) => rowUnits(state, facts, o)),
    ...leftOut.map((feed): [UnitName, Fault] => [gateUnit(facts.run, `left_out/${feed.id}`), "bad_rows"]),
    ...[...reread].flatMap(([feed, count]) => rereadUnits(facts.run, feed, count)),
    ...(outcomes.every(isQuiet) ? [[runUnit(facts.run, "published without changes"), "empty_hour"] as [UnitName, Fault]] : []),
  ];
  state.lastCommit = Math.max(state.lastCommit, ...state.feeds.flatMap((feed) => shown(facts, feed).map((row) => row.commit)));
  state.lastStart = facts.startedAt;
  state.lastRetyped = facts.retyped;
  state.rewritten.clear();
  return { exitCode: 0, units: new Map(units), reread };
}
