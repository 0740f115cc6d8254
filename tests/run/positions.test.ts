import { expect, test } from "vitest";
import { emptyClaimsHouse } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { lineReader, lines } from "../support/line-deriver.ts";

const ACCOUNT = lines([{ id: 1, account_id: "A", name: "a", v: 1 }]);

/** An hour in which each entry comes in a file of its own, all of them under one name: their positions are equal. */
async function publish(house: House, amounts: readonly number[]): Promise<void> {
  const entry = (amount: number, i: number) => ({ id: i, entry_id: `e${i}`, account_id: "A", amount, currency: "USD" });
  const files = amounts.map((amount, i) => ({ name: "entries", bytes: lines([entry(amount, i)]) }));
  const reader = lineReader((feed) => (feed.name === "accounts" ? [{ name: "accounts", bytes: ACCOUNT }] : files));
  expect((await house.run({}, { readerOf: async () => reader })).report?.outcome).toBe("published");
}

test("rows at one position of two files wait and end each by itself", async () => {
  await using house = await emptyClaimsHouse();
  const open = () => house.query("select source_key, position from ops.open_quarantine order by 1");
  await publish(house, [-1, -2, -3]);
  expect(await open()).toEqual(["0", "1", "2"].map((key) => ({ source_key: key, position: "entries:1" })));
  const [ids] = await house.query("select count(distinct row_id) as ids from ops.quarantine_row");
  expect(ids).toEqual({ ids: "3" });
  await publish(house, [5, -2, -3]);
  expect((await open()).map((row) => row["source_key"])).toEqual(["1", "2"]);
});
