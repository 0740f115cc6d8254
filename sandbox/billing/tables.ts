import type { Row } from "../feed.ts";

/** The four tables of the billing database, named as the pipeline's feeds. */
export const FEEDS = ["billing.customers", "billing.subscriptions", "billing.invoices", "billing.payments"] as const;
export type BillingFeed = (typeof FEEDS)[number];

/** Columns with their PostgreSQL types, without the change xid. `id` comes first. */
export const COLUMNS: Readonly<Record<BillingFeed, readonly (readonly [name: string, type: string])[]>> = {
  "billing.customers": [
    ["id", "bigint"],
    ["customer_id", "text"],
    ["legal_name", "text"],
    ["display_name", "text"],
    ["email", "text"],
    ["phone", "text"],
    ["country", "text"],
    ["currency", "text"],
    ["tax_exempt", "boolean"],
    ["billing_address", "text"],
    ["vat_number", "text"],
    ["balance_minor", "bigint"],
    ["delinquent", "boolean"],
    ["segment", "text"],
    ["row_version", "bigint"],
    ["created_at", "timestamptz"],
    ["updated_at", "timestamptz"],
  ],
  "billing.subscriptions": [
    ["id", "bigint"],
    ["subscription_id", "text"],
    ["customer_id", "text"],
    ["plan_id", "text"],
    ["status", "text"],
    ["currency", "text"],
    ["amount_minor", "bigint"],
    ["quantity", "integer"],
    ["billing_interval", "text"],
    ["collection_method", "text"],
    ["period_start", "timestamptz"],
    ["period_end", "timestamptz"],
    ["trial_end", "timestamptz"],
    ["started_on", "date"],
    ["canceled_at", "timestamptz"],
    ["created_at", "timestamptz"],
    ["updated_at", "timestamptz"],
  ],
  "billing.invoices": [
    ["id", "bigint"],
    ["invoice_id", "text"],
    ["invoice_number", "text"],
    ["customer_id", "text"],
    ["subscription_id", "text"],
    ["status", "text"],
    ["billing_reason", "text"],
    ["currency", "text"],
    ["subtotal_minor", "numeric"],
    ["tax_minor", "numeric"],
    ["amount_due_minor", "numeric"],
    ["amount_paid_minor", "numeric"],
    ["period_start", "timestamptz"],
    ["period_end", "timestamptz"],
    ["issued_on", "date"],
    ["due_on", "date"],
    ["customer_email", "text"],
    ["description", "text"],
    ["created_at", "timestamptz"],
    ["updated_at", "timestamptz"],
  ],
  "billing.payments": [
    ["id", "bigint"],
    ["payment_id", "text"],
    ["invoice_id", "text"],
    ["customer_id", "text"],
    ["kind", "text"],
    ["status", "text"],
    ["method", "text"],
    ["currency", "text"],
    ["amount_minor", "numeric"],
    ["fee_minor", "integer"],
    ["receipt_email", "text"],
    ["card_last4", "text"],
    ["description", "text"],
    ["received_at", "timestamptz"],
    ["posted_on", "date"],
    ["created_at", "timestamptz"],
    ["updated_at", "timestamptz"],
  ],
};

/** Column names of a table, in order. */
export function columnNames(feed: BillingFeed): readonly string[] {
  return COLUMNS[feed].map(([name]) => name);
}

/** The source key of a row. */
export function keyOf(row: Row): string {
  return row["id"] ?? "";
}
