import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Extent } from "../../../src/reconcile/extent.ts";
import { changeByHand } from "../../support/by-hand.ts";
import { compared, comparedPart, openComparedHouse } from "../../support/compared-house.ts";
import type { House } from "../../support/engine.ts";
import { aroundWarehouse, atMoment } from "../../support/fuse.ts";

/* Bug classes of other tools that are no pair of a changed row and a blind scheme: bounds, sessions, watermarks, cost, an engine's own helpers. */

let house: House;

beforeAll(async () => {
  house = await openComparedHouse();
  return () => house[Symbol.asyncDispose]();
});

beforeEach(() => house.source.query("delete from app.items"));

const rows = (count: number) =>
  `insert into app.items (id, item_id, label, amount, currency, day, at)
   select n, case when n % 2 = 0 then 'I' else 'i' end || n, 'l' || n, n, 'USD', date '2026-01-01' + n, timestamptz '2026-11-01 10:00:00.5+00' from generate_series(1, ${count}) n`;

async function published(): Promise<void> {
  expect((await house.run({ keys: true })).report?.outcome).toBe("published");
}

async function told(from: Pick<House, "engine"> = house) {
  const { proof } = await compared(from, "app.items");
  return {
    keys: proof.keys.map(({ key }) => key["id"]).toSorted(),
    differing: proof.differing,
    says: proof.says,
    notProven: proof.notProven,
  };
}

const NOTHING = { keys: [], differing: 0n, says: [], notProven: null };

test("B4: a row on a bound is of one segment, and of no two that cancel it", async () => {
  await house.source.query(rows(4));
  await published();
  await changeByHand(house.folder, ["update staging.app_items__rows set label = 'by hand' where id = 2"]);
  const feed = house.pipeline.feeds.get("app.items");
  if (!feed) expect.fail("the feed is not there");
  const bound = "2026-01-03";
  // Closed at both ends, the row is in two leaves, whose XOR is that of the others alone.
  const leaves = await house.query(
    `select count(*)::varchar as n from (values (date '2026-01-01', date '${bound}'), (date '${bound}', date '2026-01-31')) l (a, b) join staging.app_items__rows s on s.day between l.a and l.b where s.id = 2`,
  );
  expect(leaves).toEqual([{ n: "2" }]);
  const of = async (extent: Extent) => (await comparedPart(house, feed, extent)).proof.keys.map(({ key }) => key["id"]);
  expect(await of({ by: "stretches", of: [{ from: null, to: bound }] })).toEqual([]);
  expect(await of({ by: "stretches", of: [{ from: bound, to: null }] })).toEqual(["2"]);
  await changeByHand(house.folder, ["update staging.app_items__rows set label = 'l2' where id = 2"]);
});

test("B6: what was remembered of a row says nothing of it, and what changed since is in flight, not equal", async () => {
  await house.source.query(rows(3));
  await published();
  const remembered = () =>
    house.query("select id::varchar as id, _hash::varchar as hash from staging.app_items__rows order by id");
  const before = await remembered();
  await changeByHand(house.folder, ["update staging.app_items__rows set label = 'by hand' where id = 1"]);
  await house.source.query("update app.items set label = 'newer', v = 2, chg = pg_current_xact_id() where id = 2");
  // Nobody has touched the hashes that a run left: a scheme that compares these finds nothing.
  expect(await remembered()).toEqual(before);
  const { proof, listed } = await compared(house, "app.items");
  expect(proof.keys).toEqual([{ key: { id: "1" }, why: "differs" }]);
  expect(listed.find(({ term }) => term === "in_flight")?.keys.map(({ key }) => key["id"])).toEqual(["2"]);
  await changeByHand(house.folder, ["update staging.app_items__rows set label = 'l1' where id = 1"]);
});

