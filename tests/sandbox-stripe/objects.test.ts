import type StripeClient from "stripe";
import { expect, test } from "vitest";
import { OLDER_VERSION } from "../../sandbox/stripe/versions.ts";
import { ask, clientOf, second, simulated } from "./simulated.ts";

test("the account and its balance are told as Stripe tells them", async () => {
  const stripe = await simulated({ account: "acct_1Elsewhere", currency: "usd", createdAt: new Date("2024-02-03T00:00:00Z") });
  const client = clientOf(stripe);
  const account = await client.accounts.retrieveCurrent();
  expect(account).toMatchObject({ id: "acct_1Elsewhere", default_currency: "usd", created: 1_706_918_400 });
  stripe.books.charges.create({ amount: 10_000, currency: "usd" });
  expect(await client.balance.retrieve()).toMatchObject({
    livemode: false,
    available: [{ amount: 0, currency: "usd" }],
    pending: [{ amount: 9680, currency: "usd" }],
  });
  stripe.clock.advance(2 * 86_400);
  expect(await client.balance.retrieve()).toMatchObject({ available: [{ amount: 9680 }], pending: [{ amount: 0 }] });
});

test("a bill is a chain of objects that name each other, and its amounts add up", async () => {
  const stripe = await simulated({ currency: "eur" });
  const bill = stripe.books.bill({ amount: 12_345, currency: "usd", lines: 3 });
  const client = clientOf(stripe);
  const invoice = await client.invoices.retrieve(bill.invoice);
  expect(invoice).toMatchObject({
    status: "paid",
    total: 12_345,
    amount_paid: 12_345,
    amount_remaining: 0,
    customer: bill.customer,
  });
  expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([4115, 4115, 4115]);
  expect(invoice.parent?.subscription_details?.subscription).toBe(bill.subscription);
  const [payment] = (await client.invoicePayments.list({ invoice: bill.invoice })).data;
  expect(payment).toMatchObject({ id: bill.invoicePayment, status: "paid", amount_paid: 12_345 });
  const charge = await client.charges.retrieve(bill.charge);
  expect(charge.payment_intent).toBe(payment?.payment.payment_intent);
  const movement = await client.balanceTransactions.retrieve(bill.balanceTransaction ?? "");
  expect(charge.balance_transaction).toBe(movement.id);
  expect(movement).toMatchObject({ source: bill.charge, currency: "eur", exchange_rate: 0.923788, amount: 11_404 });
  expect(movement.net).toBe(movement.amount - movement.fee);
  expect(movement.fee_details.map(({ amount }) => amount)).toEqual([movement.fee]);
});

test.each([
  { currency: "jpy", amount: 500, rate: 0.006201, settled: 310 },
  { currency: "kwd", amount: 1230, rate: 3.006097, settled: 370 },
  { currency: "isk", amount: 12_300, rate: 0.006683, settled: 82 },
  { currency: "huf", amount: 45_600, rate: 0.002546, settled: 116 },
])("$currency is settled by its own decimals", async ({ currency, amount, rate, settled }) => {
  const stripe = await simulated({ currency: "eur" });
  const { balanceTransaction } = stripe.books.bill({ amount, currency });
  const movement = await clientOf(stripe).balanceTransactions.retrieve(balanceTransaction ?? "");
  expect([movement.exchange_rate, movement.amount]).toEqual([rate, settled]);
});

test("seeded bills are written in currencies of no, two and three decimals, and equal seeds write equal bills", async () => {
  const [one, other] = [await simulated({ seed: 3 }), await simulated({ seed: 3 })];
  const bills = one.books.manyBills(60);
  expect(other.books.manyBills(60)).toEqual(bills);
  const currencies = new Set<string>();
  for await (const { currency, amount } of clientOf(one).charges.list({ limit: 100 })) {
    currencies.add(currency);
    if (currency === "kwd") expect(amount % 10).toBe(0);
    if (currency === "isk") expect(amount % 100).toBe(0);
  }
  expect([...currencies].sort()).toEqual(["eur", "gbp", "huf", "isk", "jpy", "kwd", "usd"]);
});

