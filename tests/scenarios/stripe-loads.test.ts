import { expect, test } from "vitest";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import { systemClock, systemTimer } from "../../src/kernel/clock.ts";
import { deriveAgain } from "../../src/landing/derive-again.ts";
import { readManifest } from "../../src/landing/manifest.ts";
import { pagesDeriver } from "../../src/sources/pages/pages-deriver.ts";
import { ownRates } from "../../src/sources/rate.ts";
import { expectEnded, expectSame, gatesOf } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";

const HOUR = 3600;

/** A life of an account: bills in many currencies, refunds, disputes, credit notes. */
function live({ stripe, pass }: StripeHouse, bills: number): void {
  const { books } = stripe;
  for (let n = 1; n <= bills; n += 1) {
    const { charge, invoice } = books.bill({ lines: (n % 14) + 1 });
    if (n % 5 === 0) books.refunds.create({ charge });
    if (n % 7 === 1) books.disputes.create({ charge });
    if (n % 6 === 2) books.creditNotes.create({ invoice });
    if (n % 9 === 3) books.bill({ failure: "card_declined" });
    pass(61);
  }
}

test("everything that an account holds is loaded, and then what changes in it", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  live(of, 30);
  pass(8 * 24 * HOUR);
  stripe.books.payouts.create({});
  stripe.books.manyCustomers(250);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);

  const [first, second, third] = await house.query("select id from staging.stripe_customers order by id limit 3");
  stripe.books.customers.update(String(first?.["id"]), { name: "Renamed" });
  stripe.books.customers.remove(String(second?.["id"]));
  stripe.books.customers.update(String(third?.["id"]), { metadata: { b: "2", a: "1" } });
  live(of, 4);
  pass(HOUR);
  stripe.requests.clear();
  expectEnded(await house.run(), "published");
  await expectSame(of);
  expect([...stripe.requests.retrieved().values()].filter((times) => times > 1)).toEqual([]);

  pass(HOUR);
  const quiet = await house.run();
  expectEnded(quiet, "published");
  await expectSame(of);
  expectEnded(await house.run({ full: true, reason: "nothing may change" }), "published");
  await expectSame(of);
  expect(await house.query("select count(*) as n from staging.stripe_customers__rows where _deleted_at is not null")).toEqual([
    { n: "1" },
  ]);
});

/** How far an adapter's own row says that a load has come; null where it is done. */
async function loadedDownTo({ house }: StripeHouse, feed: string): Promise<string | null> {
  const rows = await house.query(
    `select state_value from ops.adapter_state where feed = 'stripe.${feed}' and state_key = 'before' order by number desc limit 1`,
  );
  return rows[0]?.["state_value"] ?? null;
}

test("a first load in instalments goes on where it was, other changes come meanwhile, and nothing is there twice", async () => {
  const of = await openStripeHouse({ adjust: withBudget(36) });
  await using _ = of;
  const { stripe, house, pass } = of;
  // More of one second than a run can read: the second is read to its end all the same.
  stripe.books.manyCustomers(450);
  for (let n = 0; n < 1000; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    pass(10);
  }
  live(of, 5);
  pass(HOUR);
  let runs = 0;
  for (let isLoading = true; isLoading; runs += 1) {
    expect(runs).toBeLessThan(30);
    expectEnded(await house.run(), "published");
    isLoading =
      (
        await house.query(
          "select count(*) as n from ops.feed_horizon where loading_since is not null and number = (select max(number) from ops.feed_horizon)",
        )
      )[0]?.["n"] !== "0";
    live(of, 1);
    pass(HOUR);
  }
  expect(runs).toBeGreaterThan(1);
  expectEnded(await house.run(), "published");
  await expectSame(of);
  expect(await loadedDownTo(of, "customers")).toBeNull();
});

