/** The tables, the 25 rules, and how many rows break each at n = 250,000 (5,000,250 rows). */
const T = "VARCHAR";
const B = "BIGINT";
const Z = "TIMESTAMPTZ";

export const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  customers: {
    id: T,
    email: T,
    name: T,
    country: T,
    currency: T,
    phone: T,
    tax_exempt: T,
    balance_minor: B,
    delinquent: "BOOLEAN",
    description: T,
    created_at: Z,
    updated_at: Z,
  },
  subscriptions: {
    id: T,
    customer_id: T,
    status: T,
    plan_id: T,
    currency: T,
    amount_minor: B,
    quantity: "INTEGER",
    collection_method: T,
    period_start: Z,
    period_end: Z,
    description: T,
    created_at: Z,
    updated_at: Z,
  },
  invoices: {
    id: T,
    customer_id: T,
    subscription_id: T,
    invoice_number: T,
    status: T,
    billing_reason: T,
    currency: T,
    amount_due: B,
    amount_paid: B,
    tax_minor: B,
    customer_email: T,
    customer_country: T,
    description: T,
    period_start: Z,
    period_end: Z,
    due_at: Z,
    created_at: Z,
    updated_at: Z,
  },
  payments: {
    id: T,
    invoice_id: T,
    customer_id: T,
    status: T,
    method: T,
    currency: T,
    amount_minor: B,
    fee_minor: "INTEGER",
    receipt_email: T,
    description: T,
    created_at: Z,
    updated_at: Z,
  },
};

export const AMOUNTS: Readonly<Record<string, string>> = {
  customers: "balance_minor",
  subscriptions: "amount_minor",
  invoices: "amount_due",
  payments: "amount_minor",
};

/** One rule: its row condition for the floor, its id in the contract of `src.<table>`, and its violations at full scale. */
export interface BenchRule {
  readonly table: string;
  readonly id: string;
  /** TRUE where a row breaks it; null for rules across rows. */
  readonly broken: string | null;
  readonly violations: number;
  /** For foreign keys: column and parent table. */
  readonly parent?: { readonly column: string; readonly table: string };
}

const accepted = (column: string, values: readonly string[]) => `${column} NOT IN (${values.map((v) => `'${v}'`).join(", ")})`;

function rule(
  ...[table, id, broken, violations]: [table: string, id: string, broken: string | null, violations: number]
): BenchRule {
  return { table, id, broken, violations };
}

function foreignKey(
  ...[table, column, parent, violations]: [table: string, column: string, parent: string, violations: number]
): BenchRule {
  return { table, id: `${column}.foreign_key`, broken: null, violations, parent: { column, table: parent } };
}

export const RULES: readonly BenchRule[] = [
  rule("customers", "email.required", "email IS NULL", 50),
  rule("customers", "country.required", "country IS NULL", 25),
  rule("subscriptions", "customer_id.required", "customer_id IS NULL", 100),
  rule("subscriptions", "status.required", "status IS NULL", 50),
  rule("invoices", "customer_id.required", "customer_id IS NULL", 500),
  rule("invoices", "currency.required", "currency IS NULL", 250),
  rule("payments", "invoice_id.required", "invoice_id IS NULL", 350),
  rule("payments", "amount_minor.required", "amount_minor IS NULL", 175),
  rule("customers", "id_newest", null, 0),
  rule("subscriptions", "id_newest", null, 0),
  rule("invoices", "id_newest", null, 250),
  rule("payments", "id_newest", null, 0),
  foreignKey("subscriptions", "customer_id", "customers", 100),
  foreignKey("invoices", "customer_id", "customers", 500),
  foreignKey("invoices", "subscription_id", "subscriptions", 500),
  foreignKey("payments", "invoice_id", "invoices", 350),
  rule("subscriptions", "status.accepted", accepted("status", ["active", "trialing", "past_due", "canceled", "unpaid"]), 50),
  rule("invoices", "status.accepted", accepted("status", ["draft", "open", "paid", "uncollectible", "void"]), 250),
  rule("invoices", "currency.accepted", accepted("currency", ["USD", "EUR", "GBP", "JPY", "CHF", "SEK"]), 250),
  rule("payments", "status.accepted", accepted("status", ["succeeded", "pending", "failed", "refunded"]), 175),
  rule("subscriptions", "amount_minor.range", "amount_minor < 0", 50),
  rule("invoices", "amount_due.range", "amount_due < 0", 250),
  rule("payments", "amount_minor.range", "amount_minor < 0", 175),
  rule("invoices", "amount_paid_cross", "NOT (amount_paid <= amount_due)", 125),
  rule("invoices", "period_end_cross", "NOT (period_end > period_start)", 125),
];

/** `table.id`, unique over all rules. */
export function ruleName(r: BenchRule): string {
  return `${r.table}.${r.id}`;
}

/** Compares counted violations with the truth, which scales with n only in whole thousands. */
export function wrongCounts(counts: ReadonlyMap<string, number>, n: number): string[] {
  return RULES.flatMap((r) => {
    const expected = Math.round((r.violations * n) / 250_000);
    const found = counts.get(ruleName(r)) ?? 0;
    return found === expected ? [] : [`${ruleName(r)}: ${found} instead of ${expected}`];
  });
}
