import type { GateReport, RunReport } from "../src/projector/run-report.ts";
import { type CuratedFeed, readCurated } from "./curated.ts";
import type { Fault } from "./faults.ts";
import type { Feed, FeedId, Row } from "./feed.ts";
import { foundFiles } from "./found-files.ts";
import type { Product } from "./product.ts";
import { rowVersion } from "./row-version.ts";
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

/** Waiting rows closed as vanished, and tombstones: standing ones in staging (its key may live on in another row), lifted ones in history. */
async function vanishedRows(records: Recorded, tables: readonly CuratedFeed[]): Promise<Found[]> {
  const { product, feeds } = records;
  const closed = await product.query(
    "SELECT q.feed, q.source_key, q.scope, q.position, q.payload, q.payload_pii FROM ops.quarantine_event e JOIN ops.quarantine_row q ON q.row_id = e.row_id WHERE e.event = 'vanished'",
  );
  const tombstones = tables.flatMap(({ feed, rows }) => rows.filter((row) => row.deleted).map((row) => rowAt(feed, row.cells)));
  const waited = recordedOfBooks(closed, records).map((row) => whereabouts(feedNamed(feeds, row["feed"]), row));
  return [...waited, ...tombstones].map((row) => [vanishedUnit(row), "vanished_rows"]);
}

/** An hour: clocks are skewed by more, and ordinary rows are seconds old. */
const SKEW_MS = 3_600_000;

/** Rows that a full read published although their clock lay far below the cursor of the run before. */
async function lateRows(product: Product, { feed, rows }: CuratedFeed): Promise<Found[]> {
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

function isQuiet(report: RunReport): boolean {
  const changes = report.feeds.flatMap((feed) => [
    ...CHANGES.map((name) => feed[name]),
    ...Object.values(feed.pool.released),
    feed.pool.vanished,
  ]);
  return report.publication_id !== null && changes.every((n) => BigInt(n) === 0n);
}

/** Rows of a class that only the flow counts. By a clock, rows of the last seconds are read again too, so only as many as are expected count. */
function counted({ run, report, reread }: ReportedRun, feeds: readonly Feed[]): Found[] {
  if (report.outcome !== "published") return [];
  const older = report.feeds.filter(({ feed }) => feedNamed(feeds, feed).isFiles);
  return [
    ...report.feeds.flatMap(({ feed, duplicate }) => copyUnits(run, feedNamed(feeds, feed), Number(duplicate))),
    ...older.flatMap(({ feed, superseded }) => olderUnits(run, feed, Number(superseded))),
    ...report.feeds.flatMap(({ feed, unchanged }) => rereadUnits(run, feed, Math.min(reread.get(feed) ?? 0, Number(unchanged)))),
    ...(isQuiet(report) ? [[runUnit(run, "published without changes"), "empty_hour"] as Found] : []),
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
function isStop({ name, verdict }: GateReport): boolean {
  return verdict === "fail" || verdict === "error" || name === "left_out";
}

function gates({ run, report }: ReportedRun): Found[] {
  return report.gates.filter(isStop).map((g) => [gateUnit(run, g.gate), FAULT_OF_GATE[g.name] ?? "other"]);
}

async function allLateRows(product: Product, tables: readonly CuratedFeed[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const table of tables) found.push(...(await lateRows(product, table)));
  return found;
}

/** Everything that the product recorded of some feeds, as the scoreboard's units. Throws when it recorded rows of others. */
export async function recordedUnits(records: Recorded, runs: readonly ReportedRun[]): Promise<Units> {
  const { product, feeds } = records;
  const [curated, history] = [await readCurated(product, feeds, "curated"), await readCurated(product, feeds, "history")];
  const units = new Map<UnitName, Fault>([
    // A key's tombstone can stand in staging and in history alike: one vanished row all the same.
    ...(await vanishedRows(records, [...(await readCurated(product, feeds, "staging")), ...history])),
    ...(await allLateRows(product, [...curated, ...history])),
    ...runs.flatMap((run) => counted(run, feeds)),
    ...runs.flatMap(gates),
  ]);
  addUnits(units, await waitingRows(records));
  for (const feed of feeds.filter(({ isFiles }) => isFiles)) addUnits(units, await foundFiles(product, feed));
  return units;
}
