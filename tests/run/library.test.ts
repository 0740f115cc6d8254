import { join } from "node:path";
import { expect, test } from "vitest";
import { type House, openHouse } from "../support/engine.ts";

/** A second, quite different pipeline: nothing in src/ knows its tables, keys or money. */
const LIBRARY = join(import.meta.dirname, "../fixtures/pipelines/library");

const open = (): Promise<House> =>
  openHouse({ directory: LIBRARY, ddl: join(LIBRARY, "source.sql"), urlVariable: "CATALOG_URL" });

test("a pipeline of YAML and SQL alone runs: whole reads, composite keys, major money, an aggregating model", async () => {
  await using house = await open();
  const first = await house.run();
  expect(first.failure).toBeNull();
  expect(first.report?.outcome).toBe("published");
  expect(await house.query("select branch_code, isbn, title from curated.book order by all")).toEqual([
    { branch_code: "NORTH", isbn: "9780000000001", title: 'Tides and "tables"' },
    { branch_code: "NORTH", isbn: "9780000000002", title: "Two\nlines" },
    { branch_code: "SOUTH", isbn: "9780000000001", title: 'Tides and "tables"' },
    { branch_code: "SOUTH", isbn: "9780000000003", title: "Häuser, 家, дом" },
  ]);
  const loans = first.report?.feeds.find((f) => f.feed === "catalog.loans");
  expect(loans).toMatchObject({ extracted: 6, inserted: 6, quarantined: 0 });
  // 0.50 + 12.25 + 0.00 EUR in cents, 120 JPY as they are.
  expect(loans?.money.map((m) => [m.currency, m.inserted])).toEqual([
    ["-", 0],
    ["EUR", 1275],
    ["JPY", 120],
  ]);
  expect(await house.query("select branch_code, loans, returned from curated.branch_activity order by 1")).toEqual([
    { branch_code: "NORTH", loans: "3", returned: "2" },
    { branch_code: "SOUTH", loans: "3", returned: "1" },
  ]);
});

test("a change reaches the aggregate; a whole read tombstones what is gone; a second run changes nothing", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("update lib.loans set returned_on = '2026-11-20', chg = pg_current_xact_id() where loan_code = 'L-4'");
  await house.source.query("delete from lib.book_copies where isbn = '9780000000002'");
  // One of four books: the limit on vanished rows stops that.
  const blocked = await house.run();
  expect(blocked.report).toMatchObject({ outcome: "blocked", exit_code: 10 });
  expect(blocked.report?.gates.filter((g) => g.verdict === "fail").map((g) => g.gate)).toEqual(["vanished_share/catalog.books"]);
  expect(await house.query("select count(*) as n from curated.book__rows where deleted_at is not null")).toEqual([{ n: "0" }]);

  const lenient = {
    ...house.pipeline,
    groups: new Map([...house.pipeline.groups].map(([n, g]) => [n, { ...g, gates: { ...g.gates, vanishedShare: 0.5 } }])),
  };
  const published = await house.run({}, { pipeline: lenient, reread: () => lenient });
  expect(published.report?.outcome).toBe("published");
  expect(await house.query("select isbn from curated.book__rows where deleted_at is not null")).toEqual([
    { isbn: "9780000000002" },
  ]);
  expect(await house.query("select loans, returned from curated.branch_activity where branch_code = 'SOUTH'")).toEqual([
    { loans: "3", returned: "2" },
  ]);

  const before = await house.query("select * exclude (_publication) from curated.loan order by loan_code");
  const again = await house.run();
  expect(again.report?.outcome).toBe("published");
  expect(again.report?.feeds.map((f) => [f.inserted, f.updated, f.vanished])).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(await house.query("select * exclude (_publication) from curated.loan order by loan_code")).toEqual(before);
});