test("refunds, disputes and credit notes move the charge, the invoice and the balance", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const client = clientOf(stripe);
  const bill = books.bill({ amount: 10_000, currency: "eur" });
  const note = books.creditNotes.create({ invoice: bill.invoice, amount: 2500, refund: true, reason: "order_change" });
  const refund = books.refunds.create({ charge: bill.charge, amount: 1500, status: "pending" });
  const dispute = books.disputes.create({ charge: bill.charge, amount: 6000 });
  expect(await client.charges.retrieve(bill.charge)).toMatchObject({ amount_refunded: 4000, refunded: false, disputed: true });
  expect(await client.invoices.retrieve(bill.invoice)).toMatchObject({
    post_payment_credit_notes_amount: 2500,
    amount_paid: 10_000,
  });
  expect(await client.creditNotes.retrieve(note.id)).toMatchObject({
    type: "post_payment",
    refunds: [{ amount_refunded: 2500 }],
  });
  expect(await client.refunds.retrieve(refund.id)).toMatchObject({ status: "pending", charge: bill.charge });
  books.refunds.fail(refund.id);
  books.disputes.close(dispute.id, "won");
  const seen = await client.disputes.retrieve(dispute.id);
  expect(seen.balance_transactions.map(({ amount, fee }) => [amount, fee])).toEqual([
    [-6000, 1500],
    [6000, -1500],
  ]);
  expect(await client.charges.retrieve(bill.charge)).toMatchObject({ amount_refunded: 2500 });
  const movements = (await client.balanceTransactions.list({ limit: 100 })).data;
  expect(movements.map(({ reporting_category, amount }) => [reporting_category, amount]).reverse()).toEqual([
    ["charge", 10_000],
    ["refund", -2500],
    ["refund", -1500],
    ["dispute", -6000],
    ["refund_failure", 1500],
    ["dispute_reversal", 6000],
  ]);
});

test("money that is held is in no balance until it is captured, and of a part that is captured the rest is let go", async () => {
  const stripe = await simulated({ currency: "eur" });
  const client = clientOf(stripe);
  const { charges, refunds } = stripe.books;
  const held = charges.create({ amount: 9_000, currency: "eur", held: true }).id;
  const before = { captured: false, amount_captured: 0, balance_transaction: null, status: "succeeded" };
  expect(await client.charges.retrieve(held)).toMatchObject(before);
  expect((await client.balanceTransactions.list({ source: held })).data).toEqual([]);
  expect(() => charges.capture(held, 9_001)).toThrow("a capture of 9001 where 9000 is held");
  charges.capture(held, 4_000);
  const [movement] = (await client.balanceTransactions.list({ source: held })).data;
  expect(movement).toMatchObject({ type: "charge", amount: 4_000, source: held });
  const after = { captured: true, amount: 9_000, amount_captured: 4_000, amount_refunded: 0, balance_transaction: movement?.id };
  expect(await client.charges.retrieve(held)).toMatchObject(after);
  expect((await client.events.list({ type: "charge.captured" })).data).toHaveLength(1);
  expect(() => charges.capture(held)).toThrow("nothing of it is held");
  expect(() => refunds.create({ charge: held, amount: 4_001 })).toThrow("where 4000 is left");
});

