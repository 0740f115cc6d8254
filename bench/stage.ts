import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { BILLING_CLUSTER, CONTROL_CLUSTER, clusterUrl, startClusters, stopClusters } from "../src/embedded/clusters.ts";
import { migrateStore } from "../src/store/store.ts";
import { createHour } from "./data.ts";

const HERE = import.meta.dirname;
/** 20.001 rows per customer, and faults at residues of 1,000 and more. */
const ROWS_PER_THOUSAND = 20_001;

/** What a measured process says about itself in the last line it prints. */
export interface Side {
  readonly seconds: number;
  readonly peak_mb: number;
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  readonly wrong: readonly string[];
}

/** What the floor says besides. */
export interface FloorSide extends Side {
  /** The client that took the source's rows. */
  readonly copied_by: "psql" | "node";
}

/** What the product says besides. */
export interface ProductSide extends Side {
  /** How the run ended: `published` where it did what it should. */
  readonly outcome: string;
  /** Of all threads of the process, from the run's start to its end; neither its own start nor the servers. */
  readonly cpu_seconds: number;
  readonly statements: number;
  readonly slowest: readonly { readonly statement: string; readonly seconds: number }[];
  readonly parent_quarantined: readonly { readonly rule: string; readonly rows: number }[];
  /** Classes of extracted rows over all feeds. */
  readonly rows: Readonly<Record<string, number>>;
  readonly digest_before: string | null;
  readonly digest_after: string | null;
}

/** A source with an hour's data, and a folder for everything else; gone when disposed of. */
export interface Stage extends AsyncDisposable {
  readonly source: string;
  /** Number of customers. */
  readonly n: number;
  readonly rows: number;
  readonly folder: string;
  readonly state: string;
  /** Variables by which a process finds source, state and control store. */
  readonly env: Readonly<Record<string, string>>;
  /** Process ids of the two servers. */
  readonly servers: readonly number[];
  /** Runs a script of this folder in a process of its own. */
  child<T extends Side>(script: string, args: readonly string[]): T;
}

/** Customers that make about so many rows. */
export function customersFor(rows: number): number {
  return Math.max(1000, Math.round(rows / ROWS_PER_THOUSAND) * 1000);
}

/** An empty database beside others on a server. */
export async function freshDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.toString();
}

/** How Node is called with a script of this folder. */
export const scriptCall = (script: string) => ["--import", "tsx", join(HERE, script)];

/** Runs a script of this folder in a process of its own. */
export function run<T extends Side>(script: string, args: readonly string[], env: Readonly<Record<string, string>>): T {
  const done = spawnSync(process.execPath, [...scriptCall(script), ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  const line = done.stdout.trim().split("\n").at(-1);
  if (done.status !== 0 || !line) throw new Error(`${script} ended with ${done.status ?? done.signal}`);
  return JSON.parse(line) as T;
}

/** What is written into a source: of how many customers, how many rows that makes, and how. */
export interface StageData {
  readonly n: number;
  readonly rows: number;
  readonly create: (url: string, n: number) => Promise<void>;
}

/** About so many rows of the hour that most benches load. */
export function hourOf(rows: number): StageData {
  const n = customersFor(rows);
  return { n, rows: Math.round(20.001 * n), create: createHour };
}

/** Starts PostgreSQL and writes data into it. */
export async function setStage({ n, rows, create }: StageData): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-bench-"));
  const state = join(folder, "state");
  const clear = async () => {
    await stopClusters({ state });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const started = await startClusters({ state, clusters: [CONTROL_CLUSTER, BILLING_CLUSTER] });
    const source = await freshDatabase(await clusterUrl(state, "billing"), "bench");
    const control = await clusterUrl(state, "control");
    await migrateStore(control);
    console.error(`writing ${rows} rows …`);
    await create(source, n);
    const env = { LEDGERLOOP_STATE: state, BENCH_URL: source, CONTROL_URL: control };
    return {
      source,
      n,
      rows,
      folder,
      state,
      env,
      servers: started.flatMap(({ pid }) => (pid === null ? [] : [pid])),
      child: (script, args) => run(script, args, env),
      [Symbol.asyncDispose]: clear,
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

/** State and control store of one run beside others. */
export interface OwnPlace extends Disposable {
  readonly env: Readonly<Record<string, string>>;
}

/** What one run of the product over a source needs for itself; its files are gone when disposed of. */
export async function ownPlace(
  { folder, state, source }: Pick<Stage, "folder" | "state" | "source">,
  name: string,
): Promise<OwnPlace> {
  const own = join(folder, name);
  mkdirSync(own);
  const control = await freshDatabase(await clusterUrl(state, "control"), name);
  await migrateStore(control);
  return {
    env: { LEDGERLOOP_STATE: own, BENCH_URL: source, CONTROL_URL: control },
    [Symbol.dispose]: () => rmSync(own, { recursive: true }),
  };
}

/** What the bench pipeline has as `memory_limit`. */
export const MEMORY = "700MB";

/** The bench pipeline with its feeds read from where the last hour ended instead of whole. */
export function incrementalPipeline(folder: string, memory = MEMORY): string {
  const made = join(folder, "incremental");
  cpSync(join(HERE, "pipeline"), made, { recursive: true });
  const settings = join(made, "pipeline.yaml");
  const text = readFileSync(settings, "utf8");
  if (!text.includes(`memory_limit: ${MEMORY}`)) throw new Error(`${settings} has another memory_limit than ${MEMORY}`);
  writeFileSync(settings, text.replace(`memory_limit: ${MEMORY}`, `memory_limit: ${memory}`));
  const path = join(made, "sources", "src.yaml");
  // No trigger stamps the rows: an hour's statements do.
  const cursor = "{ mode: updated_at, column: updated_at, trusted: each statement of the bench stamps its rows }";
  writeFileSync(path, readFileSync(path, "utf8").replaceAll("{ mode: whole }", cursor));
  return made;
}

/** The bench pipeline as it is. */
export const WHOLE_PIPELINE = join(HERE, "pipeline");

/** An empty folder of a stage. */
export function emptyFolder(stage: Stage, name: string): string {
  const folder = join(stage.folder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
}

/** Of an odd number of runs the one in the middle, by seconds. */
export function medianOf<T extends Pick<Side, "seconds">>(runs: readonly T[]): T {
  const found = [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
  if (!found) throw new Error("there is no run");
  return found;
}

/** Rounded to two digits. */
export function ratio(a: number, b: number): number {
  return Math.round((100 * a) / b) / 100;
}
