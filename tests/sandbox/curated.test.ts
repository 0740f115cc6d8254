import { expect, test } from "vitest";
import {
  curatedDifferences,
  curatedDuplicates,
  curatedOrphans,
  emptyCurated,
  type PublishedCurated,
  publish,
} from "../../sandbox/curated/curated.ts";
import { crosswalk, customers, invoices, subscriptions } from "../../sandbox/curated/links.ts";
import { payments, revenue } from "../../sandbox/curated/payments.ts";
import { salesOrders } from "../../sandbox/curated/sales.ts";
import type { Row } from "../../sandbox/feed.ts";

const EMPTY: Readonly<Record<string, readonly Row[]>> = {
  "billing.customers": [
    { id: "1", customer_id: "cu_1", display_name: null, email: null },
    { id: "2", customer_id: "cu_2", display_name: "Two", email: "two@example.com" },
  ],
  "stripe.customers": [
    { id: "cus_1", customer_ref: "cu_1", email: "one@example.com" },
    { id: "cus_2", customer_ref: "cu_2" },
    { id: "cus_3", customer_ref: "cu_2" },
    { id: "cus_4", customer_ref: "cu_9" },
    { id: "cus_5", customer_ref: null },
  ],
  "salesforce.accounts": [{ id: "001", customer_ref: "cu_1", name: "One", industry: "Rail" }],
};

const staging = (more: Readonly<Record<string, readonly Row[]>> = {}) => {
  const rows = { ...EMPTY, ...more };
  return (feed: string) => rows[feed] ?? [];
};

const picked = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]).join(" "));

test("a record is linked, in conflict with another of its system, or of nobody that billing knows", () => {
  expect(picked(crosswalk(staging()), "external_id", "customer_id", "status")).toEqual([
    "cus_1 cu_1 linked",
    "cus_2  conflict",
    "cus_3  conflict",
    "cus_4  unlinked",
    "cus_5  unlinked",
    "001 cu_1 linked",
  ]);
});

test("a customer has what billing knows, else what linked records know; of those in conflict nothing", () => {
  const rows = customers(staging(), crosswalk(staging()));
  expect(picked(rows, "customer_id", "display_name", "email", "industry", "stripe_customer_id")).toEqual([
    "cu_1 One one@example.com Rail cus_1",
    "cu_2 Two two@example.com  ",
  ]);
});

test("what Stripe says of an invoice or a subscription stands there where one object names it", () => {
  const of = staging({
    "billing.invoices": [{ invoice_id: "in_1" }, { invoice_id: "in_2" }, { invoice_id: "in_3" }],
    "stripe.invoices": [
      { id: "a", invoice_ref: "in_1", number: "N-1", status: "paid" },
      { id: "b", invoice_ref: "in_2", number: "N-2", status: "open" },
      { id: "c", invoice_ref: "in_2", number: "N-3", status: "open" },
    ],
    "partners.invoices": [{ partner: "meridian", number: "M-1", amount_minor: "500" }],
    "billing.subscriptions": [{ subscription_id: "sub_1" }],
    "stripe.subscriptions": [{ id: "s", subscription_ref: "sub_1", status: "active" }],
  });
  expect(picked(invoices(of), "invoice_id", "source", "stripe_link", "stripe_number")).toEqual([
    "in_1 billing linked N-1",
    "in_2 billing conflict ",
    "in_3 billing unlinked ",
    "partner:meridian:M-1 partner unlinked ",
  ]);
  expect(picked(subscriptions(of), "stripe_link", "stripe_subscription_id", "stripe_status")).toEqual(["linked s active"]);
});

test("an invoice has what partners remitted for it in its currency, and one of a reseller nothing", () => {
  const remittance = (invoice_id: string, currency: string, amount: string) => ({ invoice_id, currency, amount });
  const of = staging({
    "billing.invoices": ["in_1", "in_2", "in_3"].map((invoice_id) => ({ invoice_id, currency: "EUR" })),
    "partners.invoices": [{ partner: "meridian", number: "in_3", currency: "EUR" }],
    "partners.remittances": [
      remittance("in_1", "EUR", "7.5"),
      remittance("in_1", "EUR", "0.01"),
      remittance("in_2", "USD", "3"),
      remittance("in_9", "EUR", "4"),
    ],
  });
  expect(picked(invoices(of), "invoice_id", "remitted_minor")).toEqual(["in_1 751", "in_2 ", "in_3 ", "partner:meridian:in_3 "]);
});

