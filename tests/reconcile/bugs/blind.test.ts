import { createHash } from "node:crypto";
import { beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { changeByHand } from "../../support/by-hand.ts";
import { compared, openComparedHouse } from "../../support/compared-house.ts";
import type { House } from "../../support/engine.ts";

/*
 * Schemes by which other tools call rows equal that are not, each beside a comparison of the same rows. Numbers are those of the list of bug
 * classes that this product keeps; `apart.test.ts` has those that are no pair of a changed row and a blind scheme.
 */

/** A row as the schemes read it: money in minor units, instants in microseconds since 1970. */
interface Row {
  readonly id: string;
  readonly label: string | null;
  readonly code: string | null;
  readonly minor: string;
  readonly at: string | null;
}

interface Sides {
  readonly source: readonly Row[];
  readonly live: readonly Row[];
}

/** What a scheme keeps of a table; two tables of which it keeps the same are equal to it. */
type Scheme = (rows: readonly Row[]) => unknown;

const crc = (bytes: Buffer) => {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
};
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const xor = (hashes: readonly bigint[]) => hashes.reduce((sum, hash) => sum ^ hash, 0n);
const hash64 = (text: string) => BigInt(`0x${md5(text).slice(0, 16)}`);

const insert = (values: string) => `insert into app.items (id, item_id, label, code, amount, currency, at) values ${values}`;
const row = (id: number | string, more: Partial<Record<"label" | "code" | "amount" | "at", string>> = {}) =>
  `(${id}, 'i${id}', ${more.label ?? "'aaaa'"}, ${more.code ?? "'ABCDE'"}, ${more.amount ?? "1"}, 'USD', ${more.at ?? "'2026-11-01 10:00:00+00'"})`;
const byHand = (set: string, where: string) => `update staging.app_items__rows set ${set} where ${where}`;

interface Bug {
  readonly bug: string;
  readonly about: string;
  readonly rows: readonly string[];
  /** What changes without a stamp: at the source, and in the warehouse. */
  readonly atSource?: string;
  readonly inWarehouse?: readonly string[];
  readonly blind: Scheme;
  readonly named: readonly string[];
}

const BUGS: readonly Bug[] = [
  {
    bug: "B1",
    about: "CRC is linear: the same change of two rows cancels in an XOR",
    rows: [row(1), row(2), row(3)],
    inWarehouse: [byHand("label = 'baaa'", "id in (1, 2)")],
    blind: (rows) => [rows.length, rows.reduce((sum, { id, label }) => sum ^ crc(Buffer.from(`${id}|${label}`)), 0)],
    named: ["1 differs", "2 differs"],
  },
  {
    bug: "B2",
    about: "an XOR of hashes cancels pairs of equal values",
    rows: [row(1, { amount: "5" }), row(2, { amount: "5" }), row(3, { amount: "9" })],
    inWarehouse: [byHand("amount = 7", "id in (1, 2)")],
    blind: (rows) => [rows.length, xor(rows.map(({ minor }) => hash64(minor)))],
    named: ["1 differs", "2 differs"],
  },
  {
    bug: "B3",
    about: "a separator that is in a value",
    rows: [row(1, { label: "'a|b'", code: "'c    '" })],
    inWarehouse: [byHand("label = 'a', code = 'b|c    '", "id = 1")],
    blind: (rows) => rows.map(({ id, label, code }) => md5([id, label, code].join("|"))),
    named: ["1 differs"],
  },
  {
    bug: "B3",
    about: "a word in place of NULL",
    rows: [row(1, { label: "null" })],
    inWarehouse: [byHand("label = '<null>'", "id = 1")],
    blind: (rows) => rows.map(({ id, label }) => md5(`${id}|${label ?? "<null>"}`)),
    named: ["1 differs"],
  },
  {
    bug: "B3",
    about: "nothing in place of NULL",
    rows: [row(1, { label: "null" })],
    inWarehouse: [byHand("label = ''", "id = 1")],
    blind: (rows) => rows.map(({ id, label }) => md5(`${id}|${label ?? ""}`)),
    named: ["1 differs"],
  },
  {
    bug: "B5",
    about: "rows beyond the largest key of one side are not read",
    rows: [row(1), row(2)],
    atSource: `${insert(row(9))}; update app.items set chg = '3' where id = 9`,
    blind: (rows) => rows.filter(({ id }) => Number(id) <= 2).map(({ id, label }) => md5(`${id}|${label}`)),
    named: ["9 missing"],
  },
  {
    bug: "B7",
    about: "instants are compared by what the weaker side keeps",
    rows: [row(1, { at: "'2026-11-01 10:00:00.123456+00'" })],
    inWarehouse: [byHand('"at" = "at" + interval 1 microsecond', "id = 1")],
    blind: (rows) => rows.map(({ id, at }) => [id, BigInt(at ?? "0") / 1000n]),
    named: ["1 differs"],
  },
  {
    bug: "B8",
    about: "money goes through floats",
    rows: [row(1, { amount: "123456789.12" })],
    inWarehouse: [byHand("amount = 123456790.00", "id = 1")],
    blind: (rows) => rows.map(({ id, minor }) => [id, Math.fround(Number(minor) / 100)]),
    named: ["1 differs"],
  },
  {
    bug: "B9",
    about: "blanks and case are folded",
    rows: [row(1, { label: "'Paid'" }), row(2, { label: "'x'" })],
    inWarehouse: [byHand("label = 'PAID'", "id = 1"), byHand("label = 'x  '", "id = 2")],
    blind: (rows) => rows.map(({ id, label }) => [id, label?.trimEnd().toUpperCase()]),
    named: ["1 differs", "2 differs"],
  },
  {
    bug: "B13",
    about: "a join by key does not see that a row is there twice",
    rows: [row(1), row(2)],
    inWarehouse: ["insert into staging.app_items__rows select * from staging.app_items__rows where id = 2"],
    blind: (rows) => Object.fromEntries(rows.map(({ id, label, minor }) => [id, md5(`${label}|${minor}`)])),
    named: ["2 copy"],
  },
  {
    bug: "B14",
    about: "a key beyond 2^53 is the name of its neighbour once it was a number",
    rows: [row("9007199254740992"), row("9007199254740993")],
    inWarehouse: [byHand("label = 'other'", "id = 9007199254740993")],
    // Of two rows with one name the first is the one that is repaired.
    blind: (rows) => rows.find(({ id }) => Number(id) === Number("9007199254740993"))?.label,
    named: ["9007199254740993 differs"],
  },
];

let house: House;

beforeAll(async () => {
  house = await openComparedHouse();
  return () => house[Symbol.asyncDispose]();
});

beforeEach(() => house.source.query("delete from app.items"));

async function sidesOf(): Promise<Sides> {
  const source = await house.source.query<Row & Record<string, string | null>>(
    `select id::text, label, case when code is not null then concat(code) end as code, (amount * 100)::bigint::text as minor,
            (extract(epoch from at) * 1000000)::bigint::text as at from app.items order by id`,
  );
  const live = await house.query(
    `select id::varchar as id, label, code, cast(amount * 100 as bigint)::varchar as minor, epoch_us("at")::varchar as "at"
       from staging.app_items__rows where _deleted_at is null order by id`,
  );
  return { source: source.rows, live: live as unknown as Row[] };
}

const breaksOf = async () => {
  const { proof } = await compared(house, "app.items");
  expect([proof.notProven, proof.says]).toEqual([null, []]);
  return proof.keys.map(({ key, why }) => `${key["id"]} ${why}`).toSorted();
};

test.each(BUGS)("$bug: $about", async ({ rows, atSource, inWarehouse, blind, named }) => {
  await house.source.query(insert(rows.join(", ")));
  expect((await house.run({ keys: true })).report?.outcome).toBe("published");
  expect(await breaksOf()).toEqual([]);
  if (atSource) await house.source.query(atSource);
  const keep = "CREATE OR REPLACE TABLE raw.kept AS FROM staging.app_items__rows";
  await changeByHand(house.folder, [keep, ...(inWarehouse ?? [])]);
  onTestFinished(() =>
    changeByHand(house.folder, [
      "DELETE FROM staging.app_items__rows",
      "INSERT INTO staging.app_items__rows FROM raw.kept",
      "DROP TABLE raw.kept",
    ]),
  );
  const { source, live } = await sidesOf();
  expect(live).not.toEqual(source);
  expect(blind(live), "the scheme that others have").toEqual(blind(source));
  expect(await breaksOf()).toEqual(named);
});
