import { accepted, given, holds, integers, like, long, required, since, whole, within } from "../expectation/hand-rules.ts";
import type { HandRule } from "../feed.ts";
import type { BillingFeed } from "./tables.ts";

const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "KWD", "CHF", "SEK"];
const FIRST_DATE = "2010-01-01";
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** Instants print with equal widths down to the second, so their texts compare as they do, fractions included. */
const PERIOD: HandRule = [
  "period_order",
  (row) => {
    const [from, to] = [given(row, "period_start"), given(row, "period_end")];
    return from !== null && to !== null && Date.parse(to) <= Date.parse(from);
  },
];

const SIGN: HandRule = [
  "sign_fits_kind",
  (row) => {
    const [kind, amount] = [given(row, "kind"), whole(row["amount_minor"])];
    if (kind === null || amount === null) return false;
    return !((kind === "payment" && amount > 0n) || ((kind === "refund" || kind === "dispute") && amount < 0n));
  },
];

/** All row rules that keep a row out, per feed. */
export const ROW_RULES: Readonly<Record<BillingFeed, readonly HandRule[]>> = {
  "billing.customers": [
    ...integers("id", "balance_minor", "row_version"),
    ...required(
      "id",
      "customer_id",
      "legal_name",
      "currency",
      "balance_minor",
      "delinquent",
      "row_version",
      "created_at",
      "updated_at",
    ),
    long("customer_id", 3, 64),
    long("legal_name", 1, 255),
    long("vat_number", 0, 32),
    like("email", EMAIL),
    like("country", /^[A-Z]{2}$/),
    accepted("currency", CURRENCIES),
    accepted("segment", ["self_serve", "smb", "mid_market", "enterprise"]),
    within("row_version", 1n),
  ],
  "billing.subscriptions": [
    ...integers("id", "amount_minor", "quantity"),
    ...required(
      "id",
      "subscription_id",
      "customer_id",
      "plan_id",
      "status",
      "currency",
      "amount_minor",
      "quantity",
      "billing_interval",
    ),
    ...required("started_on", "created_at", "updated_at"),
    long("subscription_id", 3, 64),
    accepted("status", ["trialing", "active", "past_due", "paused", "canceled"]),
    accepted("currency", CURRENCIES),
    accepted("billing_interval", ["month", "quarter", "year"]),
    accepted("collection_method", ["charge_automatically", "send_invoice"]),
    within("amount_minor", 0n),
    within("quantity", 1n, 100_000n),
    since("started_on", FIRST_DATE),
    PERIOD,
  ],
  "billing.invoices": [
    ...integers("id", "subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor"),
    ...required("id", "invoice_id", "customer_id", "status", "currency", "subtotal_minor", "tax_minor", "amount_due_minor"),
    ...required("amount_paid_minor", "issued_on", "created_at", "updated_at"),
    long("invoice_id", 3, 64),
    long("invoice_number", 0, 64),
    long("description", 0, 2000),
    like("customer_email", EMAIL),
    accepted("status", ["draft", "open", "paid", "uncollectible", "void"]),
    accepted("billing_reason", ["subscription_create", "subscription_cycle", "subscription_update", "manual"]),
    accepted("currency", CURRENCIES),
    within("tax_minor", 0n),
    within("amount_due_minor", 0n),
    within("amount_paid_minor", 0n),
    since("issued_on", FIRST_DATE),
    holds(
      "total_adds_up",
      ["amount_due_minor", "subtotal_minor", "tax_minor"],
      (due = 0n, sub = 0n, tax = 0n) => due === sub + tax,
    ),
    holds("not_overpaid", ["amount_paid_minor", "amount_due_minor"], (paid = 0n, due = 0n) => paid <= due),
    PERIOD,
  ],
  "billing.payments": [
    ...integers("id", "amount_minor", "fee_minor"),
    ...required(
      "id",
      "payment_id",
      "invoice_id",
      "customer_id",
      "kind",
      "status",
      "currency",
      "amount_minor",
      "received_at",
      "posted_on",
    ),
    ...required("created_at", "updated_at"),
    long("payment_id", 3, 64),
    long("description", 0, 2000),
    like("receipt_email", EMAIL),
    like("card_last4", /^[0-9]{4}$/),
    accepted("kind", ["payment", "refund", "dispute"]),
    accepted("status", ["succeeded", "pending", "failed"]),
    accepted("method", ["card", "bank_transfer", "direct_debit", "wallet"]),
    accepted("currency", CURRENCIES),
    within("fee_minor", 0n),
    since("posted_on", FIRST_DATE),
    SIGN,
  ],
};