test("an order has what its invoice comes to before tax, where billing has one", () => {
  const order = (id: string, reference: string | null) => ({ id, order_reference: reference, total_amount: "7.5" });
  const of = staging({
    "salesforce.orders": [order("801a", "in_1"), order("801b", "in_9"), order("801c", null)],
    "billing.invoices": [{ invoice_id: "in_1", subtotal_minor: "700" }],
  });
  expect(picked(salesOrders(of), "order_id", "amount_minor", "invoice_id", "invoiced_minor")).toEqual([
    "801a 750 in_1 700",
    "801b 750  ",
    "801c 750  ",
  ]);
});

const MONEY: Readonly<Record<string, readonly Row[]>> = {
  "billing.payments": [
    {
      payment_id: "pay_1",
      customer_id: "cu_1",
      invoice_id: "in_1",
      kind: "payment",
      status: "succeeded",
      currency: "EUR",
      amount_minor: "900",
      posted_on: "2026-10-05",
    },
    {
      payment_id: "pay_2",
      customer_id: "cu_2",
      invoice_id: "in_2",
      kind: "payment",
      status: "pending",
      currency: "EUR",
      amount_minor: "50",
      posted_on: "2026-10-05",
    },
  ],
  "stripe.charges": [
    {
      id: "ch_1",
      payment_ref: "pay_1",
      captured: "true",
      customer_id: "cus_1",
      currency: "EUR",
      status: "succeeded",
      amount_minor: "1000",
      amount_captured_minor: "900",
      balance_transaction_id: "txn_1",
      created_at: "2026-10-05 01:00:00",
    },
    {
      id: "ch_2",
      payment_ref: null,
      customer_id: "cus_2",
      currency: "EUR",
      status: "failed",
      amount_minor: "70",
      amount_captured_minor: "0",
      created_at: "2026-10-05 01:00:00",
    },
  ],
  "stripe.refunds": [
    {
      id: "re_1",
      charge_id: "ch_1",
      payment_ref: null,
      currency: "EUR",
      status: "succeeded",
      amount_minor: "100",
      created_at: "2026-11-01 00:00:00",
    },
  ],
  "stripe.disputes": [
    {
      id: "du_1",
      charge_id: "ch_1",
      payment_ref: null,
      currency: "EUR",
      status: "won",
      amount_minor: "800",
      created_at: "2026-11-01 00:00:00",
    },
  ],
  "stripe.balance_transactions": [{ id: "txn_1", currency: "USD", fee_minor: "30" }],
  "partners.remittances": [
    { remittance_id: "rem_1", customer_id: "cu_1", currency: "EUR", amount: "12.5", paid_on: "2026-10-04" },
  ],
};

test("a payment that Stripe and billing record is money once, with the fee that the balance says", () => {
  const all = payments(staging(MONEY), crosswalk(staging()));
  const columns = [
    "payment_id",
    "source",
    "status",
    "customer_id",
    "link_status",
    "billing_link",
    "invoice_id",
    "amount_minor",
    "fee_minor",
    "month",
    "charged_month",
  ];
  expect(picked(all, ...columns)).toEqual([
    "ch_1 stripe succeeded cu_1 linked linked in_1 900 30 2026-10 ",
    "ch_2 stripe failed  conflict   70  2026-10 ",
    "re_1 stripe succeeded cu_1 linked   -100  2026-11 2026-10",
    "du_1 stripe failed cu_1 linked   -800  2026-11 2026-10",
    "pay_2 billing pending cu_2 linked own in_2 50  2026-10 ",
    "rem_1 partner succeeded cu_1 linked   1250  2026-10 ",
  ]);
  expect(picked(revenue(all), "month", "currency", "source", "payments", "amount_minor", "pending_minor")).toEqual([
    "2026-10 EUR stripe 2 900 0",
    "2026-11 EUR stripe 2 -100 0",
    "2026-10 EUR billing 1 0 50",
    "2026-10 EUR partner 1 1250 0",
  ]);
});

