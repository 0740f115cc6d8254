import { expect, test } from "vitest";
import type { Stripe } from "../../sandbox/stripe/start-stripe.ts";
import { NEWEST_VERSION, OLDER_VERSION } from "../../sandbox/stripe/versions.ts";
import { ask, clientOf, second, simulated } from "./simulated.ts";

/** Types of all events, in the order in which they were written. */
async function told(stripe: Stripe): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of clientOf(stripe).events.list({ limit: 100 })) types.push(type);
  return types.reverse();
}

test("a paid bill writes the events of its objects, and none of the balance", async () => {
  const stripe = await simulated();
  stripe.books.bill({ amount: 500, currency: "eur" });
  expect(await told(stripe)).toEqual([
    "customer.created",
    "customer.subscription.created",
    "invoice.created",
    "customer.subscription.updated",
    "invoice.finalized",
    "charge.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
});

test("what happens to a bill afterwards writes its events", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const paid = books.bill({ amount: 5000, currency: "eur" });
  const open = books.bill({ amount: 900, currency: "eur", failure: "card_declined" });
  const since = async (act: () => void) => {
    const before = (await told(stripe)).length;
    act();
    return (await told(stripe)).slice(before);
  };
  expect((await told(stripe)).slice(-3)).toEqual(["charge.failed", "invoice.updated", "invoice.payment_failed"]);
  let id = "";
  expect(await since(() => (id = books.refunds.create({ charge: paid.charge, amount: 100, status: "pending" }).id))).toEqual([
    "refund.created",
    "charge.refunded",
  ]);
  expect(await since(() => books.refunds.settle(id))).toEqual(["refund.updated", "charge.refund.updated"]);
  expect(await since(() => books.refunds.fail(id))).toEqual(["refund.failed", "refund.updated", "charge.updated"]);
  expect(await since(() => (id = books.disputes.create({ charge: paid.charge }).id))).toEqual([
    "charge.updated",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
  ]);
  expect(await since(() => books.disputes.update(id, "under_review"))).toEqual(["charge.dispute.updated"]);
  expect(await since(() => books.disputes.close(id, "won"))).toEqual([
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
  ]);
  expect(await since(() => (id = books.creditNotes.create({ invoice: open.invoice, amount: 300 }).id))).toEqual([
    "credit_note.created",
    "invoice.updated",
  ]);
  expect(await since(() => books.creditNotes.void(id))).toEqual(["credit_note.voided", "invoice.updated"]);
  expect(await since(() => books.invoices.markUncollectible(open.invoice))).toEqual(["invoice.marked_uncollectible"]);
  expect(await since(() => books.invoices.void(open.invoice))).toEqual(["invoice.voided"]);
  expect(await since(() => books.subscriptions.renew(open.subscription))).toEqual(["customer.subscription.updated"]);
  expect(await since(() => books.customers.update(open.customer, { name: "B" }))).toEqual(["customer.updated"]);
  expect(await since(() => books.customers.remove(open.customer))).toEqual(["customer.subscription.deleted", "customer.deleted"]);
  stripe.clock.advance(3 * 86_400);
  expect(await since(() => (id = books.payouts.create().id))).toEqual(["payout.created"]);
  expect(await since(() => books.payouts.pay(id))).toEqual(["payout.updated", "payout.paid", "payout.reconciliation_completed"]);
});

test("an event shows its object as it was then, and what its fields were before", async () => {
  const stripe = await simulated();
  const { id } = stripe.books.customers.create({ name: "A" });
  stripe.books.customers.update(id, { name: "B", metadata: { crm: "1" } });
  stripe.books.customers.update(id, { name: "C" });
  const [last, middle, first] = (await clientOf(stripe).events.list()).data;
  expect([first, middle, last].map((event) => event?.data.object)).toMatchObject([{ name: "A" }, { name: "B" }, { name: "C" }]);
  expect(middle?.data.previous_attributes).toEqual({ metadata: {}, name: "A" });
  expect(last?.data.previous_attributes).toEqual({ name: "B" });
  expect(first).toMatchObject({ api_version: NEWEST_VERSION, pending_webhooks: 0, request: { id: null, idempotency_key: null } });
});

test("of each object that events tell of, the last event shows it as it is", async () => {
  const stripe = await simulated();
  const { books, clock } = stripe;
  const bills = books.manyBills(6, { amount: 90_000, lines: 12, currency: "eur" });
  const [a, b, c, d, e] = bills.map((bill) => ({
    ...bill,
    open: books.bill({ customer: bill.customer, currency: "usd", failure: "card_declined" }),
  }));
  if (!a || !b || !c || !d || !e) throw new Error("bills are missing");
  clock.advance(86_400);
  books.refunds.settle(books.refunds.create({ charge: a.charge, amount: 700, status: "pending" }).id);
  books.refunds.fail(books.refunds.create({ charge: a.charge, amount: 800 }).id);
  books.disputes.close(books.disputes.create({ charge: b.charge }).id, "won");
  books.disputes.update(books.disputes.create({ charge: c.charge, amount: 50 }).id, "under_review");
  books.creditNotes.create({ invoice: d.invoice, amount: 900, refund: true });
  books.creditNotes.void(books.creditNotes.create({ invoice: d.open.invoice, amount: 100 }).id);
  books.invoices.pay(a.open.invoice);
  books.invoices.pay(b.open.invoice, { outOfBand: true });
  books.invoices.void(c.open.invoice);
  books.invoices.markUncollectible(e.open.invoice);
  books.subscriptions.renew(a.subscription);
  books.customers.update(b.customer, { email: "b@example.com" });
  books.customers.remove(e.customer);
  books.invoices.addLines(books.invoices.create({ customer: a.customer, currency: "eur" }).id, [{ amount: 100, tax: 20 }]);
  clock.advance(3 * 86_400);
  books.payouts.fail(books.payouts.create({ amount: 100 }).id);
  books.payouts.pay(books.payouts.create().id);

  const last = new Map<string, object>();
  for await (const { data } of clientOf(stripe).events.list({ limit: 100 })) {
    const { id } = data.object as { id?: string };
    if (id !== undefined && !last.has(id)) last.set(id, data.object);
  }
  // What a dispute moved becomes available with time, and no event tells of it.
  let compared = 0;
  for (const list of ["customers", "subscriptions", "invoices", "charges", "refunds", "disputes", "credit_notes", "payouts"]) {
    const { body } = await ask(stripe, `/v1/${list}?limit=100${list === "subscriptions" ? "&status=all" : ""}`);
    for (const { balance_transactions: _, ...object } of body.data) expect(last.get(object.id)).toMatchObject(object);
    compared += body.data.length;
  }
  expect(compared).toBeGreaterThan(45);
});

test("an event keeps the version of the account at its time, whatever version is asked for", async () => {
  const stripe = await simulated({ version: OLDER_VERSION });
  stripe.books.bill({ amount: 500, currency: "eur" });
  expect(await told(stripe)).not.toContain("invoice_payment.paid");
  stripe.settings.version = NEWEST_VERSION;
  stripe.books.bill({ amount: 500, currency: "eur" });
  const { body } = await ask(stripe, "/v1/events?type=invoice.paid", { version: NEWEST_VERSION });
  expect(body.data.map((event: { api_version: string }) => event.api_version)).toEqual([NEWEST_VERSION, OLDER_VERSION]);
  expect(body.data.map((event: { data: { object: object } }) => "parent" in event.data.object)).toEqual([true, false]);
});

test("events are read by up to twenty types, by one with a wildcard, and by their second", async () => {
  const stripe = await simulated();
  const { customer } = stripe.books.bill({ amount: 500, currency: "eur" });
  stripe.clock.advance(1);
  stripe.books.customers.update(customer, { name: "B" });
  const client = clientOf(stripe);
  const types = async (params: Parameters<typeof client.events.list>[0]) =>
    (await client.events.list(params)).data.map(({ type }) => type);
  expect(await types({ types: ["customer.updated", "charge.succeeded"] })).toEqual(["customer.updated", "charge.succeeded"]);
  expect(await types({ type: "invoice.*" })).toEqual([
    ...["invoice.payment_succeeded", "invoice.paid", "invoice.updated", "invoice.finalized", "invoice.created"],
  ]);
  expect(await types({ type: "customer.*", created: { lt: second(1) } })).toEqual([
    ...["customer.subscription.updated", "customer.subscription.created", "customer.created"],
  ]);
  const many = await ask(stripe, `/v1/events?${"types[]=a&".repeat(21)}`);
  expect([many.status, many.body.error.param]).toEqual([400, "types"]);
});

test("an event can be read for thirty days", async () => {
  const stripe = await simulated();
  stripe.books.customers.create();
  const client = clientOf(stripe);
  const [event] = (await client.events.list()).data;
  stripe.clock.advance(30 * 86_400);
  expect((await client.events.retrieve(event?.id ?? "")).id).toBe(event?.id);
  stripe.clock.advance(1);
  expect((await client.events.list()).data).toEqual([]);
  await expect(client.events.retrieve(event?.id ?? "")).rejects.toMatchObject({ statusCode: 404, code: "resource_missing" });
});

test("events may stand in a list twice and in disorder within their second; paging still meets each of them", async () => {
  const stripe = await simulated({ events: { duplicates: 0.3, shuffled: true } });
  const { books, clock } = stripe;
  books.manyCustomers(40);
  clock.advance(1);
  books.manyCustomers(40);
  const list = async () => {
    const seen: { id: string; created: number }[] = [];
    for await (const { id, created } of clientOf(stripe).events.list({ limit: 7 })) seen.push({ id, created });
    return seen;
  };
  const seen = await list();
  expect(await list()).toEqual(seen);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(80);
  expect(seen.length).toBeGreaterThan(90);
  expect(seen.map(({ created }) => created)).toEqual([...seen.map(({ created }) => created)].sort((a, b) => b - a));
  stripe.events.duplicates = 0;
  stripe.events.shuffled = false;
  const quiet = await list();
  expect(quiet.length).toBe(80);
  expect(quiet.map(({ id }) => id)).not.toEqual([...new Set(seen.map(({ id }) => id))]);
});

test("an object that is written late into the past appears below what was already read", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const at = stripe.clock.now();
  stripe.clock.advance(60);
  const [first = ""] = stripe.books.manyCustomers(1);
  const late = stripe.books.customers.create({}, { at, visibleFrom: new Date(at.getTime() + 90_000) });
  expect((await client.customers.list()).data.map(({ id }) => id)).toEqual([first]);
  stripe.clock.advance(30);
  expect((await client.customers.list()).data.map(({ id }) => id)).toEqual([first, late.id]);
  expect(() => stripe.books.customers.create({}, { at: new Date(at.getTime() + 3_600_000) })).toThrow("set the clock first");
});
