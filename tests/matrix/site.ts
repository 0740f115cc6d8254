import pg from "pg";
import { afterAll } from "vitest";
import { migrateStore } from "../../src/store/store.ts";
import { startTestCluster, type TestCluster, type TestServer } from "../support/cluster.ts";
import { testCluster } from "../support/postgres.ts";
import { baseOf, COMMON, frontOf, type Kind, type Mode, tablesOf } from "./kinds.ts";

/** Databases of one cell in the server of its file. */
export interface SourceSite extends AsyncDisposable {
  readonly kind: Kind;
  /** The relation that programs write to. */
  readonly base: string;
  /** The database of the feed's relation. */
  readonly database: string;
  /** The role that reads. */
  readonly reader: string;
  /** Executes statements where the base is; a line that ends in `;` ends a statement. */
  write(sql: string): Promise<void>;
  /** The same in a database: by default that of the feed's relation. */
  at(sql: string, database?: string): Promise<void>;
  /** A session where the base is, the same at each call, open until the site is left. */
  session(): Promise<pg.Client>;
  /** A name for another database, which is dropped with the site. */
  another(): string;
  /** The address of a database, for the role that reads or for the superuser. */
  url(database: string, as?: "reader" | "superuser"): string;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = await connect(url);
  try {
    for (const statement of sql.split(";\n").filter((text) => text !== "")) await client.query(statement);
  } finally {
    await client.end();
  }
}

const STORE = "store";
let control: Promise<TestCluster> | undefined;

async function startControl(): Promise<TestCluster> {
  const cluster = await startTestCluster();
  await execute(cluster.url("postgres"), `create database ${STORE}`);
  await migrateStore(cluster.url(STORE));
  return cluster;
}

afterAll(async () => {
  await (await control)?.stop();
  control = undefined;
});

/** A control store of its own in a server that the file's cells share, as the cluster that a house wants. */
export async function ownControl(name: string): Promise<TestCluster> {
  control ??= startControl();
  const cluster = await control;
  await execute(cluster.url("postgres"), `create database ${name} template ${STORE}`);
  const stop = () => execute(cluster.url("postgres"), `drop database ${name} with (force)`);
  return { ...cluster, url: () => cluster.url(name), stop };
}

interface Built {
  readonly cluster: TestServer;
  readonly reader: string;
  /** The database of the feed's relation first, that of the base last. */
  readonly names: readonly string[];
}

async function build({ cluster, reader, names }: Built, kind: Kind, mode: Mode): Promise<void> {
  const [near = ""] = names;
  const far = names.at(-1) ?? near;
  const made = names.flatMap((name) => [
    `create database ${name}`,
    ...(mode === "local" ? [`alter database ${name} set timezone to 'America/New_York'`] : []),
  ]);
  const role = `create role ${reader} login password 'test' in role pg_read_all_stats`;
  await execute(cluster.url("postgres"), [role, ...made].join(";\n"));
  const base = [COMMON, tablesOf(kind, mode)];
  const front = [
    frontOf(kind, mode, { ...cluster, far }),
    `grant usage on schema shop to ${reader};\ngrant select on all tables in schema shop to ${reader}`,
  ];
  if (far !== near) await execute(cluster.url(far), base.join(";\n"));
  await execute(cluster.url(near), [...(far === near ? base : [COMMON]), ...front].join(";\n"));
}

let version: Promise<number> | undefined;

/** The version of the server that the file's cells are on, such as 18. */
export function majorVersion(): Promise<number> {
  version ??= askVersion();
  return version;
}

async function askVersion(): Promise<number> {
  const client = await connect((await testCluster()).url("postgres"));
  try {
    const { rows } = await client.query<{ n: number }>("select current_setting('server_version_num')::int / 10000 as n");
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

/** Ends what a cell left open, and drops its databases and its role. */
async function tearDown({ cluster, reader }: Built, names: readonly string[]): Promise<void> {
  const admin = await connect(cluster.url("postgres"));
  try {
    const { rows } = await admin.query<{ gid: string; database: string }>(
      "select gid, database from pg_prepared_xacts where database = any($1)",
      [names],
    );
    for (const { gid, database } of rows) await execute(cluster.url(database), `rollback prepared '${gid}'`);
    for (const name of names) await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`drop role ${reader}`);
  } finally {
    await admin.end();
  }
}

let made = 0;

/** Makes the databases of a source of one kind, with eight old rows, and the role that reads it. */
export async function openSourceSite(kind: Kind, mode: Mode): Promise<SourceSite> {
  made += 1;
  const cluster = await testCluster();
  const near = `m_${process.pid}_${made}`;
  const built: Built = { cluster, reader: `reader_${made}`, names: kind === "foreign" ? [near, `${near}_far`] : [near] };
  await build(built, kind, mode);
  const names = [...built.names];
  const far = names.at(-1) ?? near;
  let session: Promise<pg.Client> | undefined;
  return {
    kind,
    base: baseOf(kind),
    database: near,
    reader: built.reader,
    write: (sql) => execute(cluster.url(far), sql),
    at: (sql, database = near) => execute(cluster.url(database), sql),
    session: () => {
      session ??= connect(cluster.url(far));
      return session;
    },
    another: () => {
      const name = `${near}_${names.length}`;
      names.push(name);
      return name;
    },
    url: (database, as = "reader") =>
      as === "superuser" ? cluster.url(database) : cluster.url(database, { name: built.reader, password: "test" }),
    [Symbol.asyncDispose]: async () => {
      await (await session)?.end();
      await tearDown(built, names);
    },
  };
}
