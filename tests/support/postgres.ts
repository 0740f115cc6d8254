import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll } from "vitest";
import { serverAt, startTestCluster, type TestCluster, type TestServer } from "./cluster.ts";
import { sharedServers } from "./shared-servers.ts";

/** A fresh database; dropped on disposal. `client()` gives a connected client that is closed on disposal. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly cluster: TestServer;
  client(role?: { name: string; password: string }): Promise<pg.Client>;
}

/** Binaries of the version to test against, by a folder; the installed ones where none is named. */
const NATIVE = process.env["LEDGERLOOP_TEST_POSTGRES"] || undefined;

const own: Promise<TestCluster>[] = [];
let source: Promise<TestServer> | undefined;
let control: Promise<TestServer> | undefined;

function startOwn(native: string | undefined): Promise<TestCluster> {
  const cluster = startTestCluster({}, native);
  own.push(cluster);
  return cluster;
}

/**
 * The server for sources: of this worker, whose files use it one after the other, since an open transaction is seen in all its
 * databases; of this file where its lane starts none.
 */
export function testCluster(): Promise<TestServer> {
  const shared = sharedServers();
  source ??= shared ? Promise.resolve(serverAt(shared.source)) : startOwn(NATIVE);
  return source;
}

/** Makes the server for sources one of this file's own, before anything else asked for it. */
export function ownTestCluster(): Promise<TestCluster> {
  const cluster = startOwn(NATIVE);
  source = cluster;
  return cluster;
}

/** The server for control stores, which any number of files share. */
export function controlCluster(): Promise<TestServer> {
  const shared = sharedServers();
  control ??= shared ? Promise.resolve(serverAt(shared.control)) : startOwn(undefined);
  return control;
}

afterAll(async () => {
  for (const cluster of own.splice(0)) await (await cluster).stop();
  source = undefined;
  control = undefined;
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

let made = 0;

/** A database that stores any bytes and checks none, as old ones do. */
export const ANY_BYTES = "encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0";

/** A fresh, empty database in this file's server: `await using db = await freshDatabase()`. */
export async function freshDatabase(options: { on?: TestServer; like?: string } = {}): Promise<TestDatabase> {
  const cluster = options.on ?? (await testCluster());
  made += 1;
  const name = `db_${process.pid}_${made}_${randomBytes(2).toString("hex")}`;
  const administer = async (sql: string) => {
    const admin = await connect(cluster.url("postgres"));
    await admin.query(sql);
    await admin.end();
  };
  await administer(`create database ${name} ${options.like ?? ""}`);
  const clients: pg.Client[] = [];
  return {
    name,
    url: cluster.url(name),
    cluster,
    client: async (role) => {
      const client = await connect(cluster.url(name, role));
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((c) => c.end().catch(() => undefined)));
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}