test("billing's record counts where every object of Stripe that names it has failed, unless it failed itself", () => {
  const charge = (id: string, status: string, payment: string) => ({
    id,
    status,
    captured: "true",
    payment_ref: payment,
    created_at: "2026-10-05",
  });
  const of = staging({
    "billing.payments": ["a", "b", "c", "d", "e"].map((id) => ({
      payment_id: id,
      kind: "payment",
      status: id === "c" ? "failed" : "succeeded",
    })),
    "stripe.charges": [
      charge("ch_a", "failed", "a"),
      charge("ch_b", "failed", "b"),
      charge("ch_b2", "pending", "b"),
      charge("ch_c", "failed", "c"),
      charge("ch_d", "succeeded", "d"),
      charge("ch_d2", "pending", "d"),
      charge("ch_e", "succeeded", "e"),
      { ...charge("ch_e2", "succeeded", "e"), refunded: "true" },
    ],
  });
  expect(picked(payments(of, []), "payment_id", "status", "billing_status", "billing_link")).toEqual([
    "ch_a failed succeeded linked",
    "ch_b failed succeeded superseded",
    "ch_b2 pending succeeded linked",
    "ch_c failed failed linked",
    "ch_d succeeded succeeded conflict",
    "ch_d2 pending succeeded conflict",
    "ch_e succeeded succeeded linked",
    "ch_e2 succeeded succeeded superseded",
    "a succeeded succeeded own",
  ]);
});

test("money that is only authorised is pending until it is released, and an object of another kind hides nothing", () => {
  const charge = {
    status: "succeeded",
    amount_minor: "900",
    amount_captured_minor: "0",
    captured: "false",
    created_at: "2026-10-05",
  };
  const of = staging({
    "billing.payments": [{ payment_id: "a", kind: "payment", status: "succeeded" }],
    "stripe.charges": [
      { ...charge, id: "ch_1" },
      { ...charge, id: "ch_2", refunded: "true" },
    ],
    "stripe.refunds": [{ id: "re_1", payment_ref: "a", status: "succeeded", amount_minor: "100", created_at: "2026-10-05" }],
  });
  expect(picked(payments(of, []), "payment_id", "status", "amount_minor", "billing_payment_id")).toEqual([
    "ch_1 pending 900 ",
    "ch_2 failed 900 ",
    "re_1 succeeded -100 ",
    "a succeeded  a",
  ]);
});

test("of before Stripe's version 2025-03-31: what was captured in part came whole and its rest went back; a release moves nothing", () => {
  const charge = { status: "succeeded", currency: "EUR", amount_minor: "1000", created_at: "2025-01-05" };
  const refund = { status: "succeeded", currency: "EUR", created_at: "2025-01-05" };
  const of = staging({
    "stripe.charges": [
      { ...charge, id: "ch_1", captured: "true", amount_captured_minor: "600", balance_transaction_id: "txn_1" },
      { ...charge, id: "ch_2", captured: "true", amount_captured_minor: "600", balance_transaction_id: "txn_2" },
      { ...charge, id: "ch_3", captured: "false", amount_captured_minor: "0", refunded: "true" },
    ],
    "stripe.refunds": [
      { ...refund, id: "re_1", charge_id: "ch_1", amount_minor: "400" },
      { ...refund, id: "re_3", charge_id: "ch_3", amount_minor: "1000" },
    ],
    "stripe.balance_transactions": [
      { id: "txn_1", currency: "EUR", amount_minor: "1000" },
      { id: "txn_2", currency: "EUR", amount_minor: "600" },
    ],
  });
  expect(picked(payments(of, []), "payment_id", "status", "amount_minor")).toEqual([
    "ch_1 succeeded 1000",
    "ch_2 succeeded 600",
    "ch_3 failed 1000",
    "re_1 succeeded -400",
    "re_3 failed -1000",
  ]);
});

test("a key that nothing leads to any more is a tombstone with its last values; duplicates and orphans are counted", () => {
  const expected = emptyCurated();
  publish(expected, staging(MONEY));
  const first = [...(expected.get("payment") ?? [])].map(([key, { deleted }]) => `${key} ${deleted}`);
  publish(expected, staging({ ...MONEY, "stripe.charges": [], "partners.remittances": [] }));
  const rows = expected.get("payment") ?? new Map();
  expect(first).toHaveLength(6);
  expect(["ch_1", "ch_2", "rem_1"].map((key) => rows.get(key)?.deleted)).toEqual([true, true, true]);
  expect(rows.get("rem_1")?.cells["amount_minor"]).toBe("1250");
  expect(rows.get("pay_1")?.deleted).toBe(false);

  const published: PublishedCurated = new Map(
    [...expected].map(([name, all]) => [name, [...all].map(([id, row]) => ({ id, ...row }))]),
  );
  expect([curatedDifferences(published, expected), curatedDuplicates(published)]).toEqual([[], 0]);
  // The invoices of these payments are nowhere.
  expect(curatedOrphans(published)).toBe(2);
  const twice = new Map([...published, ["customer", (published.get("customer") ?? []).flatMap((row) => [row, row])] as const]);
  expect(curatedDuplicates(twice)).toBe(2);
});
