import { expect, test } from "vitest";
import { xidOf } from "../../src/sources/postgres/cursor.ts";
import type { Cursor } from "../../src/sources/source.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { extracted, feedOf, only, sourceOf, values } from "./extracting.ts";

const STAMPED = `
create function stamp() returns trigger language plpgsql as $$ begin new.chg := pg_current_xact_id(); return new; end $$;
create type mood as enum ('fine', 'poor');
create table invoices (id int primary key, note text, state mood default 'fine', chg xid8 not null default pg_current_xact_id());
create trigger stamp before insert or update on invoices for each row execute function stamp();
insert into invoices (id, note) values (1, '10'), (2, '20');`;

const FEED = feedOf({ columns: ["id", "note", "state"], cursor: { mode: "xid", column: "chg" } });

interface Relations {
  readonly db: TestDatabase;
  readonly sql: (text: string) => Promise<unknown>;
  readonly read: (cursor: Cursor | null, mayReadWhole?: boolean) => Promise<ReturnType<typeof only>>;
}

async function relationsIn(db: TestDatabase, tables: string = STAMPED): Promise<Relations> {
  const admin = await db.client();
  await admin.query(tables);
  return {
    db,
    sql: (text) => admin.query(text),
    read: async (cursor, mayReadWhole = true) =>
      only(await extracted([{ feed: FEED, cursor, mayReadWhole }], { source: sourceOf(db.url) })),
  };
}

test.each([
  [
    "dropped and made again",
    "drop table invoices; create table invoices (id int primary key, note text, state mood, chg xid8 default pg_current_xact_id())",
  ],
  [
    "swapped by a rename",
    "create table next (like invoices including all); alter table invoices rename to old; alter table next rename to invoices",
  ],
  ["a view in its place", "alter table invoices rename to old; create view invoices as select * from old"],
])("a table that is %s is another relation: refused, and named", async (_case, change) => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  const { cursor } = await read(null);
  await sql(change);
  await expect(read(cursor)).rejects.toMatchObject({
    kind: "incomplete",
    message: /finds another table or database[\s\S]*run --full --reason 'another table' --feeds billing\.invoices/,
  });
});

test("a restored database is another one; a renamed database, and a cursor of an earlier version, are not", async () => {
  await using db = await freshDatabase();
  const { read } = await relationsIn(db);
  const { cursor } = await read(null);
  if (!cursor) throw new Error("a read has a cursor");
  const { system, timeline, database } = cursor.identity as { system: string; timeline: string; database: string };
  const elsewhere = { ...cursor, identity: { ...(cursor.identity as object), database: String(Number(database) + 1) } };
  await expect(read(elsewhere)).rejects.toMatchObject({ kind: "incomplete", message: /another table or database/ });
  const early: Cursor = {
    kind: "xid",
    position: { xid: (cursor.position as { xid: string }).xid },
    identity: { system, timeline },
    horizon: null,
  };
  const next = await read(early);
  expect(next.request.whole).toBe(false);
  expect(next.cursor?.identity).toEqual(cursor.identity);
  expect(next.cursor?.position).toMatchObject({ shape: (cursor.position as { shape: object }).shape });
});

test.each([
  [
    "a column read anew",
    "alter table invoices alter column note type text using note || '!'",
    /the column note was made again|rewritten/,
  ],
  [
    "a column dropped and added",
    "alter table invoices drop column note; alter table invoices add column note text default 'x'",
    /the column note/,
  ],
  ["a label renamed", "alter type mood rename value 'fine' to 'good'", /the label fine of an enum is called good now/],
  ["a truncation", "truncate invoices", /rewritten or truncated/],
  ["VACUUM FULL", "vacuum full invoices", /rewritten or truncated/],
  [
    "a trigger off and on again",
    "alter table invoices disable trigger stamp; update invoices set note = 'x' where id = 1; alter table invoices enable trigger stamp",
    /a trigger/,
  ],
  [
    "a trigger function that does less",
    "create or replace function stamp() returns trigger language plpgsql as $$ begin return new; end $$",
    /a trigger/,
  ],
])(
  "rows that may have changed without a stamp: %s is read whole, or refused where that costs too much",
  async (_case, change, says) => {
    await using db = await freshDatabase();
    const { read, sql } = await relationsIn(db);
    const { cursor } = await read(null);
    for (const statement of change.includes("$$") ? [change] : change.split("; ")) await sql(statement);
    await expect(read(cursor, false)).rejects.toMatchObject({
      kind: "incomplete",
      message: /full_refresh_rows[\s\S]*--allow-cost/,
    });
    const whole = await read(cursor);
    expect(whole.request).toEqual({ from: null, whole: true });
    expect(whole.findings).toEqual([{ of: "read_whole", says: expect.stringMatching(says) }]);
    expect((await read(whole.cursor)).request.whole).toBe(false);
  },
);

