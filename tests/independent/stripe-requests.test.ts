import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoggedRequest } from "../../sandbox/stripe/api/requests.ts";
import { systemTimer } from "../../src/kernel/clock.ts";
import { ownRates } from "../../src/sources/rate.ts";
import { stripeReader } from "../../src/sources/stripe/stripe-reader.ts";
import { expectEnded } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse } from "../support/stripe-house.ts";
import { type StripeMock, startStripeMock } from "./support/stripe-mock.ts";

const HOUR = 3600;
const VERSION = "2026-08-26.dahlia";

/** Requests without which the account was not rich enough: each way to ask, once. */
const RICH = [
  "/v1/account",
  "/v1/customers limit",
  "/v1/customers created[lt] limit starting_after",
  "/v1/customers created[gte] created[lt] limit starting_after",
  "/v1/customers created[gte] created[lte] limit",
  "/v1/customers/:id",
  "/v1/subscriptions created[gte] created[lt] limit starting_after status",
  "/v1/subscription_items limit starting_after subscription",
  "/v1/invoices/:id",
  "/v1/invoices/:id/lines limit starting_after",
  "/v1/invoice_payments created[gte] created[lt] limit",
  "/v1/charges created[gte] created[lte] limit",
  "/v1/refunds/:id",
  "/v1/disputes/:id",
  "/v1/credit_notes/:id",
  "/v1/payouts/:id",
  "/v1/balance_transactions created[gte] created[lt] limit starting_after",
  "/v1/events created[gte] created[lt] limit starting_after",
];

let mock: StripeMock;
beforeAll(async () => {
  mock = await startStripeMock();
});
afterAll(() => mock[Symbol.asyncDispose]());

/** A request without what differs between two of a kind: `GET /v1/invoices/:id/lines limit starting_after`. */
function shapeOf({ method, path, query, version }: LoggedRequest): string {
  const [, api, list, id, rest] = path.split("/");
  const pattern = ["", api, list, ...(id === undefined ? [] : [":id"]), ...(rest === undefined ? [] : [rest])].join("/");
  return [version, method, pattern, ...[...new URLSearchParams(query).keys()].sort()].join(" ");
}

/** An hour in which an object of each kind that was there before is changed, more than one page of customers. */
function changeEverything({ stripe, house, pass }: StripeHouse, old: readonly ReturnType<typeof stripe.books.bill>[]) {
  const { books } = stripe;
  const [first, second, third] = old as [(typeof old)[0], (typeof old)[0], (typeof old)[0]];
  for (const { customer, subscription, invoice } of [first, second]) {
    books.customers.update(customer, { name: "changed" });
    books.subscriptions.update(subscription, { metadata: { a: "1" } });
    books.invoices.update(invoice, { description: "changed" });
  }
  books.customers.remove(third.customer);
  books.refunds.create({ charge: first.charge, amount: 100 });
  books.charges.update(second.charge, { description: "changed" });
  books.manyCustomers(150);
  pass(HOUR);
  return house.run();
}

/** All requests of loads, hours and whole reads of an account in which lists have more than one page, inside objects too. */
async function requestsOf(of: StripeHouse): Promise<readonly LoggedRequest[]> {
  const { stripe, house, pass } = of;
  const { books } = stripe;
  const many = { currency: "eur", amount: 240_000 };
  const old = [];
  for (let n = 0; n < 5; n += 1) {
    old.push(books.bill({ ...many, lines: [1, 12, 120][n] ?? 1 }));
    pass(61);
  }
  const [{ charge, invoice }] = old as [(typeof old)[0]];
  const disputed = books.disputes.create({ charge: String(old[3]?.charge) }).id;
  const refund = books.refunds.create({ charge, amount: 100, status: "pending" }).id;
  const note = books.creditNotes.create({ invoice, amount: 100 }).id;
  const payout = books.payouts.create({ amount: 100 }).id;
  const kept = books.manyCustomers(250);
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expectEnded(await changeEverything(of, old), "published");
  books.disputes.close(disputed, "won");
  books.refunds.settle(refund);
  books.creditNotes.void(note);
  books.payouts.pay(payout);
  for (const id of kept.slice(0, 2)) books.customers.update(id, { name: "tied" });
  stripe.books.manyBills(120, { amount: 1000, currency: "eur" });
  pass(HOUR);
  expectEnded(await house.run(), "published");
  expectEnded(await house.run({ full: true, reason: "every request" }), "published");
  return stripe.requests.all();
}

/** What the program asks before any run: whether the key may read what runs read. */
async function tryOut({ house }: StripeHouse): Promise<void> {
  const { pipeline } = house;
  const source = pipeline.sources.get("stripe");
  if (!source) throw new Error("the example has a source stripe");
  const feeds = [...pipeline.feeds.values()].map((feed) => {
    const nothing = { cursor: null, published: null, loading: null };
    return { feed, ...nothing, mayReadWhole: true, keys: false };
  });
  await stripeReader({ random: Math.random, env: house.env }).try?.({
    source,
    feeds,
    currencies: pipeline.currencies,
    signal: new AbortController().signal,
    state: async () => new Map(),
    rate: ownRates(systemTimer),
    clock: house.engine.clock,
    timer: systemTimer,
  });
}

test("every request that the connector sends is one of Stripe's specification, in the version that it names", async () => {
  const of = await openStripeHouse();
  await using _ = of;
  const sent = [...(await requestsOf(of))];
  of.stripe.requests.clear();
  await tryOut(of);
  sent.push(...of.stripe.requests.all());
  const shapes = new Map(sent.map((request) => [shapeOf(request), request]));
  for (const seen of RICH) expect([...shapes.keys()]).toContain(`${VERSION} GET ${seen}`);
  const answers: Record<string, unknown> = {};
  for (const [shape, { path, query, version, method }] of shapes) {
    const headers = { authorization: "Bearer sk_test_mock", "stripe-version": version };
    const answer = await fetch(`${mock.address}${path.slice(1)}?${query}`, { method, headers });
    answers[shape] = answer.status === 200 ? 200 : await answer.text();
  }
  expect(answers).toEqual(Object.fromEntries([...shapes.keys()].map((shape) => [shape, 200])));
});
