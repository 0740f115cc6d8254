import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { serverAccount } from "../../src/embedded/account.ts";
import { freePort } from "../../src/embedded/free-port.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { CURRENCIES, extracted, feedOf, only, sourceOf, unusedPorts, values } from "../sources/extracting.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

const POOLER = "pgbouncer";
const isThere = spawnSync(POOLER, ["--version"]).status === 0;
const READER = { name: "pool_reader", password: "pw" };

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}

interface Pool {
  readonly url: string;
  readonly admin: pg.Client;
  /** The settings that the pool's servers show to whoever gets them. */
  readonly leftBehind: () => Promise<string[]>;
}

async function started(config: string): Promise<ChildProcess> {
  const account = serverAccount();
  const process = spawn(POOLER, [config], { ...account, stdio: "ignore" });
  return process;
}

/** A real PgBouncer before a database, its servers signed in as a role that may only read. */
async function withPool(options: { mode: string; size: number }, work: (pool: Pool, db: TestDatabase) => Promise<void>) {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`create role ${READER.name} login password '${READER.password}'; create schema billing;
    create table billing.invoices (id int primary key, updated_at timestamptz not null default now());
    insert into billing.invoices values (1), (2), (3);
    grant usage on schema billing to ${READER.name}; grant select, insert on billing.invoices to ${READER.name};
    grant pg_read_all_stats to ${READER.name}`);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "ledgerloop-pool-"));
  const port = await freePort();
  const config = join(folder, "pgbouncer.ini");
  writeFileSync(
    config,
    `[databases]
app = host=127.0.0.1 port=${db.cluster.port} dbname=${db.name} user=${READER.name} password=${READER.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${options.mode}
default_pool_size = ${options.size}
`,
  );
  chmodSync(folder, 0o711);
  const account = serverAccount();
  if ("uid" in account) for (const path of [folder, config]) chownSync(path, account.uid, account.gid);
  const process = await started(config);
  const url = `postgres://${READER.name}@127.0.0.1:${port}/app`;
  try {
    while (!(await answers(port))) await sleep(50);
    await work({ url, admin, leftBehind: () => leftBehind(url, options.size) }, db);
  } finally {
    process.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    await admin.query(`drop owned by ${READER.name}; drop role ${READER.name}`);
  }
}

const SETTINGS = [
  "default_transaction_read_only",
  "search_path",
  "statement_timeout",
  "row_security",
  "timezone",
  "lock_timeout",
  "work_mem",
];

/** Holds every server of the pool at once and asks each for its settings. */
async function leftBehind(url: string, size: number): Promise<string[]> {
  const clients = Array.from({ length: size }, () => new pg.Client({ connectionString: url }));
  const shown: string[] = [];
  for (const client of clients) {
    await client.connect();
    await client.query("begin");
    const { rows } = await client.query(`select ${SETTINGS.map((s) => `current_setting('${s}') as ${s}`).join(", ")}`);
    shown.push(JSON.stringify(rows[0]));
  }
  for (const client of clients) {
    await client.query("rollback");
    await client.end();
  }
  return [...new Set(shown)];
}

const feed = feedOf({ schema: "billing", columns: ["id"], cursor: { mode: "updated_at", column: "updated_at" } });

describe.skipIf(!isThere)("through PgBouncer", () => {
  test("in transaction mode rows come whole, and nothing is left on its servers: by a read, a trial, or a failure", async () => {
    await withPool({ mode: "transaction", size: 3 }, async ({ url, admin, leftBehind: left }) => {
      const before = await left();
      const source = sourceOf(url, { parallel: 3 });
      const first = only(await extracted([{ feed, keys: true }], { source }));
      expect(values(first.lines)).toEqual(["1", "2", "3"]);
      const request = { feed, cursor: first.cursor, published: first.cursor, mayReadWhole: true, keys: true, loading: null };
      const unaborted = new AbortController().signal;
      const tried = { ...unusedPorts(), source, feeds: [request], currencies: CURRENCIES, signal: unaborted };
      expect((await postgresReader().try?.(tried))?.says).toMatch(/on 3 connections$/);
      await admin.query("alter table billing.invoices enable row level security");
      for (let i = 0; i < 5; i += 1) {
        const reading = extracted([{ feed, cursor: first.cursor }], { source });
        await expect(reading).rejects.toMatchObject({ kind: "incomplete", message: /Row-level security would hide rows/ });
      }
      await admin.query("alter table billing.invoices disable row level security");
      expect(await left()).toEqual(before);
      const application = new pg.Client({ connectionString: url });
      await application.connect();
      for (let id = 10; id < 20; id += 1) await application.query("insert into billing.invoices values ($1)", [id]);
      await application.end();
      expect(only(await extracted([{ feed, cursor: first.cursor }], { source })).lines).toHaveLength(13);
    });
  });

  test("a pool of one server is enough", async () => {
    await withPool({ mode: "transaction", size: 1 }, async ({ url }) => {
      const read = only(await extracted([{ feed, keys: true }], { source: sourceOf(url, { parallel: 4 }) }));
      expect(values(read.lines)).toEqual(["1", "2", "3"]);
    });
  });

  test("one that cuts transactions is refused, and no row is read", async () => {
    await withPool({ mode: "statement", size: 3 }, async ({ url }) => {
      await expect(extracted([{ feed }], { source: sourceOf(url) })).rejects.toMatchObject({
        name: "Failure",
        kind: "incomplete",
      });
    });
  });
});
