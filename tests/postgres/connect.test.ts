import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Failure } from "../../src/kernel/problem.ts";
import { connectServer } from "../../src/postgres/connect.ts";
import { serverAddress } from "../../src/postgres/server-address.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { migrateStore, openStore } from "../../src/store/store.ts";
import { feedOf, sourceOf } from "../sources/extracting.ts";
import { startTestCluster, type TestCluster, type TestServer } from "../support/cluster.ts";
import { failed } from "../support/failed.ts";
import { testCluster } from "../support/postgres.ts";
import { type Certificates, makeCertificates } from "../support/tls.ts";

const OWNER = { room: "source", name: "source billing", place: "connection.url in sources/billing.yaml" } as const;
const SECRET = "p@ss/w:rd#1%";
const folder = mkdtempSync(join(tmpdir(), "ledgerloop-connect-"));

let certificates: Certificates;
/** Speaks TLS; lets `tls_only` in by TLS alone, `plain_only` without, `cert_only` by its certificate. */
let safe: TestCluster;
/** Speaks none. */
let plain: TestServer;

beforeAll(async () => {
  certificates = await makeCertificates("cert_only");
  const rules = join(certificates.folder, "hba.conf");
  writeFileSync(
    rules,
    ["hostssl all cert_only all cert", "hostssl all tls_only all scram-sha-256", "hostnossl all plain_only all scram-sha-256"]
      .concat(
        "hostssl all plain_only all reject",
        "hostnossl all tls_only all reject",
        "host all all all scram-sha-256",
        "local all all scram-sha-256",
      )
      .join("\n"),
  );
  chmodSync(rules, 0o644);
  safe = await startTestCluster({ ...certificates.settings, hba_file: rules });
  plain = await testCluster();
  const admin = new pg.Client({ connectionString: safe.url("postgres"), ssl: false });
  await admin.connect();
  for (const role of ["cert_only", "tls_only", "plain_only"])
    await admin.query(`create role ${role} login password 'secret-word'`);
  await admin.end();
});

afterAll(async () => {
  await safe.stop();
  rmSync(certificates.folder, { recursive: true });
  rmSync(folder, { recursive: true });
});

