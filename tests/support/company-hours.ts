import { tmpdir } from "node:os";
import type { Hour, Row } from "./desk.ts";

/** What `examples/company` needs of an environment in which nobody connects. */
export const COMPANY_ENV: Readonly<Record<string, string>> = {
  BILLING_URL: "postgres://x",
  STRIPE_API_KEY: "rk_test_1",
  SALESFORCE_CLIENT_ID: "a",
  SALESFORCE_CLIENT_SECRET: "b",
  LEDGERLOOP_STATE: tmpdir(),
};

const AT = "2026-11-01T00:00:00Z";

/** Rows of `examples/company`, by feed: what a test does not say is as below. */
export const COMPANY = {
  customer: (id: number, more: Row = {}): Row => ({
    ...{ id, customer_id: `cu_${id}`, legal_name: `Company ${id}`, display_name: null, email: null, country: "DE" },
    ...{ currency: "EUR", row_version: 1, updated_at: AT, ...more },
  }),
  subscription: (id: number, more: Row = {}): Row => ({
    ...{ id, subscription_id: `sub_${id}`, customer_id: "cu_1", plan_id: "team", status: "active", currency: "EUR" },
    ...{ amount_minor: 900, updated_at: AT, ...more },
  }),
  invoice: (id: number, more: Row = {}): Row => ({
    ...{ id, invoice_id: `inv_${id}`, customer_id: "cu_1", subscription_id: null, status: "open", currency: "EUR" },
    ...{ amount_due_minor: 900, issued_on: "2026-11-01", updated_at: AT, ...more },
  }),
  payment: (id: number, more: Row = {}): Row => ({
    ...{ id, payment_number: `p${id}`, invoice_id: "inv_1", customer_id: "cu_1", kind: "payment", method: "bank_transfer" },
    ...{ charge_ref: null, currency: "EUR", amount_minor: 900, posted_on: "2026-11-01", updated_at: AT, ...more },
  }),
  stripeCustomer: (id: string, customer_ref: string | null, more: Row = {}): Row => ({
    ...{ id, customer_ref, name: `Stripe's ${id}`, email: null, created_at: AT, ...more },
  }),
  stripeSubscription: (id: string, subscription_ref: string | null, more: Row = {}): Row => ({
    ...{ id, subscription_ref, customer_id: null, status: "active", created_at: AT, ...more },
  }),
  stripeInvoice: (id: string, invoice_ref: string | null, more: Row = {}): Row => ({
    ...{
      id,
      invoice_ref,
      number: `N-${id}`,
      customer_id: null,
      status: "open",
      currency: "EUR",
      total_minor: 900,
      created_at: AT,
      ...more,
    },
  }),
  charge: (id: string, more: Row = {}): Row => ({
    ...{ id, customer_id: null, status: "succeeded", balance_transaction_id: null, currency: "EUR", amount_minor: 900 },
    ...{ amount_captured_minor: 900, created_at: AT, ...more },
  }),
  refund: (id: string, charge_id: string, more: Row = {}): Row => ({
    ...{
      id,
      charge_id,
      status: "succeeded",
      balance_transaction_id: null,
      currency: "EUR",
      amount_minor: 100,
      created_at: AT,
      ...more,
    },
  }),
  dispute: (id: string, charge_id: string, more: Row = {}): Row => ({
    ...{
      id,
      charge_id,
      status: "needs_response",
      balance_transaction_id: null,
      currency: "EUR",
      amount_minor: 900,
      created_at: AT,
      ...more,
    },
  }),
  movement: (id: string, more: Row = {}): Row => ({
    ...{ id, source_id: null, type: "charge", currency: "EUR", amount_minor: 900, fee_minor: 30, created_at: AT, ...more },
  }),
  account: (id: string, customer_ref: string | null, more: Row = {}): Row => ({
    ...{ id, customer_ref, name: `Account ${id}`, industry: "Rail", system_modstamp: AT, ...more },
  }),
  partnerInvoice: (partner: string, number: string, more: Row = {}): Row => ({
    ...{ partner, number, customer_id: "cu_1", amount_minor: 500, currency: "EUR", issued_on: "2026-11-01", ...more },
  }),
  remittance: (partner: string, number: string, more: Row = {}): Row => ({
    ...{ partner, number, customer_id: "cu_1", amount_minor: 500, currency: "EUR", paid_on: "2026-11-02", ...more },
  }),
} as const;

/**
 * Four hours of one company in four systems. Everything comes, billing's record of a card payment before its charge. A second Stripe customer says
 * that it is the first one, so that both are in doubt; the charge comes, with what it cost. The doubt ends; the money goes back in part,
 * and the bank takes the rest. A customer is known late, a reseller pays.
 */
export const COMPANY_HOURS: readonly Hour[] = [
  {
    rows: {
      "billing.customers": [COMPANY.customer(1)],
      "billing.subscriptions": [COMPANY.subscription(1)],
      "billing.invoices": [COMPANY.invoice(1), COMPANY.invoice(2)],
      "billing.payments": [COMPANY.payment(1), COMPANY.payment(2, { method: "card", charge_ref: "ch_1", invoice_id: "inv_2" })],
      "stripe.customers": [COMPANY.stripeCustomer("cus_1", "cu_1", { email: "a@example.com" })],
      "stripe.subscriptions": [COMPANY.stripeSubscription("sub_s1", "sub_1")],
      "stripe.invoices": [COMPANY.stripeInvoice("in_2", "inv_2", { status: "paid" })],
      "salesforce.accounts": [COMPANY.account("001A", "cu_1"), COMPANY.account("001B", "cu_2")],
      "partners.invoices": [{ ...COMPANY.partnerInvoice("meridian", "7"), _scope: "invoices/meridian/2026-11-01.csv" }],
    },
  },
  {
    rows: {
      "stripe.customers": [COMPANY.stripeCustomer("cus_2", "cu_1")],
      "stripe.charges": [COMPANY.charge("ch_1", { customer_id: "cus_1", balance_transaction_id: "txn_1" })],
      "stripe.balance_transactions": [COMPANY.movement("txn_1", { source_id: "ch_1" })],
    },
  },
  {
    rows: {
      "stripe.customers": [COMPANY.stripeCustomer("cus_2", null)],
      "stripe.refunds": [COMPANY.refund("re_1", "ch_1")],
      "stripe.disputes": [COMPANY.dispute("dp_1", "ch_1", { amount_minor: 800 })],
      "stripe.charges": [COMPANY.charge("ch_2", { status: "failed", amount_captured_minor: 0 })],
    },
  },
  {
    rows: {
      "billing.customers": [COMPANY.customer(2, { display_name: "Second" })],
      "stripe.disputes": [COMPANY.dispute("dp_1", "ch_1", { amount_minor: 800, status: "won" })],
      "partners.remittances": [{ ...COMPANY.remittance("meridian", "r1"), _scope: "remittances/meridian/2026-11-02.csv" }],
    },
  },
];