test("a delayed payment that fails and a payout that is stopped go back through the balance; a fee of Stripe's is of no object", async () => {
  const stripe = await simulated({ currency: "eur" });
  const client = clientOf(stripe);
  const { books } = stripe;
  const late = books.charges.create({ amount: 4_000, currency: "eur", delayed: true }).id;
  books.charges.failLate(late);
  const movements = (await client.balanceTransactions.list({ source: late })).data;
  expect(movements.map(({ type, amount }) => [type, amount])).toEqual([
    ["payment_failure_refund", -4_000],
    ["payment", 4_000],
  ]);
  const [back, came] = movements.map(({ id }) => id);
  const failed = { status: "failed", paid: false, balance_transaction: came, failure_balance_transaction: back };
  expect(await client.charges.retrieve(late)).toMatchObject(failed);
  expect(() => books.charges.failLate(late)).toThrow("it was not paid");
  const stopped = books.payouts.create({ amount: 100 }).id;
  books.payouts.cancel(stopped);
  const [returned] = (await client.balanceTransactions.list({ source: stopped })).data;
  expect(returned).toMatchObject({ type: "payout_cancel", amount: 100 });
  const canceled = { status: "canceled", failure_code: null, failure_balance_transaction: returned?.id };
  expect(await client.payouts.retrieve(stopped)).toMatchObject(canceled);
  expect((await client.events.list({ limit: 1 })).data).toMatchObject([{ type: "payout.canceled" }]);
  const fee = await client.balanceTransactions.retrieve(books.takeFee(250));
  expect(fee).toMatchObject({ type: "stripe_fee", reporting_category: "fee", amount: -250, source: null });
});

test("an automatic payout takes what is available and names it", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const client = clientOf(stripe);
  const { balanceTransaction } = books.bill({ amount: 10_000, currency: "eur" });
  expect(() => books.payouts.create()).toThrow("nothing is available");
  stripe.clock.advance(2 * 86_400);
  books.bill({ amount: 700, currency: "eur" });
  const payout = books.payouts.create();
  expect(payout).toMatchObject({ amount: 9680, status: "in_transit", automatic: true });
  const of = (await client.balanceTransactions.list({ payout: payout.id })).data;
  expect(of.map(({ id, type }) => (type === "payout" ? type : id))).toEqual(["payout", balanceTransaction]);
  books.payouts.pay(payout.id);
  expect(await client.payouts.retrieve(payout.id)).toMatchObject({ status: "paid", reconciliation_status: "completed" });
  expect(await client.balance.retrieve()).toMatchObject({ available: [{ amount: 0 }] });
});

test("a payout that is made shorter has a movement that agrees with it, and is more than nothing", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const client = clientOf(stripe);
  books.bill({ amount: 10_000, currency: "eur" });
  stripe.clock.advance(2 * 86_400);
  const { id } = books.payouts.create();
  books.payouts.shorten(id, 320);
  const { amount, balance_transaction: movement } = await client.payouts.retrieve(id);
  expect(amount).toBe(9360);
  expect(await client.balanceTransactions.retrieve(String(movement))).toMatchObject({ amount: -9360, net: -9360, fee: 0 });
  expect(() => books.payouts.shorten(id, 9360)).toThrow("more than nothing");
});

test("lists are filtered by what stands in their objects", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const client = clientOf(stripe);
  const [a, b] = [
    books.bill({ amount: 500, currency: "eur" }),
    books.bill({ amount: 700, currency: "usd", failure: "card_declined" }),
  ];
  const ids = async <T extends { id: string }>(list: StripeClient.ApiListPromise<T>) => (await list).data.map(({ id }) => id);
  expect(await ids(client.invoices.list({ status: "open" }))).toEqual([b.invoice]);
  expect(await ids(client.invoices.list({ customer: a.customer }))).toEqual([a.invoice]);
  expect(await ids(client.invoices.list({ subscription: b.subscription }))).toEqual([b.invoice]);
  expect(await ids(client.charges.list({ customer: b.customer }))).toEqual([b.charge]);
  expect(await ids(client.invoicePayments.list({ status: "paid" }))).toEqual([a.invoicePayment]);
  expect(await ids(client.balanceTransactions.list({ source: a.charge }))).toEqual([a.balanceTransaction]);
  const refund = books.refunds.create({ charge: a.charge });
  expect(await ids(client.refunds.list({ charge: a.charge }))).toEqual([refund.id]);
  expect(await ids(client.balanceTransactions.list({ type: "refund" }))).toEqual([refund["balance_transaction"]]);
  await expect(client.invoices.list({ customer: "cus_nobody" })).rejects.toMatchObject({ statusCode: 400, param: "customer" });
});

