import { join } from "node:path";
import { expect, test } from "vitest";
import { openDesk, type Row } from "../support/desk.ts";
import { HOURS } from "../support/two-hours.ts";

const PIPELINE = join(import.meta.dirname, "../fixtures/pipelines/billing");
const first = (feed: string): Row => HOURS[0]?.rows[feed]?.[0] ?? expect.fail();

test("held rows are excused that lack a feed which is not there, or a parent that waits for one; not those whose parent is unknown", async () => {
  await using desk = openDesk("billing", PIPELINE);
  const invoice = (id: number, subscription: string): Row => ({
    ...first("billing.invoices"),
    id,
    invoice_id: `inv_${id}`,
    subscription_id: subscription,
  });
  const { judgement } = await desk.play({
    rows: {
      "billing.subscriptions": [first("billing.subscriptions")],
      "billing.invoices": [invoice(1, "sub_1"), invoice(2, "sub_404")],
    },
    leftOut: ["billing.customers"],
  });
  const held = judgement.tally.filter((line) => line.class === "held").map((line) => [line.feed, line.rows, line.excusedRows]);
  expect(held.sort()).toEqual([
    ["billing.invoices", 2n, 1n],
    ["billing.subscriptions", 1n, 1n],
  ]);
});
