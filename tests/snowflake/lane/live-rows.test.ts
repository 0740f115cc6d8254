import { expect, test } from "vitest";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";
import { FIRST, houseBefore } from "../../support/hours.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

async function rowsOf(warehouse: Warehouse, sql: string) {
  const session = await warehouse.open({ purpose: "reader", readOnly: true });
  try {
    return await session.rows({ name: "test.reader", sql });
  } finally {
    await session.close();
  }
}

const LIVE =
  'SELECT CAST(COUNT(*) AS VARCHAR) AS n, CAST(CAST(SUM(c."AMOUNT") AS DECIMAL(38, 0)) AS VARCHAR) AS amount FROM CURATED."ENTRY" c';

test("a plain SELECT of a curated table reads live rows; one that an older version deployed is moved by `warehouse apply` and read on", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const { pipeline } = house;
  const database = "LIVE";
  const warehouse = site.warehouse(database);
  await deploy(warehouse, pipeline, { database });
  expect((await house.run({ window: FIRST.window }, { warehouse })).report?.outcome).toBe("published");
  const [before] = await rowsOf(warehouse, LIVE);
  const [gone] = await rowsOf(
    warehouse,
    'SELECT c."ENTRY_ID" AS entry_id, CAST(c."AMOUNT" AS VARCHAR) AS amount FROM CURATED."ENTRY" c ORDER BY 1 LIMIT 1',
  );
  await house.source.query("delete from app.entries where entry_id = $1", [gone?.["entry_id"]]);
  expect((await house.run({}, { warehouse })).report?.outcome).toBe("published");
  const left = {
    n: (BigInt(before?.["n"] ?? "0") - 1n).toString(),
    amount: (BigInt(before?.["amount"] ?? "0") - BigInt(gone?.["amount"] ?? "0")).toString(),
  };
  expect(await rowsOf(warehouse, LIVE)).toEqual([left]);
  // As version 0.1.0 had it.
  const session = await warehouse.open({ purpose: "an older version" });
  for (const sql of ['DROP VIEW CURATED."ENTRY"', 'ALTER TABLE CURATED."ENTRY__ROWS" RENAME TO CURATED."ENTRY"'])
    await session.run({ name: "test.older", sql });
  await session.close();
  expect((await house.run({}, { warehouse })).failure?.problems[0]).toMatchObject({ code: "schema.not_deployed" });
  await deploy(warehouse, pipeline, { database });
  expect(await rowsOf(warehouse, LIVE)).toEqual([left]);
  expect((await house.run({}, { warehouse })).report?.outcome).toBe("published");
  expect(await rowsOf(warehouse, LIVE)).toEqual([left]);
});
