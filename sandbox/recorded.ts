import type { GateReport, RunReport } from "../src/projector/run-report.ts";
import { FEEDS, type FeedId, keyOf, type Row } from "./billing/tables.ts";
import { type Curated, readCurated } from "./curated.ts";
import type { Fault } from "./faults.ts";
import type { Product } from "./product.ts";
import { rowVersion } from "./row-version.ts";
import {
  addUnits,
  countedUnits,
  faultOfRule,
  gateUnit,
  lateUnit,
  runUnit,
  type UnitName,
  type Units,
  vanishedUnit,
  waitingUnit,
} from "./units.ts";

type Found = [UnitName, Fault];

function payloadOf(row: Readonly<Record<string, string | null>>): Row {
  return { ...(JSON.parse(row["payload"] ?? "{}") as Row), ...(JSON.parse(row["payload_pii"] ?? "{}") as Row) };
}

function whereabouts(row: Readonly<Record<string, string | null>>) {
  const feed = (row["feed"] ?? "") as FeedId;
  return { feed, id: row["source_key"] ?? "", version: rowVersion(feed, payloadOf(row)) };
}

/** A quarantine row is one first sighting: a row that is seen again gets none. Each of its reasons is a unit. */
async function waitingRows(product: Product): Promise<Found[]> {
  const rows = await product.query("SELECT feed, source_key, kind, reasons, payload, payload_pii FROM ops.quarantine_row");
  return rows.flatMap((row) =>
    (JSON.parse(row["reasons"] ?? "[]") as string[]).map(
      (rule): Found => [waitingUnit(whereabouts(row), row["kind"] ?? "", rule), faultOfRule(rule)],
    ),
  );
}

/** Waiting rows closed as vanished, and tombstones: standing ones in staging (its key may live on in another row), lifted ones in history. */
async function vanishedRows(product: Product, tables: readonly Curated[]): Promise<Found[]> {
  const closed = await product.query(
    "SELECT q.feed, q.source_key, q.payload, q.payload_pii FROM ops.quarantine_event e JOIN ops.quarantine_row q ON q.row_id = e.row_id WHERE e.event = 'vanished'",
  );
  const tombstones = tables.flatMap((curated) =>
    FEEDS.flatMap((feed) =>
      curated[feed]
        .filter((row) => row.deleted)
        .map((row) => ({ feed, id: keyOf(row.cells), version: rowVersion(feed, row.cells) })),
    ),
  );
  return [...closed.map(whereabouts), ...tombstones].map((row) => [vanishedUnit(row), "vanished_rows"]);
}

/** An hour: clocks are skewed by more, and ordinary rows are seconds old. */
const SKEW_MS = 3_600_000;

/** Payments that a full read published although their `updated_at` lay far below the cursor of the run before. */
async function lateRows(product: Product, tables: readonly Curated[]): Promise<Found[]> {
  const batches = await product.query(
    "SELECT CAST(b.number AS VARCHAR) AS number, p.kind, CAST(b.horizon AS VARCHAR) AS horizon FROM ops.feed_horizon b JOIN ops.publication p ON p.publication_id = b.publication_id WHERE b.feed = 'billing.payments' ORDER BY b.number",
  );
  const horizonBefore = new Map(batches.map((batch, i) => [Number(batch["number"]), batches[i - 1]?.["horizon"] ?? null]));
  const full = new Set(batches.filter((batch) => batch["kind"] === "whole").map((batch) => Number(batch["number"])));
  const instant = (text: string | null) => Date.parse(`${(text ?? "").replace(" ", "T").replace(/[+]00$/, "")}Z`);
  const rows = tables
    .flatMap((curated) => curated["billing.payments"])
    .filter((row) => !row.deleted && full.has(row.publication));
  return rows
    .filter((row) => instant(row.cells["updated_at"] ?? null) < instant(horizonBefore.get(row.publication) ?? null) - SKEW_MS)
    .map((row) => [
      lateUnit({ feed: "billing.payments", id: keyOf(row.cells), version: rowVersion("billing.payments", row.cells) }),
      "clock_back",
    ]);
}

/** One run as it was reported, and how many of its unchanged payments are the skewed ones. */
export interface ReportedRun {
  readonly run: string;
  readonly report: RunReport;
  readonly reread: number;
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

/** Rows of a class that only the flow counts. Payments of the last seconds are read again too, so only as many as are expected count. */
function counted({ run, report, reread }: ReportedRun): Found[] {
  if (report.outcome !== "published") return [];
  const numberOf = (feed: string, name: "duplicate" | "unchanged") =>
    Number(report.feeds.find((f) => f.feed === feed)?.[name] ?? 0);
  const unchanged = Math.min(reread, numberOf("billing.payments", "unchanged"));
  return [
    ...FEEDS.flatMap((feed) => countedUnits(run, `${feed}|duplicate`, numberOf(feed, "duplicate"))).map(
      (name): Found => [name, "duplicate_copy"],
    ),
    ...countedUnits(run, "billing.payments|unchanged", unchanged).map((name): Found => [name, "clock_forward"]),
    ...(isQuiet(report) ? [[runUnit(run, "published without changes"), "empty_hour"] as Found] : []),
  ];
}

const FAULT_OF_GATE: Readonly<Partial<Record<GateReport["name"], Fault>>> = {
  drift: "retyped_column",
  vanished_share: "mass_delete",
  duplicate_source_keys: "duplicate_copy",
  missing_keys: "clock_back",
};

function gates({ run, report }: ReportedRun): Found[] {
  return report.gates
    .filter((g) => g.verdict === "fail" || g.verdict === "error")
    .map((g) => [gateUnit(run, g.gate), FAULT_OF_GATE[g.name] ?? "other"]);
}

/** Everything that the product recorded, as the scoreboard's units. */
export async function recordedUnits(product: Product, runs: readonly ReportedRun[]): Promise<Units> {
  const [curated, history] = [await readCurated(product, "curated"), await readCurated(product, "history")];
  const units = new Map<UnitName, Fault>([
    // A key's tombstone can stand in staging and in history alike: one vanished row all the same.
    ...(await vanishedRows(product, [await readCurated(product, "staging"), history])),
    ...(await lateRows(product, [curated, history])),
    ...runs.flatMap(counted),
    ...runs.flatMap(gates),
  ]);
  addUnits(units, await waitingRows(product));
  return units;
}
