import { expect, test } from "vitest";
import type { Feed } from "../../src/config/pipeline.ts";
import { instantOf, startOf } from "../../src/sources/postgres/cursor.ts";
import { postgresReading } from "../../src/sources/postgres/postgres-kind.ts";
import type { Cursor } from "../../src/sources/source.ts";
import { startTestCluster } from "../support/cluster.ts";
import { freshDatabase, type TestDatabase, testCluster } from "../support/postgres.ts";
import { extracted, feedOf, only, sourceOf, values } from "./extracting.ts";

const TABLE = `
create table invoices (id int primary key, updated_at timestamptz not null default now(), chg xid8 not null default pg_current_xact_id());
create function touched() returns trigger language plpgsql as $$
  begin new.updated_at := now(); new.chg := pg_current_xact_id(); return new; end $$;
create trigger touched before insert or update on invoices for each row execute function touched();
insert into invoices (id) values (1), (2), (3);`;

const byXid = feedOf({ columns: ["id"], cursor: { mode: "xid", column: "chg" } });
const byTime = feedOf({ columns: ["id"], cursor: { mode: "updated_at", column: "updated_at" } });
/** The cap stays 5 s behind the clock. */
const PATIENT = 6_000;

async function reader(db: TestDatabase, rights: readonly string[]): Promise<string> {
  const admin = await db.client();
  const name = `reader_${db.name}`;
  await admin.query(`create role ${name} login password 'secret-word'; grant select on all tables in schema public to ${name}`);
  for (const right of rights) await admin.query(`grant ${right} to ${name}`);
  return db.cluster.url(db.name, { name, password: "secret-word" });
}

/** Session A changes id 1 and stays open over the second extract; session B changes id 2 and commits. */
async function race(db: TestDatabase, feed: Feed, url: string) {
  const [a, b] = [await db.client(), await db.client()];
  const read = async (cursor: Cursor | null) => only(await extracted([{ feed, cursor }], { source: sourceOf(url) }));
  if (postgresReading(feed).cursor.mode === "updated_at") await new Promise((done) => setTimeout(done, PATIENT));
  const first = await read(null);
  await a.query("begin; update invoices set id = id where id = 1");
  await b.query("update invoices set id = id where id = 2");
  const second = await read(first.cursor);
  await a.query("commit");
  const third = await read(second.cursor);
  return { first, second, third };
}

async function lastSeen(db: TestDatabase): Promise<string> {
  const { rows } = await (await db.client()).query<{ at: string }>("select max(updated_at)::text as at from invoices");
  return rows[0]?.at ?? "";
}

test("a cursor at the greatest updated_at seen loses the row of the open transaction for ever", async () => {
  await using db = await freshDatabase();
  const [admin, a, b] = [await db.client(), await db.client(), await db.client()];
  await admin.query(TABLE);
  await a.query("begin; update invoices set id = id where id = 1");
  await b.query("update invoices set id = id where id = 2");
  const seen = await lastSeen(db);
  await a.query("commit");
  expect((await admin.query("select id from invoices where updated_at > $1", [seen])).rows).toEqual([]);
});

test.each([
  ["xid", byXid, []],
  ["xid, with every right", byXid, ["pg_read_all_stats"]],
  ["updated_at", byTime, ["pg_read_all_stats"]],
] as const)("the row of an open transaction is read later: %s", async (_mode, feed, rights) => {
  const cluster = await startTestCluster();
  try {
    await using db = await freshDatabase({ on: cluster });
    await (await db.client()).query(TABLE);
    const url = await reader(db, rights);
    const { first, second, third } = await race(db, feed, url);
    expect(first.lines).toHaveLength(3);
    expect(values(second.lines)).toContain("2");
    expect(values(second.lines)).not.toContain("1");
    expect(values(third.lines)).toEqual(["1", "2"]);
    expect(third.request).toEqual({ from: second.cursor && startOf(second.cursor, feed.id), whole: false });
  } finally {
    await cluster.stop();
  }
});

test("a role that cannot see other sessions' transactions reads nothing by updated_at, and is told what to grant", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(TABLE);
  const url = await reader(db, []);
  const reading = extracted([{ feed: byTime }], { source: sourceOf(url) });
  await expect(reading).rejects.toMatchObject({ kind: "incomplete", message: /grant pg_read_all_stats to "reader_/ });
  await expect(reading).rejects.not.toThrow(/secret-word/);
});

test("a membership without inheritance does not count", async () => {
  await using db = await freshDatabase();
  await (await db.client()).query(TABLE);
  const url = await reader(db, []);
  await (await db.client()).query(`grant pg_read_all_stats to reader_${db.name} with inherit false`);
  await expect(extracted([{ feed: byTime }], { source: sourceOf(url) })).rejects.toMatchObject({ kind: "incomplete" });
});

test("a prepared transaction holds the updated_at cursor where it was", async () => {
  await using db = await freshDatabase();
  const [admin, a] = [await db.client(), await db.client()];
  await admin.query(TABLE);
  const read = async (cursor: Cursor | null) => only(await extracted([{ feed: byTime, cursor }], { source: sourceOf(db.url) }));
  const first = await read(null);
  await a.query("begin; update invoices set id = id where id = 1; prepare transaction 'p'");
  const second = await read(first.cursor);
  const at = (cursor: Cursor | null) => cursor && instantOf(cursor, byTime.id);
  expect([at(second.cursor), second.cursor?.horizon]).toEqual([at(first.cursor), first.cursor?.horizon]);
  expect(second.findings).toEqual([
    { of: "frozen", says: expect.stringMatching(/^the prepared transaction "p" waits for 0 h 0 min/) },
  ]);
  expect((await read(null)).cursor?.horizon).toBeNull();
  await a.query("commit prepared 'p'");
  const third = await read(second.cursor);
  expect(values(third.lines)).toContain("1");
  expect((third.cursor?.horizon ?? "") >= (second.cursor?.horizon ?? "-")).toBe(true);
});

test("a session that hides its activity makes updated_at incomplete", async () => {
  await using db = await freshDatabase();
  const [admin, hidden] = [await db.client(), await db.client()];
  await admin.query(TABLE);
  await hidden.query("set track_activities = off; begin");
  await expect(extracted([{ feed: byTime }], { source: sourceOf(db.url) })).rejects.toThrow(/track_activities/);
});

test("another database's open transaction does not hold the updated_at cursor", async () => {
  const cluster = await testCluster();
  await using db = await freshDatabase({ on: cluster });
  await using other = await freshDatabase({ on: cluster });
  await (await db.client()).query(TABLE);
  const elsewhere = await other.client();
  await elsewhere.query("begin; select 1");
  const began = Date.now();
  await new Promise((done) => setTimeout(done, PATIENT));
  const { cursor } = only(await extracted([{ feed: byTime }], { source: sourceOf(db.url) }));
  expect(Date.parse(cursor?.horizon ?? "")).toBeGreaterThan(began);
});

test("a row without a change mark is read each time", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`create table invoices (id int primary key, updated_at timestamptz default now(), chg xid8 default pg_current_xact_id());
    insert into invoices values (1, null, null), (2, null, null)`);
  for (const feed of [byXid, byTime]) {
    const first = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
    expect(values(only(await extracted([{ feed, cursor: first.cursor }], { source: sourceOf(db.url) })).lines)).toEqual([
      "1",
      "2",
    ]);
  }
});
