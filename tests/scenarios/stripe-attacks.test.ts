import { expect, test } from "vitest";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { expectEnded, expectSame } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";

const HOUR = 3600;

const FEW = ["customers"];

/** The example pipeline with some of its feeds, and nothing curated. */
function only(...names: readonly string[]): (pipeline: Pipeline) => Pipeline {
  const ids = names.map((name) => `stripe.${name}`);
  return (pipeline) => ({
    ...pipeline,
    feeds: new Map([...pipeline.feeds].filter(([id]) => ids.includes(id))),
    models: new Map(),
    groups: new Map([...pipeline.groups].map(([id, group]) => [id, { ...group, feeds: ids, models: [] }])),
  });
}

/** A house that has published an account of so many customers, some seconds apart. */
async function published(customers: number, apart = 10): Promise<StripeHouse & { ids: readonly string[] }> {
  const of = await openStripeHouse({ adjust: only(...FEW) });
  const ids: string[] = [];
  for (let n = 0; n < customers; n += 1) {
    ids.push(of.stripe.books.customers.create({ name: `customer ${n}` }).id);
    of.pass(apart);
  }
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  return { ...of, ids };
}

test("one answer whose clock is an hour ahead of all others loses nothing that is created in that hour", async () => {
  const of = await published(3);
  await using _ = of;
  const { stripe, house, pass } = of;
  pass(HOUR);
  stripe.faults.on("clock_skew", { match: "/v1/account", seconds: HOUR });
  await house.run();
  pass(600);
  stripe.books.customers.create({ name: "in between" });
  for (let hour = 0; hour < 3; hour += 1) {
    pass(HOUR);
    expectEnded(await house.run(), "published");
  }
  await expectSame(of, FEW);
});

test("a clock that is an hour ahead of this machine's for a whole run loses nothing", async () => {
  const of = await published(3);
  await using _ = of;
  const { stripe, house, pass } = of;
  pass(HOUR);
  const clock = { now: () => stripe.clock.now() };
  stripe.faults.on("clock_skew", { times: 10_000, seconds: HOUR });
  expectEnded(await house.run({}, { clock }), "published");
  stripe.faults.off();
  pass(600);
  stripe.books.customers.create({ name: "in between" });
  for (let hour = 0; hour < 3; hour += 1) {
    pass(HOUR);
    expectEnded(await house.run({}, { clock }), "published");
  }
  await expectSame(of, FEW);
});

