import { expect, test } from "vitest";
import { openClaimsHouse as open } from "../support/claims-house.ts";

test("who reads a curated table by its name reads live rows alone; its rows and its history keep what was", async () => {
  await using house = await open();
  await house.run();
  const sum = () => house.query("select sum(amount) as amount, count(*) as n from curated.entry");
  const [before] = await sum();
  const [gone] = await house.query("select entry_id, amount from curated.entry order by 1 limit 1");
  await house.source.query("delete from app.entries where entry_id = $1", [gone?.["entry_id"]]);
  expect((await house.run({ keys: true })).failure?.message).toBeUndefined();
  expect(await sum()).toEqual([
    {
      amount: (BigInt(before?.["amount"] ?? "0") - BigInt(gone?.["amount"] ?? "0")).toString(),
      n: (BigInt(before?.["n"] ?? "0") - 1n).toString(),
    },
  ]);
  expect(await house.query("select entry_id from curated.entry__rows where deleted_at is not null")).toEqual([
    { entry_id: gone?.["entry_id"] },
  ]);
  expect(await house.query("select entry_id, _to_publication from history.entry")).toEqual([
    { entry_id: gone?.["entry_id"], _to_publication: "2" },
  ]);
  const columns = await house.query(
    "select column_name as name from information_schema.columns where table_schema = 'curated' and table_name = 'entry' order by ordinal_position",
  );
  const contract = house.pipeline.models.get("entry")?.contract.columns.map(({ name }) => name) ?? [];
  expect(columns.map(({ name }) => name)).toEqual([...contract, "_contract_version", "_publication", "deleted_at"]);
  // Queries that leave tombstones out themselves go on as before.
  expect(await house.query("select sum(amount) as amount, count(*) as n from curated.entry where deleted_at is null")).toEqual(
    await sum(),
  );
});
