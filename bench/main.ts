import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { BILLING_CLUSTER, CONTROL_CLUSTER, clusterUrl, startClusters, stopClusters } from "../src/embedded/clusters.ts";
import { migrateStore } from "../src/store/store.ts";
import { createHour } from "./data.ts";

/**
 * `npm run bench -- hour --rows 1000000 [--json]`: the floor and the product on the same data, in turn, each in a process of its
 * own. What counts is the ratio; single seconds depend on the machine.
 */
interface Side {
  readonly seconds: number;
  readonly peak_mb: number;
  readonly stages: readonly { stage: string; seconds: number }[];
  readonly wrong: readonly string[];
  readonly statements?: number;
  readonly slowest?: readonly { statement: string; seconds: number }[];
  readonly parent_quarantined?: readonly { rule: string; rows: number }[];
}

const HERE = import.meta.dirname;
/** 20.001 rows per customer, and faults at residues of 1,000 and more. */
const ROWS_PER_THOUSAND = 20_001;

function child(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Side {
  const done = spawnSync(process.execPath, ["--import", "tsx", join(HERE, script), ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const line = done.stdout.trim().split("\n").at(-1);
  if (done.status !== 0 || !line) throw new Error(`${script} ended with ${done.status}`);
  return JSON.parse(line) as Side;
}

async function freshDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`drop database if exists ${name}`);
  await client.query(`create database ${name}`);
  await client.end();
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.toString();
}

async function hour(rows: number): Promise<Record<string, unknown>> {
  const n = Math.max(1000, Math.round(rows / ROWS_PER_THOUSAND) * 1000);
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-bench-"));
  const state = join(folder, "state");
  try {
    await startClusters({ state, clusters: [CONTROL_CLUSTER, BILLING_CLUSTER] });
    const source = await freshDatabase(await clusterUrl(state, "billing"), "bench");
    const control = await clusterUrl(state, "control");
    await migrateStore(control);
    console.error(`writing ${Math.round(20.001 * n)} rows …`);
    await createHour(source, n);
    mkdirSync(join(folder, "floor"));
    console.error("the floor …");
    const floor = child("floor/floor.ts", [source, join(folder, "floor"), "1500MB", String(n)], {});
    console.error("the product …");
    const env = { LEDGERLOOP_STATE: state, BENCH_URL: source, CONTROL_URL: control };
    const product = child("product.ts", [join(HERE, "pipeline"), String(n)], env);
    return {
      name: "hour",
      rows: Math.round(20.001 * n),
      floor_seconds: floor.seconds,
      seconds: product.seconds,
      ratio: Math.round((100 * product.seconds) / floor.seconds) / 100,
      rows_per_second: Math.round((20.001 * n) / product.seconds),
      peak_mb: product.peak_mb,
      floor_peak_mb: floor.peak_mb,
      statements: product.statements,
      stages: product.stages,
      floor_stages: floor.stages,
      wrong_counts: { floor: floor.wrong, product: product.wrong },
      parent_quarantined: product.parent_quarantined,
      slowest: product.slowest,
    };
  } finally {
    await stopClusters({ state });
    rmSync(folder, { recursive: true, force: true });
  }
}

const [name, ...rest] = process.argv.slice(2);
const at = rest.indexOf("--rows");
const rows = at < 0 ? 1_000_000 : Number(rest[at + 1]);
if (name !== "hour" || !(rows > 0)) {
  console.error("usage: npm run bench -- hour [--rows 5000000] [--json]");
  process.exitCode = 2;
} else {
  const result = await hour(rows);
  if (rest.includes("--json")) console.log(JSON.stringify(result, null, 2));
  else console.table(Object.fromEntries(Object.entries(result).filter(([, v]) => typeof v !== "object")));
}
