import { join } from "node:path";
import { expect, test } from "vitest";
import { MOST } from "../../src/lineage/curated-row.ts";
import { leadBack } from "../../src/lineage/lead-back.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { COMPANY_HOURS } from "../support/company-hours.ts";
import { type Desk, openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";

/** What leads back from a key: a line for each row, with the tables that it came through, and what there is more of. */
async function led(desk: Desk, table: string, key: readonly string[]) {
  const asking = { ask: ({ sql }: { sql: string }) => desk.query(sql), dialect: duckdbDialect, pipeline: desk.pipeline };
  const found = await leadBack(asking, { table: desk.pipeline.models.get(table) ?? expect.fail(), key });
  const lines = found.rows.map(({ of, row, through }) => {
    const way = through.map((step) => `${step.table.table} ${step.key.join(",")}`);
    return [...way, `${of.feed.id} ${row["source_key"]} in ${row["batch_id"]}`].join(" < ");
  });
  return { lines, more: found.more };
}

test("a total leads back through the tables that it was made of to the rows of feeds", async () => {
  await using desk = openDesk("linked");
  await desk.play({
    rows: {
      "app.accounts": [account(1, "A")],
      "app.entries": [entry(1, "e1", { memo: "m1" }), entry(2, "e2"), entry(3, "e3", { memo: "m3" })],
    },
  });
  expect(await led(desk, "memo_total", ["m1", "USD"])).toEqual({
    lines: [
      "settled e1 < app.entries 1 in b_1_app.entries",
      "settled e1 < link e1 < app.entries 1 in b_1_app.entries",
      "settled e1 < account A < app.accounts 1 in b_1_app.accounts",
    ],
    more: [],
  });
  expect((await led(desk, "memo_total", ["-", "USD"])).lines[0]).toBe("settled e2 < app.entries 2 in b_1_app.entries");
  expect(await led(desk, "memo_total", ["none", "USD"])).toEqual({ lines: [], more: [] });
});

test("of a total over many rows the first are followed, and how many there are is told", async () => {
  await using desk = openDesk("linked");
  const many = Array.from({ length: MOST + 3 }, (_, i) => entry(i + 1, `e${String(i + 1).padStart(2, "0")}`));
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": many } });
  const { lines, more } = await led(desk, "memo_total", ["-", "USD"]);
  expect(more).toEqual([{ input: "curated.settled", rows: BigInt(MOST + 3) }]);
  expect(lines.filter((line) => /^settled \S+ < app.entries/.test(line))).toHaveLength(MOST);
});

test("each kind of money leads back to its source", async () => {
  await using desk = openDesk("company", join(import.meta.dirname, "../../examples/company"));
  for (const hour of COMPANY_HOURS) await desk.play(hour);
  const feedsOf = async (table: string, key: string[]) =>
    (await led(desk, table, key)).lines.map((line) => line.split(" in ")[0]);
  const owner = [
    "crosswalk_customer stripe,cus_1 < stripe.customers cus_1",
    "crosswalk_customer stripe,cus_1 < billing.customers 1",
  ];
  expect(await feedsOf("payment", ["stripe:ch_1"])).toEqual([
    "stripe.charges ch_1",
    "stripe.balance_transactions txn_1",
    "billing.payments 2",
    ...owner,
  ]);
  expect(await feedsOf("payment", ["stripe:re_1"])).toEqual(["stripe.charges ch_1", "stripe.refunds re_1", ...owner]);
  expect(await feedsOf("payment", ["billing:p1"])).toEqual(["billing.payments 1"]);
  expect(await feedsOf("payment", ["partner:meridian:r1"])).toEqual(["partners.remittances meridian|r1"]);
  expect(await feedsOf("customer", ["cu_1"])).toEqual([
    "billing.customers 1",
    "stripe.customers cus_1",
    "salesforce.accounts 001A",
    "crosswalk_customer salesforce,001A < salesforce.accounts 001A",
    "crosswalk_customer salesforce,001A < billing.customers 1",
    ...owner,
  ]);
  expect(await feedsOf("invoice", ["inv_2"])).toEqual(["billing.invoices 2", "stripe.invoices in_2"]);
  expect(await feedsOf("revenue_month", ["2026-11", "EUR", "partner"])).toEqual([
    "payment partner:meridian:r1 < partners.remittances meridian|r1",
  ]);
});
