import type { FeedId, Row } from "../billing/tables.ts";

/** A rule written by hand from the contracts' prose: its id and when a row breaks it. */
type HandRule = readonly [id: string, isBroken: (row: Row) => boolean];

const CURRENCIES = ["USD", "EUR", "GBP", "JPY", "KWD", "CHF", "SEK"];
const LARGEST = 2n ** 63n - 1n;

/** The whole number that a text is; null for NULL and for any text that is not exactly one in 64 bits. */
export function whole(text: string | null | undefined): bigint | null {
  if (text === null || text === undefined || !/^(0|-?[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value > LARGEST || value < -LARGEST - 1n ? null : value;
}

function given(row: Row, name: string): string | null {
  return row[name] ?? null;
}

function required(...names: string[]): HandRule[] {
  return names.map((name) => [`${name}.required`, (row) => given(row, name) === null]);
}

function integers(...names: string[]): HandRule[] {
  return names.map((name) => [`${name}.type`, (row) => given(row, name) !== null && whole(row[name]) === null]);
}

function accepted(name: string, values: readonly string[]): HandRule {
  return [`${name}.accepted`, (row) => given(row, name) !== null && !values.includes(given(row, name) ?? "")];
}

function within(name: string, low: bigint, high: bigint = LARGEST): HandRule {
  const outside = (value: bigint | null) => value !== null && (value < low || value > high);
  return [`${name}.range`, (row) => outside(whole(row[name]))];
}

function since2010(name: string): HandRule {
  return [`${name}.range`, (row) => given(row, name) !== null && (given(row, name) ?? "") < "2010-01-01"];
}

function long(name: string, low: number, high: number): HandRule {
  // Characters, not UTF-16 units.
  const length = (row: Row) => [...(given(row, name) ?? "")].length;
  return [`${name}.length`, (row) => given(row, name) !== null && (length(row) < low || length(row) > high)];
}

function like(name: string, pattern: RegExp): HandRule {
  return [`${name}.pattern`, (row) => given(row, name) !== null && !pattern.test(given(row, name) ?? "")];
}

/** Amounts that can be read, or null if one of them cannot: then the comparison says nothing. */
function amounts(row: Row, names: readonly string[]): bigint[] | null {
  const values = names.map((name) => whole(row[name]));
  return values.every((v) => v !== null) ? values : null;
}

function holds(id: string, names: readonly string[], isTrue: (...values: readonly bigint[]) => boolean): HandRule {
  return [
    id,
    (row) => {
      const values = amounts(row, names);
      return values !== null && !isTrue(...values);
    },
  ];
}

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
const RULES: Readonly<Record<FeedId, readonly HandRule[]>> = {
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
    since2010("started_on"),
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
    since2010("issued_on"),
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
    since2010("posted_on"),
    SIGN,
  ],
};

/** Columns of a published row that must not change. */
const IMMUTABLE: Readonly<Record<FeedId, readonly string[]>> = {
  "billing.customers": [],
  "billing.subscriptions": [],
  "billing.invoices": ["customer_id", "currency", "issued_on"],
  "billing.payments": ["posted_on"],
};

const AMOUNT: Readonly<Record<FeedId, string>> = {
  "billing.customers": "balance_minor",
  "billing.subscriptions": "amount_minor",
  "billing.invoices": "amount_due_minor",
  "billing.payments": "amount_minor",
};

/** What finance calls a row of each feed. */
export const BUSINESS_KEY: Readonly<Record<FeedId, string>> = {
  "billing.customers": "customer_id",
  "billing.subscriptions": "subscription_id",
  "billing.invoices": "invoice_id",
  "billing.payments": "payment_id",
};

/** Columns of which each published row has a value of its own. */
export const UNIQUE: Readonly<Record<FeedId, readonly string[]>> = {
  "billing.customers": ["customer_id", "id"],
  "billing.subscriptions": ["subscription_id", "id"],
  "billing.invoices": ["invoice_id", "id"],
  "billing.payments": ["payment_id", "id"],
};

/** References to parents, whose children are held while the parent is missing. */
export const REFERENCES: Readonly<Record<FeedId, readonly { readonly column: string; readonly parent: FeedId }[]>> = {
  "billing.customers": [],
  "billing.subscriptions": [{ column: "customer_id", parent: "billing.customers" }],
  "billing.invoices": [
    { column: "customer_id", parent: "billing.customers" },
    { column: "subscription_id", parent: "billing.subscriptions" },
  ],
  "billing.payments": [{ column: "invoice_id", parent: "billing.invoices" }],
};

/** Ids of the row rules that a row breaks, given the published row of its source key. */
export function brokenRules(feed: FeedId, row: Row, published: Row | undefined): string[] {
  const broken = RULES[feed].filter(([, isBroken]) => isBroken(row)).map(([id]) => id);
  const changed = IMMUTABLE[feed].filter((name) => {
    const [was, is] = [published?.[name] ?? null, given(row, name)];
    return was !== null && is !== null && was !== is;
  });
  return [...broken, ...changed.map((name) => `${name}.immutable`)];
}

/** Whether the money of a row cannot be counted. */
export function isUnreadable(feed: FeedId, row: Row): boolean {
  return whole(row[AMOUNT[feed]]) === null || given(row, "currency") === null;
}
