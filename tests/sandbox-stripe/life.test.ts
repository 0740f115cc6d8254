import { afterAll, expect, test } from "vitest";
import { KINDS } from "../../sandbox/stripe/kinds.ts";
import { type LivedHour, seededLife } from "../../sandbox/stripe/life/life.ts";
import { HAPPENINGS, type Happening } from "../../sandbox/stripe/life/living.ts";
import { type Stripe, startStripe } from "../../sandbox/stripe/start-stripe.ts";

const started: Stripe[] = [];
const WEEKS = 5 * 7 * 24;

/** An account with a life, from its beginning. */
async function account(seed: number) {
  const stripe = await startStripe({ seed, now: new Date("2026-08-31T00:00:00Z") });
  started.push(stripe);
  const life = seededLife(stripe, seed);
  const live = (hours: number): LivedHour[] => Array.from({ length: hours }, () => life.hour());
  const all = (kind: (typeof KINDS)[number]) => stripe.store.between(kind, 0, Number.POSITIVE_INFINITY);
  const whole = () => KINDS.map((kind) => all(kind).map(({ object, deleted }) => ({ object, deleted })));
  return { stripe, live, all, whole };
}

afterAll(async () => {
  for (const stripe of started) await stripe.close();
});

test("five weeks bring all that the product has to see", async () => {
  const { live, all, stripe } = await account(7);
  const happened = live(WEEKS).map((hour) => hour.happened);
  const times = (what: Happening) => happened.reduce((sum, hour) => sum + (hour[what] ?? 0), 0);
  for (const what of Object.keys(HAPPENINGS) as Happening[]) expect(times(what), what).toBeGreaterThan(4);
  const values = (kind: (typeof KINDS)[number], field: string) => new Set(all(kind).map(({ object }) => object[field]));
  for (const status of ["draft", "open", "paid", "uncollectible", "void"]) expect(values("invoice", "status")).toContain(status);
  for (const currency of ["eur", "usd", "jpy", "kwd", "isk"]) expect(values("charge", "currency")).toContain(currency);
  for (const status of ["active", "canceled", "trialing"]) expect(values("subscription", "status")).toContain(status);
  for (const status of ["succeeded", "pending", "failed"]) expect(values("refund", "status")).toContain(status);
  expect(all("customer").some(({ deleted }) => deleted)).toBe(true);
  expect(all("invoice").some(({ id }) => stripe.store.parts(id, "line_item").length > 10)).toBe(true);
  expect(all("invoice").some(({ object }) => object["billing_reason"] === "subscription_cycle")).toBe(true);
});

test("a seed gives one life however its hours are counted, and another seed another", async () => {
  const [once, twice, other] = [await account(3), await account(3), await account(4)];
  once.live(200);
  for (const hours of [1, 150, 49]) twice.live(hours);
  other.live(200);
  expect(twice.whole()).toEqual(once.whole());
  expect(other.whole()).not.toEqual(once.whole());
  expect(once.stripe.clock.now()).toEqual(new Date("2026-09-08T08:00:00Z"));
});

test("nothing is written outside its hour, and by day each hour brings a bill", async () => {
  const { live, all } = await account(5);
  live(100);
  const before = new Set(all("event").map(({ id }) => id));
  const [hour] = live(1);
  const [from, until] = [hour?.from.getTime() ?? 0, hour?.until.getTime() ?? 0];
  for (const { id, created } of all("event")) {
    if (!before.has(id)) expect(created * 1000 >= from && created * 1000 < until).toBe(true);
  }
  const day = live(24).filter((one) => one.from.getUTCHours() >= 8 && one.from.getUTCHours() < 18);
  for (const { happened } of day) expect(happened.bill ?? 0).toBeGreaterThan(0);
});

test("life goes on where somebody else has written", async () => {
  const { live, all, stripe } = await account(7);
  live(WEEKS);
  for (const { id, deleted } of all("customer")) if (!deleted) stripe.books.customers.remove(id);
  const canceled = () => all("subscription").filter(({ object }) => object["status"] === "canceled").length;
  const before = all("invoice").length;
  expect(canceled()).toBe(all("subscription").length);
  live(48);
  const since = all("invoice").slice(before);
  expect(since.length).toBeGreaterThan(0);
  const isGone = (id: unknown) => stripe.store.find(String(id))?.deleted === true;
  expect(since.filter(({ object }) => isGone(object["customer"]))).toEqual([]);
});
