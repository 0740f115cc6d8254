import { expect, test } from "vitest";
import type { Pipeline } from "../../../src/config/pipeline.ts";
import type { ColumnType } from "../../../src/contract/contract.ts";
import { withFeed } from "../../support/desk-rows.ts";
import { FIRST, houseBefore } from "../../support/hours.ts";
import { inForce } from "../../support/in-force.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

const DECIMAL: ColumnType = { kind: "decimal", precision: 12, scale: 2 };

/** The same pipeline, whose entries have a memo of another type. */
function retyped(pipeline: Pipeline, type: ColumnType): Pipeline {
  const memo = <T extends { readonly name: string }>(columns: readonly T[]) =>
    columns.map((c) => (c.name === "memo" ? { ...c, type } : c));
  const feeds = withFeed(pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: memo(feed.contract.columns) },
  }));
  const model = pipeline.models.get("entry") ?? expect.fail();
  const contract = { ...model.contract, columns: memo(model.contract.columns) };
  return { ...feeds, models: new Map(pipeline.models).set("entry", { ...model, contract }) };
}

test("tables that nothing was published to are made anew by `warehouse apply`; a run says so, and published ones stay", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const { pipeline } = house;
  const database = "ANEW";
  const warehouse = site.warehouse(database);
  await deploy(warehouse, pipeline, { database });
  const numbers = retyped(pipeline, DECIMAL);
  const refused = await house.run({ window: FIRST.window }, { warehouse, ...inForce(numbers) });
  expect(refused.failure?.problems[0]).toMatchObject({
    code: "schema.not_deployed",
    says: expect.stringContaining("staging.app_entries__rows and 2 more"),
  });
  await deploy(warehouse, numbers, { database });
  const session = await warehouse.open({ purpose: "test" });
  const types = await session.rows({ name: "test.types", sql: warehouse.dialect.columnsOf(["staging", "curated", "history"]) });
  const views = ["staging.app_entries", "curated.entry"];
  const memo = types.filter(
    (row) => row["column_name"] === "memo" && !views.includes(`${row["table_schema"]}.${row["table_name"]}`),
  );
  expect(memo.map((row) => row["data_type"])).toEqual(Array(3).fill("NUMBER(12, 2)"));
  await session.close();
  // The other way round, and a publication.
  await deploy(warehouse, pipeline, { database });
  expect((await house.run({ window: FIRST.window }, { warehouse })).report?.outcome).toBe("published");
  await expect(deploy(warehouse, numbers, { database })).rejects.toMatchObject({
    kind: "blocked",
    problems: Array(3)
      .fill({ code: "schema.retyped_column" })
      .map((problem) => expect.objectContaining(problem)),
  });
});
