import { expect, test } from "vitest";
import { horizonOf } from "../../../src/sources/stripe/readings.ts";
import { expectEnded, expectSame, gatesOf } from "../../support/same-as-account.ts";
import { openStripeHouse } from "../../support/stripe-house.ts";

const HOUR = 3600;
const OURS = 1_791_201_600;

test.each([
  [OURS - 60, OURS - 360],
  [OURS, OURS - 300],
  [OURS + HOUR, OURS - 300],
])("at %i of the API's clock everything below %i is read", (now, horizon) => {
  expect(horizonOf(now, { clock: { now: () => new Date(OURS * 1000 + 999) } })).toBe(horizon);
});

test("a clock that is ahead of this machine's is told, and nothing beyond that is read", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.manyCustomers(3);
  pass(HOUR);
  const now = stripe.clock.now();
  stripe.faults.on("clock_skew", { seconds: HOUR, times: 999 });
  const run = await house.run({}, { clock: { now: () => now } });
  expectEnded(run, "published");
  expect(gatesOf(run, "cursor_clock")[0]?.observed).toBe(
    "the clock of the source is 60 min ahead of this machine's, beyond which nothing is read",
  );
  expect(await house.query("select distinct horizon from ops.feed_horizon")).toEqual([
    { horizon: new Date(now.getTime() - 300_000).toISOString().slice(0, 19).replace("T", " ") },
  ]);
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