test("a whole read comes in instalments too, finds what no event told, and takes away what is gone", async () => {
  const of = await openStripeHouse({ adjust: withBudget(32) });
  await using _ = of;
  const { stripe, house, pass } = of;
  const customers: string[] = [];
  for (let n = 0; n < 1_300; n += 1) {
    customers.push(stripe.books.customers.create({ name: `customer ${n}` }).id);
    pass(20);
  }
  live(of, 6);
  pass(HOUR);
  for (let run = 0; run < 6; run += 1) {
    expectEnded(await house.run(), "published");
    pass(HOUR);
  }
  await expectSame(of);
  const [oldest, middle, newest] = [customers[3], customers[600], customers.at(-1)].map((id) => stripe.store.find(id ?? ""));
  if (!(oldest && middle && newest)) throw new Error("the account lacks customers");
  oldest.deleted = true;
  middle.object = { ...middle.object, name: "changed without an event" };
  newest.object = { ...newest.object, name: "changed without an event" };
  const lines = () => house.query("select count(*) as n from staging.stripe_customers__rows where _deleted_at is not null");

  const begun = await house.run({ full: true, reason: "everything" });
  expectEnded(begun, "published");
  expect(gatesOf(begun, "loading").map(({ feed }) => feed)).toContain("stripe.customers");
  const [named] = await house.query(`select name from staging.stripe_customers where id = '${newest.id}'`);
  expect(named).toEqual({ name: "changed without an event" });
  expect(await lines()).toEqual([{ n: "0" }]);
  let runs = 1;
  for (; (await loadedDownTo(of, "customers")) !== null; runs += 1) {
    expect(runs).toBeLessThan(12);
    live(of, 1);
    pass(HOUR);
    expectEnded(await house.run(), "published");
  }
  expect(runs).toBeGreaterThan(1);
  expect(await lines()).toEqual([{ n: "1" }]);
  for (let run = 0; run < 3; run += 1) {
    pass(HOUR);
    expectEnded(await house.run(), "published");
  }
  await expectSame(of);
});

test("after a gap that events do not reach over, everything is read again in instalments, and hours go on behind it", async () => {
  const of = await openStripeHouse({ adjust: withBudget(34) });
  await using _ = of;
  const { stripe, house, pass } = of;
  for (let n = 0; n < 700; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    pass(60);
  }
  live(of, 4);
  pass(HOUR);
  for (let run = 0; run < 5; run += 1) {
    expectEnded(await house.run(), "published");
    pass(HOUR);
  }
  const [changed] = await house.query("select id from staging.stripe_customers order by id limit 1");
  stripe.books.customers.update(String(changed?.["id"]), { name: "changed while nobody looked" });
  pass(27 * 24 * HOUR);
  const refused = await house.run();
  expect(refused.failure?.problems[0]?.code).toBe("stripe.gap");
  expectEnded(await house.run({ full: true, reason: "we were away" }), "published");
  for (let run = 0; run < 8; run += 1) {
    live(of, 1);
    pass(HOUR);
    expectEnded(await house.run(), "published");
  }
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
  expect(await loadedDownTo(of, "customers")).toBeNull();
});

test("rows can be derived again from the kept answers, byte for byte, years later", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe, pass } = of;
  live(of, 8);
  stripe.books.manyCustomers(30);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  live(of, 3);
  const [first] = await house.query("select id from staging.stripe_customers order by id limit 1");
  stripe.books.customers.remove(String(first?.["id"]));
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const batches = await house.query("select manifest from ops.batch order by manifest");
  expect(batches).toHaveLength(26);
  for (const row of batches) {
    const batch = await readManifest(house.engine.objects, String(row["manifest"]));
    if (!batch) throw new Error(`there is no manifest ${row["manifest"]}`);
    await deriveAgain(house.engine.objects, [pagesDeriver], batch.manifest);
  }
});

test("a look at the account says whose it is and what its key may list", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { house, stripe } = of;
  const source = house.pipeline.sources.get("stripe");
  if (!source) throw new Error("there is no source");
  const feeds = [...house.pipeline.feeds.values()].map((feed) => {
    return { feed, cursor: null, published: null, mayReadWhole: true, keys: false, loading: null };
  });
  const reader = await house.engine.readerOf(source);
  const look = {
    ...{ source, feeds, currencies: {}, state: async () => new Map() },
    ...{ signal: new AbortController().signal, rate: ownRates(systemTimer), clock: systemClock, timer: systemTimer },
  };
  expect((await reader.try?.(look))?.says).toMatch(
    /^it is acct_1Sandbox00000000 \(test mode\), and its key may list customers, /,
  );
  expect(stripe.requests.count()).toBe(12);
  stripe.keys.splice(0, 1, { secret: DEFAULT_KEY, forbidden: ["disputes"] });
  await expect(reader.try?.(look)).rejects.toMatchObject({ kind: "incomplete", problems: [{ code: "source.right" }] });
});
