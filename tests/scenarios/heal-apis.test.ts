import { expect, test } from "vitest";
import type { Bill } from "../../sandbox/stripe/books/books.ts";
import type { Feed } from "../../src/config/pipeline.ts";
import { salesforceReader } from "../../src/sources/salesforce/salesforce-reader.ts";
import { stripeReader } from "../../src/sources/stripe/stripe-reader.ts";
import { changeByHand } from "../support/by-hand.ts";
import { atSource, healed, mayGo, night, planned, told } from "../support/healing.ts";
import { openSalesforceHouse, only as withFeeds } from "../support/salesforce-house.ts";
import { expectEnded, expectSame, gatesOf } from "../support/same-as-account.ts";
import { expectSameAsOrg } from "../support/same-as-org.ts";
import { openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";

const HOUR = 3600;

const ofStripe = (feed: Feed) => stripeReader().readsByKey?.(feed) ?? false;
const ofSalesforce = (feed: Feed) => salesforceReader().readsByKey?.(feed) ?? false;

test("rows of Stripe that a hand changed, lost, doubled or invented are read again by their ids, and what is gone there goes", async () => {
  await using of = await openStripeHouse({ adjust: mayGo });
  const { stripe, house, pass } = of;
  const bill = () => stripe.books.bill({ currency: "eur", amount: 5_000 });
  const [a, b, c, d, e, f] = [bill(), bill(), bill(), bill(), bill(), bill()] as const;
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(told(await night(house))).toEqual([]);
  await changeByHand(house.folder, [
    `update staging.stripe_charges__rows set amount_minor = amount_minor + 1, _minor = _minor + 1 where id = '${a.charge}'`,
    `update staging.stripe_customers__rows set name = 'by hand' where id in ('${b.customer}', '${f.customer}')`,
    `delete from staging.stripe_invoices__rows where id = '${c.invoice}'`,
    `insert into staging.stripe_charges__rows select * from staging.stripe_charges__rows where id = '${d.charge}'`,
    `insert into staging.stripe_charges__rows by name (select * replace ('ch_hand' as id) from staging.stripe_charges__rows where id = '${e.charge}')`,
  ]);
  stripe.books.customers.remove(f.customer);
  const breaks = await night(house);
  expect(atSource(breaks)).toEqual(
    [
      `amount stripe.charges ${a.charge}`,
      `attribute stripe.customers ${b.customer}`,
      `attribute stripe.customers ${f.customer}`,
      `missing_in_warehouse stripe.invoices ${c.invoice}`,
      `duplicate stripe.charges ${d.charge}`,
      "missing_at_source stripe.charges ch_hand",
    ].sort(),
  );
  stripe.requests.clear();
  await healed(house, breaks, ofStripe);
  const asked = stripe.requests.all().map(({ path }) => path);
  expect(asked).toContain(`/v1/charges/${a.charge}`);
  expect(asked.filter((path) => /^\/v1\/(?:charges|customers|invoices)$/.test(path))).toEqual([]);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

/** A charge that was published, and that a hand has changed since. */
async function chargeByHand({ stripe, house, pass }: StripeHouse): Promise<string> {
  const { charge } = stripe.books.bill({ currency: "eur", amount: 5_000 });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await changeByHand(house.folder, [`update staging.stripe_charges__rows set description = 'by hand' where id = '${charge}'`]);
  return charge;
}

test("an object that is not there, and of which nobody says that it is deleted, stays, and that is told", async () => {
  await using of = await openStripeHouse();
  const { stripe, house } = of;
  const charge = await chargeByHand(of);
  const breaks = await night(house);
  stripe.faults.on("not_found_then_back", { id: charge, times: 1 });
  const { requests } = await planned(house, breaks, ofStripe);
  const [request] = requests;
  if (!request) expect.fail("nothing is to be healed");
  const ended = await house.perform(request);
  expect(gatesOf(ended, "objects_missing")).toMatchObject([{ feed: "stripe.charges", verdict: "warn" }]);
  expect(atSource(await night(house))).toEqual([`attribute stripe.charges ${charge}`]);
});

test("what stands inside other objects of Stripe is read with those, and nothing else of them is taken", async () => {
  await using of = await openStripeHouse({ adjust: mayGo });
  const { stripe, house, pass } = of;
  const [long, short, other] = [12, 3, 2].map((lines) => stripe.books.bill({ currency: "eur", amount: 24_000, lines })) as [
    Bill,
    Bill,
    Bill,
  ];
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const [lines, items] = ["staging.stripe_invoice_lines__rows", "staging.stripe_subscription_items__rows"];
  const idsIn = async (rows: string, scope: string) =>
    (await house.query(`select id from ${rows} where _scope = '${scope}' order by id`)).map(({ id }) => id ?? "");
  const [a = "", , , , , b = ""] = await idsIn(lines, long.invoice);
  const [c = ""] = await idsIn(lines, short.invoice);
  const [d = ""] = await idsIn(items, short.subscription);
  await changeByHand(house.folder, [
    `update ${lines} set amount_minor = amount_minor + 1, _minor = _minor + 1 where id = '${a}'`,
    `delete from ${lines} where id = '${b}'`,
    `insert into ${lines} by name (select * replace ('il_hand' as id) from ${lines} where id = '${c}')`,
    `update ${items} set quantity = quantity + 1 where id = '${d}'`,
  ]);
  const breaks = await night(house);
  expect(atSource(breaks)).toEqual(
    [
      `amount stripe.invoice_lines ${a}`,
      `missing_in_warehouse stripe.invoice_lines ${b}`,
      "missing_at_source stripe.invoice_lines il_hand",
      `attribute stripe.subscription_items ${d}`,
    ].sort(),
  );
  stripe.requests.clear();
  await healed(house, breaks, ofStripe);
  expect([...stripe.requests.retrieved().keys()].sort()).toEqual([long.invoice, short.invoice, short.subscription].sort());
  expect(stripe.requests.retrieved().has(other.invoice)).toBe(false);
  const landed = await house.query(
    "select b.feed, b.row_count from ops.batch b join ops.publication p using (publication_id) where p.kind = 'heal' order by all",
  );
  expect(landed).toEqual([
    { feed: "stripe.invoice_lines", row_count: "2" },
    { feed: "stripe.subscription_items", row_count: "1" },
  ]);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

test("lines are read by key where their invoices are a feed, and one that a hand made up in no invoice goes", async () => {
  await using of = await openStripeHouse({ adjust: mayGo });
  const { stripe, house, pass } = of;
  stripe.books.bill({ currency: "eur", amount: 24_000, lines: 2 });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const rows = "staging.stripe_invoice_lines__rows";
  await changeByHand(house.folder, [
    `insert into ${rows} by name (select * replace ('il_hand' as id, null as _scope) from ${rows} order by id limit 1)`,
  ]);
  const lines = house.pipeline.feeds.get("stripe.invoice_lines");
  if (!lines) expect.fail("no feed of lines");
  const { inside: _, ...alone } = lines;
  expect([ofStripe(lines), ofStripe(alone)]).toEqual([true, false]);
  await healed(house, await night(house), ofStripe);
  await expectSame(of);
});

test("lines of an invoice that is not there stay, and that is told; a line of which nothing says where it stands waits for a comparison", async () => {
  await using of = await openStripeHouse({ adjust: mayGo });
  const { stripe, house, pass } = of;
  const { invoice } = stripe.books.bill({ currency: "eur", amount: 24_000, lines: 2 });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await changeByHand(house.folder, ["update staging.stripe_invoice_lines__rows set description = 'by hand'"]);
  const breaks = (await night(house)).filter(({ leg }) => leg === "R1");
  stripe.faults.on("not_found_then_back", { id: invoice, times: 1 });
  const [request] = (await planned(house, breaks, ofStripe)).requests;
  const ended = await house.perform(request ?? expect.fail("nothing is to be healed"));
  expect(gatesOf(ended, "objects_missing")).toMatchObject([{ feed: "stripe.invoice_lines", verdict: "warn" }]);
  expect(atSource(await night(house))).toHaveLength(2);
  await changeByHand(house.folder, ["delete from staging.stripe_invoice_lines__rows"]);
  const unknown = breaks.map((one) => ({ ...one, scope: null }));
  const { notHealed } = await planned(house, unknown, ofStripe);
  const whole = '`ledgerloop run --full --restate --feeds stripe.invoice_lines --reason "…"` reads it whole';
  const why = `nothing says in which row of its source it stands: ${whole}`;
  expect(notHealed.map((one) => one.why)).toEqual([why, why]);
  await healed(house, await night(house), ofStripe);
  await expectSame(of);
});

test("rows of Salesforce that a hand changed, lost or invented are read again by their ids, and what is deleted there goes", async () => {
  await using of = await openSalesforceHouse({ adjust: withFeeds("accounts") });
  const { org, house, pass } = of;
  const account = (n: number) =>
    org.books.create("Account", { Name: `account ${n}`, AnnualRevenue: `${n}00`, CurrencyIsoCode: "EUR" });
  const ids = Array.from({ length: 200 }, (_, n) => account(n));
  const [a = "", b = "", c = "", d = "", ...others] = ids;
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(told(await night(house))).toEqual([]);
  await changeByHand(house.folder, [
    `update staging.salesforce_accounts__rows set name = 'by hand' where id not in ('${d}')`,
    `delete from staging.salesforce_accounts__rows where id = '${b}'`,
    `insert into staging.salesforce_accounts__rows by name (select * replace ('it''s none' as id) from staging.salesforce_accounts__rows where id = '${d}')`,
  ]);
  org.books.update(a, { Name: "renamed there" });
  org.books.delete(c);
  pass(HOUR);
  const breaks = await night(house);
  expect(atSource(breaks)).toEqual(
    [
      `missing_in_warehouse salesforce.accounts ${b}`,
      "missing_at_source salesforce.accounts it's none",
      ...[a, c, ...others].map((id) => `attribute salesforce.accounts ${id}`),
    ].sort(),
  );
  await healed(house, breaks, ofSalesforce);
  expectEnded(await house.run(), "published");
  await expectSameAsOrg(of, ["accounts"]);
});

test("records that were merged are read again by their ids, as long as the recycle bin has them, and none of another kind", async () => {
  await using of = await openSalesforceHouse({ adjust: withFeeds("accounts", "account_merges") });
  const { org, house, pass } = of;
  const ids = Array.from({ length: 6 }, (_, n) => org.books.create("Account", { Name: `account ${n}`, CurrencyIsoCode: "EUR" }));
  const [winner = "", a = "", b = "", there = ""] = ids;
  pass(HOUR);
  expectEnded(await house.run(), "published");
  for (const loser of [a, b]) org.books.merge(winner, loser);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(told(await night(house))).toEqual([]);
  const rows = "staging.salesforce_account_merges__rows";
  await changeByHand(house.folder, [
    `update ${rows} set merged_into_id = '${there}' where id = '${a}'`,
    `delete from ${rows} where id = '${b}'`,
  ]);
  const breaks = await night(house);
  expect(atSource(breaks)).toEqual(
    [`attribute salesforce.account_merges ${a}`, `missing_in_warehouse salesforce.account_merges ${b}`].sort(),
  );
  await healed(house, breaks, ofSalesforce);
  await expectSameAsOrg(of, ["accounts", "account_merges"]);
});

test("an answer that is another object, and a record that is missing from one, end the heal and take nothing away", async () => {
  await using ofStripeHouse = await openStripeHouse({ adjust: mayGo });
  const { stripe } = ofStripeHouse;
  const [a, b] = [stripe.books.bill({ currency: "eur", amount: 5_000 }), stripe.books.bill({ currency: "eur", amount: 7_000 })];
  ofStripeHouse.pass(HOUR);
  expectEnded(await ofStripeHouse.house.run(), "published");
  const byHand = `update staging.stripe_charges__rows set description = 'by hand' where id = '${a.charge}'`;
  await changeByHand(ofStripeHouse.house.folder, [byHand]);
  const [charge] = (await planned(ofStripeHouse.house, await night(ofStripeHouse.house), ofStripe)).requests;
  stripe.faults.on("field_added", { field: "id", value: b.charge, object: "charge", times: 99 });
  const other = await ofStripeHouse.house.perform(charge ?? expect.fail());
  expect(other.failure?.problems[0]?.code).toBe("stripe.other_object");

  await using of = await openSalesforceHouse({ adjust: withFeeds("accounts") });
  const { org, house, pass } = of;
  const ids = [1, 2, 3].map((n) => org.books.create("Account", { Name: `account ${n}`, CurrencyIsoCode: "EUR" }));
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await changeByHand(house.folder, ["update staging.salesforce_accounts__rows set name = 'by hand'"]);
  const breaks = await night(house);
  const [request] = (await planned(house, breaks, ofSalesforce)).requests;
  org.faults.on("row_lost", { id: ids[0] ?? "", times: 99 });
  const lost = await house.perform(request ?? expect.fail());
  expect([lost.failure?.problems[0]?.code, lost.failure?.message]).toEqual([
    "salesforce.totals",
    expect.stringContaining("2 records"),
  ]);
  org.faults.off();
  org.faults.on("row_lost", { id: ids[0] ?? "", times: 1 });
  await healed(house, breaks, ofSalesforce);
  await expectSameAsOrg(of, ["accounts"]);
});

test("a made up row whose id is another way to write one of Salesforce's goes, and nothing comes in its place", async () => {
  await using of = await openSalesforceHouse({ adjust: withFeeds("accounts") });
  const { org, house, pass } = of;
  const [a = ""] = [1, 2, 3].map((n) => org.books.create("Account", { Name: `account ${n}`, CurrencyIsoCode: "EUR" }));
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const copied = (id: string) =>
    `insert into staging.salesforce_accounts__rows by name (select * replace ('${id}' as id) from staging.salesforce_accounts__rows where id = '${a}')`;
  await changeByHand(house.folder, [copied(a.slice(0, 15)), copied(a.toLowerCase())]);
  await healed(house, await night(house), ofSalesforce);
  await expectSameAsOrg(of, ["accounts"]);
});

test("a heal that leaves its break as it was is none, however often", async () => {
  await using of = await openStripeHouse();
  const { stripe, house } = of;
  const charge = await chargeByHand(of);
  for (let times = 0; times < 2; times += 1) {
    const [request] = (await planned(house, await night(house), ofStripe)).requests;
    stripe.faults.on("not_found_then_back", { id: charge, times: 1 });
    expectEnded(await house.perform(request ?? expect.fail()), "published");
  }
  const open = (await night(house)).filter(({ leg }) => leg === "R1");
  expect(open.map(({ healings }) => healings)).toEqual([[]]);
});

test("a heal while a first load goes on asks nothing of another account, and keeps to the budget of requests", async () => {
  await using of = await openStripeHouse({ adjust: (pipeline) => withBudget(36)(mayGo(pipeline)) });
  const { stripe, house, pass } = of;
  for (let n = 0; n < 1500; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    if (n % 5 === 0) pass(10);
  }
  pass(HOUR);
  await house.run();
  const [horizon] = await house.query("select loading_since from ops.feed_horizon where feed = 'stripe.customers'");
  expect(horizon?.["loading_since"]).not.toBeNull();
  const byHand = async (rows: number) => {
    await changeByHand(house.folder, [
      `update staging.stripe_customers__rows set name = 'by hand' where id in (select id from staging.stripe_customers order by id limit ${rows})`,
    ]);
    const [request] = (await planned(house, await night(house), ofStripe)).requests;
    return request ?? expect.fail("nothing is to be healed");
  };
  const few = await byHand(2);
  const { account } = stripe.settings;
  Object.assign(stripe.settings, { account: { ...account, id: "acct_1Other000000000" } });
  expect((await house.perform(few)).failure?.problems[0]?.code).toBe("stripe.account");
  Object.assign(stripe.settings, { account });
  expectEnded(await house.perform(few), "published");
  const many = await byHand(60);
  stripe.requests.clear();
  expect((await house.perform(many)).failure).not.toBeNull();
  expect(stripe.requests.all().length).toBeLessThanOrEqual(36);
});
