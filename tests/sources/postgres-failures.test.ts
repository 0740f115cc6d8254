import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Failure } from "../../src/kernel/problem.ts";
import { serverError } from "../../src/postgres/sqlstates.ts";
import { startTestCluster } from "../support/cluster.ts";
import { failed } from "../support/failed.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { extracted, feedOf, only, sourceOf } from "./extracting.ts";

const FEED = feedOf({ columns: ["id"] });

const shape = ({ kind, problems }: Failure) => [kind, problems[0]?.code];

/** A view whose rows end in an error of any code. */
const FAILING = (code: string) => `
create function fail() returns int language plpgsql as $$ begin raise exception 'row value 4711' using errcode = '${code}'; end $$;
create view invoices as select fail() as id`;

describe("what the server says ends as the verdict of its SQLSTATE, names the feed and repeats no value of a row", () => {
  test.each([
    ["08006", "retryable", "source.interrupted"],
    ["08P01", "incomplete", "source.query"],
    ["0A000", "incomplete", "source.unsupported"],
    ["21000", "incomplete", "source.row_failed"],
    ["22012", "incomplete", "source.row_failed"],
    ["22021", "incomplete", "source.not_utf8"],
    ["22P05", "incomplete", "source.not_utf8"],
    ["23514", "incomplete", "source.row_failed"],
    ["25006", "incomplete", "source.query"],
    ["25P02", "incomplete", "source.query"],
    ["25P03", "incomplete", "source.limit"],
    ["25P04", "incomplete", "source.limit"],
    ["40001", "retryable", "source.interrupted"],
    ["40P01", "retryable", "source.interrupted"],
    ["40002", "incomplete", "source.query"],
    ["42501", "incomplete", "source.right"],
    ["42P01", "incomplete", "source.gone"],
    ["42703", "incomplete", "source.gone"],
    ["42883", "incomplete", "source.unsupported"],
    ["42601", "incomplete", "source.query"],
    ["53000", "incomplete", "source.limit"],
    ["53100", "incomplete", "source.limit"],
    ["53200", "incomplete", "source.limit"],
    ["53300", "retryable", "source.connections"],
    ["53400", "incomplete", "source.limit"],
    ["54000", "incomplete", "source.limit"],
    ["54001", "incomplete", "source.limit"],
    ["55000", "incomplete", "source.query"],
    ["55P03", "retryable", "source.lock"],
    ["57014", "incomplete", "source.statement_timeout"],
    ["57P01", "retryable", "source.interrupted"],
    ["57P03", "retryable", "source.interrupted"],
    ["57P05", "incomplete", "source.limit"],
    ["58030", "incomplete", "source.server"],
    ["HV000", "incomplete", "source.row_failed"],
    ["HV00N", "retryable", "source.interrupted"],
    ["P0001", "incomplete", "source.row_failed"],
    ["XX000", "incomplete", "source.server"],
    ["XX001", "incomplete", "source.server"],
    ["ZZ123", "incomplete", "source.query"],
  ])("%s", async (code, kind, problem) => {
    await using db = await freshDatabase();
    await (await db.client()).query(FAILING(code));
    const failure = await failed(extracted([{ feed: FEED }], { source: sourceOf(db.url) }));
    expect(shape(failure)).toEqual([kind, problem]);
    expect(failure.message).toContain(code);
    expect(failure.message).toContain("billing.invoices");
    expect(failure.message).not.toContain("4711");
    expect(/repeat the same/.test(failure.message)).toBe(kind === "retryable");
  });
});

test("our statement timeout names its setting and the feed, and does not say to repeat", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query("create view invoices as select n as id, pg_sleep(0.05)::text from generate_series(1, 1000) n");
  const failure = await failed(extracted([{ feed: FEED }], { source: sourceOf(db.url, { statementTimeoutSeconds: 1 }) }));
  expect(shape(failure)).toEqual(["incomplete", "source.statement_timeout"]);
  expect(failure.message).toMatch(/billing\.invoices.*statement_timeout_seconds of sources\/billing\.yaml \(1\)/);
  expect(failure.message).not.toMatch(/repeat/);
});

async function slowRead(db: TestDatabase, meanwhile: string): Promise<Failure> {
  const admin = await db.client();
  await admin.query("create view invoices as select n as id, pg_sleep(0.01)::text from generate_series(1, 1000) n");
  const reading = failed(extracted([{ feed: FEED }], { source: sourceOf(db.url) }));
  await sleep(500);
  await admin.query(meanwhile);
  return reading;
}

test("a statement that somebody cancels may be repeated", async () => {
  await using db = await freshDatabase();
  const cancel =
    "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'ledgerloop extract' and query like 'copy%'";
  expect(shape(await slowRead(db, cancel))).toEqual(["retryable", "source.interrupted"]);
});

