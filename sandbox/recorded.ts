import type { GateReport, RunReport } from "../src/projector/run-report.ts";
import { isFailed } from "./beside/stops.ts";
import type { Fault } from "./faults.ts";
import type { Feed, FeedId, Row } from "./feed.ts";
import { foundFiles } from "./found-files.ts";
import type { Product } from "./product.ts";
import { rowVersion } from "./row-version.ts";
import type { StagedFeed } from "./staged.ts";
import {
  addUnits,
  copyUnits,
  faultOfRule,
  gateUnit,
  lateUnit,
  olderUnits,
  type RowAt,
  rereadUnits,
  runUnit,
  type UnitName,
  type Units,
  vanishedUnit,
  waitingUnit,
} from "./units.ts";
import { placeIn } from "./world/sent-file.ts";

type Found = [UnitName, Fault];

/** What is read from: the product, and the feeds that it loads. */
interface Recorded {
  readonly product: Product;
  readonly feeds: readonly Feed[];
  /** Feeds that are no book's: what is recorded of them is looked at elsewhere. */
  readonly elsewhere: readonly FeedId[];
}

function payloadOf(row: Readonly<Record<string, string | null>>): Row {
  return { ...(JSON.parse(row["payload"] ?? "{}") as Row), ...(JSON.parse(row["payload_pii"] ?? "{}") as Row) };
}

function feedNamed(feeds: readonly Feed[], name: string | null | undefined): Feed {
  const feed = feeds.find(({ id }) => id === name);
  if (!feed) throw new Error(`the product recorded rows of ${name}, which no book has`);
  return feed;
}

function whereabouts(feed: Feed, row: Readonly<Record<string, string | null>>): RowAt {
  const place = placeIn(row["scope"] ?? "", Number(row["position"]?.split("@")[0]));
  return { feed: feed.id, id: row["source_key"] || place, version: rowVersion(feed, payloadOf(row)) };
}

function rowAt(feed: Feed, cells: Row): RowAt {
  return { feed: feed.id, id: feed.keyOf(cells), version: rowVersion(feed, cells) };
}

function recordedOfBooks<T extends Readonly<Record<string, string | null>>>(rows: readonly T[], { elsewhere }: Recorded): T[] {
  return rows.filter(({ feed }) => !elsewhere.includes(feed ?? ""));
}

/** A quarantine row is one first sighting: a row that is seen again gets none. Each of its reasons is a unit. */
async function waitingRows(records: Recorded): Promise<Found[]> {
  const { product, feeds } = records;
  const rows = await product.query(
    "SELECT feed, source_key, scope, position, kind, reasons, payload, payload_pii FROM ops.quarantine_row",
  );
  return recordedOfBooks(rows, records).flatMap((row) => {
    const feed = feedNamed(feeds, row["feed"]);
    return (JSON.parse(row["reasons"] ?? "[]") as string[]).map(
      (rule): Found => [waitingUnit(whereabouts(feed, row), row["kind"] ?? "", rule), faultOfRule(feed, rule)],
    );
  });
}

/** Waiting rows that were closed as vanished. */
async function vanishedWaits(records: Recorded): Promise<Found[]> {
  const { product, feeds } = records;
  const closed = await product.query(
    "SELECT q.feed, q.source_key, q.scope, q.position, q.payload, q.payload_pii FROM ops.quarantine_event e JOIN ops.quarantine_row q ON q.row_id = e.row_id WHERE e.event = 'vanished'",
  );
  const waited = recordedOfBooks(closed, records).map((row) => whereabouts(feedNamed(feeds, row["feed"]), row));
  return waited.map((row) => [vanishedUnit(row), "vanished_rows"]);
}

/** An hour: clocks are skewed by more, and ordinary rows are seconds old. */
const SKEW_MS = 3_600_000;