async function asked<T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  env: Record<string, string> = {},
): Promise<T | undefined> {
  const how = { owner: OWNER, applicationName: "test", patienceMs: 5_000 };
  const { client } = await connectServer(serverAddress(url, OWNER, env), how);
  try {
    return (await client.query<T>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

const TLS = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
const usesTls = async (url: string, env: Record<string, string> = {}) => (await asked<{ ssl: boolean }>(url, TLS, env))?.ssl;

const at = (cluster: TestServer, user: string, rest: string) =>
  `postgres://${user}:${user === "postgres" ? cluster.password : "secret-word"}@127.0.0.1:${cluster.port}/postgres${rest}`;
const file = (path: string) => encodeURIComponent(path);

describe("sslmode", () => {
  test.each([
    ["", true],
    ["?sslmode=disable", false],
    ["?sslmode=allow", false],
    ["?sslmode=prefer", true],
    ["?sslmode=require", true],
  ])("%j with a server that speaks TLS", async (mode, tls) => expect(await usesTls(at(safe, "postgres", mode))).toBe(tls));

  test.each(["", "?sslmode=disable", "?sslmode=allow", "?sslmode=prefer"])("%j with a server that speaks none", async (mode) => {
    expect(await usesTls(at(plain, "postgres", mode))).toBe(false);
  });

  test("require with a server that speaks none: exit 20, nothing to repeat", async () => {
    const failure = await failed(usesTls(at(plain, "postgres", "?sslmode=require")));
    expect(failure).toMatchObject({
      kind: "incomplete",
      problems: [{ code: "source.tls", says: expect.stringMatching(/speaks no TLS/) }],
    });
  });

  test("a server that lets a role in by one way only is asked by that way", async () => {
    expect(await usesTls(at(safe, "tls_only", "?sslmode=allow"))).toBe(true);
    expect(await usesTls(at(safe, "plain_only", "?sslmode=prefer"))).toBe(false);
    await expect(usesTls(at(safe, "plain_only", "?sslmode=require"))).rejects.toMatchObject({ code: "28000" });
    await expect(usesTls(at(safe, "tls_only", "?sslmode=disable"))).rejects.toMatchObject({ code: "28000" });
  });

  test("verify-ca and verify-full ask for the authority, verify-full for the name too", async () => {
    const root = `&sslrootcert=${file(certificates.authority)}`;
    expect(await usesTls(at(safe, "postgres", `?sslmode=verify-full${root}`))).toBe(true);
    const byName = at(safe, "postgres", `?sslmode=verify-ca${root}`).replace("127.0.0.1", "localhost");
    expect(await usesTls(byName)).toBe(true);
    const failure = await failed(usesTls(byName.replace("verify-ca", "verify-full")));
    expect(failure).toMatchObject({ kind: "incomplete", problems: [{ code: "source.certificate" }] });
  });

  test.each(["require", "verify-ca", "verify-full"])("%s with another authority: exit 20", async (mode) => {
    const url = at(safe, "postgres", `?sslmode=${mode}&sslrootcert=${file(certificates.stranger)}`);
    expect(await failed(usesTls(url))).toMatchObject({ kind: "incomplete", problems: [{ code: "source.certificate" }] });
  });

  test("verify-full without a root certificate asks the authorities that Node knows", async () => {
    const failure = await failed(usesTls(at(safe, "postgres", "?sslmode=verify-full")));
    expect(failure).toMatchObject({ kind: "incomplete", problems: [{ code: "source.certificate" }] });
  });

  test("a client certificate takes the place of a password; sslnegotiation=direct", async () => {
    const cert = `?sslmode=require&sslcert=${file(certificates.clientCert)}&sslkey=${file(certificates.clientKey)}`;
    expect(await usesTls(`postgres://cert_only@127.0.0.1:${safe.port}/postgres${cert}`)).toBe(true);
    await expect(usesTls(at(safe, "cert_only", "?sslmode=require"))).rejects.toMatchObject({ code: "28000" });
    expect(await usesTls(at(safe, "postgres", "?sslmode=require&sslnegotiation=direct"))).toBe(true);
  });
});

describe("hosts", () => {
  const two = (first: string, second: string, rest = "") => `postgres://postgres:test@${first},${second}/postgres${rest}`;
  const up = () => `127.0.0.1:${plain.port}`;
  const PORT = "select current_setting('port') as port";

  test("they are tried in order", async () => {
    expect((await asked<{ port: string }>(two("127.0.0.1:1", up()), PORT))?.port).toBe(String(plain.port));
    expect((await asked<{ port: string }>(two(up(), `127.0.0.1:${safe.port}`), PORT))?.port).toBe(String(plain.port));
    expect(await failed(asked(two("127.0.0.1:1", "127.0.0.1:2"), PORT))).toMatchObject({ kind: "retryable" });
  });

  test("a refused login is final", async () => {
    await expect(asked(two(up(), up()).replace(":test@", ":wrong@"), PORT)).rejects.toMatchObject({ code: "28P01" });
  });

  test.each(["any", "read-write", "primary", "prefer-standby"])("target_session_attrs=%s takes a primary", async (attributes) => {
    expect(await asked(two("127.0.0.1:1", up(), `?target_session_attrs=${attributes}`), PORT)).toBeDefined();
  });

  test("target_session_attrs looks at the session, not at the server alone", async () => {
    const readOnly = two("127.0.0.1:1", up(), "?target_session_attrs=read-only&options=-c%20default_transaction_read_only%3Don");
    expect(await asked(readOnly, PORT)).toBeDefined();
  });

  test.each(["standby", "read-only"])("no server that is %s: exit 40, as in a failover", async (attributes) => {
    const failure = await failed(asked(two("127.0.0.1:1", up(), `?target_session_attrs=${attributes}`), PORT));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "source.session_attrs" }] });
  });
});

