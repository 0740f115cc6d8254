import { describe, expect, test } from "vitest";
import type { ColumnType } from "../../src/contract/contract.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withFeed } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";

describe("a contract that changes on published data", () => {
  const withColumn = (house: House, type: ColumnType) => {
    const at = { file: "test", line: 1, column: 1 };
    const pipeline = withFeed(house.pipeline, "app.entries", (feed) => ({
      ...feed,
      contract: {
        ...feed.contract,
        columns: [
          ...feed.contract.columns.filter((c) => c.name !== "memo"),
          { name: type.kind === "string" ? "note" : "memo", type, required: false, pii: false, at },
        ],
      },
    }));
    return { pipeline, reread: () => pipeline };
  };

  test("a new column is added before the transaction; old rows read NULL, new ones its value", async () => {
    await using house = await open();
    await house.run();
    await house.source.query("alter table app.entries add column note text");
    await house.source.query("update app.entries set note = 'n', chg = pg_current_xact_id() where id = 1");
    const memo = house.pipeline.models.get("entry") ?? expect.fail();
    const models = new Map(house.pipeline.models).set("entry", { ...memo, select: memo.select.replace("memo", "note as memo") });
    const changed = withColumn(house, { kind: "string" });
    const pipeline = { ...changed.pipeline, models };
    expect((await house.run({}, { pipeline, reread: () => pipeline })).report?.outcome).toBe("published");
    expect(await house.query("select id, note from staging.app_entries order by id")).toEqual([
      { id: "1", note: "n" },
      { id: "2", note: null },
    ]);
  });

  test("a column of another type is refused with the way out: exit 10", async () => {
    await using house = await open();
    await house.run();
    const refused = await house.run({}, withColumn(house, { kind: "date" }));
    expect(refused.failure?.exitCode).toBe(10);
    expect(refused.failure?.message).toContain("staging.app_entries__rows.memo holds VARCHAR, the contract now says DATE");
  });
});
