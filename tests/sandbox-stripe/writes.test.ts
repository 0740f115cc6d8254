import StripeClient from "stripe";
import { expect, test } from "vitest";
import { ask, clientOf, simulated } from "./simulated.ts";

const POST = (body: string, key?: string): RequestInit => ({
  method: "POST",
  body,
  headers: { "Content-Type": "application/x-www-form-urlencoded", ...(key === undefined ? {} : { "Idempotency-Key": key }) },
});

test("customers are written by the client, and events name the request", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const made = await client.customers.create({ name: "A", metadata: { crm: "1", tier: "gold" } }, { idempotencyKey: "once" });
  await client.customers.update(made.id, { name: "", metadata: { tier: "" }, address: { country: "IS" } });
  expect(await client.customers.retrieve(made.id)).toMatchObject({
    name: null,
    metadata: { crm: "1" },
    address: { country: "IS" },
  });
  expect(await client.customers.del(made.id)).toMatchObject({ id: made.id, deleted: true });
  await expect(client.customers.update(made.id, { name: "B" })).rejects.toMatchObject({
    statusCode: 404,
    code: "resource_missing",
  });
  const events = (await client.events.list()).data;
  expect(events.map(({ type }) => type)).toEqual(["customer.deleted", "customer.updated", "customer.created"]);
  expect(events[2]?.request).toEqual({ id: made.lastResponse.requestId, idempotency_key: "once" });
});

test("an invoice is drafted, finalized and paid by the client; a draft is deleted, an open one voided", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const { id: customer } = await client.customers.create({});
  const draft = async () => {
    const { id } = await client.invoices.create({ customer, currency: "eur", metadata: { order: "7" } });
    await client.invoices.addLines(id, { lines: [{ amount: 700, description: "Desk" }, { amount: 300 }] });
    return id;
  };
  const paid = await draft();
  expect(await client.invoices.finalizeInvoice(paid)).toMatchObject({ status: "open", total: 1000, amount_remaining: 1000 });
  await expect(client.invoices.pay(paid, { payment_method: "pm_card_chargeDeclined" })).rejects.toThrow(
    StripeClient.errors.StripeCardError,
  );
  expect(await client.invoices.pay(paid)).toMatchObject({ status: "paid", attempt_count: 2, metadata: { order: "7" } });
  await expect(client.invoices.voidInvoice(paid)).rejects.toMatchObject({ statusCode: 400 });
  const voided = await draft();
  await client.invoices.finalizeInvoice(voided);
  expect(await client.invoices.voidInvoice(voided)).toMatchObject({ status: "void" });
  expect(await client.invoices.del(await draft())).toMatchObject({ deleted: true });
  await expect(client.invoices.del(paid)).rejects.toMatchObject({ statusCode: 400 });
  const numbers = (await client.invoices.list()).data.map(({ number }) => number?.slice(-4));
  expect(numbers).toEqual(["0002", "0001"]);
});

test("a subscription is created with its first paid invoice, changed and cancelled by the client", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  const { id: customer } = await client.customers.create({});
  const price_data = { currency: "usd", product: "prod_seat", unit_amount: 1200, recurring: { interval: "year" as const } };
  const made = await client.subscriptions.create({ customer, items: [{ price_data, quantity: 3 }] });
  expect(made).toMatchObject({
    status: "active",
    currency: "usd",
    items: { data: [{ quantity: 3, price: { unit_amount: 1200 } }] },
  });
  expect(made.items.data[0]?.current_period_end).toBe(new Date("2027-10-05T12:00:00Z").getTime() / 1000);
  expect(await client.invoices.retrieve(String(made.latest_invoice))).toMatchObject({ total: 3600, status: "paid" });
  expect(await client.subscriptions.update(made.id, { cancel_at_period_end: true })).toMatchObject({
    cancel_at_period_end: true,
  });
  expect(await client.subscriptions.cancel(made.id)).toMatchObject({ status: "canceled" });
});

test("charges, refunds and credit notes are written by the client; more than was charged is not given back", async () => {
  const stripe = await simulated();
  const client = clientOf(stripe);
  await expect(client.charges.create({ amount: 900, currency: "eur", source: "tok_chargeDeclined" })).rejects.toMatchObject({
    type: "StripeCardError",
    code: "card_declined",
  });
  const { id: charge } = await client.charges.create({ amount: 900, currency: "eur", source: "tok_visa" });
  expect((await client.charges.list()).data.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  expect(await client.refunds.create({ charge, amount: 200 })).toMatchObject({ amount: 200, status: "succeeded" });
  await expect(client.refunds.create({ charge, amount: 701 })).rejects.toMatchObject({ statusCode: 400 });
  expect(await client.refunds.create({ charge })).toMatchObject({ amount: 700 });
  const { invoice } = stripe.books.bill({ amount: 5000, currency: "eur" });
  const note = await client.creditNotes.create({ invoice, amount: 500 });
  expect(await client.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: "void" });
  const unknown = await ask(stripe, "/v1/charges", POST("amount=1&currency=eur&colour=red"));
  expect([unknown.status, unknown.body.error.code]).toEqual([400, "parameter_unknown"]);
});

test("a write with an idempotency key takes place once, for a day, and with the same parameters", async () => {
  const stripe = await simulated();
  const first = await ask(stripe, "/v1/customers", POST("name=A", "k1"));
  const again = await ask(stripe, "/v1/customers", POST("name=A", "k1"));
  expect(again.body).toEqual(first.body);
  expect([first.headers.get("Idempotent-Replayed"), again.headers.get("Idempotent-Replayed")]).toEqual([null, "true"]);
  expect(again.headers.get("Original-Request")).toBe(first.headers.get("Request-Id"));
  await expect(clientOf(stripe).customers.create({ name: "B" }, { idempotencyKey: "k1" })).rejects.toThrow(
    StripeClient.errors.StripeIdempotencyError,
  );
  expect((await clientOf(stripe).customers.list()).data.length).toBe(1);
  stripe.clock.advance(86_401);
  expect((await ask(stripe, "/v1/customers", POST("name=A", "k1"))).body.id).not.toBe(first.body.id);
});
