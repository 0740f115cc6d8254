import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Failure } from "../kernel/problem.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { initdbFailed, startFailed, stopFailed } from "./problems.ts";

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 30_000;
/** The start log is begun anew beyond this size. */
const LOG_LIMIT_BYTES = 10_000_000;

/** PG* variables of the caller must not leak into a server. */
const ENVIRONMENT = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** What is needed to run the server of one data directory. */
export interface Server {
  readonly name: string;
  readonly data: string;
  readonly log: string;
  readonly port: number;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly binaries: Binaries;
  readonly account: Account;
}

async function giveTo(account: Account, path: string): Promise<void> {
  if ("uid" in account && account.uid !== undefined) await chown(path, account.uid, account.gid);
}

/**
 * Creates the data directory with scram passwords, UTF8 and locale C. Appears under its name only when finished.
 * @throws Failure `internal` with what initdb said.
 */
export async function createDataDirectory(server: Server): Promise<void> {
  const partial = `${server.data}.partial`;
  const secret = `${server.data}.pw`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await giveTo(server.account, partial);
  await writeFile(secret, `${server.password}\n`, { mode: 0o600 });
  await giveTo(server.account, secret);
  try {
    const flags = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username=postgres", "--no-sync"];
    const made = spawnSync(server.binaries.initdb, ["-D", partial, ...flags, `--pwfile=${secret}`], {
      ...server.account,
      cwd: partial,
      env: ENVIRONMENT,
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Failure("internal", initdbFailed(server.name, made.error?.message ?? made.stderr.trim()));
  } finally {
    await rm(secret, { force: true });
  }
  await rename(partial, server.data);
}

function commandOf(pid: number): string {
  const { stdout } = spawnSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  return stdout ?? "";
}

/** The words with which a process was started; empty where there is none. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform !== "linux") return commandOf(pid);
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
}

/**
 * Whether a process without words is still being cleared away: Linux frees its memory, and its words with it, before it closes its ports.
 * One that only waits for its parent to ask for its end holds nothing any more.
 */
export async function isBeingCleared(pid: number): Promise<boolean> {
  if (process.platform !== "linux" || (await commandLine(pid)) !== "") return false;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return /\) [^ZX] /.test(stat);
}

/** The process that serves a data directory; null if none does. A pid that now belongs to another program is none. */
export async function serverPid(data: string): Promise<number | null> {
  const text = await readFile(`${data}/postmaster.pid`, "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return pid > 0 && (await commandLine(pid)).includes(` -D ${data} `) ? pid : null;
}

/** Whether a server answers with its password for this very data directory. */
export async function answers(server: Pick<Server, "data" | "port" | "password">): Promise<boolean> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: server.port,
    user: "postgres",
    password: server.password,
    database: "postgres",
    connectionTimeoutMillis: 2_000,
    // Whatever PGSSLMODE says of other servers, this one speaks no TLS.
    ssl: false,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data: string }>("select current_setting('data_directory') as data");
    return rows[0]?.data === server.data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function openLog(file: string) {
  const log = await open(file, "a", 0o600);
  if ((await log.stat()).size > LOG_LIMIT_BYTES) await log.truncate(0);
  return log;
}

async function spawnDetached(server: Server): Promise<ChildProcess> {
  const log = await openLog(server.log);
  try {
    const settings = Object.entries(server.settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(server.binaries.postgres, ["-D", server.data, "-p", String(server.port), ...settings], {
      ...server.account,
      cwd: server.data,
      env: ENVIRONMENT,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** The interlock of a killed postmaster may outlive it by 0.3 s, so an early exit is tried again a few times. */
async function launchOnce(server: Server, giveUp: number): Promise<boolean> {
  const child = await spawnDetached(server);
  while (Date.now() < giveUp) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    if (await answers(server)) return true;
    await sleep(25);
  }
  return false;
}

/**
 * Starts the server as a process of its own that outlives this one, and waits until it answers.
 * @returns its process id.
 * @throws Failure `retryable` when it does not come up.
 */
export async function launch(server: Server): Promise<number> {
  // A pid file of a program that is not ours would keep the server from starting for as long as that program lives.
  if ((await serverPid(server.data)) === null) await rm(`${server.data}/postmaster.pid`, { force: true });
  const giveUp = Date.now() + START_PATIENCE_MS;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    if (await launchOnce(server, giveUp)) return (await serverPid(server.data)) ?? 0;
    await sleep(200);
  }
  throw new Failure("retryable", startFailed(server.name, server.log));
}

async function goneWithin(data: string, milliseconds: number): Promise<boolean> {
  const giveUp = Date.now() + milliseconds;
  while (Date.now() < giveUp) {
    if ((await serverPid(data)) === null) return true;
    await sleep(20);
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}

/**
 * Ends whatever serves a data directory: first politely, after 30 s by SIGQUIT (the next start recovers).
 * @returns whether something was running.
 * @throws Failure `internal` when it does not end.
 */
export async function stopServer(name: string, data: string): Promise<boolean> {
  if (!existsSync(data)) return false;
  const pid = await serverPid(data);
  if (pid === null) return false;
  signal(pid, "SIGINT");
  if (await goneWithin(data, STOP_PATIENCE_MS)) return true;
  signal(pid, "SIGQUIT");
  if (await goneWithin(data, STOP_PATIENCE_MS)) return true;
  throw new Failure("internal", stopFailed(name, pid));
}