test("B10, B11: texts of any length are keys, in whatever order the source has them", async () => {
  await house.source.query(rows(6));
  await published();
  const bySource = await house.source.query<{ n: string }>(
    `select count(*)::text as n from app.items where item_id collate "und-x-icu" >= 'I' and item_id collate "und-x-icu" < 'J'`,
  );
  const byWarehouse = await house.query(
    "select count(*)::varchar as n from staging.app_items__rows where item_id >= 'I' and item_id < 'J'",
  );
  // A range of keys has other rows on either side, though all rows are the same.
  expect(byWarehouse[0]?.["n"]).not.toBe(bySource.rows[0]?.n);
  expect(await told()).toEqual(NOTHING);
  const [item] = await house.query("select distinct length(item_id)::varchar as n from staging.app_items__rows");
  expect(item).toEqual({ n: "2" });
});

test("B12: settings of a session change its texts, and no comparison", async () => {
  await house.source.query(rows(3));
  await published();
  const texts: string[] = [];
  for (const zone of ["UTC", "Asia/Kolkata"]) {
    await house.source.query(`set timezone = '${zone}'`);
    const { rows: found } = await house.source.query<{ md5: string }>("select md5(at::text) from app.items where id = 1");
    texts.push(found[0]?.md5 ?? "");
  }
  expect(texts[0]).not.toBe(texts[1]);
  const [database] = (await house.source.query<{ name: string }>("select current_database() as name")).rows;
  const settings = [
    ["timezone", "Asia/Kolkata"],
    ["datestyle", "SQL, DMY"],
    ["extra_float_digits", "0"],
    ["intervalstyle", "iso_8601"],
    ["bytea_output", "escape"],
  ];
  for (const [name, value] of settings) await house.source.query(`alter database ${database?.name} set ${name} = '${value}'`);
  expect(await told()).toEqual(NOTHING);
  for (const [name] of settings) await house.source.query(`alter database ${database?.name} reset ${name}`);
});

test("B15: many differences cost no more statements than one", async () => {
  await house.source.query(rows(400));
  await published();
  const statements = async (where: string) => {
    await house.source.query(`update app.items set label = 'unstamped' where ${where}`);
    const counting = atMoment({ kind: "warehouse", at: 0, when: "before" }, () => undefined);
    const { engine } = house;
    const { differing } = await told({ engine: { ...engine, warehouse: aroundWarehouse(engine.warehouse, counting) } });
    await house.source.query("update app.items set label = 'l' || id");
    return { differing, statements: counting.count() };
  };
  const one = await statements("id = 1");
  expect([one.differing, one.statements > 10]).toEqual([1n, true]);
  expect(await statements("id <= 300")).toEqual({ differing: 300n, statements: one.statements });
});

test("B16: two spellings of a value are different in bulk and one value row by row; it is equal", async () => {
  await house.source.query(rows(2));
  await house.source.query("update app.items set amount = 1.500 where id = 1");
  await published();
  const inBulk = await house.source.query<{ md5: string }>("select md5(amount::text) from app.items where id = 1");
  const live = await house.query("select md5(amount::varchar) as md5 from staging.app_items__rows where id = 1");
  expect(live[0]?.["md5"]).not.toBe(inBulk.rows[0]?.md5);
  expect(await told()).toEqual(NOTHING);
});

test("B17: an engine whose helper gives other bytes attests nothing", async () => {
  await house.source.query(rows(2));
  await published();
  // Snowflake's function of this name gives 9203306159527282910.
  expect(await house.query("select md5_number_lower('Snowflake')::varchar as n")).toEqual([{ n: "16053302823604369535" }]);
  const { engine } = house;
  const otherBytes = {
    ...engine.warehouse,
    open: async (options: Parameters<typeof engine.warehouse.open>[0]) => {
      const session = await engine.warehouse.open(options);
      const rowsOf: typeof session.rows = async (statement) => {
        const found = await session.rows(statement);
        if (statement.name !== "reconcile.vectors") return found;
        return found.map((row, i) => (i === 7 ? { ...row, hash: [...(row["hash"] ?? "")].reverse().join("") } : row));
      };
      return { ...session, rows: rowsOf };
    },
  };
  const { notProven, keys } = await told({ engine: { ...engine, warehouse: otherBytes } });
  expect([notProven, keys]).toEqual([expect.stringMatching(/hash/), []]);
});
