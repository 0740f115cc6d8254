import { expect, test } from "vitest";
import { failAt, killAt, siteBefore } from "../support/crashing.ts";
import { expectWholeAtEvery, expectWholeWhenKilled, KILLS, onSite } from "../support/expect-whole.ts";
import { openStripeHouse, type StripeFurnishing, withBudget } from "../support/stripe-house.ts";

const WINDOW = { start: new Date("2026-10-05T20:00:00Z"), end: new Date("2026-10-05T21:00:00Z") };
const HOUR = { window: WINDOW, args: ["run", "--window", `${WINDOW.start.toISOString()}/${WINDOW.end.toISOString()}`] };

const NETS = { window: null, nets: true, args: ["run", "--nets"] };

/** A loaded account some days later, in which objects changed and went without an event. */
async function netSite() {
  const of = await openStripeHouse();
  const { stripe, house, pass } = of;
  for (let n = 0; n < 130; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    pass(60);
  }
  const [first, second] = [1, 2].map(() => stripe.books.customers.create({ name: "to be seen by a net" }).id) as [string, string];
  stripe.books.bill({ lines: 12, currency: "eur" });
  pass(4 * 86_400);
  expect((await house.run()).report?.outcome).toBe("published");
  const [changed, gone] = [stripe.store.find(first), stripe.store.find(second)];
  if (!(changed && gone)) throw new Error("the account lacks customers");
  changed.object = { ...changed.object, name: "changed without an event" };
  gone.deleted = true;
  return { site: await siteBefore(house, NETS), close: () => stripe.close() };
}

/** A loaded account, or one whose load has begun, and behind it an hour in which objects changed, came and went. */
async function siteOf(furnishing: StripeFurnishing = {}) {
  const of = await openStripeHouse(furnishing);
  const { stripe, house, pass } = of;
  const customers = stripe.books.manyCustomers(130);
  for (let n = 0; n < 4; n += 1) {
    stripe.books.bill({ lines: n * 6 + 1, currency: "eur" });
    pass(900);
  }
  pass(3600);
  expect((await house.run()).report?.outcome).toBe("published");
  const [first = "", second = ""] = customers;
  stripe.books.customers.update(first, { name: "renamed" });
  stripe.books.customers.remove(second);
  const { charge } = stripe.books.bill({ lines: 12, currency: "isk" });
  stripe.books.refunds.create({ charge });
  pass(3600);
  return { site: await siteBefore(house, HOUR), close: () => stripe.close() };
}

test.each<[string, StripeFurnishing]>([
  ["an hour", {}],
  ["an instalment of a first load", { adjust: withBudget(36) }],
])("%s is broken off at any object, repeated, and is the clean run", async (_, furnishing) => {
  await onSite(siteOf(furnishing), (site) => expectWholeAtEvery(site, { kind: "objects", when: "before" }, failAt));
});

test("nets are broken off at any object, repeated, and are the clean run", async () => {
  await onSite(netSite(), (site) => expectWholeAtEvery(site, { kind: "objects", when: "before" }, failAt));
});

test("the program that runs nets, killed while it looks, leads and publishes, and repeated, is the clean run", async () => {
  await onSite(netSite(), async (site) => {
    for (const what of ["look.token", "begin.fence", "publish.fence", "staging-delete.stripe.customers"]) {
      const run = await killAt(site, { kind: "warehouse", what, when: "after", at: 1 });
      expect(run.reached, what).toBe(true);
      expect(run.between, what).toEqual(site.before);
      expect(run.after, what).toEqual(site.clean);
    }
  });
});

test.each(KILLS)("the program, killed %s and repeated, is the clean run", async (_, what) => {
  await onSite(siteOf(), (site) => expectWholeWhenKilled(site, what));
});
