import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import type { Ended } from "../support/engine.ts";
import { withLimits } from "../support/in-force.ts";
import { expectEnded, expectSame, gatesOf } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse, withBudget } from "../support/stripe-house.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

const codesOf = ({ failure }: Ended) => failure?.problems.map(({ code }) => code);

/** An account with some customers and bills, loaded. */
async function loaded(customers = 40, more: Parameters<typeof openStripeHouse>[0] = {}): Promise<StripeHouse> {
  const of = await openStripeHouse(more);
  of.stripe.books.manyCustomers(customers);
  of.pass(HOUR);
  of.stripe.books.bill({ lines: 3, currency: "isk" });
  of.stripe.books.bill({ lines: 12, currency: "eur" });
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  return of;
}

const customersOf = async ({ house }: StripeHouse) =>
  (await house.query("select id from staging.stripe_customers order by id")).map((row) => String(row["id"]));

test("an object that is not there is deleted when the next run does not find it either, and not before", async () => {
  const of = await loaded();
  await using _ = of;
  const { stripe, house, pass } = of;
  const [id = ""] = await customersOf(of);
  stripe.books.customers.update(id, { name: "soon gone" });
  stripe.faults.on("not_found_then_back", { id, times: 2 });
  pass(HOUR);
  const once = await house.run();
  expectEnded(once, "published");
  expect(gatesOf(once, "objects_missing")).toEqual([
    {
      feed: "stripe.customers",
      verdict: "warn",
      observed: "1 of customers changed and are not there; deleted if the next run finds none either",
    },
  ]);
  expect(await customersOf(of)).toContain(id);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(await customersOf(of)).not.toContain(id);

  stripe.books.customers.update(id, { name: "back" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

test("an object that is back in the next run was never gone", async () => {
  const of = await loaded();
  await using _ = of;
  const { stripe, house, pass } = of;
  const [id = ""] = await customersOf(of);
  stripe.books.customers.update(id, { name: "renamed" });
  stripe.faults.on("not_found_then_back", { id, times: 1 });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
  stripe.requests.clear();
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(stripe.requests.retrieved().get(id)).toBeUndefined();
});

test("an object that the key may not see waits as unreadable until it can be read", async () => {
  const of = await loaded();
  await using _ = of;
  const { stripe, house, pass } = of;
  const [id = ""] = await customersOf(of);
  stripe.books.customers.update(id, { name: "hidden" });
  const hidden = stripe.faults.on("object_forbidden", { id, times: 9 });
  pass(HOUR);
  const run = await house.run();
  expectEnded(run, "published");
  expect(gatesOf(run, "objects_forbidden").map(({ feed }) => feed)).toEqual(["stripe.customers"]);
  expect(await house.query("select source_key, reasons from ops.open_quarantine")).toEqual([
    { source_key: id, reasons: '["record"]' },
  ]);
  hidden.off();
  stripe.books.customers.update(id, { name: "shown" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

test("more than ten objects that the key may not see are no exceptions", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const { stripe, house, pass } = of;
  const ids: string[] = [];
  for (let n = 0; n < 1_800; n += 1) {
    ids.push(stripe.books.customers.create({ name: `customer ${n}` }).id);
    pass(5);
  }
  pass(HOUR);
  expectEnded(await house.run(), "published");
  // So far apart that no page of the list would bring two of them.
  for (const id of ids.filter((_id, n) => n % 150 === 0)) {
    stripe.books.customers.update(id, { name: "hidden" });
    stripe.faults.on("object_forbidden", { id, times: 9 });
  }
  pass(HOUR);
  const refused = await house.run();
  expect([refused.failure?.exitCode, codesOf(refused)]).toEqual([20, ["stripe.forbidden"]]);
});

test("the key of another account, or of another mode, reads nothing", async () => {
  const of = await loaded(3);
  await using _ = of;
  const other = await openStripeHouse({ stripe: { account: "acct_1Other00000000000" } });
  await using __ = other;
  const source = of.house.pipeline.sources.get("stripe");
  const pipeline = {
    ...of.house.pipeline,
    sources: new Map([["stripe", { ...source, settings: { ...(source?.settings as object), address: `${other.stripe.url}/` } }]]),
  } as typeof of.house.pipeline;
  const refused = await of.house.run({}, { pipeline, reread: () => pipeline });
  expect([refused.failure?.exitCode, codesOf(refused)]).toEqual([20, ["stripe.account"]]);
  expect(other.stripe.requests.count("/v1/customers")).toBe(0);
  await expectSame(of);
});

test("after more than 25 days events are not trusted, and somebody has to ask for a whole read", async () => {
  const of = await loaded(3);
  await using _ = of;
  of.stripe.books.manyCustomers(5);
  of.pass(26 * DAY);
  const refused = await of.house.run();
  expect([refused.failure?.exitCode, codesOf(refused)]).toEqual([20, ["stripe.gap"]]);
  expectEnded(await of.house.run({ full: true, reason: "the gap was too long" }), "published");
  await expectSame(of);
});

test("a backlog shrinks hour by hour within the budget, and the horizon says how far it has come", async () => {
  const of = await loaded(3, { adjust: withBudget(60) });
  await using _ = of;
  const { stripe, house, pass } = of;
  for (let hour = 0; hour < 8; hour += 1) {
    stripe.books.bill({ lines: 2 });
    pass(HOUR);
  }
  const horizons: string[] = [];
  for (let run = 0; run < 6; run += 1) {
    expectEnded(await house.run(), "published");
    const [row] = await house.query(
      "select min(horizon) as horizon from ops.feed_horizon where number = (select max(number) from ops.feed_horizon)",
    );
    horizons.push(String(row?.["horizon"]));
  }
  expect(new Set(horizons).size).toBeGreaterThan(1);
  expect(horizons).toEqual([...horizons].sort());
  await expectSame(of);
});

test("of many touched objects a page that holds several is read in place of each, and none is asked for twice", async () => {
  const of = await loaded(300);
  await using _ = of;
  const { stripe, house, pass } = of;
  const ids = await customersOf(of);
  for (const id of ids) stripe.books.customers.update(id, { name: `renamed ${id}` });
  pass(HOUR);
  stripe.requests.clear();
  expectEnded(await house.run(), "published");
  await expectSame(of);
  const asked = stripe.requests.retrieved();
  expect([...asked.values()].filter((times) => times > 1)).toEqual([]);
  // All of them are of one second: its first hundred come as a page.
  expect(asked.size).toBeLessThanOrEqual(205);
});

test("payments of an invoice that is voided are canceled with it, for one request of a list each", async () => {
  const of = await loaded(3);
  await using _ = of;
  const { stripe, house, pass } = of;
  const [voided, old] = [0, 1].map(() => stripe.books.bill({ currency: "eur", failure: "card_declined" }).invoice);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  const young = stripe.books.bill({ currency: "eur", failure: "card_declined" }).invoice;
  for (const invoice of [voided ?? "", young]) stripe.books.invoices.void(invoice);
  stripe.books.invoices.markUncollectible(old ?? "");
  pass(HOUR);
  stripe.requests.clear();
  expectEnded(await house.run(), "published");
  await expectSame(of);
  const asked = stripe.requests.all().filter(({ path, query }) => path === "/v1/invoice_payments" && query.includes("invoice="));
  expect(asked).toHaveLength(2);
  const states = await house.query("select status, count(*) as n from staging.stripe_invoice_payments group by all order by all");
  expect(states.map(({ status, n }) => `${n} ${status}`)).toEqual(["2 canceled", "1 open", "2 paid"]);
});

test("an invoice that was voided and is gone by now has no payments, and stops nothing", async () => {
  const of = await loaded(3);
  await using _ = of;
  const { stripe, house, pass } = of;
  const { invoice } = stripe.books.bill({ currency: "eur", failure: "card_declined" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  stripe.books.invoices.void(invoice);
  const { find } = stripe.store;
  Object.assign(stripe.store, { find: (id: string) => (id === invoice ? undefined : find(id)) });
  pass(HOUR);
  stripe.requests.clear();
  expectEnded(await house.run(), "published");
  const asked = stripe.requests.all().filter(({ query }) => query.includes(`invoice=${invoice}`));
  expect(asked.map(({ status }) => status)).toEqual([400]);
});

test("what the account shows late is there in the end, and so is what comes twice and in no order", async () => {
  const of = await openStripeHouse({ stripe: { visibleAfterSeconds: 290, events: { duplicates: 0.3, shuffled: true } } });
  await using _ = of;
  const { stripe, house, pass } = of;
  for (let n = 0; n < 12; n += 1) {
    const { customer, charge } = stripe.books.bill({ lines: 2 });
    pass(97);
    stripe.books.customers.update(customer, { name: `late ${n}` });
    if (n % 3 === 0) stripe.books.refunds.create({ charge });
    pass(200);
    expectEnded(await house.run(), "published");
  }
  pass(HOUR);
  expectEnded(await house.run(), "published");
  stripe.events.duplicates = 0;
  await expectSame(of);
});

test("a path that a contract needs and no object has stops the feed; in single objects it is a broken rule", async () => {
  const of = await loaded(40);
  await using _ = of;
  const { stripe, house, pass } = of;
  stripe.books.manyCustomers(25);
  pass(HOUR);
  const gone = stripe.faults.on("field_removed", { field: "created", object: "customer", match: "/v1/customers", times: 99 });
  const stopped = await house.run();
  expect(stopped.report?.exit_code).toBe(10);
  expect(gatesOf(stopped, "drift").map(({ feed, verdict }) => [feed, verdict])).toEqual([["stripe.customers", "fail"]]);
  gone.off();
  expectEnded(await house.run(), "published");
  await expectSame(of);
});

test("a member that no object had before is told once and stops nothing; names in maps are no members", async () => {
  const of = await loaded(10);
  await using _ = of;
  const { house, stripe, pass } = of;
  const [id = ""] = await customersOf(of);
  const added = (run: Ended) => gatesOf(run, "drift").map(({ feed, observed }) => [feed, observed]);
  stripe.books.customers.update(id, { metadata: { never_seen: "before" } });
  pass(HOUR);
  const quiet = await house.run();
  expectEnded(quiet, "published");
  expect(added(quiet)).toEqual([]);

  stripe.faults.on("field_added", { field: "novelty", value: { level: [{ deep: 1 }] }, object: "customer", times: 99 });
  for (const expected of [["stripe.customers"], []]) {
    stripe.books.customers.update(id, { name: stripe.clock.now().toISOString() });
    pass(HOUR);
    const run = await house.run();
    expectEnded(run, "published");
    expect(added(run).map(([feed]) => feed)).toEqual(expected);
    for (const [, observed] of added(run)) {
      expect(observed).toBe(
        "added: /novelty json is new; added: /novelty/level json is new; added: /novelty/level/* json is new; added: /novelty/level/*/deep json is new",
      );
    }
  }
});

/** The text of every file below a folder, packed ones unpacked. */
function everyFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return files
    .map((name) => readFileSync(join(folder, name)))
    .map((bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1"))
    .join("\n");
}

test("nothing that runs write, good ones and failing ones, holds the key", async () => {
  const of = await loaded(3);
  await using _ = of;
  const { house, stripe, pass } = of;
  stripe.faults.on("expired_key", { match: "/v1/charges", times: 99 });
  pass(HOUR);
  const failed = await house.run();
  expect(failed.failure?.exitCode).toBe(20);
  const tables = await house.store.ask(
    "select table_name as name from information_schema.tables where table_schema = 'ledgerloop' and table_type = 'BASE TABLE'",
  );
  const rows: unknown[] = [];
  for (const { name } of tables as { name: string }[]) {
    rows.push(...(await house.store.ask(`select to_jsonb(t)::text as row from ledgerloop."${name}" t`)));
  }
  const said = JSON.stringify([failed.failure?.problems, failed.failure?.message, failed.failure?.stack, house.events, rows]);
  const written = everyFile(house.folder);
  expect(said).toContain("list charges");
  expect(written).toContain("/v1/customers");
  for (const text of [said, written]) {
    for (const secret of [DEFAULT_KEY, DEFAULT_KEY.slice(8), Buffer.from(DEFAULT_KEY).toString("base64"), "Bearer"]) {
      expect(text.includes(secret), secret).toBe(false);
    }
  }
});

test("a text that no database has keeps its record out, and the others go on", async () => {
  const of = await loaded(3, { adjust: withLimits({ validShare: 0 }) });
  await using _ = of;
  const { house, stripe, pass } = of;
  const [first = "", second = ""] = await customersOf(of);
  stripe.books.customers.update(first, { name: "a\u0000b" });
  stripe.books.customers.update(second, { name: "half \ud83d of a pair" });
  stripe.books.customers.create({ name: "fine \ud83d\ude00" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expect(await house.query("select source_key, reasons from ops.open_quarantine order by source_key")).toEqual(
    [first, second].map((id) => ({ source_key: id, reasons: '["record"]' })),
  );
  expect(await house.query("select name from staging.stripe_customers where name like 'fine%'")).toEqual([
    { name: "fine \ud83d\ude00" },
  ]);
  for (const id of [first, second]) stripe.books.customers.update(id, { name: "mended" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  await expectSame(of);
});
