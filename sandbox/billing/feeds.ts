import type { Feed, FeedRules, Row } from "../feed.ts";
import { ROW_RULES } from "./rules.ts";
import { type BillingFeed, COLUMNS, columnNames, FEEDS, keyOf } from "./tables.ts";

type Said = Pick<FeedRules, "immutable" | "businessKey" | "references" | "version"> & {
  readonly amount: string;
};

const SAID: Readonly<Record<BillingFeed, Said>> = {
  "billing.customers": {
    businessKey: "customer_id",
    amount: "balance_minor",
    immutable: [],
    references: [],
    version: "row_version",
  },
  "billing.subscriptions": {
    businessKey: "subscription_id",
    amount: "amount_minor",
    immutable: [],
    references: [{ column: "customer_id", parent: "billing.customers" }],
    version: null,
  },
  "billing.invoices": {
    businessKey: "invoice_id",
    amount: "amount_due_minor",
    immutable: ["customer_id", "currency", "issued_on"],
    references: [
      { column: "customer_id", parent: "billing.customers" },
      { column: "subscription_id", parent: "billing.subscriptions" },
    ],
    version: null,
  },
  "billing.payments": {
    businessKey: "payment_id",
    amount: "amount_minor",
    immutable: ["posted_on"],
    references: [{ column: "invoice_id", parent: "billing.invoices" }],
    version: null,
  },
};

const FAULTS: FeedRules["faults"] = [
  [/^status\.accepted$/, "unknown_status"],
  [/^customer_id\.required$/, "null_customer_id"],
  [/^not_overpaid$/, "overpaid"],
  [/\.range$|^sign_fits_kind$/, "negative_amount"],
];

function updatedAt(row: Row): number {
  return Date.parse((row["updated_at"] ?? "").replace(" ", "T").replace("+00", "Z"));
}

/** A warehouse's text of a value as COPY prints it under TimeZone UTC. */
function asCopied(type: string | undefined, text: string): string {
  if (type === "boolean") return text.slice(0, 1);
  if (type !== "timestamptz") return text;
  const [whole = "", fraction = ""] = text.replace(/\+00$/, "").split(".");
  const digits = fraction.replace(/0+$/, "");
  return `${whole}${digits === "" ? "" : `.${digits}`}+00`;
}

function feedOf(id: BillingFeed): Feed {
  const { businessKey, amount, ...said } = SAID[id];
  const types = new Map(COLUMNS[id]);
  return {
    id,
    columns: columnNames(id),
    keyOf,
    isFiles: false,
    leftOutBelow: null,
    clock: id === "billing.payments" ? updatedAt : null,
    rules: {
      ...said,
      rows: ROW_RULES[id],
      businessKey,
      unique: [businessKey, "id"],
      money: { amount, currency: "currency", unit: "minor" },
      faults: FAULTS,
    },
    inSourceWords: (column, text) => asCopied(types.get(column), text),
  };
}

/** The four feeds of the billing database, parents first. */
export const BILLING_FEEDS: readonly Feed[] = FEEDS.map(feedOf);
