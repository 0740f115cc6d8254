import { expect, test } from "vitest";
import type { Feed } from "../../src/config/pipeline.ts";
import { describeRelation } from "../../src/sources/postgres/catalog.ts";
import { keyWarnings } from "../../src/sources/postgres/key-warnings.ts";
import { openSession } from "../../src/sources/postgres/session.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { extracted, feedOf, only, sourceOf } from "./extracting.ts";

interface Case {
  readonly unit: "minor" | "major";
  readonly type: string;
  readonly rows: readonly (readonly [amount: string | null, currency: string | null])[];
  readonly required?: readonly string[];
  readonly currency?: boolean;
}

async function totals(db: TestDatabase, { unit, type, rows, required = [], currency = true }: Case): Promise<string[]> {
  const admin = await db.client();
  await admin.query(`drop table if exists invoices; create table invoices (id serial, amount ${type}, currency text)`);
  for (const row of rows) await admin.query(`insert into invoices (amount, currency) values ($1, $2)`, [...row]);
  const feed: Feed = feedOf({
    columns: ["id", "amount", "currency"],
    requiredColumns: required,
    money: { amount: "amount", unit, ...(currency ? { currency: "currency" } : {}) },
  });
  const got = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
  return got.totals.map((t) => `${t.currency} rows ${t.rows} minor ${t.minor} unreadable ${t.unreadable}`);
}

const BIG = "9223372036854775807";

test.each<[string, Case, string[]]>([
  [
    "integers are summed per currency beyond 2^63",
    {
      unit: "minor",
      type: "bigint",
      rows: [
        [BIG, "EUR"],
        [BIG, "EUR"],
        ["-5", "USD"],
        ["1", "XXX"],
      ],
    },
    ["EUR rows 2 minor 18446744073709551614 unreadable 0", "USD rows 1 minor -5 unreadable 0", "XXX rows 1 minor 1 unreadable 0"],
  ],
  [
    "minor text is read by its spelling",
    {
      unit: "minor",
      type: "text",
      rows: ["10.505", "1e3", "0x10", " 5", "5 ", "+5", "-0", "007", "", "5\n", "9223372036854775808", "1".repeat(200_000)].map(
        (a) => [a, "EUR"],
      ),
    },
    ["EUR rows 12 minor 0 unreadable 12"],
  ],
  [
    "the ends of int64 are readable",
    {
      unit: "minor",
      type: "numeric",
      rows: [
        [BIG, "EUR"],
        ["-9223372036854775808", "EUR"],
        ["9223372036854775808", "EUR"],
      ],
    },
    ["EUR rows 3 minor -1 unreadable 1"],
  ],
  [
    "NaN, Infinity and a scale in a numeric of minor units are unreadable",
    {
      unit: "minor",
      type: "numeric",
      rows: [
        ["NaN", "EUR"],
        ["Infinity", "EUR"],
        ["10.505", "EUR"],
        ["10.00", "EUR"],
        ["10", "EUR"],
      ],
    },
    ["EUR rows 5 minor 10 unreadable 4"],
  ],
  [
    "NULL amounts count as 0, NULL currencies as -",
    {
      unit: "minor",
      type: "bigint",
      rows: [
        [null, "EUR"],
        ["7", null],
      ],
    },
    ["- rows 1 minor 7 unreadable 0", "EUR rows 1 minor 0 unreadable 0"],
  ],
  [
    "required columns make NULL unreadable",
    {
      unit: "minor",
      type: "bigint",
      rows: [
        [null, "EUR"],
        ["7", null],
      ],
      required: ["amount", "currency"],
    },
    ["- rows 1 minor 0 unreadable 1", "EUR rows 1 minor 0 unreadable 1"],
  ],
  [
    "major units scale by the currency's exponent; only zeros may follow it",
    {
      unit: "major",
      type: "numeric",
      rows: [
        ["10.50", "EUR"],
        ["10.5000", "EUR"],
        ["10.505", "EUR"],
        ["10.505", "KWD"],
        ["10", "JPY"],
        ["10.0", "JPY"],
        ["10.5", "JPY"],
        ["-0.01", "USD"],
      ],
    },
    [
      "EUR rows 3 minor 2100 unreadable 1",
      "JPY rows 3 minor 20 unreadable 1",
      "KWD rows 1 minor 10505 unreadable 0",
      "USD rows 1 minor -1 unreadable 0",
    ],
  ],
  [
    "zeros behind the exponent change nothing, however many; another digit among them does",
    {
      unit: "major",
      type: "text",
      rows: [
        [`10.5${"0".repeat(20_000)}`, "EUR"],
        [`-10.5${"0".repeat(300)}`, "EUR"],
        [`1.5${"0".repeat(300)}1`, "EUR"],
        [`7.${"0".repeat(254)}1`, "EUR"],
        ["1.", "EUR"],
        ["10.5e0", "EUR"],
      ],
    },
    ["EUR rows 6 minor 0 unreadable 4"],
  ],
  [
    "major units of an unknown or missing currency are unreadable, unless there is no amount",
    {
      unit: "major",
      type: "numeric",
      rows: [
        ["1", "XXX"],
        ["1", "eur"],
        ["1", null],
        [null, "XXX"],
        ["NaN", "EUR"],
        ["92233720368547758.08", "EUR"],
      ],
    },
    [
      "- rows 1 minor 0 unreadable 1",
      "EUR rows 2 minor 0 unreadable 2",
      "XXX rows 2 minor 0 unreadable 1",
      "eur rows 1 minor 0 unreadable 1",
    ],
  ],
  [
    "a feed without a currency column",
    {
      unit: "minor",
      type: "int",
      rows: [
        ["1", "EUR"],
        ["2", "USD"],
      ],
      currency: false,
    },
    ["- rows 2 minor 3 unreadable 0"],
  ],
  [
    "major units without a currency column have two digits",
    {
      unit: "major",
      type: "numeric",
      rows: [
        ["1.50", "KWD"],
        ["1.505", "KWD"],
      ],
      currency: false,
    },
    ["- rows 2 minor 150 unreadable 1"],
  ],
  ["no rows with money: no currency", { unit: "minor", type: "int", rows: [] }, []],
])("%s", async (_name, given, expected) => {
  await using db = await freshDatabase();
  expect(await totals(db, given)).toEqual(expected);
});