/** Rows that stand since a full read although their clock lay far below the cursor of the run before. */
async function lateRows(product: Product, { feed, rows }: StagedFeed): Promise<Found[]> {
  const { clock } = feed;
  if (clock === null) return [];
  const batches = await product.query(
    `SELECT CAST(b.number AS VARCHAR) AS number, p.kind, CAST(b.horizon AS VARCHAR) AS horizon FROM ops.feed_horizon b JOIN ops.publication p ON p.publication_id = b.publication_id WHERE b.feed = '${feed.id}' ORDER BY b.number`,
  );
  const horizonBefore = new Map(batches.map((batch, i) => [Number(batch["number"]), batches[i - 1]?.["horizon"] ?? null]));
  const full = new Set(batches.filter((batch) => batch["kind"] === "whole").map((batch) => Number(batch["number"])));
  const instant = (text: string | null) => Date.parse(`${(text ?? "").replace(" ", "T").replace(/[+]00$/, "")}Z`);
  return rows
    .filter((row) => !row.deleted && full.has(row.publication))
    .filter((row) => clock(row.cells) < instant(horizonBefore.get(row.publication) ?? null) - SKEW_MS)
    .map((row) => [lateUnit(rowAt(feed, row.cells)), "clock_back"]);
}

/** One run as it was reported, and how many of its unchanged rows are those of skewed clocks. */
export interface ReportedRun {
  readonly run: string;
  readonly report: RunReport;
  readonly reread: ReadonlyMap<FeedId, number>;
}

const CHANGES = ["inserted", "updated", "newly_quarantined", "newly_held", "vanished"] as const;

function isQuiet(report: RunReport, own: RunReport["feeds"]): boolean {
  const changes = own.flatMap((feed) => [
    ...CHANGES.map((name) => feed[name]),
    ...Object.values(feed.pool.released),
    feed.pool.vanished,
  ]);
  return report.publication_id !== null && changes.every((n) => BigInt(n) === 0n);
}

/** Rows of a class that only the flow counts. By a clock, rows of the last seconds are read again too, so only as many as are expected count. */
function counted({ run, report, reread }: ReportedRun, feeds: readonly Feed[]): Found[] {
  if (report.outcome !== "published") return [];
  const own = report.feeds.filter(({ feed }) => feeds.some(({ id }) => id === feed));
  const older = own.filter(({ feed }) => feedNamed(feeds, feed).isFiles);
  return [
    ...own.flatMap(({ feed, duplicate }) => copyUnits(run, feedNamed(feeds, feed), Number(duplicate))),
    ...older.flatMap(({ feed, superseded }) => olderUnits(run, feed, Number(superseded))),
    ...own.flatMap(({ feed, unchanged }) => rereadUnits(run, feed, Math.min(reread.get(feed) ?? 0, Number(unchanged)))),
    ...(isQuiet(report, own) ? [[runUnit(run, "published without changes"), "empty_hour"] as Found] : []),
  ];
}

const FAULT_OF_GATE: Readonly<Partial<Record<GateReport["name"], Fault>>> = {
  drift: "retyped_column",
  vanished_share: "mass_delete",
  duplicate_source_keys: "duplicate_copy",
  missing_keys: "clock_back",
  left_out: "bad_rows",
};

/** Gates that stop a run, or a feed alone. */
function isStop(gate: GateReport): boolean {
  return isFailed(gate) || gate.name === "left_out";
}

function gates({ run, report }: ReportedRun, { elsewhere }: Recorded): Found[] {
  const own = report.gates.filter((gate) => isStop(gate) && !elsewhere.includes(gate.feed ?? ""));
  return own.map((g) => [gateUnit(run, g.gate), FAULT_OF_GATE[g.name] ?? "other"]);
}

/** What rows that stand after an hour show: tombstones, and rows that came by a full read alone. A later hour may show it no more. */
export async function stagedUnits(product: Product, staged: readonly StagedFeed[]): Promise<Units> {
  const units = new Map<UnitName, Fault>();
  for (const { feed, rows } of staged)
    for (const { cells } of rows.filter((row) => row.deleted)) units.set(vanishedUnit(rowAt(feed, cells)), "vanished_rows");
  for (const table of staged) for (const [unit, fault] of await lateRows(product, table)) units.set(unit, fault);
  return units;
}

/** Everything else that the product recorded of some feeds, as the scoreboard's units. Throws when it recorded rows of others. */
export async function recordedUnits(records: Recorded, runs: readonly ReportedRun[]): Promise<Units> {
  const { product, feeds } = records;
  const units = new Map<UnitName, Fault>([
    ...(await vanishedWaits(records)),
    ...runs.flatMap((run) => counted(run, feeds)),
    ...runs.flatMap((run) => gates(run, records)),
  ]);
  addUnits(units, await waitingRows(records));
  for (const feed of feeds.filter(({ isFiles }) => isFiles)) addUnits(units, await foundFiles(product, feed));
  return units;
}
