import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Failure } from "../kernel/problem.ts";
import { type Account, canEnter, serverAccount } from "./account.ts";
import { adoptDataDirectory } from "./adopt-data.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import {
  type ClusterRecord,
  clustersFolder,
  folderElsewhere,
  readRecord,
  recordedNames,
  recordUrl,
  writeRecord,
} from "./cluster-record.ts";
import { freePort } from "./free-port.ts";
import { folderNotOurs, neverStarted, recordLost } from "./problems.ts";
import { answers, createDataDirectory, launch, type Server, serverPid, stopServer } from "./server-process.ts";
import { withStartLock } from "./start-lock.ts";

/** One embedded cluster: its name, the database in it, and whether its commits must survive a crash of the machine. */
export interface ClusterSpec {
  readonly name: string;
  readonly database: string;
  readonly durable: boolean;
}

/** The control store. */
export const CONTROL_CLUSTER: ClusterSpec = { name: "control", database: "ledgerloop", durable: true };

/** The demo's billing database: a cluster of its own, because `pg_snapshot_xmin` is cluster-wide. */
export const BILLING_CLUSTER: ClusterSpec = { name: "billing", database: "billing", durable: false };

/** A cluster as `up` and `status` show it. `url` holds a password and is never printed. */
export interface ClusterStatus {
  readonly name: string;
  readonly state: "running" | "starting" | "stopped";
  readonly port: number;
  readonly pid: number | null;
  readonly data: string;
  readonly log: string;
  /** The file that remembers it, with its password. */
  readonly record: string;
  readonly database: string;
  readonly url: string;
}

interface Installation {
  readonly account: Account;
  readonly binaries: Binaries;
  /** Parent of the data directories. */
  readonly folder: string;
  /** The data lies outside the state directory, because the account cannot enter that. */
  readonly elsewhere: boolean;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  password_encryption: "scram-sha-256",
  log_min_messages: "warning",
  timezone: "UTC",
};

/** A folder in the temporary directory that only we can write to and everybody can pass through. */
async function reachableFolder(state: string): Promise<string> {
  const folder = await folderElsewhere(state);
  await mkdir(folder, { mode: 0o711 }).catch(() => undefined);
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Failure("usage", folderNotOurs(folder));
  await chmod(folder, 0o711);
  return folder;
}

async function installationFor(state: string): Promise<Installation> {
  const account = serverAccount();
  const inside = clustersFolder(state);
  const elsewhere = !canEnter(inside, account);
  const binaries = await findBinaries(account, () => reachableFolder(state));
  return { account, binaries, folder: elsewhere ? await reachableFolder(state) : inside, elsewhere };
}

async function newRecord(state: string, spec: ClusterSpec, installation: Installation): Promise<ClusterRecord> {
  const data = join(installation.folder, `${spec.name}-data`);
  if (existsSync(data)) {
    // Data elsewhere outlives a removed state directory: without its password it is of no use to anybody.
    if (!installation.elsewhere) throw new Failure("usage", recordLost(spec.name, data));
    await stopServer(spec.name, data);
    await rm(data, { recursive: true });
  }
  const beside = (ending: string) => join(clustersFolder(state), `${spec.name}.${ending}`);
  const [log, file] = [beside("log"), beside("json")];
  const password = randomBytes(24).toString("hex");
  const record = { name: spec.name, data, log, file, port: await freePort(), password, database: spec.database };
  await writeRecord(state, record);
  return record;
}

/** Gives a server that is in crash recovery time to answer, then ends it if it never does. */
async function attachOrEnd(record: ClusterRecord, patienceMs: number): Promise<boolean> {
  const giveUp = Date.now() + patienceMs;
  while ((await serverPid(record.data)) !== null) {
    if (await answers(record)) return true;
    if (Date.now() > giveUp) await stopServer(record.name, record.data);
    await sleep(50);
  }
  return false;
}

