import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { BILLING_CLUSTER, CONTROL_CLUSTER, clusterUrl, startClusters, stopClusters } from "../src/embedded/clusters.ts";
import { freshDatabase, ownPlace, type ProductSide, ratio, run } from "./stage.ts";

const PIPELINE = join(import.meta.dirname, "bad/pipeline");
/** Every side is measured so often, in turn with the other. */
const ROUNDS = 7;

const SIDES = ["good", "bad"] as const;
type SideName = (typeof SIDES)[number];

/**
 * So many charges. On the bad side every fourth is bad, each of four ways as often as the others: a negative amount, a text that is no
 * amount (its landed text is read again), no currency, and a business key that two rows have.
 */
function charges(rows: number, side: SideName): string {
  const way = (n: number) => (side === "bad" ? `i % 16 = ${4 * n}` : "false");
  return `create schema src;
    create table src.charges as
    select i as id, case when ${way(3)} then 'twice_' || (i / 32) else 'ch_' || lpad(i::text, 12, '0') end as charge_id,
      'cus_' || lpad((i * 7919 % 50000)::text, 12, '0') as customer_id,
      (array['succeeded', 'pending', 'failed', 'refunded'])[1 + i % 3] as status,
      case when ${way(2)} then null else (array['USD', 'EUR', 'GBP', 'JPY'])[1 + i % 4] end as currency,
      case when ${way(0)} then (-i)::text when ${way(1)} then i || '.5 or so' else (100 + i * 104729 % 500000)::text end as amount_minor,
      'user' || i || '@example.com' as receipt_email, 'Plan pro, monthly, seat count ' || i % 500 || ', ref ' || i as description,
      timestamptz '2026-11-01 10:00:00+00' - make_interval(secs => i % 86400) as created_at,
      timestamptz '2026-11-01 10:00:00+00' + make_interval(secs => i % 3600) as updated_at
    from generate_series(1, ${rows}::bigint) i`;
}

interface Place {
  readonly folder: string;
  readonly state: string;
  readonly sources: Readonly<Record<SideName, string>>;
}

async function writeSource(state: string, rows: number, side: SideName): Promise<string> {
  const url = await freshDatabase(await clusterUrl(state, "billing"), side);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(charges(rows, side));
  await client.query("vacuum analyze src.charges");
  await client.end();
  return url;
}

/** The first hour of one side, on a warehouse, a control store and a folder of its own. */
async function hourOf({ folder, state, sources }: Place, side: SideName, round: number): Promise<ProductSide> {
  using own = await ownPlace({ folder, state, source: sources[side] }, `${side}_${round}`);
  return run<ProductSide>("product.ts", [PIPELINE, "0"], own.env);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function summary(runs: readonly ProductSide[]) {
  const stages = (runs[0]?.stages ?? []).map(({ stage }) => ({
    stage,
    seconds: median(runs.map((r) => r.stages.find((s) => s.stage === stage)?.seconds ?? Number.NaN)),
  }));
  return {
    seconds: median(runs.map((r) => r.seconds)),
    all_seconds: runs.map((r) => r.seconds),
    cpu_seconds: median(runs.map((r) => r.cpu_seconds)),
    peak_mb: Math.max(...runs.map((r) => r.peak_mb)),
    stages,
    rows: runs[0]?.rows,
    slowest: runs[0]?.slowest,
  };
}

async function sides(place: Place): Promise<Record<SideName, ProductSide[]>> {
  const runs: Record<SideName, ProductSide[]> = { good: [], bad: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const side of SIDES) {
      console.error(`round ${round} of ${ROUNDS}, ${side} …`);
      runs[side].push(await hourOf(place, side, round));
    }
  }
  return runs;
}

/** A first hour of a table of which a fourth is bad, beside the same hour without bad rows: medians of runs in turn. */
export async function bad(rows: number): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-bench-"));
  const state = join(folder, "servers");
  try {
    await startClusters({ state, clusters: [CONTROL_CLUSTER, BILLING_CLUSTER] });
    const good = await writeSource(state, rows, "good");
    const place = { folder, state, sources: { good, bad: await writeSource(state, rows, "bad") } };
    const runs = await sides(place);
    const [without, beside] = [summary(runs.good), summary(runs.bad)];
    return {
      name: "bad",
      rows,
      rounds: ROUNDS,
      good_seconds: without.seconds,
      seconds: beside.seconds,
      ratio: ratio(beside.seconds, without.seconds),
      cpu_ratio: ratio(beside.cpu_seconds, without.cpu_seconds),
      peak_mb: beside.peak_mb,
      good_peak_mb: without.peak_mb,
      good: without,
      bad: beside,
    };
  } finally {
    await stopClusters({ state });
    rmSync(folder, { recursive: true, force: true });
  }
}
