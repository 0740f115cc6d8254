import { expect, test } from "vitest";
import { FIRST, houseBefore } from "../../support/hours.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

test("other spellings of live keys are told of on Snowflake too, also beside rows that an older version wrote", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const database = "RESPELLED";
  const warehouse = site.warehouse(database);
  await deploy(warehouse, house.pipeline, { database });
  const told = async (insert: string) => {
    await house.source.query(insert);
    const { report } = await house.run({}, { warehouse });
    const of = report?.gates.find(({ gate }) => gate === "respelled_keys/app.entries");
    return [report?.outcome, of?.verdict, of?.observed.split(": a unique rule")[0]];
  };
  const insert = (id: number, key: string) =>
    `insert into app.entries (id, entry_id, account_id, amount, currency) values (${id}, '${key}', 'A', 1, 'USD')`;
  const says = (pair: string) => `1 inserted keys are other spellings of live ones (${pair})`;
  expect((await house.run({}, { warehouse })).report?.outcome).toBe("published");
  expect(await told(insert(20, "0e1"))).toEqual(["published", "warn", says('"0e1" beside "e1"')]);
  // As version 0.1.0 had it.
  const session = await warehouse.open({ purpose: "an older version" });
  await session.run({ name: "test.older", sql: 'ALTER TABLE STAGING."APP_ENTRIES__ROWS" DROP COLUMN _form' });
  await session.close();
  expect((await house.run({}, { warehouse })).failure?.problems[0]).toMatchObject({ code: "schema.not_deployed" });
  await deploy(warehouse, house.pipeline, { database });
  expect(await told(insert(21, "E2"))).toEqual(["published", "warn", says('"E2" beside "e2"')]);
  expect(await told(insert(22, "e22"))).toEqual(["published", "pass", "0 keys"]);
});