test("a whole read by a clock that is behind takes back nothing that is published", async () => {
  const of = await published(40);
  await using _ = of;
  const { stripe, house, pass } = of;
  pass(2 * HOUR);
  stripe.books.customers.create({ name: "of the last hours" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  stripe.faults.on("clock_skew", { times: 10_000, seconds: -1.5 * HOUR });
  const { report } = await house.run({ full: true, reason: "everything" });
  stripe.faults.off();
  if (report?.outcome === "published") await expectSame(of, FEW);
});

test.each([6, 7, 8, 9, 10, 11, 12])(
  "a budget of %d requests that ends inside an invoice takes none of its lines away",
  async (requests) => {
    const of = await openStripeHouse({ adjust: only("customers", "invoices", "invoice_lines") });
    await using _ = of;
    const { stripe, house, pass } = of;
    const { invoice } = stripe.books.bill({ lines: 120, currency: "eur", amount: 24_000 });
    for (let n = 0; n < 40; n += 1) stripe.books.bill({ lines: 100, currency: "eur", amount: 20_000 });
    pass(HOUR);
    expectEnded(await house.run(), "published");
    stripe.books.invoices.update(invoice, { description: "changed" });
    pass(HOUR);
    const pipeline = withBudget(requests)(house.engine.pipeline);
    await house.run({}, { pipeline, reread: () => pipeline });
    const lines = await house.query(`select count(*) as n from staging.stripe_invoice_lines where invoice_id = '${invoice}'`);
    expect(lines).toEqual([{ n: "120" }]);
  },
);

test.each([8, 9, 10, 11])(
  "an object that was not there, and inside which a budget of %d requests ends, is asked for once more",
  async (requests) => {
    const of = await openStripeHouse({ adjust: only("customers", "invoices", "invoice_lines") });
    await using _ = of;
    const { stripe, house, pass } = of;
    const { invoice } = stripe.books.bill({ lines: 320, currency: "eur", amount: 64_000 });
    stripe.books.manyCustomers(40);
    pass(3 * HOUR);
    expectEnded(await house.run(), "published");
    stripe.books.invoices.update(invoice, { metadata: { changed: "yes" } });
    stripe.faults.on("not_found_then_back", { id: invoice });
    pass(HOUR);
    expectEnded(await house.run(), "published");
    pass(HOUR);
    const pipeline = withBudget(requests)(house.engine.pipeline);
    await house.run({}, { pipeline, reread: () => pipeline });
    pass(HOUR);
    expectEnded(await house.run(), "published");
    await expectSame(of, ["customers", "invoices", "invoice_lines"]);
    const rows = await house.query(`select metadata from staging.stripe_invoices where id = '${invoice}'`);
    expect(rows).toEqual([{ metadata: '{"changed":"yes"}' }]);
  },
);

test("a whole read beyond its budget comes to its end in later runs, or says that it cannot", async () => {
  const of = await published(900);
  await using _ = of;
  const { stripe, house, pass, ids } = of;
  // No event says so.
  stripe.faults.on("page_changed", { match: "/v1/customers" });
  const oldest = `${stripe.url}/v1/customers?limit=1&starting_after=${ids[1]}`;
  await fetch(oldest, { headers: { authorization: `Bearer ${DEFAULT_KEY}` } });
  const pipeline = withBudget(8)(house.engine.pipeline);
  const small = { pipeline, reread: () => pipeline };
  for (let day = 0; day < 3; day += 1) {
    const { failure } = await house.run({ full: true, reason: "everything" }, small);
    if (failure) return;
    for (let hour = 0; hour < 3; hour += 1) {
      pass(HOUR);
      expectEnded(await house.run({}, small), "published");
    }
  }
  const changed = "select count(*) as n from staging.stripe_customers where description like 'changed%'";
  expect(await house.query(changed)).toEqual([{ n: "1" }]);
});

test("a page without objects behind which there are more ends no list", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.manyCustomers(150);
  pass(HOUR);
  stripe.faults.on("wrong_count", { match: /\/v1\/customers\?.*starting_after/, missing: 100 });
  stripe.faults.on("wrong_count", { match: /\/v1\/customers\?/, missing: 100 });
  const { report } = await house.run();
  stripe.faults.off();
  const rows = await house.query("select count(*) as n from staging.stripe_customers");
  if (report?.outcome === "published") expect(rows).toEqual([{ n: "150" }]);
});

test("a list of lines whose second page is empty, and says that there are more, is not taken for whole", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.bill({ lines: 120, currency: "eur", amount: 24_000 });
  stripe.books.bill({ lines: 320, currency: "eur", amount: 64_000 });
  pass(HOUR);
  stripe.faults.on("wrong_count", { match: /\/lines\?.*starting_after/, missing: 100 });
  const { report } = await house.run();
  stripe.faults.off();
  const rows = await house.query("select count(*) as n from staging.stripe_invoice_lines");
  if (report?.outcome === "published") expect(rows).toEqual([{ n: "440" }]);
});

test("the head of a list that is looked at again may lose the object that its second page begins behind", async () => {
  const of = await published(3);
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.customers.create({ name: "of this hour" });
  pass(HOUR);
  const at = new Date(stripe.clock.now().getTime() - 600_000);
  let late: string[] = [];
  stripe.faults.on("page_changed", {
    match: "/v1/customers",
    change: () => {
      late = stripe.books.manyCustomers(150, { at });
    },
  });
  stripe.faults.on("page_changed", {
    match: "/v1/customers",
    after: 1,
    change: (ids) => stripe.books.customers.remove(ids.at(-1) ?? ""),
  });
  expectEnded(await house.run(), "published");
  expect(late).toHaveLength(150);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of, FEW);
});

test("an event that the account has once is extracted once", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  const { id } = stripe.books.customers.create({ name: "one" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  stripe.books.customers.update(id, { name: "renamed" });
  pass(HOUR);
  const ended = await house.run();
  expectEnded(ended, "published");
  const events = ended.report?.feeds.find(({ feed }) => feed === "stripe.events");
  expect(events).toMatchObject({ inserted: 1, duplicate: 0 });
});

test("more than ten thousand objects of one hour, read hour by hour while they change, have one row each", async () => {
  const of = await published(1);
  await using _ = of;
  const { stripe, house, pass } = of;
  for (let second = 0; second < 3600; second += 30) {
    stripe.books.manyCustomers(110);
    pass(30);
  }
  pass(HOUR);
  const pipeline = withBudget(100_000)(house.engine.pipeline);
  let [pages, between]: [number, readonly string[]] = [0, []];
  // Objects change between the two readings of the seconds that both hours have.
  stripe.faults.on("page_changed", {
    match: "/v1/customers",
    times: 10_000,
    change: (ids) => {
      pages += 1;
      if (pages === 15) between = ids;
      if (pages === 125) for (const id of between) stripe.books.customers.update(id, { name: "changed" });
    },
  });
  const ended = await house.run({}, { pipeline, reread: () => pipeline });
  stripe.faults.off();
  expect(pages).toBeGreaterThan(125);
  expectEnded(ended, "published");
  expect(ended.report?.feeds.map(({ duplicate, quarantined }) => ({ duplicate, quarantined }))).toEqual([
    { duplicate: 0, quarantined: 0 },
  ]);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of, FEW);
});
