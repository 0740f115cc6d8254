import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clusterDocument } from "../../src/documents/cluster.ts";
import {
  BILLING_CLUSTER,
  CONTROL_CLUSTER,
  clusterStatus,
  clusterUrl,
  removeClusters,
  startClusters,
  stopClusters,
} from "../../src/embedded/clusters.ts";
import { serverPid } from "../../src/embedded/server-process.ts";

let state: string;

beforeEach(async () => {
  // As root this folder (mode 0700) is one that the server's account cannot enter.
  state = await mkdtemp(join(tmpdir(), "ledgerloop-state-"));
});

afterEach(async () => {
  await removeClusters({ state });
  await rm(state, { recursive: true });
});

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<T>(sql);
  await client.end();
  return rows[0];
}

const up = () => startClusters({ state, clusters: [CONTROL_CLUSTER] });

test("the line that opens a cluster reads its password when it is run, and shows none", async () => {
  const [running = expect.fail()] = await up();
  const { connect } = clusterDocument(running);
  const { password } = JSON.parse(await readFile(join(state, "clusters", "control.json"), "utf8")) as { password: string };
  expect(connect).not.toContain(password);
  const bin = join(state, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "psql"), '#!/bin/sh\necho "$PGPASSWORD $*"\n', { mode: 0o755 });
  const { stdout } = spawnSync("sh", ["-c", connect ?? ""], {
    encoding: "utf8",
    env: { PATH: `${bin}:${dirname(process.execPath)}:${process.env["PATH"]}` },
  });
  expect(stdout).toBe(`${password} -h 127.0.0.1 -p ${running.port} -U postgres ledgerloop\n`);
  await stopClusters({ state });
  expect((await clusterStatus({ state })).map(clusterDocument)).toMatchObject([
    { name: "control", state: "stopped", connect: null },
  ]);
});

test("two clusters start, are remembered, stop, and start again with their data", async () => {
  const clusters = [CONTROL_CLUSTER, BILLING_CLUSTER];
  const first = await startClusters({ state, clusters });
  expect(first.map((c) => [c.name, c.state])).toEqual([
    ["control", "running"],
    ["billing", "running"],
  ]);
  const url = await clusterUrl(state, "control");
  await ask(url, "create table kept as select 1 as a");
  expect(await ask(url, "select current_setting('fsync') as fsync")).toEqual({ fsync: "on" });
  expect((await stat(join(state, "clusters", "control.json"))).mode & 0o777).toBe(0o600);

  const again = await startClusters({ state, clusters });
  expect(again.map((c) => c.pid)).toEqual(first.map((c) => c.pid));

  expect((await stopClusters({ state })).sort()).toEqual(["billing", "control"]);
  expect((await clusterStatus({ state })).map((c) => c.state)).toEqual(["stopped", "stopped"]);
  expect(await stopClusters({ state })).toEqual([]);
  const third = await startClusters({ state, clusters });
  expect(third.map((c) => c.port)).toEqual(first.map((c) => c.port));
  expect(await ask(url, "select a from kept")).toEqual({ a: 1 });
});

test("servers outlive the process that started them, and two starts at once give one server", async () => {
  const script = `const { startClusters, CONTROL_CLUSTER } = await import(${JSON.stringify(join(process.cwd(), "src/embedded/clusters.ts"))});
    console.log((await startClusters({ state: ${JSON.stringify(state)}, clusters: [CONTROL_CLUSTER] }))[0].pid);`;
  const run = () =>
    new Promise<string>((done) => {
      const child = spawn("npx", ["tsx", "--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
      });
      child.on("close", () => done(out.trim()));
    });
  const [a, b] = await Promise.all([run(), run()]);
  expect(Number(a)).toBeGreaterThan(0);
  expect(a).toBe(b);
  expect((await clusterStatus({ state }))[0]).toMatchObject({ pid: Number(a), state: "running" });
});

test("a killed server comes back with its committed rows", async () => {
  const [first] = await up();
  const url = await clusterUrl(state, "control");
  await ask(url, "create table kept as select 1 as a");
  process.kill(first?.pid ?? 0, "SIGKILL");
  const [second] = await up();
  expect(second?.pid).not.toBe(first?.pid);
  expect(await ask(url, "select a from kept")).toEqual({ a: 1 });
});

test("a hung server is ended and replaced", async () => {
  const [first] = await up();
  process.kill(first?.pid ?? 0, "SIGSTOP");
  const starting = startClusters({ state, clusters: [CONTROL_CLUSTER], patienceMs: 500 });
  await sleep(3_000);
  process.kill(first?.pid ?? 0, "SIGCONT");
  const [second] = await starting;
  expect(second?.state).toBe("running");
  expect(await serverPid(second?.data ?? "")).toBe(second?.pid);
});

test("a lock and a pid file of dead or foreign processes are no obstacle", async () => {
  const { writeFile } = await import("node:fs/promises");
  const [first] = await up();
  await stopClusters({ state });
  const dead = spawnSync("true").pid;
  await writeFile(join(state, "clusters", "lock"), `${dead}\n`);
  await writeFile(join(first?.data ?? "", "postmaster.pid"), `${process.pid}\n${first?.data}\n`);
  expect((await up())[0]?.state).toBe("running");
});

test("a remembered port that somebody else took is replaced", async () => {
  const [first] = await up();
  await stopClusters({ state });
  const { createServer } = await import("node:net");
  const squatter = createServer((socket) => socket.end());
  await new Promise<void>((done) => squatter.listen(first?.port, "127.0.0.1", done));
  const [second] = await up();
  squatter.close();
  expect(second?.port).not.toBe(first?.port);
  expect(await ask(await clusterUrl(state, "control"), "select 1 as a")).toEqual({ a: 1 });
});

test("data without its record is refused inside the state directory, with the way out", async () => {
  await rm(state, { recursive: true });
  await mkdir(state, { mode: 0o755 });
  const [first] = await up();
  await stopClusters({ state });
  await rm(join(state, "clusters", "control.json"));
  await expect(up()).rejects.toThrow(/its record with port and password is gone[\s\S]*next: .*ledgerloop up/);
  await rm(first?.data ?? "", { recursive: true });
});

test("never started: the message says what to type; passwords stay out of the log", async () => {
  await expect(clusterUrl(state, "control")).rejects.toThrow(/never started[\s\S]*ledgerloop up/);
  const [first] = await up();
  const password = new URL(first?.url ?? "").password;
  expect(password).toHaveLength(48);
  expect(await readFile(first?.log ?? "", "utf8")).not.toContain(password);
});
