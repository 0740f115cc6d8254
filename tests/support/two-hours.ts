import type { Hour } from "./desk.ts";

const at = "2026-11-01 00:00:00+00";
const customer = (id: number, more = {}) => ({
  id,
  customer_id: `cus_${id}`,
  legal_name: `L ${id}`,
  display_name: `D ${id}`,
  email: "a@example.com",
  country: "US",
  currency: "USD",
  tax_exempt: "f",
  balance_minor: 0,
  delinquent: "f",
  segment: "smb",
  row_version: 1,
  created_at: at,
  updated_at: at,
  ...more,
});
const subscription = (id: number, more = {}) => ({
  id,
  subscription_id: `sub_${id}`,
  customer_id: "cus_1",
  plan_id: "p",
  status: "active",
  currency: "USD",
  amount_minor: 100,
  quantity: 1,
  billing_interval: "month",
  collection_method: "send_invoice",
  period_start: at,
  period_end: "2026-12-01 00:00:00+00",
  started_on: "2026-11-01",
  created_at: at,
  updated_at: at,
  ...more,
});
const invoice = (id: number, more = {}) => ({
  id,
  invoice_id: `inv_${id}`,
  customer_id: "cus_1",
  subscription_id: "sub_1",
  status: "open",
  currency: "USD",
  subtotal_minor: 100,
  tax_minor: 5,
  amount_due_minor: 105,
  amount_paid_minor: 0,
  issued_on: "2026-11-01",
  due_on: "2026-12-01",
  created_at: at,
  updated_at: at,
  ...more,
});
const payment = (id: number, more = {}) => ({
  id,
  payment_id: `pay_${id}`,
  invoice_id: "inv_1",
  customer_id: "cus_1",
  kind: "payment",
  status: "succeeded",
  method: "card",
  currency: "USD",
  amount_minor: 105,
  fee_minor: 1,
  received_at: at,
  posted_on: "2026-11-01",
  created_at: at,
  updated_at: at,
  ...more,
});

/** Two hours of LedgerLoop's own feeds. Between them the two hours take every path: pool, seen again, replaced, released, vanished, tombstoned, copies. */
export const HOURS: readonly Hour[] = [
  {
    rows: {
      "billing.customers": [customer(1), customer(2)],
      "billing.subscriptions": [subscription(1), subscription(2, { customer_id: "cus_9" })],
      "billing.invoices": [invoice(1), invoice(2, { customer_id: null }), invoice(3, { subscription_id: "sub_2" }), invoice(4)],
      "billing.payments": [payment(1), payment(2, { invoice_id: "inv_2" }), payment(3, { amount_minor: "NaN" }), payment(4)],
    },
  },
  {
    rows: {
      "billing.customers": [customer(9), customer(1, { row_version: 2 })],
      "billing.subscriptions": [subscription(1, { quantity: 2 })],
      "billing.invoices": [
        invoice(2, { customer_id: null }),
        invoice(1, { status: "paid", amount_paid_minor: 105 }),
        invoice(5, { amount_paid_minor: 999 }),
      ],
      "billing.payments": [payment(3), payment(1, { amount_minor: 104 })],
    },
    keys: Object.fromEntries(
      ["customers", "subscriptions", "invoices", "payments"].map((f) => [`billing.${f}`, [1, 2, 3, 5, 9].map((id) => ({ id }))]),
    ),
  },
];
