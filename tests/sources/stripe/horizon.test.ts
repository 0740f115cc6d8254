import { expect, test } from "vitest";
import type { Source } from "../../../src/config/pipeline.ts";
import { horizonOf } from "../../../src/sources/stripe/readings.ts";
import { openStripeHouse } from "../../support/stripe-house.ts";
import { expectEnded, expectSame } from "./same-as-account.ts";

const HOUR = 3600;
const OURS = 1_791_201_600;

function at(address: string, now: number): number {
  const settings = { key: { env: "KEY" }, address, rate: { perSecond: 1, perEndpoint: 1, concurrency: 1 } };
  const budget = { requests: null, seconds: null };
  const source: Source = { id: "stripe", kind: "stripe", owner: "o", settings, embedded: false, deadlineSeconds: null, budget };
  return horizonOf(now, { source, clock: { now: () => new Date(OURS * 1000 + 999) } });
}

test.each([
  ["https://api.stripe.com/", OURS - 60, OURS - 360],
  ["https://api.stripe.com/", OURS + HOUR, OURS - 300],
  ["http://127.0.0.1:12111/", OURS + HOUR, OURS + HOUR - 300],
  ["http://localhost:1/worlds/a/", OURS + HOUR, OURS + HOUR - 300],
])("by %s at %i everything below %i is read", (address, now, horizon) => {
  expect(at(address, now)).toBe(horizon);
});

test("a clock behind what is published ends the run, and one that is right again goes on", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.manyCustomers(3);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const behind = stripe.faults.on("clock_skew", { seconds: -2 * HOUR, times: 999 });
  stripe.books.manyCustomers(2);
  const refused = await house.run();
  expect([refused.failure?.exitCode, refused.failure?.problems[0]?.code]).toEqual([20, "stripe.clock"]);
  behind.off();
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
  const [copies] = await house.query("select coalesce(sum(row_count), 0) as n from ops.flow where class = 'duplicate'");
  expect(copies).toEqual({ n: "0" });
});
