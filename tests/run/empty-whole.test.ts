import { expect, test } from "vitest";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";

const entries = (house: House) => house.query("select entry_id, amount from curated.entry order by 1");

test("an empty whole read beside live rows blocks, beside tombstones it does not", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("delete from app.entries");
  const ended = await house.run({ full: true });
  expect(ended.failure?.exitCode).toBe(10);
  expect(ended.failure?.problems[0]?.next).toContain("`ledgerloop run --full --reason 'emptied' --feeds app.entries`");
  expect(await entries(house)).toHaveLength(2);
  expect((await house.run({ keys: true })).report?.outcome).toBe("published");
  expect((await house.run({ full: true })).report?.outcome).toBe("published");
  expect(await entries(house)).toEqual([]);
});

test("an empty whole read that somebody gives a reason for goes on to the share that may vanish", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("delete from app.entries");
  expect((await house.run({ full: true, reason: "emptied" })).report?.outcome).toBe("published");
  expect(await entries(house)).toEqual([]);
});