test("totals follow the extract's predicate", async () => {
  await using db = await freshDatabase();
  const admin = await db.client();
  await admin.query(
    "create table invoices (id int, amount bigint, chg xid8 default pg_current_xact_id()); insert into invoices values (1, 10)",
  );
  const feed = feedOf({ cursor: { mode: "xid", column: "chg" }, money: { amount: "amount", unit: "minor" } });
  const first = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
  await admin.query("insert into invoices values (2, 32)");
  const second = only(await extracted([{ feed, cursor: first.cursor }], { source: sourceOf(db.url) }));
  expect(second.totals).toEqual([{ currency: "-", rows: "1", minor: "32", unreadable: "0" }]);
});

test.each([
  ["char(4)", "EUR "],
  ["char(3)", "EUR"],
  ["bpchar", "EUR  "],
  ["padded", "EUR "],
  ["of_padded", "EUR "],
  ["named", "EUR"],
])("a currency of type %s keeps the text that COPY writes, domains too", async (type, text) => {
  await using db = await freshDatabase();
  await (await db.client()).query(`create domain padded as char(4); create domain of_padded as padded check (value <> 'x');
    create domain named as text; create domain amount as bigint; create domain of_amount as amount;
    create table invoices (id int, amount of_amount, currency ${type}); insert into invoices values (1, 7, 'EUR${type === "bpchar" ? "  " : ""}')`);
  const feed = feedOf({ columns: ["id", "currency"], money: { amount: "amount", currency: "currency", unit: "minor" } });
  const got = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
  expect(got.totals).toEqual([{ currency: text, rows: "1", minor: "7", unreadable: "0" }]);
  expect(got.text.split("\n")[1]).toBe(`"(0,1)",1,${text},7`);
});

test("currencies that only the source's collation takes for one stay two, as in the warehouse", async () => {
  await using db = await freshDatabase();
  await (
    await db.client()
  ).query(`create extension citext; create collation folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table invoices (id int, amount text collate folded, currency text collate folded, other citext);
    insert into invoices values (1, '1.50', 'EUR', 'EUR'), (2, '2', 'eur', 'eur')`);
  for (const currency of ["currency", "other"]) {
    const feed = feedOf({ columns: ["id"], money: { amount: "amount", currency, unit: "major" } });
    const got = only(await extracted([{ feed }], { source: sourceOf(db.url) }));
    expect(got.totals.map((t) => `${t.currency} ${t.minor} ${t.unreadable}`)).toEqual(["EUR 150 0", "eur 0 1"]);
  }
});

test("keys that are equal at the source only are told", async () => {
  await using db = await freshDatabase();
  await (
    await db.client()
  ).query(`create extension citext; create domain folded_text as citext; create domain key_text as folded_text;
    create collation folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table invoices (id key_text, other text collate folded, german text collate "de-x-icu", plain text)`);
  const session = await openSession(sourceOf(db.url));
  try {
    const warnings = async (sourceKey: string[], businessKey: string[]) => {
      const feed = feedOf({ sourceKey, businessKey });
      const found = await describeRelation(session, feed);
      return found === null ? [] : keyWarnings(feed, found);
    };
    expect(await warnings(["id"], ["id"])).toEqual([
      expect.stringMatching(/key column id of the feed billing\.invoices by the type citext/),
    ]);
    expect(await warnings(["plain"], ["other"])).toEqual([
      expect.stringMatching(/column other .* nondeterministic collation folded/),
    ]);
    expect(await warnings(["plain"], ["german"])).toEqual([]);
  } finally {
    await session.close();
  }
});