async function ensureDatabase(record: ClusterRecord): Promise<void> {
  const client = new pg.Client({ connectionString: recordUrl(record, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [record.database]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(record.database)}`);
  } finally {
    await client.end();
  }
}

async function startServer(server: Server): Promise<number> {
  try {
    await launch(server);
    return server.port;
  } catch (error) {
    // Somebody took the remembered port while the server was down.
    const port = await freePort();
    if (port === server.port) throw error;
    await launch({ ...server, port });
    return port;
  }
}

interface Starting {
  readonly state: string;
  readonly installation: () => Promise<Installation>;
  readonly patienceMs: number;
}

async function startCluster(spec: ClusterSpec, { state, installation, patienceMs }: Starting): Promise<ClusterStatus> {
  const known = await readRecord(state, spec.name);
  if (known && (await attachOrEnd(known, patienceMs))) return statusOf(known);
  const { account, binaries, folder } = await installation();
  const record = known ?? (await newRecord(state, spec, await installation()));
  const settings = spec.durable ? SETTINGS : { ...SETTINGS, fsync: "off", max_prepared_transactions: "10" };
  const server: Server = { ...record, data: join(folder, `${spec.name}-data`), settings, binaries, account };
  if (existsSync(record.data)) await adoptDataDirectory(server, record.data);
  else await createDataDirectory(server);
  const port = await startServer(server);
  const started = { ...record, data: server.data, port };
  await writeRecord(state, started);
  await ensureDatabase(started);
  return statusOf(started);
}

async function statusOf(record: ClusterRecord): Promise<ClusterStatus> {
  const { name, port, data, log, file, database } = record;
  const pid = await serverPid(data);
  const state = pid === null ? "stopped" : (await answers(record)) ? "running" : "starting";
  return { name, state, port, pid, data, log, record: file, database, url: recordUrl(record) };
}

/**
 * Starts clusters that are not running yet, creating them at first; they outlive this process.
 * When we are root and the account `postgres` cannot enter the state directory, data (and, if need be, binaries)
 * lie in the temporary directory. Two callers at once take turns. A server that does not answer for `patienceMs`
 * (15 s) is taken for hung and replaced.
 * @throws Failure `usage` when this machine cannot run them, `retryable` when a server does not come up.
 */
export async function startClusters(options: {
  state: string;
  clusters: readonly ClusterSpec[];
  patienceMs?: number;
}): Promise<ClusterStatus[]> {
  const patienceMs = options.patienceMs ?? 15_000;
  await mkdir(clustersFolder(options.state), { recursive: true });
  const state = await realpath(options.state);
  return withStartLock(join(clustersFolder(state), "lock"), async () => {
    let found: Promise<Installation> | undefined;
    const installation = () => {
      found ??= installationFor(state);
      return found;
    };
    const started: ClusterStatus[] = [];
    for (const spec of options.clusters) started.push(await startCluster(spec, { state, installation, patienceMs }));
    return started;
  });
}

/**
 * Stops every cluster that has a record.
 * @returns the names of those that were running.
 * @throws Failure `internal` when a server does not end.
 */
export async function stopClusters(options: { state: string }): Promise<string[]> {
  const folder = clustersFolder(options.state);
  if (!existsSync(folder)) return [];
  return withStartLock(join(folder, "lock"), async () => {
    const records = (await clusterRecords(options.state)).map(async (r) => ((await stopServer(r.name, r.data)) ? [r.name] : []));
    return (await Promise.all(records)).flat();
  });
}

async function clusterRecords(state: string): Promise<ClusterRecord[]> {
  const records = await Promise.all((await recordedNames(state)).map((name) => readRecord(state, name)));
  return records.filter((r) => r !== null);
}

/** Every cluster that was ever started under a state directory, by name. */
export async function clusterStatus(options: { state: string }): Promise<ClusterStatus[]> {
  return Promise.all((await clusterRecords(options.state)).map(statusOf));
}

/**
 * The address of an embedded cluster's database; holds a password.
 * @throws Failure `usage` when the cluster was never started here.
 */
export async function clusterUrl(state: string, name: string): Promise<string> {
  const record = await readRecord(state, name);
  if (!record) throw new Failure("usage", neverStarted(name));
  return recordUrl(record);
}

/** Removes a cluster's data and record for good; it must be stopped. For sandboxes that leave nothing behind. */
export async function removeClusters(options: { state: string }): Promise<void> {
  await stopClusters(options);
  for (const record of await clusterRecords(options.state)) await rm(record.data, { recursive: true, force: true });
  await rm(clustersFolder(options.state), { recursive: true, force: true });
  if (existsSync(options.state)) await rm(await folderElsewhere(await realpath(options.state)), { recursive: true, force: true });
}
