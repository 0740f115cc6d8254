import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertCurated, parseAssertions } from "../../src/publish/assertions.ts";
import type { Writing } from "../../src/publish/staging.ts";
import { duckdbInMemory } from "../../src/warehouse/duckdb/memory.ts";
import { ask } from "../../src/warehouse/questions.ts";
import { openDesk } from "../support/desk.ts";

/** A curated row: its key, the publication that wrote it, and whether it is a tombstone. */
type Row = readonly [key: string, publication: number, isDead?: boolean];

/** What is asserted of table `entry` with these rows behind publication `number`, which touched these keys. */
async function assertedOf(
  number: bigint,
  { rows, touched, mayStay = null }: { rows: readonly Row[]; touched: readonly string[]; mayStay?: string | null },
) {
  await using desk = openDesk("claims");
  const model = desk.pipeline.models.get("entry") ?? expect.fail();
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-assertions-"));
  const { dialect, open } = duckdbInMemory({ memoryLimit: "128MB", spill: join(folder, "spill") });
  const session = await open({ purpose: "test" });
  try {
    const run = (sql: string) => session.run({ name: "test", sql });
    await run("CREATE TABLE curated.entry__rows (entry_id VARCHAR, _publication BIGINT, deleted_at TIMESTAMP)");
    for (const [key, publication, isDead] of rows)
      await run(
        `INSERT INTO curated.entry__rows VALUES ('${key}', ${publication}, ${isDead ? "TIMESTAMP '2026-11-01'" : "NULL"})`,
      );
    await run("CREATE TEMP TABLE touched_entry (entry_id VARCHAR)");
    for (const key of touched) await run(`INSERT INTO touched_entry VALUES ('${key}')`);
    const writing = { number } as Writing;
    const answer = await ask(session, { dialect, name: "assert" }, [assertCurated(dialect, model, { writing, mayStay })]);
    const { table, ...facts } = parseAssertions(model, answer(model.table)[0]);
    return { table, ...Object.fromEntries(Object.entries(facts).map(([name, count]) => [name, Number(count)])) };
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = (facts: Record<string, number>) => ({
  table: "entry",
  ...{ touched: 0, live: 0, tombstoned: 0, forgotten: 0, duplicates: 0 },
  ...facts,
});

test("a later hour: each touched key has one row of this publication, or none", async () => {
  const rows: Row[] = [
    ["a", 2],
    ["b", 2, true],
    ["old", 1],
    ["gone", 1, true],
  ];
  expect(await assertedOf(2n, { rows, touched: ["a", "b", "never"] })).toEqual(found({ touched: 3, live: 1, tombstoned: 1 }));
});

test("a later hour: what was forgotten and what stands twice is counted, of touched keys alone", async () => {
  const forgotten: Row[] = [
    ["a", 1],
    ["b", 2],
    ["dead", 1, true],
  ];
  expect(await assertedOf(2n, { rows: forgotten, touched: ["a", "b", "dead"] })).toMatchObject({ forgotten: 1, duplicates: 0 });
  const beside: Row[] = [
    ["a", 2],
    ["a", 1],
  ];
  expect(await assertedOf(2n, { rows: beside, touched: ["a"] })).toMatchObject({ forgotten: 1, duplicates: 1 });
  const tombstone: Row[] = [
    ["a", 2],
    ["a", 1, true],
    ["b", 2],
    ["b", 2],
    ["b", 2],
    ["c", 1],
    ["c", 1],
  ];
  expect(await assertedOf(2n, { rows: tombstone, touched: ["a", "b"] })).toMatchObject({ forgotten: 0, duplicates: 3 });
});

test("a touched key that may stay as it is was not forgotten; it has one row all the same", async () => {
  const rows: Row[] = [
    ["a", 1],
    ["b", 1],
    ["c", 2],
  ];
  const mayStay = "SELECT * FROM (VALUES ('b'), ('c')) v (entry_id)";
  const asserted = { touched: ["a", "b", "c"], mayStay };
  expect(await assertedOf(2n, { rows, ...asserted })).toEqual(found({ touched: 3, live: 1, forgotten: 1 }));
  const twice: Row[] = [...rows, ["b", 1]];
  expect(await assertedOf(2n, { rows: twice, ...asserted })).toMatchObject({ forgotten: 1, duplicates: 1 });
});

test("a first publication: every row is looked at, whatever was touched", async () => {
  const rows: Row[] = [
    ["a", 1],
    ["a", 1],
    ["b", 1],
    ["c", 1, true],
  ];
  expect(await assertedOf(1n, { rows, touched: [] })).toEqual(found({ live: 3, tombstoned: 1, duplicates: 1 }));
});

test("an assertion without its answer, or with more than it asks for, is none", async () => {
  await using desk = openDesk("claims");
  const model = desk.pipeline.models.get("entry") ?? expect.fail();
  expect(() => parseAssertions(model, undefined)).toThrow("entry: 0 of 5 assertions were answered");
  expect(() => parseAssertions(model, { touched: "1", suspect: "0", written: "1,0" })).toThrow("4 of 5");
  expect(() => parseAssertions(model, { touched: "1", suspect: "0,0,0", written: "1,0" })).toThrow("6 of 5");
});