const clerk = (db: TestDatabase) => ({ name: `clerk_${db.name}`, password: "w" });

async function withClerk(db: TestDatabase, more: string): Promise<string> {
  const { name, password } = clerk(db);
  await (await db.client()).query(`create table invoices (id int); insert into invoices select generate_series(1, 50000);
    create role ${name} login password '${password}'; grant select on all tables in schema public to ${name}; ${more}`);
  return db.cluster.url(db.name, clerk(db));
}

test("a role's limit on a transaction's length is not the read's", async () => {
  await using db = await freshDatabase();
  const url = await withClerk(
    db,
    `create view slow as select n as id, pg_sleep(0.01)::text from generate_series(1, 1000) n;
    alter role clerk_${db.name} set transaction_timeout = '300ms'; grant select on slow to clerk_${db.name}`,
  );
  expect(only(await extracted([{ feed: feedOf({ table: "slow" }) }], { source: sourceOf(url) })).lines).toHaveLength(1000);
});

test("a limit on temporary files names the setting and the feed", async () => {
  await using db = await freshDatabase();
  const url = await withClerk(
    db,
    `create view wide as select n as id, repeat('x', 500) as pad from generate_series(1, 50000) n order by md5(n::text);
    alter role clerk_${db.name} set temp_file_limit = '1MB'; grant select on wide to clerk_${db.name}`,
  );
  const failure = await failed(
    extracted([{ feed: feedOf({ table: "wide", columns: ["id", "pad"] }) }], { source: sourceOf(url) }),
  );
  expect(shape(failure)).toEqual(["incomplete", "source.limit"]);
  expect(failure.message).toMatch(/billing\.wide.*temp_file_limit.*53400/);
});

test("a statement over max_stack_depth", async () => {
  await using db = await freshDatabase();
  await (
    await db.client()
  ).query(`create function deep(n int) returns int language plpgsql as $$ begin return public.deep(n + 1); end $$;
    create view invoices as select deep(1) as id`);
  const failure = await failed(extracted([{ feed: FEED }], { source: sourceOf(db.url) }));
  expect(shape(failure)).toEqual(["incomplete", "source.limit"]);
  expect(failure.message).toMatch(/max_stack_depth/);
});

describe("connections", () => {
  test("a role that may have one connection reads by one", async () => {
    await using db = await freshDatabase();
    const url = await withClerk(db, `alter role clerk_${db.name} connection limit 1`);
    const got = only(await extracted([{ feed: FEED, keys: true }], { source: sourceOf(url, { parallel: 4 }) }));
    expect(got.lines).toHaveLength(50_000);
  });

  test.each([
    ["role", (db: TestDatabase) => `alter role clerk_${db.name} connection limit 1`],
    ["database", (db: TestDatabase) => `alter database ${db.name} connection limit 1`],
  ])("the limit of the %s is told as one: exit 20", async (which, sql) => {
    await using db = await freshDatabase();
    const url = await withClerk(db, sql(db));
    await db.client(clerk(db)).catch(() => undefined);
    const failure = await failed(extracted([{ feed: FEED }], { source: sourceOf(url) }));
    expect(shape(failure)).toEqual(["incomplete", "source.limit"]);
    expect(failure.message).toMatch(new RegExp(`the ${which}'s own CONNECTION LIMIT`));
  });

  test("a server that is full for now: exit 40", async () => {
    const cluster = await startTestCluster({ max_connections: "6", superuser_reserved_connections: "1", max_wal_senders: "0" });
    try {
      await using db = await freshDatabase({ on: cluster });
      const url = await withClerk(db, "");
      for (let i = 0; i < 6; i += 1) await db.client(clerk(db)).catch(() => undefined);
      const failure = await failed(extracted([{ feed: FEED }], { source: sourceOf(url) }));
      expect(shape(failure)).toEqual(["retryable", "source.connections"]);
      expect(failure.message).toMatch(/max_connections/);
    } finally {
      await cluster.stop();
    }
  });
});

test("every class of SQLSTATE of PostgreSQL has a verdict, and what is unknown is not worth a repetition", () => {
  const said = (code: string, more: object = {}) =>
    serverError(Object.assign(new Error("m"), { severity: "ERROR", code, ...more }));
  for (const code of ["99999", "ABCDE", "01000", "2D000"]) expect(said(code)?.verdict).toBe("other");
  expect(said("08P01", { message: "query_wait_timeout" })?.verdict).toBe("repeat");
  expect(said("55000", { routine: "CheckMyDatabase" })?.verdict).toBe("repeat");
  expect(said("57014", { message: "canceling statement due to user request" })?.verdict).toBe("repeat");
  expect(serverError(Object.assign(new Error("m"), { code: "ECONN" }))).toBeNull();
  expect(serverError("53200")).toBeNull();
});