test("of a deleted customer and a deleted draft a stub is left, and lists do not show them", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const client = clientOf(stripe);
  const { customer, subscription } = books.bill();
  const draft = books.invoices.create({ customer, currency: "eur" }).id;
  books.invoices.remove(draft);
  books.customers.remove(customer);
  expect(await client.customers.retrieve(customer)).toMatchObject({ id: customer, object: "customer", deleted: true });
  expect((await ask(stripe, `/v1/invoices/${draft}`)).body).toEqual({ id: draft, object: "invoice", deleted: true });
  expect((await client.customers.list()).data).toEqual([]);
  expect((await client.invoices.list()).data.map(({ id }) => id)).not.toContain(draft);
  expect((await client.subscriptions.retrieve(subscription)).status).toBe("canceled");
});

test("nested lists are cut at ten and paged to the end at their own address", async () => {
  const stripe = await simulated();
  const { invoice, subscription } = stripe.books.bill({ amount: 25_000, currency: "eur", lines: 25 });
  const client = clientOf(stripe);
  const { lines } = await client.invoices.retrieve(invoice);
  expect([lines.data.length, lines.has_more, lines.url]).toEqual([10, true, `/v1/invoices/${invoice}/lines`]);
  const all: string[] = [];
  for await (const { id } of client.invoices.listLineItems(invoice, { limit: 7 })) all.push(id);
  expect([all.length, new Set(all).size, all.slice(0, 10)]).toEqual([25, 25, lines.data.map(({ id }) => id)]);
  const { items } = await client.subscriptions.retrieve(subscription);
  expect([items.data.length, items.has_more]).toEqual([10, true]);
  const rest = await ask(stripe, `${items.url}&limit=100`);
  expect([rest.body.data.length, rest.body.has_more]).toEqual([25, false]);
  expect((await ask(stripe, "/v1/subscription_items")).body.error).toMatchObject({
    code: "parameter_missing",
    param: "subscription",
  });
  const credited = Array.from({ length: 12 }, () => ({ amount: 100 }));
  const note = stripe.books.creditNotes.create({ invoice, lines: credited }).id;
  expect((await client.creditNotes.listLineItems(note, { limit: 100 })).data.length).toBe(12);
  expect((await client.creditNotes.retrieve(note)).lines.has_more).toBe(true);
});

test("a unit of money may have twelve decimals, as text", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const customer = books.customers.create().id;
  const items = [{ unitAmountDecimal: "0.000123456789", quantity: 1_000_000 }];
  const { id } = books.subscriptions.create({ customer, currency: "eur", items });
  const invoice = books.billFirst(id);
  const { body } = await ask(stripe, `/v1/invoices/${invoice}/lines`);
  expect(body.data[0]).toMatchObject({ amount: 123, quantity: 1_000_000, pricing: { unit_amount_decimal: "0.000123456789" } });
  const item = (await ask(stripe, `/v1/subscription_items?subscription=${id}`)).body.data[0];
  expect(item.price).toMatchObject({ unit_amount: null, unit_amount_decimal: "0.000123456789" });
});

/** Fields that only one of two shapes has. */
function differing(newest: object, older: object): { gone: string[]; come: string[] } {
  const [a, b] = [Object.keys(newest), Object.keys(older)];
  return { gone: b.filter((field) => !a.includes(field)), come: a.filter((field) => !b.includes(field)) };
}

