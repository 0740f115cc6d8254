import pg from "pg";

/** Rows of all four systems for one customer. */
export const ROWS_PER_CUSTOMER = 22;

const STAMP = "timestamptz '2026-11-01 10:00:00+00' as updated_at";
const CREATED = "timestamptz '2026-11-01 10:00:00+00' - interval '1 day' * (i % 400)";
const CURRENCY = "(array['USD', 'EUR', 'GBP', 'JPY'])[1 + (i % 4)::int]";
/** The customer of the i-th row of a table, spread evenly. */
const customer = (n: number) => `(1 + (i * 7919) % ${n})`;

/** Rows of `prefix_1 … prefix_count` in a table of a system, as the columns say for `i`. */
function table(name: string, count: number, columns: string): string {
  return `create table ${name} as select ${columns} from generate_series(1, ${Math.round(count)}::bigint) i`;
}

function billing(n: number): string[] {
  const of = customer(n);
  return [
    table(
      "billing.customers",
      n,
      `i as id, 'cu_' || i as customer_id, 'Company ' || i as legal_name, case when i % 3 > 0 then 'Display ' || i end as display_name,
       case when i % 2 > 0 then 'user' || i || '@example.com' end as email, 'DE' as country, ${CURRENCY} as currency, 1::bigint as row_version, ${STAMP}`,
    ),
    table(
      "billing.subscriptions",
      n,
      `i as id, 'sub_' || i as subscription_id, 'cu_' || ${of} as customer_id, 'plan_' || i % 40 as plan_id, 'active' as status,
       ${CURRENCY} as currency, 500 + i % 9000 as amount_minor, ${STAMP}`,
    ),
    table(
      "billing.invoices",
      4 * n,
      `i as id, 'inv_' || i as invoice_id, 'cu_' || ${of} as customer_id, 'sub_' || ${of} as subscription_id,
       (array['open', 'paid'])[1 + (i % 2)::int] as status, ${CURRENCY} as currency, 100 + i % 90000 as amount_due_minor,
       date '2026-11-01' - (i % 400)::int as issued_on, ${STAMP}`,
    ),
    // Two of three came by card, and name their charge.
    table(
      "billing.payments",
      3 * n,
      `i as id, 'p_' || i as payment_number, 'inv_' || i as invoice_id, 'cu_' || ${of} as customer_id, 'payment' as kind,
       case when i % 3 > 0 then 'card' else 'bank_transfer' end as method, case when i % 3 > 0 then 'ch_' || i end as charge_ref,
       ${CURRENCY} as currency, 100 + i % 90000 as amount_minor, date '2026-11-01' - (i % 400)::int as posted_on, ${STAMP}`,
    ),
  ];
}

