import type { Row } from "./desk.ts";

const AT = "2026-11-01T00:00:00Z";
const MADE = { created_at: AT, updated_at: AT };

/** Rows of LedgerLoop's own `pipeline/`, by feed: what a test does not say is as below. */
export const OWN = {
  customer: (id: number, more: Row = {}): Row => ({
    ...{ id, customer_id: `cu_${id}`, legal_name: `Company ${id}`, display_name: null, email: null, country: "DE" },
    ...{ currency: "EUR", balance_minor: 0, delinquent: "false", row_version: 1, ...MADE, ...more },
  }),
  subscription: (id: number, more: Row = {}): Row => ({
    ...{ id, subscription_id: `sub_${id}`, customer_id: "cu_1", plan_id: "team", status: "active", currency: "EUR" },
    ...{ amount_minor: 900, quantity: 1, billing_interval: "month", started_on: "2026-11-01", ...MADE, ...more },
  }),
  invoice: (id: number, more: Row = {}): Row => ({
    ...{ id, invoice_id: `inv_${id}`, customer_id: "cu_1", subscription_id: null, status: "open", currency: "EUR" },
    ...{
      subtotal_minor: 900,
      tax_minor: 0,
      amount_due_minor: 900,
      amount_paid_minor: 0,
      issued_on: "2026-11-01",
      ...MADE,
      ...more,
    },
  }),
  payment: (id: number, more: Row = {}): Row => ({
    ...{ id, payment_id: `pay_${id}`, invoice_id: "inv_1", customer_id: "cu_1", kind: "payment", status: "succeeded" },
    ...{ method: "card", currency: "EUR", amount_minor: 900, fee_minor: 9, received_at: AT, posted_on: "2026-11-01" },
    ...{ ...MADE, ...more },
  }),
  stripeCustomer: (id: string, customer_ref: string | null, more: Row = {}): Row => ({
    ...{ id, customer_ref, name: `Stripe's ${id}`, email: `${id}@example.com`, created_at: AT, ...more },
  }),
  stripeSubscription: (id: string, subscription_ref: string | null, more: Row = {}): Row => ({
    ...{ id, subscription_ref, status: "active", created_at: AT, ...more },
  }),
  stripeInvoice: (id: string, invoice_ref: string | null, more: Row = {}): Row => ({
    ...{ id, invoice_ref, number: `N-${id}`, status: "open", currency: "EUR", subtotal_minor: 900, total_minor: 900 },
    ...{ amount_due_minor: 900, amount_paid_minor: 0, amount_remaining_minor: 900, period_start: AT, period_end: AT },
    ...{ created_at: AT, ...more },
  }),
  charge: (id: string, more: Row = {}): Row => ({
    ...{ id, customer_id: null, payment_ref: null, balance_transaction_id: null, status: "succeeded", currency: "EUR" },
    ...{ amount_minor: 900, amount_captured_minor: 900, amount_refunded_minor: 0, captured: "true", refunded: "false" },
    ...{ disputed: "false", created_at: AT, ...more },
  }),
  refund: (id: string, charge_id: string | null, more: Row = {}): Row => ({
    ...{ id, charge_id, payment_ref: null, balance_transaction_id: null, status: "succeeded", currency: "EUR" },
    ...{ amount_minor: 100, created_at: AT, ...more },
  }),
  dispute: (id: string, charge_id: string, more: Row = {}): Row => ({
    ...{ id, charge_id, payment_ref: null, balance_transaction_id: null, status: "needs_response", currency: "EUR" },
    ...{ amount_minor: 900, created_at: AT, ...more },
  }),
  movement: (id: string, { amount_minor = 900, fee_minor = 30, ...more }: Row = {}): Row => ({
    ...{ id, source_id: null, type: "charge", currency: "EUR", amount_minor, fee_minor },
    ...{ net_minor: Number(amount_minor) - Number(fee_minor), available_at: AT, created_at: AT, ...more },
  }),
  account: (id: string, customer_ref: string | null, more: Row = {}): Row => ({
    ...{
      id,
      customer_ref,
      name: `Account ${id}`,
      industry: "Rail",
      currency: "EUR",
      created_at: AT,
      system_modstamp: AT,
      ...more,
    },
  }),
  order: (id: string, account_id: string, more: Row = {}): Row => ({
    ...{ id, account_id, order_number: id, status: "Activated", effective_date: "2026-11-01", total_amount: "9.00" },
    ...{ currency: "EUR", created_at: AT, system_modstamp: AT, ...more },
  }),
  partnerInvoice: (partner: string, number: string, more: Row = {}): Row => ({
    ...{ partner, number, customer_id: "cu_1", amount_minor: 500, currency: "EUR", issued_on: "2026-11-01", ...more },
  }),
  remittance: (remittance_id: string, more: Row = {}): Row => ({
    ...{
      remittance_id,
      invoice_id: "inv_1",
      customer_id: "cu_1",
      amount: "5.00",
      currency: "EUR",
      paid_on: "2026-11-02",
      ...more,
    },
  }),
} as const;