test("the version of a request decides the shape of invoices, lines, subscriptions, charges and credit notes", async () => {
  const stripe = await simulated();
  const { books } = stripe;
  const customer = books.customers.create({ email: "a@example.com" }).id;
  const subscription = books.subscriptions.create({ customer, currency: "eur", items: [{ unitAmountDecimal: "800" }] }).id;
  const item = (await ask(stripe, `/v1/subscription_items?subscription=${subscription}`)).body.data[0];
  const lines = [{ amount: 800, tax: 160, subscriptionItem: item.id }, { amount: 50 }];
  const invoice = books.invoices.create({ customer, currency: "eur", subscription, lines }).id;
  books.invoices.pay(invoice);
  const note = books.creditNotes.create({ invoice, amount: 50, refund: true }).id;
  const both = async (path: string) => [
    (await ask(stripe, path)).body,
    (await ask(stripe, path, { version: OLDER_VERSION })).body,
  ];

  const [now, then] = await both(`/v1/invoices/${invoice}`);
  expect(differing(now, then)).toEqual({
    gone: [
      ...["application_fee_amount", "charge", "discount", "paid", "paid_out_of_band", "payment_intent", "quote", "subscription"],
      ...["subscription_details", "tax", "total_tax_amounts", "transfer_data"],
    ],
    come: ["amount_overpaid", "amount_paid_off_stripe", "confirmation_secret", "customer_account", "parent", "total_taxes"],
  });
  const charge = (await ask(stripe, "/v1/charges")).body.data[0];
  expect(then).toMatchObject({ charge: charge.id, paid: true, payment_intent: charge.payment_intent, subscription, tax: 160 });
  expect([then.total_tax_amounts[0].amount, now.total_taxes[0].amount]).toEqual([160, 160]);
  expect(now.total).toBe(1010);

  expect(differing(now.lines.data[0], then.lines.data[0])).toEqual({
    gone: [
      ...["amount_excluding_tax", "plan", "price", "proration", "proration_details", "subscription_item", "tax_amounts"],
      ...["tax_rates", "type", "unit_amount_excluding_tax"],
    ],
    come: ["parent", "pricing", "quantity_decimal", "subtotal", "taxes"],
  });
  expect(then.lines.data.map(({ type }: { type: string }) => type)).toEqual(["subscription", "invoiceitem"]);
  expect(then.lines.data[0].price.id).toBe(now.lines.data[0].pricing.price_details.price);

  const [sub, oldSub] = await both(`/v1/subscriptions/${subscription}`);
  expect(differing(sub, oldSub)).toMatchObject({ gone: ["current_period_end", "current_period_start", "discount"] });
  expect(oldSub.current_period_start).toBe(second(0));
  expect(sub.items.data[0].current_period_end).toBe(oldSub.current_period_end);
  expect(oldSub.items.data[0]).not.toHaveProperty("current_period_end");

  const [charged, oldCharge] = await both(`/v1/charges/${charge.id}`);
  expect([differing(charged, oldCharge).gone, oldCharge.invoice]).toEqual([["invoice"], invoice]);
  const [credit, oldCredit] = await both(`/v1/credit_notes/${note}`);
  expect(oldCredit.refund).toBe(credit.refunds[0].refund);
  expect(differing(credit, oldCredit).gone).toEqual(["refund", "tax_amounts"]);
});

test("invoice payments are only known since 2025-03-31, and versions are known by name", async () => {
  const stripe = await simulated();
  const older = await ask(stripe, "/v1/invoice_payments", { version: OLDER_VERSION });
  expect([older.status, older.body.error.message]).toEqual([404, "Unrecognized request URL (GET: /v1/invoice_payments)."]);
  const unknown = await ask(stripe, "/v1/customers", { version: "2031-01-01.fern" });
  expect([unknown.status, unknown.body.error.message]).toEqual([400, "Invalid Stripe API version: 2031-01-01.fern"]);
  const own = await simulated({ version: OLDER_VERSION });
  expect((await ask(own, "/v1/customers")).headers.get("Stripe-Version")).toBe(OLDER_VERSION);
});

test("ids are answered as objects where expand asks for it", async () => {
  const stripe = await simulated();
  const { charge, customer, balanceTransaction } = stripe.books.bill();
  const client = clientOf(stripe);
  const one = await client.charges.retrieve(charge, { expand: ["customer", "balance_transaction"] });
  expect([one.customer, one.balance_transaction]).toMatchObject([{ id: customer }, { id: balanceTransaction }]);
  const list = await client.charges.list({ expand: ["data.balance_transaction.source"] });
  expect(list.data[0]?.balance_transaction).toMatchObject({ source: { id: charge } });
  await expect(client.charges.retrieve(charge, { expand: ["a.b.c.d.e"] })).rejects.toMatchObject({ param: "expand" });
  await expect(client.charges.retrieve(charge, { expand: ["colour"] })).rejects.toMatchObject({ param: "expand" });
});