test.each([
  ["a composite type", "create type nested as (m mood, n int)", "row('fine', 1)::nested"],
  ["a domain of a domain", "create domain inner_mood as mood; create domain nested as inner_mood", "'fine'::nested"],
  ["an array of domains", "create domain nested as mood", "array['fine']::nested[]"],
  ["a domain of an array", "create domain nested as mood[]", "array['fine']::nested"],
  ["a range", "create type nested as range (subtype = mood)", "nested('fine', 'poor')"],
  ["a range of ranges", "create type nested as range (subtype = mood)", "nested_multirange(nested('fine', 'poor'))"],
])("a label renamed inside %s is read whole", async (_case, type, value) => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  await sql(`${type}; alter table invoices drop column state, drop column note; alter table invoices add column note text`);
  const { rows } = (await sql(`select pg_typeof(${value})::text as type`)) as { rows: { type: string }[] };
  await sql(`alter table invoices add column state ${rows[0]?.type} default ${value}`);
  const { cursor } = await read(null);
  expect((await read(cursor, false)).request.whole).toBe(false);
  await sql("alter type mood rename value 'fine' to 'good'");
  const whole = await read(cursor);
  expect(whole.findings).toEqual([
    { of: "read_whole", says: expect.stringMatching(/the label fine of an enum is called good now/) },
  ]);
});

test("a composite type with another attribute is read whole", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  await sql("create type nested as (n int); alter table invoices drop column state");
  await sql("alter table invoices add column state nested; update invoices set state = row(1)::nested");
  const { cursor } = await read(null);
  await sql("alter type nested add attribute more text");
  const whole = await read(cursor);
  expect(whole.request.whole).toBe(true);
  expect(whole.lines).toEqual(expect.arrayContaining([expect.stringMatching(/"\(1,\)"/)]));
});

test("a virtual column with another expression is read whole", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  await sql(
    "alter table invoices drop column note; alter table invoices add column note text generated always as ((id + 1)::text) virtual",
  );
  const { cursor } = await read(null);
  expect((await read(cursor, false)).request.whole).toBe(false);
  await sql("alter table invoices alter column note set expression as ((id + 2)::text)");
  expect((await read(cursor)).findings).toEqual([{ of: "read_whole", says: expect.stringMatching(/the column note/) }]);
});

test.each([
  ["a new label", "alter type mood add value 'awful'"],
  ["a column of no contract", "alter table invoices add column other int default 7"],
  ["an index, statistics and rights", "create index on invoices (note)"],
  ["a trigger more", "create trigger more before update on invoices for each row execute function stamp()"],
  ["a trigger behind the row", "create trigger after_it after insert on invoices for each row execute function stamp()"],
])("what changes no row is no reason: %s", async (_case, change) => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  const { cursor } = await read(null);
  await sql(change);
  const next = await read(cursor, false);
  expect(next.request.whole).toBe(false);
  expect(next.findings ?? []).toEqual([]);
});

const PARTED = `
create type mood as enum ('fine', 'poor');
create table invoices (id int, note text, state mood, chg xid8 default pg_current_xact_id()) partition by range (id);
create table first partition of invoices for values from (0) to (100);
create table later (id int, note text, state mood, chg xid8);
insert into invoices (id) values (1); insert into later values (101, 'old', 'fine', '3');`;

test("a table that is attached is read with all its rows; one that was away and came back too; one that goes is a whole read", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db, PARTED);
  const { cursor } = await read(null);
  await sql("alter table invoices attach partition later for values from (100) to (200)");
  const second = await read(cursor, false);
  expect([second.request.whole, second.findings?.map((f) => f.of)]).toEqual([false, ["source_key", "attached"]]);
  expect(second.lines.some((line) => line.includes("101,old"))).toBe(true);
  expect((await read(second.cursor, false)).lines.some((line) => line.includes("101"))).toBe(false);
  await sql("alter table invoices detach partition later");
  await sql("update later set note = 'changed'");
  await sql("alter table invoices attach partition later for values from (100) to (200)");
  const fourth = await read(second.cursor, false);
  expect(fourth.lines.some((line) => line.includes("101,changed"))).toBe(true);
  await sql("alter table invoices detach partition later");
  await expect(read(fourth.cursor, false)).rejects.toThrow(/1 of its partitions or heirs went away/);
  expect((await read(fourth.cursor)).request.whole).toBe(true);
});

test.each([
  ["a view", "create view invoices as select 1 as id, null::text as note, 'fine' as state, '3'::xid8 as chg", /it is a view/],
  [
    "a materialized view",
    "create materialized view invoices as select 1 as id, null::text as note, 'fine' as state, '3'::xid8 as chg",
    /materialized/,
  ],
  [
    "a column that nobody fills",
    "create table invoices (id int, note text, state text, chg xid8)",
    /neither a default nor an enabled row trigger/,
  ],
  [
    "an heir without the trigger",
    "create table invoices (id int, note text, state text, chg xid8); create table heir () inherits (invoices); alter table only invoices alter chg set default '3'",
    /neither a default/,
  ],
])("%s cannot have a cursor, unless somebody says why it is trusted, which every read repeats", async (_case, tables, says) => {
  await using db = await freshDatabase();
  await (await db.client()).query(tables);
  const source = sourceOf(db.url);
  const feed = (parts: { trusted?: string }) =>
    feedOf({ columns: ["id", "note"], cursor: { mode: "xid", column: "chg", ...parts }, version: "note" });
  await expect(extracted([{ feed: feed({}) }], { source })).rejects.toMatchObject({ kind: "incomplete", message: says });
  const read = only(await extracted([{ feed: feed({ trusted: "the desk stamps by hand" }) }], { source }));
  expect(read.findings).toEqual([{ of: "trusted", says: "the desk stamps by hand" }]);
  expect(only(await extracted([{ feed: feedOf({ columns: ["id"] }) }], { source })).findings).toBeUndefined();
});

