import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { removeClusters } from "../../src/embedded/clusters.ts";
import { BILLING_PIPELINE, ledgerloop } from "../cli/small-run.ts";
import { freshDatabase } from "../support/postgres.ts";

const CUSTOMER = (n: number) =>
  `insert into billing.customers (id, customer_id, legal_name, email, currency, balance_minor, delinquent) values (${n}, 'cus_${n}', 'C', 'a@b.c', 'EUR', 0, false)`;

const made: string[] = [];

/** A folder that the server's account can enter, so that the control store's data lies inside it. */
function stateFolder(mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-copied-"));
  chmodSync(folder, mode);
  made.push(folder);
  return folder;
}

afterEach(async () => {
  for (const state of made.splice(0)) {
    await removeClusters({ state });
    rmSync(state, { recursive: true, force: true });
  }
});

interface Run {
  readonly outcome: string;
  readonly publication_id: string;
}

async function placeAt(state: string, billing: string) {
  const env = { LEDGERLOOP_STATE: state, BILLING_URL: billing, LEDGERLOOP_ACTOR: "tester" };
  const document = async <T>(...args: string[]) => {
    const { out, err } = await ledgerloop([...args, "--pipeline", BILLING_PIPELINE, "--json"], env);
    if (out === "") throw new Error(err);
    return JSON.parse(out) as T;
  };
  return {
    up: () => document<{ clusters: { pid: number; port: number; data: string }[] }>("up"),
    run: () => document<Run>("run"),
    runs: async () => (await document<{ runs: { publication_id: string }[] }>("runs")).runs.map((r) => r.publication_id),
    down: () => document("down"),
    customers: async () => {
      const query = ["query", "select count(*) as n from curated.customer", "--pipeline", BILLING_PIPELINE, "--json"];
      return (await ledgerloop(query, env)).out;
    },
  };
}

/** As `cp -r` or an archive does: another owner, other inodes, wider rights. */
function copyTo(from: string, to: string): void {
  expect(spawnSync("cp", ["-r", `${from}/.`, to]).status).toBe(0);
  spawnSync("chmod", ["-R", "go+rX", to]);
  chmodSync(to, statSync(from).mode & 0o777);
}

test("a state folder copied to another place goes on there, with locks and pid files of another machine inside it", async () => {
  await using billing = await freshDatabase();
  const source = await billing.client();
  await source.query(readFileSync("sandbox/billing/billing.sql", "utf8"));
  await source.query(CUSTOMER(1));
  const first = stateFolder();
  const home = await placeAt(first, billing.url);
  const [cluster] = (await home.up()).clusters;
  expect(cluster?.data).toContain(first);
  expect((await home.run()).outcome).toBe("published");
  await home.down();
  const lock = join(first, "warehouse.duckdb.lock");
  writeFileSync(lock, "");
  const inode = statSync(lock).ino.toString();
  writeFileSync(lock, JSON.stringify({ pid: process.pid, started: "1", host: "another-machine", purpose: "run", inode }));
  writeFileSync(join(first, "clusters", "lock"), `${process.pid} ${statSync(join(first, "clusters", "control.json")).ino}\n`);
  writeFileSync(join(cluster?.data ?? "", "postmaster.pid"), `${process.pid}\n${cluster?.data}\n`);

  const second = stateFolder();
  copyTo(first, second);
  rmSync(first, { recursive: true });
  const there = await placeAt(second, billing.url);
  expect((await there.up()).clusters[0]?.data).toContain(second);
  expect(await there.runs()).toEqual(["billing-1"]);
  await source.query(CUSTOMER(2));
  expect(await there.run()).toMatchObject({ outcome: "published", publication_id: "billing-2" });
  expect(JSON.parse(await there.customers())).toEqual([{ n: "2" }]);
});

test("a copy made beside a running original has servers of its own and leaves the original alone", async () => {
  await using billing = await freshDatabase();
  const source = await billing.client();
  await source.query(readFileSync("sandbox/billing/billing.sql", "utf8"));
  await source.query(CUSTOMER(1));
  const first = stateFolder();
  const home = await placeAt(first, billing.url);
  const [original] = (await home.up()).clusters;
  await home.run();
  // Closed to the server's account where we are root: the data moves to where it can reach it.
  const second = stateFolder();
  copyTo(first, second);
  chmodSync(second, 0o700);
  const there = await placeAt(second, billing.url);
  const [copy] = (await there.up()).clusters;
  expect([copy?.port === original?.port, copy?.pid === original?.pid]).toEqual([false, false]);
  expect(await there.runs()).toEqual(["billing-1"]);
  expect((await there.run()).publication_id).toBe("billing-2");
  await there.down();
  expect((await home.up()).clusters[0]?.pid).toBe(original?.pid);
  expect(await home.runs()).toEqual(["billing-1"]);
  expect((await home.run()).publication_id).toBe("billing-2");
});
