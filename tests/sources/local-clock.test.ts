import fc from "fast-check";
import { expect, test } from "vitest";
import { lowestShown } from "../../src/sources/postgres/clock.ts";
import { openSession } from "../../src/sources/postgres/session.ts";
import { cases } from "../support/cases.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { extracted, feedOf, only, sourceOf, values } from "./extracting.ts";

const NEW_YORK = feedOf({
  columns: ["id", "at"],
  cursor: { mode: "updated_at", column: "at", timeZone: "America/New_York" },
});

async function tableIn(zone: string): Promise<TestDatabase> {
  const db = await freshDatabase();
  const admin = await db.client();
  await admin.query(`alter database ${db.name} set timezone to '${zone}'`);
  await (await db.client()).query("create table invoices (id int primary key, at timestamp not null default now())");
  return db;
}

test.each([
  { when: "a summer day", at: "2026-07-01T12:00:00.5Z", zone: "America/New_York", bound: "2026-07-01T08:00:00.500000" },
  {
    when: "before an hour twice shown",
    at: "2026-11-01T04:59:59Z",
    zone: "America/New_York",
    bound: "2026-11-01T00:59:59.000000",
  },
  { when: "in it for the first time", at: "2026-11-01T05:30:00Z", zone: "America/New_York", bound: "2026-11-01T01:00:00.000000" },
  {
    when: "in it for the second time",
    at: "2026-11-01T06:30:00Z",
    zone: "America/New_York",
    bound: "2026-11-01T01:30:00.000000",
  },
  { when: "after a step forward", at: "2026-03-08T07:00:00Z", zone: "America/New_York", bound: "2026-03-08T03:00:00.000000" },
  {
    when: "a step of half an hour",
    at: "2026-04-04T14:45:00Z",
    zone: "Australia/Lord_Howe",
    bound: "2026-04-05T01:30:00.000000",
  },
  { when: "no step", at: "2026-11-01T05:30:00Z", zone: "UTC", bound: "2026-11-01T05:30:00.000000" },
])("the least time that a clock can still show: $when", async ({ at, zone, bound }) => {
  await using db = await freshDatabase();
  const session = await openSession(sourceOf(db.url));
  expect(await lowestShown(session, at, zone)).toBe(bound);
  await session.close();
});

test("whatever the zone and the instant, no later instant shows less", async () => {
  await using db = await freshDatabase();
  const session = await openSession(sourceOf(db.url));
  const zones = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...zones),
      fc.date({ min: new Date("2000-01-01Z"), max: new Date("2035-01-01Z"), noInvalidDate: true }),
      fc.integer({ min: 0, max: 200_000 }),
      async (zone, from, seconds) => {
        const bound = await lowestShown(session, from.toISOString(), zone);
        const later = new Date(from.getTime() + seconds * 1000).toISOString();
        const [row] = await session.rows<{ holds: boolean }>("select $1::timestamptz at time zone $2 >= $3::timestamp as holds", [
          later,
          zone,
          bound,
        ]);
        expect(row?.holds).toBe(true);
      },
    ),
    { numRuns: cases(200) },
  );
  await session.close();
});

test("changes of a database that lives west of UTC are read, and one hour again", async () => {
  await using db = await tableIn("America/New_York");
  const writer = await db.client();
  await writer.query("insert into invoices values (1), (2)");
  const source = sourceOf(db.url);
  const first = only(await extracted([{ feed: NEW_YORK }], { source }));
  await writer.query("insert into invoices values (3)");
  await writer.query("update invoices set at = now() where id = 1");
  const second = only(await extracted([{ feed: NEW_YORK, cursor: first.cursor }], { source }));
  expect(second.request.whole).toBe(false);
  expect(values(second.lines)).toEqual(expect.arrayContaining(["1", "3"]));
  expect(first.lines[0]).toMatch(/,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*$/);
});

test("a clock that is not declared, or declared of a column that has none, is refused with what to write", async () => {
  await using db = await tableIn("UTC");
  await (await db.client()).query("create table instants (id int primary key, at timestamptz not null default now())");
  const source = sourceOf(db.url);
  const naive = feedOf({ columns: ["id", "at"], cursor: { mode: "updated_at", column: "at" } });
  const needless = feedOf({
    table: "instants",
    columns: ["id", "at"],
    cursor: { mode: "updated_at", column: "at", timeZone: "UTC" },
  });
  await expect(extracted([{ feed: naive }], { source })).rejects.toMatchObject({
    kind: "incomplete",
    message: /declare cursor.time_zone/,
  });
  await expect(extracted([{ feed: needless }], { source })).rejects.toMatchObject({
    kind: "incomplete",
    message: /remove cursor.time_zone/,
  });
});

test("another clock than the declared one stops the read as soon as rows were written under it", async () => {
  await using db = await tableIn("America/New_York");
  const writer = await db.client();
  await writer.query("insert into invoices values (1)");
  const wrong = feedOf({ columns: ["id", "at"], cursor: { mode: "updated_at", column: "at", timeZone: "UTC" } });
  const source = sourceOf(db.url);
  const { cursor } = only(await extracted([{ feed: wrong }], { source }));
  expect(only(await extracted([{ feed: wrong, cursor }], { source })).lines).toEqual([]);
  await writer.query("insert into invoices values (2)");
  await expect(extracted([{ feed: wrong, cursor }], { source })).rejects.toMatchObject({
    kind: "incomplete",
    message: /All 1 of the newest rows .* does not show the clock of UTC[\s\S]*run --full --reason 'clock corrected'/,
  });
  const ahead = feedOf({ columns: ["id", "at"], cursor: { mode: "updated_at", column: "at", timeZone: "America/Los_Angeles" } });
  const other = only(await extracted([{ feed: ahead, cursor }], { source }));
  expect(other.findings).toEqual([
    { of: "read_whole", says: expect.stringMatching(/its position is one of at, by another clock/) },
  ]);
  const read = only(await extracted([{ feed: ahead, cursor: other.cursor }], { source }));
  expect(read.findings).toEqual([
    { of: "clock", says: expect.stringMatching(/^2 of the newest 100 values of at lie more than 5 minutes in the future/) },
  ]);
});

test("a row that was stamped with an old instant is told, where others were not", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(
    "create table invoices (id int primary key, at timestamptz not null default now()); insert into invoices values (1)",
  );
  const feed = feedOf({ columns: ["id"], cursor: { mode: "updated_at", column: "at" } });
  const source = sourceOf(db.url);
  const { cursor } = only(await extracted([{ feed }], { source }));
  await admin.query("insert into invoices values (2, now()), (3, now() - interval '1 day')");
  const { findings } = only(await extracted([{ feed, cursor }], { source }));
  expect(findings).toEqual([
    { of: "clock", says: expect.stringMatching(/^1 of the newest 100 rows were written after the last read/) },
  ]);
});
