import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";

/** Rows of billing for each of `n` customers, and of all four systems. */
const OF_BILLING = 20;
export const ROWS_PER_CUSTOMER = 25;

/** Of `n` customers, how many rows each other system has. Movements of Stripe's balance come by themselves, one for each charge and refund. */
export interface Sizes {
  readonly billing: number;
  readonly guests: number;
  readonly charges: number;
  readonly refunds: number;
  readonly sent: number;
  readonly accounts: number;
  readonly orders: number;
  readonly remittances: number;
  readonly resold: number;
}

/** An hour's sizes: a fifth of what there is comes from the three other systems. */
export function sizesOf(n: number): Sizes {
  const share = (times: number) => Math.round(times * n);
  return {
    billing: OF_BILLING * n,
    ...{ guests: share(0.3), charges: share(1.1), refunds: share(0.1), sent: share(0.3) },
    ...{ accounts: share(0.3), orders: share(0.2) },
    ...{ remittances: share(1.3), resold: share(0.2) },
  };
}

/** Rows that a run of all four systems publishes. */
export function rowsOf({ charges, refunds, ...others }: Sizes): number {
  const movements = charges + refunds;
  return Object.values(others).reduce((sum, rows) => sum + rows, 2 * movements);
}

/** The customer of the i-th row of a table, spread evenly; ordinals begin with 1. */
export const customerOf = (i: number, n: number) => 1 + ((i * 7919) % n);
/** What the i-th invoice or payment is of, in cents. */
export const amountOf = (i: number) => 500 + (i % 90_000);
export const CURRENCY = "EUR";

const CUSTOMER = (n: number) => `'cu_' || (1 + (i * 7919) % ${n})`;
const AMOUNT = "(500 + i % 90000)";
const CREATED = "timestamptz '2026-09-30 10:00:00+00' - interval '1 day' * (i % 300)";

function billingSql(n: number): string[] {
  const rows = (times: number) => `from generate_series(1, ${times * n}::bigint) i`;
  return [
    `insert into billing.customers (customer_id, legal_name, display_name, email, country, currency, tax_exempt, billing_address, balance_minor, delinquent, segment, created_at)
     select 'cu_' || i, 'Company ' || i || ' Ltd', case when i % 5 > 0 then 'Company ' || i end, case when i % 20 > 0 then 'billing' || i || '@example.com' end, 'DE', '${CURRENCY}', false,
       i || ' Main St,' || chr(10) || 'DE', 0, false, (array['self_serve', 'smb', 'mid_market'])[1 + (i % 3)::int], ${CREATED} ${rows(1)}`,
    `insert into billing.subscriptions (subscription_id, customer_id, plan_id, status, currency, amount_minor, quantity, billing_interval, collection_method, period_start, period_end, started_on, created_at)
     select 'sub_' || i, ${CUSTOMER(n)}, 'team_2026', 'active', '${CURRENCY}', 500 + i % 9000, 1 + (i % 40)::int, 'month', 'send_invoice', ${CREATED}, ${CREATED} + interval '30 days', date '2024-01-01', ${CREATED} ${rows(2)}`,
    `insert into billing.invoices (invoice_id, invoice_number, customer_id, subscription_id, status, billing_reason, currency, subtotal_minor, tax_minor, amount_due_minor, amount_paid_minor, period_start, period_end, issued_on, due_on, customer_email, description, created_at)
     select 'in_' || i, 'LL-2026-' || i, ${CUSTOMER(n)}, 'sub_' || (1 + i % ${2 * n}), 'paid', 'subscription_cycle', '${CURRENCY}', ${AMOUNT}, 0, ${AMOUNT}, ${AMOUNT}, ${CREATED}, ${CREATED} + interval '30 days',
       date '2026-09-30' - (i % 300)::int, date '2026-10-30', 'accounts' || i % 5000 || '@example.com', 'Subscription of ' || i % 40 || ' seats, month ' || i % 12, ${CREATED} ${rows(9)}`,
    `insert into billing.payments (payment_id, invoice_id, customer_id, kind, status, method, currency, amount_minor, fee_minor, receipt_email, card_last4, description, received_at, posted_on, created_at)
     select 'pay_' || i, 'in_' || i, ${CUSTOMER(n)}, 'payment', 'succeeded', 'card', '${CURRENCY}', ${AMOUNT}, 25, 'cfo' || i % 5000 || '@example.com', '4242', 'Invoice ' || i, ${CREATED}, date '2026-09-30' - (i % 300)::int, ${CREATED} ${rows(8)}`,
  ];
}

/** The billing database as the sandbox has it, with rows for `n` customers. */
export async function createBilling(url: string, n: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC -c work_mem=64MB" });
  await client.connect();
  try {
    await client.query(readFileSync(join(import.meta.dirname, "../../sandbox/billing/billing.sql"), "utf8"));
    for (const sql of billingSql(n)) await client.query(sql);
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}

/** Writes a file as of an hour ago: a run leaves alone what may still be written. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const before = new Date(Date.now() - 3_600_000);
  utimesSync(path, before, before);
}

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i + 1)}\n`).join("");

/** A reseller's files for `n` customers: what it paid on, with a manifest, and what it billed. */
export function sendFiles(folder: string, n: number): void {
  const { remittances, resold } = sizesOf(n);
  const paid = `remittance_id,invoice_id,customer_id,amount,currency,paid_on,note\n${lines(
    remittances,
    (i) =>
      `rem_${String(i).padStart(8, "0")},in_${i},cu_${customerOf(i, n)},${(amountOf(i) / 100).toFixed(2)},${CURRENCY},2026-09-29,"said ""paid"", twice"`,
  )}`;
  write(join(folder, "remittances/meridian/2026-09-29.csv"), paid);
  const sha256 = createHash("sha256").update(paid).digest("hex");
  write(join(folder, "remittances/meridian/2026-09-29.json"), JSON.stringify({ records: remittances, sha256 }));
  write(
    join(folder, "invoices/meridian/2026-09-29.csv"),
    `number,customer_id,amount_minor,currency,issued_on\n${lines(resold, (i) => `M-${i},cu_${customerOf(i, n)},${amountOf(i)},${CURRENCY},2026-09-29`)}`,
  );
}
