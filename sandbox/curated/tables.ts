import type { Form } from "../beside/mirror.ts";

/** A curated table as a reader of finance knows it, told by hand. */
export interface CuratedTable {
  readonly name: string;
  /** Columns that name a row together. */
  readonly key: readonly string[];
  readonly columns: readonly (readonly [name: string, form: Form])[];
  /** Columns of live rows whose value, where there is one, is the key of a row of another table. */
  readonly references: readonly { readonly column: string; readonly parent: string }[];
}

type Columns = CuratedTable["columns"];

const texts = (...names: readonly string[]): Columns => names.map((name) => [name, "text"]);
const instants = (...names: readonly string[]): Columns => names.map((name) => [name, "instant"]);

/** All curated tables of the pipeline. */
export const CURATED_TABLES: readonly CuratedTable[] = [
  {
    name: "crosswalk_customer",
    key: ["system", "external_id"],
    columns: texts("system", "external_id", "claimed_id", "customer_id", "status"),
    references: [],
  },
  {
    name: "customer",
    key: ["customer_id"],
    columns: [
      ...texts("customer_id", "legal_name", "display_name", "email", "phone", "country", "currency"),
      ["tax_exempt", "flag"],
      ...texts("billing_address", "vat_number", "balance_minor"),
      ["delinquent", "flag"],
      ...texts("segment", "industry", "stripe_customer_id", "salesforce_account_id", "row_version", "source_row_id"),
      ...instants("created_at", "updated_at"),
    ],
    references: [],
  },
  {
    name: "subscription",
    key: ["subscription_id"],
    columns: [
      ...texts("subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity"),
      ...texts("billing_interval", "collection_method", "started_on"),
      ...texts("stripe_link", "stripe_subscription_id", "stripe_status", "source_row_id"),
      ...instants("period_start", "period_end", "trial_end", "canceled_at", "created_at", "updated_at"),
    ],
    references: [{ column: "customer_id", parent: "customer" }],
  },
  {
    name: "invoice",
    key: ["invoice_id"],
    columns: [
      ...texts(
        "invoice_id",
        "source",
        "invoice_number",
        "customer_id",
        "subscription_id",
        "status",
        "billing_reason",
        "currency",
      ),
      ...texts("subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor", "issued_on", "due_on"),
      ...texts("customer_email", "description", "stripe_link", "stripe_invoice_id", "stripe_number", "stripe_status"),
      ...texts("remitted_minor", "source_row_id"),
      ...instants("period_start", "period_end", "created_at", "updated_at"),
    ],
    references: [
      { column: "customer_id", parent: "customer" },
      { column: "subscription_id", parent: "subscription" },
    ],
  },
  {
    name: "payment",
    key: ["payment_id"],
    columns: [
      ...texts("payment_id", "source", "kind", "status", "customer_id", "link_status", "billing_link", "invoice_id"),
      ...texts(
        "billing_payment_id",
        "billing_customer_id",
        "billing_status",
        "billing_amount_minor",
        "billing_currency",
        "method",
        "currency",
        "amount_minor",
        "fee_minor",
        "fee_currency",
      ),
      ...texts("card_last4", "receipt_email", "description", "posted_on", "month", "charged_month"),
      ...instants("received_at"),
    ],
    references: [{ column: "invoice_id", parent: "invoice" }],
  },
  {
    name: "revenue_month",
    key: ["month", "currency", "source"],
    columns: texts("month", "currency", "source", "payments", "amount_minor", "pending_minor"),
    references: [],
  },
  {
    name: "sales_order",
    key: ["order_id"],
    columns: [
      ...texts("order_id", "order_number", "account_id", "account_name", "status", "currency", "amount_minor", "effective_on"),
      ...texts("invoice_id", "invoiced_minor"),
      ...instants("created_at"),
    ],
    references: [],
  },
];