function stripe(n: number): string[] {
  const of = customer(n);
  return [
    table(
      "stripe.customers",
      n,
      `'cus_' || i as id, 'cu_' || i as customer_ref, 'Name ' || i as name, 'user' || i || '@example.com' as email, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.subscriptions",
      n,
      `'sub_s' || i as id, 'sub_' || i as subscription_ref, 'cus_' || ${of} as customer_id, 'active' as status, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.invoices",
      3 * n,
      `'in_' || i as id, 'inv_' || i as invoice_ref, 'N-' || i as number, 'cus_' || ${of} as customer_id, 'paid' as status, ${CURRENCY} as currency,
       100 + i % 90000 as total_minor, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.charges",
      3 * n,
      `'ch_' || i as id, 'cus_' || ${of} as customer_id, 'succeeded' as status, 'txn_' || i as balance_transaction_id, ${CURRENCY} as currency,
       100 + i % 90000 as amount_minor, 100 + i % 90000 as amount_captured_minor, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.refunds",
      0.3 * n,
      `'re_' || i as id, 'ch_' || i * 10 as charge_id, 'succeeded' as status, null::text as balance_transaction_id, ${CURRENCY} as currency,
       50 + i % 50 as amount_minor, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.disputes",
      0.1 * n,
      `'dp_' || i as id, 'ch_' || i * 30 as charge_id, 'needs_response' as status, null::text as balance_transaction_id, ${CURRENCY} as currency,
       50 + i % 50 as amount_minor, ${CREATED} as created_at, ${STAMP}`,
    ),
    table(
      "stripe.balance_transactions",
      3 * n,
      `'txn_' || i as id, 'ch_' || i as source_id, 'charge' as type, ${CURRENCY} as currency, 100 + i % 90000 as amount_minor,
       30 + i % 90 as fee_minor, ${CREATED} as created_at, ${STAMP}`,
    ),
  ];
}

function others(n: number): string[] {
  const of = customer(n);
  return [
    table(
      "salesforce.accounts",
      n,
      `'001' || i as id, 'cu_' || i as customer_ref, 'Account ' || i as name, 'Rail' as industry, ${CREATED} as system_modstamp, ${STAMP}`,
    ),
    table(
      "partners.invoices",
      0.3 * n,
      `'meridian' as partner, 'r_' || i as number, 'cu_' || ${of} as customer_id, 100 + i % 90000 as amount_minor, ${CURRENCY} as currency,
       date '2026-11-01' - (i % 400)::int as issued_on, ${STAMP}`,
    ),
    table(
      "partners.remittances",
      0.3 * n,
      `'meridian' as partner, 'm_' || i as number, 'cu_' || ${of} as customer_id, 100 + i % 90000 as amount_minor, ${CURRENCY} as currency,
       date '2026-11-01' - (i % 400)::int as paid_on, ${STAMP}`,
    ),
  ];
}

const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  billing: ["customers", "subscriptions", "invoices", "payments"],
  stripe: ["customers", "subscriptions", "invoices", "charges", "refunds", "disputes", "balance_transactions"],
  salesforce: ["accounts"],
  partners: ["invoices", "remittances"],
};

const KEYS: Readonly<Record<string, string>> = { "partners.invoices": "number", "partners.remittances": "number" };

async function each(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Writes `n` customers and what four systems know of them, each system into a schema of its name. */
export async function createCompany(url: string, n: number): Promise<void> {
  const tables = Object.entries(SYSTEMS).flatMap(([system, names]) => names.map((name) => `${system}.${name}`));
  await each(url, [
    ...Object.keys(SYSTEMS).map((system) => `create schema ${system}`),
    ...[...billing(n), ...stripe(n), ...others(n)],
    ...tables.flatMap((name) => [`create index on ${name} (updated_at)`, `create index on ${name} (${KEYS[name] ?? "id"})`]),
    "vacuum analyze",
  ]);
}

/**
 * An hour of so many changes, spread evenly over what `createCompany` wrote: three tenths are invoices paid, the others charges that
 * settle, new charges with their movements and billing's records of them, refunds, disputes, remittances, and Stripe's customers
 * and accounts of which some claim another customer than before.
 */
export async function changeCompany(
  url: string,
  { n, changed }: { readonly n: number; readonly changed: number },
): Promise<void> {
  const every = (rows: number, share: number) => Math.max(1, Math.floor(rows / (share * changed)));
  const fresh = (share: number) => Math.floor(share * changed);
  const copy = (name: string, { id, share, more }: { id: string; share: number; more?: string }) => `insert into ${name}
    select (jsonb_populate_record(null::${name}, to_jsonb(t) || jsonb_build_object(${more ? `${more}, ` : ""}'${id}', 'new_' || t.${id}, 'updated_at', now()))).*
    from (select * from ${name} where ${id} not like 'new_%' order by ${id} limit ${fresh(share)}) t`;
  await each(url, [
    `update billing.invoices set status = 'settled', updated_at = now() where id % ${every(4 * n, 0.3)} = 0`,
    `update stripe.charges set status = 'pending', updated_at = now() where substr(id, 4)::bigint % ${every(3 * n, 0.15)} = 1`,
    copy("stripe.charges", { id: "id", share: 0.12, more: "'balance_transaction_id', 'new_' || t.balance_transaction_id" }),
    copy("stripe.balance_transactions", { id: "id", share: 0.12 }),
    copy("billing.payments", { id: "payment_number", share: 0.12, more: "'charge_ref', 'new_' || t.charge_ref" }),
    copy("stripe.refunds", { id: "id", share: 0.04 }),
    copy("stripe.disputes", { id: "id", share: 0.01 }),
    copy("partners.remittances", { id: "number", share: 0.04 }),
    `update stripe.customers set customer_ref = 'cu_' || (substr(id, 5)::bigint + 1), updated_at = now()
       where substr(id, 5)::bigint % ${every(n, 0.02)} = 0`,
    `update salesforce.accounts set industry = 'Road', updated_at = now() where substr(id, 4)::bigint % ${every(n, 0.08)} = 0`,
  ]);
}