describe("ways to sign in", () => {
  test("the password file and PGPASSWORD", async () => {
    const passfile = join(folder, "pgpass");
    writeFileSync(passfile, `127.0.0.1:${plain.port}:*:postgres:${plain.password}\n`, { mode: 0o600 });
    const url = `postgres://postgres@127.0.0.1:${plain.port}/postgres`;
    expect(await usesTls(url, { PGPASSFILE: passfile })).toBe(false);
    expect(await usesTls(url, { PGPASSWORD: plain.password })).toBe(false);
    const failure = await failed(usesTls(url));
    expect(failure).toMatchObject({
      kind: "incomplete",
      problems: [{ code: "source.login", says: expect.stringMatching(/asks for a password/) }],
    });
  });

  test("options and application_name reach the session", async () => {
    const url = at(plain, "postgres", "?options=-c%20work_mem%3D5MB&application_name=ours");
    const sql = "select current_setting('work_mem') as memory, current_setting('application_name') as name";
    expect(await asked(url, sql)).toEqual({ memory: "5MB", name: "ours" });
  });
});

describe("sockets", () => {
  test("a folder without a server: exit 40", async () => {
    const failure = await failed(usesTls("postgres://u:w@/d?host=/no/server/here"));
    expect(failure).toMatchObject({
      kind: "retryable",
      problems: [{ code: "source.unreachable", says: expect.stringMatching(/ENOENT/) }],
    });
  });

  test("a server behind a socket", async () => {
    const sockets = mkdtempSync(join(tmpdir(), "ll-"));
    chmodSync(sockets, 0o777);
    const cluster = await startTestCluster({ unix_socket_directories: sockets });
    try {
      const url = `postgres://postgres:test@:${cluster.port}/postgres?host=${encodeURIComponent(sockets)}&sslmode=require`;
      expect(await asked(url, "select inet_client_addr() is null as local")).toEqual({ local: true });
    } finally {
      await cluster.stop();
      rmSync(sockets, { recursive: true });
    }
  });
});

describe("a server that is none", () => {
  let silent: Server;
  const listening = (server: Server) =>
    new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)));
  afterAll(() => {
    silent.close();
  });

  test("connect_timeout ends the wait for one that says nothing", async () => {
    const sockets: { destroy(): void }[] = [];
    silent = createServer((socket) => void sockets.push(socket));
    const port = await listening(silent);
    const began = Date.now();
    const failure = await failed(usesTls(`postgres://u:w@127.0.0.1:${port}/d?connect_timeout=1`));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "source.unreachable" }] });
    expect(Date.now() - began).toBeLessThan(4_000);
    for (const socket of sockets) socket.destroy();
  });
});

describe("one meaning for sources and control store", () => {
  const wrong = () => `postgres://u:${SECRET}@127.0.0.1:${plain.port}/postgres`;
  const shown = (failure: Failure) => JSON.stringify([failure.message, failure.stack, failure.problems, String(failure.cause)]);

  test.each([
    ["source", () => postgresReader().describe(sourceOf(wrong()), [feedOf()])],
    ["store", () => openStore(wrong())],
    ["store", () => migrateStore(wrong())],
  ])("a password that is not percent-encoded: exit 2, no piece of it shown (%s)", async (room, ask) => {
    const failure = await failed(ask());
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: `${room}.url`, says: expect.stringMatching(/%40/) }] });
    for (const piece of ["p@ss", "ss/w", "w:rd", "rd#", "#1%"]) expect(shown(failure)).not.toContain(piece);
  });

  test("the control store takes what a source takes", async () => {
    const admin = new pg.Client({ connectionString: plain.url("postgres") });
    await admin.connect();
    await admin.query("create database store_hosts");
    await admin.end();
    const url = `postgres://postgres:test@127.0.0.1:1,127.0.0.1:${plain.port}/store_hosts?sslmode=prefer&target_session_attrs=read-write`;
    await migrateStore(url);
    const store = await openStore(url);
    expect(await store.ask("select current_setting('TimeZone') as zone")).toEqual([{ zone: "UTC" }]);
    await store.close();
    const failure = await failed(openStore(`postgres://postgres:test@127.0.0.1:${plain.port}/store_hosts?sslmode=require`));
    expect(failure).toMatchObject({ kind: "incomplete", problems: [{ code: "store.tls" }] });
    const down = await failed(openStore("postgres://u:w@/d?host=/no/server/here"));
    expect(down).toMatchObject({ kind: "retryable", problems: [{ code: "store.unreachable" }] });
  });
});
