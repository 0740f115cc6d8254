import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, realpath, rename, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serverAccount } from "../../src/embedded/account.ts";
import { findBinaries } from "../../src/embedded/binaries.ts";
import { freePort } from "../../src/embedded/free-port.ts";
import { createDataDirectory, launch, type Server, serverPid, stopServer } from "../../src/embedded/server-process.ts";

/** A server that a test may use and not stop. */
export interface TestServer {
  readonly port: number;
  readonly password: string;
  url(database: string, role?: { name: string; password: string }): string;
}

/** A throw-away server for tests; nothing in it survives. */
export interface TestCluster extends TestServer {
  stop(): Promise<void>;
  /** Ends the server at once, as `immediate` does: every session is lost, the next start recovers. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address. */
  restart(): Promise<void>;
  /** Keeps its data as they are now; the result puts them back. For each it is stopped for a moment. */
  keep(): Promise<() => Promise<void>>;
  /** Starts a standby that follows it; for that it is stopped for a moment and copied. */
  standby(): Promise<TestCluster>;
}

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "60",
  max_prepared_transactions: "5",
  shared_buffers: "32MB",
  fsync: "off",
  full_page_writes: "off",
  autovacuum: "off",
  timezone: "America/St_Johns",
};

const GIGABYTE = 1 << 30;
const MEMORY = "/dev/shm";

/**
 * Where servers keep their data: in memory where there is room for it, since a database is 300 files, and making and dropping
 * one costs a tenth of a second of CPU on a disk. Containers often have 64 MB there.
 */
async function dataFolder(): Promise<string> {
  const found = await statfs(MEMORY).catch(() => null);
  return found && found.bavail * found.bsize > 4 * GIGABYTE ? MEMORY : realpath(tmpdir());
}

async function folder(prefix: string): Promise<string> {
  const made = await mkdtemp(join(await dataFolder(), prefix));
  await chmod(made, 0o711);
  return made;
}

/** The version of the binaries in a folder, such as 18.4. */
function versionOf(native: string | undefined): string {
  if (native === undefined) return "18.4";
  const { stdout } = spawnSync(join(native, "bin", "postgres"), ["--version"], { encoding: "utf8" });
  const [version] = /\d+[.]\d+/.exec(stdout ?? "") ?? [];
  if (version === undefined) throw new Error(`no PostgreSQL runs from ${native}`);
  return version;
}

/** A folder or file of one version that is kept between runs. */
async function keptAt(what: "bin" | "template", version: string): Promise<string> {
  return join(await realpath(tmpdir()), `ledgerloop-test-${what}-${version}-${process.getuid?.() ?? 0}`);
}

/** Kept between runs, like the template: copying the binaries takes a second. */
async function binariesFolder(version: string): Promise<string> {
  const kept = await keptAt("bin", version);
  await mkdir(kept, { recursive: true, mode: 0o711 });
  return kept;
}

/** initdb takes over a second; its result is kept and copied (39 MB, 0.1 s). */
async function templateOf(server: Server, version: string): Promise<string> {
  const template = await keptAt("template", version);
  if (existsSync(template)) return template;
  await createDataDirectory(server);
  await rename(server.data, template).catch(() => undefined);
  return template;
}

/** Ends the server even if this process is killed: a shell watches both. */
function watch(pid: number, home: string): void {
  const script =
    'while kill -0 "$1" 2>/dev/null; do kill -0 "$2" 2>/dev/null || exit 0; sleep 1; done; kill -QUIT "$2"; sleep 1; rm -rf "$3"';
  spawn("/bin/sh", ["-c", script, "sh", String(process.pid), String(pid), home], { detached: true, stdio: "ignore" }).unref();
}

/** A copy that streams what the original writes. Both have the settings, which a standby may not have lower. */
async function startStandby(primary: Server, home: string): Promise<TestCluster> {
  const copy: Server = {
    ...primary,
    name: "standby",
    data: join(home, "data"),
    log: join(home, "log"),
    port: await freePort(),
    settings: {
      ...primary.settings,
      wal_retrieve_retry_interval: "100ms",
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres password=${primary.password}`,
    },
  };
  await stopServer(primary.name, primary.data);
  spawnSync("cp", ["-a", primary.data, copy.data]);
  await writeFile(join(copy.data, "standby.signal"), "");
  return startCluster(copy, home);
}

/** What is needed to use a server that somebody else started on this machine. */
export function serverAt({ port, password }: Pick<TestServer, "port" | "password">): TestServer {
  return {
    port,
    password,
    url: (database, role = { name: "postgres", password }) =>
      `postgres://${role.name}:${role.password}@127.0.0.1:${port}/${database}`,
  };
}

async function startCluster(server: Server, home: string): Promise<TestCluster> {
  const start = async () => watch(await launch(server), home);
  await start();
  return {
    ...serverAt(server),
    stop: async () => {
      await stopServer(server.name, server.data);
      await rm(home, { recursive: true, force: true });
    },
    crash: async () => {
      const pid = await serverPid(server.data);
      if (pid === null) throw new Error("there is no server to crash");
      process.kill(pid, "SIGQUIT");
      while ((await serverPid(server.data)) !== null) await sleep(20);
    },
    restart: start,
    keep: async () => {
      const kept = join(await folder("ledgerloop-test-"), "data");
      const exchange = async (from: string, to: string) => {
        await stopServer(server.name, server.data);
        await rm(to, { recursive: true, force: true });
        spawnSync("cp", ["-a", from, to]);
        await start();
      };
      await exchange(server.data, kept);
      return async () => {
        await exchange(kept, server.data);
        await rm(dirname(kept), { recursive: true, force: true });
      };
    },
    standby: async () => {
      const standby = startStandby(server, await folder("ledgerloop-test-"));
      await standby.catch(() => undefined);
      await start();
      return standby;
    },
  };
}

/**
 * Starts a throw-away server of its own, e.g. for tests that look at cluster-wide state.
 * @param native the folder of another version's binaries, which holds `bin`, `lib` and `share`.
 */
export async function startTestCluster(
  settings: Readonly<Record<string, string>> = {},
  native: string | undefined = undefined,
): Promise<TestCluster> {
  const home = await folder("ledgerloop-test-");
  const account = serverAccount();
  const version = versionOf(native);
  const server: Server = {
    name: "test",
    data: join(home, "data"),
    log: join(home, "log"),
    port: await freePort(),
    password: "test",
    settings: { ...SETTINGS, ...settings },
    binaries: await findBinaries(account, () => binariesFolder(version), native),
    account,
  };
  const template = await templateOf(server, version);
  if (!existsSync(server.data)) spawnSync("cp", ["-a", template, server.data]);
  return startCluster(server, home);
}