test.each([
  ["no index", "", 1],
  ["a partial one", "create unique index on invoices (id) where id > 0", 1],
  ["one on more columns", "create unique index on invoices (id, note)", 1],
  ["one on the key", "create unique index on invoices (id)", 0],
  ["one that also carries other columns", "create unique index on invoices (id) include (note)", 0],
])("a source key with %s", async (_case, index, warnings) => {
  await using db = await freshDatabase();
  await (await db.client()).query(`create table invoices (id int, note text, chg xid8 default pg_current_xact_id()); ${index}`);
  const reading = (unique?: "by index" | "checked nightly") => {
    const feed = feedOf({ columns: ["id", "note"], cursor: { mode: "xid", column: "chg" } });
    const declared = { ...feed, reading: { ...feed.reading, ...(unique ? { uniqueSourceKey: unique } : {}) } };
    return extracted([{ feed: declared }], { source: sourceOf(db.url) });
  };
  expect((only(await reading()).findings ?? []).map((f) => f.of)).toEqual(warnings ? ["source_key"] : []);
  expect(only(await reading("checked nightly")).findings ?? []).toEqual([]);
  if (warnings) await expect(reading("by index")).rejects.toMatchObject({ kind: "incomplete", message: /No unique index/ });
  else expect(only(await reading("by index")).lines).toEqual([]);
});

test("rows that are counted as below the cursor: a whole read names the bound of what increments would have brought", async () => {
  await using db = await freshDatabase();
  const { read, db: there } = await relationsIn(db);
  const { cursor } = await read(null);
  const whole = only(await extracted([{ feed: FEED, cursor: null, published: cursor }], { source: sourceOf(there.url) }));
  expect(whole.below).toEqual({ column: "chg", type: "integer", at: cursor && xidOf(cursor, FEED.id) });
  expect(values(whole.lines)).toEqual(["1", "2"]);
});

test("a position of another column says nothing of today's: the feed is read whole", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  await sql("alter table invoices add column made xid8 default pg_current_xact_id()");
  const made = feedOf({ columns: ["id", "note", "state"], cursor: { mode: "xid", column: "made" } });
  const { cursor } = only(await extracted([{ feed: made }], { source: sourceOf(db.url) }));
  await expect(read(cursor, false)).rejects.toThrow(/its position is one of made/);
  expect((await read(cursor)).request.whole).toBe(true);
});

test("a column of the contract that the source gets later, or loses, is a whole read", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(db);
  await sql("alter table invoices drop column note");
  const without = await read(null);
  await sql("alter table invoices add column note text default 'NEW'");
  const { request, cursor, lines } = await read(without.cursor);
  expect([request.whole, lines.every((line) => line.includes("NEW"))]).toEqual([true, true]);
  await sql("alter table invoices drop column note");
  expect((await read(cursor)).request.whole).toBe(true);
});

test("a part that is attached through another one is read with all its rows", async () => {
  await using db = await freshDatabase();
  const { read, sql } = await relationsIn(
    db,
    `create type mood as enum ('fine', 'poor');
     create table invoices (id int, note text, state mood, chg xid8 default pg_current_xact_id()) partition by range (id);
     create table third partition of invoices for values from (0) to (100) partition by range (id);
     create table leaf partition of third for values from (0) to (100);
     insert into invoices (id, note) values (1, 'a');`,
  );
  const { cursor } = await read(null);
  await sql("alter table invoices detach partition third");
  await sql("update leaf set note = 'changed', chg = '3'");
  await sql("alter table invoices attach partition third for values from (0) to (100)");
  const next = await read(cursor, false);
  expect(next.lines.some((line) => line.includes("1,changed"))).toBe(true);
});

test("an optional feed that cannot be read is left out with its reason, beside required ones; alone it is refused", async () => {
  await using db = await freshDatabase();
  const { sql } = await relationsIn(db);
  await sql("create view seen as select * from invoices");
  const optional = feedOf({ table: "seen", columns: ["id"], cursor: { mode: "xid", column: "chg" }, required: false });
  const source = sourceOf(db.url);
  const both = await extracted([{ feed: FEED }, { feed: optional }], { source });
  expect(both.extracts.map(({ feed }) => feed)).toEqual(["billing.invoices"]);
  expect(both.leftOut).toEqual([{ feed: "billing.seen", says: expect.stringMatching(/it is a view/) }]);
  await expect(extracted([{ feed: optional }], { source })).rejects.toMatchObject({ kind: "incomplete" });
});
