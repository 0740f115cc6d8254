import pg from "pg";

/**
 * The hour's data: deterministic, with faults at fixed residues. `n` customers, 2n subscriptions, 10n invoices with n/1000 newer
 * copies, 7n payments: 20.001 n rows.
 */
function functions(): string[] {
  return [
    "drop schema if exists src cascade",
    "create schema src",
    // A seeded hash of i below m.
    `create function src.below(i bigint, seed int, m int) returns int language sql immutable parallel safe
       return ((hashint8extended(i, seed) & 2147483647) % m)::int`,
    `create function src.currency_of(customer bigint) returns text language sql immutable parallel safe
       return (array['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'SEK'])[1 + src.below(customer, 3, 6)]`,
    // PostgreSQL writes a function into its caller only if it promises no more than what it calls: adding to a moment, and a number to a text, are stable.
    `create function src.moment(i bigint, seed int, span int) returns timestamptz language sql stable parallel safe
       return timestamptz '2026-11-01 10:00:00+00' + make_interval(secs => src.below(i, seed, span)::float8 + src.below(i, seed + 50, 1000000) / 1e6)`,
    `create function src.note(i bigint, seed int) returns text language sql stable parallel safe
       return case src.below(i, seed, 20)
         when 0 then null
         when 1 then null
         when 2 then 'Seats, overage and "burst" usage' || chr(10) || 'second line, item ' || i
         when 3 then 'Forfait «été», 12 × siège; ref ' || i
         when 4 then ''
         else 'Plan pro, monthly, seat count ' || src.below(i, seed + 1, 500) || ', ref ' || i end`,
    `create function src.code(prefix text, i bigint) returns text language sql immutable parallel safe
       return prefix || lpad(i::text, 12, '0')`,
  ];
}

/** Which rows of the hour's tables: those of customers `after` + 1 to `n`, and of the other tables so many more as they are larger. */
export interface Span {
  readonly after: number;
  readonly n: number;
}

/** The numbers of a span's rows in a table `times` as large as the customers'. */
const numbers = ({ after, n }: Span, times: number) => `generate_series(${times * after + 1}::bigint, ${times * n}::bigint) i`;

function customers(span: Span): string {
  return `select src.code('cus_', i) as id,
      case when i % 5000 <> 17 then 'user' || i || '@example' || src.below(i, 11, 5000) || '.com' end as email,
      'Customer "' || i || '", Inc.' as name,
      case when i % 10000 <> 33 then (array['US', 'DE', 'GB', 'JP', 'CH', 'SE', 'FR', 'IT'])[1 + src.below(i, 12, 8)] end as country,
      src.currency_of(i) as currency, '+1555' || lpad(src.below(i, 13, 10000000)::text, 7, '0') as phone,
      (array['none', 'exempt', 'reverse'])[1 + src.below(i, 14, 3)] as tax_exempt, src.below(i, 15, 100000)::bigint - 50000 as balance_minor,
      src.below(i, 16, 50) = 0 as delinquent, src.note(i, 17) as description,
      src.moment(i, 18, 3600) - interval '1 year' * src.below(i, 19, 4) as created_at, src.moment(i, 18, 3600) as updated_at
    from ${numbers(span, 1)}`;
}

function subscriptions(span: Span): string {
  return `select src.code('sub_', i) as id,
      case i % 5000 when 7 then null when 101 then 'cus_orphan' || i else src.code('cus_', c) end as customer_id,
      case i % 10000 when 3 then null when 701 then 'zombie'
        else (array['active', 'trialing', 'past_due', 'canceled', 'unpaid'])[1 + src.below(i, 21, 5)] end as status,
      'plan_' || src.below(i, 22, 40) as plan_id, src.currency_of(c) as currency,
      (case when i % 10000 = 617 then -500 else 500 + src.below(i, 23, 99500) end)::bigint as amount_minor,
      1 + src.below(i, 24, 20) as quantity, (array['charge_automatically', 'send_invoice'])[1 + src.below(i, 25, 2)] as collection_method,
      date_trunc('day', src.moment(i, 26, 3600)) as period_start, date_trunc('day', src.moment(i, 26, 3600)) + interval '1 month' as period_end,
      src.note(i, 27) as description,
      src.moment(i, 28, 3600) - interval '1 day' * src.below(i, 29, 700) as created_at, src.moment(i, 28, 3600) as updated_at
    from (select i, (1 + src.below(i, 20, ${span.n}))::bigint as c from ${numbers(span, 2)}) s`;
}

function invoices(span: Span): string {
  return `select src.code('in_', i) as id,
      case i % 5000 when 11 then null when 203 then 'cus_orphan' || i else src.code('cus_', c) end as customer_id,
      case when i % 5000 = 307 then 'sub_orphan' || i else src.code('sub_', s) end as subscription_id,
      'INV-' || lpad(to_hex(i), 8, '0') as invoice_number,
      case when i % 10000 = 709 then 'vanished' else (array['draft', 'open', 'paid', 'uncollectible', 'void'])[1 + src.below(i, 31, 5)] end as status,
      (array['subscription_cycle', 'subscription_update', 'manual'])[1 + src.below(i, 32, 3)] as billing_reason,
      case i % 10000 when 29 then null when 719 then 'XXX' else src.currency_of(c) end as currency,
      case when i % 10000 = 511 then -due else due end as amount_due,
      case when i % 10000 = 511 then -due when i % 20000 = 733 then due + 1 when src.below(i, 31, 5) = 2 then due
        else src.below(i, 33, 2) * (due / 2) end as amount_paid,
      due / 5 as tax_minor,
      'user' || c || '@example' || src.below(c, 11, 5000) || '.com' as customer_email,
      (array['US', 'DE', 'GB', 'JP', 'CH', 'SE', 'FR', 'IT'])[1 + src.below(c, 12, 8)] as customer_country,
      src.note(i, 34) as description,
      src.moment(i, 35, 3600) - interval '1 month' as period_start,
      src.moment(i, 35, 3600) - interval '1 month' * case when i % 20000 = 743 then 2 else 0 end as period_end,
      src.moment(i, 35, 3600) + interval '30 days' as due_at,
      src.moment(i, 36, 3600) - interval '1 day' * src.below(i, 37, 30) as created_at, src.moment(i, 36, 3600) as updated_at
    from (
      select i, s, (1 + src.below(s, 20, ${span.n}))::bigint as c, 100 + src.below(i, 38, 500000)::bigint as due
      from (select i, (1 + src.below(i, 30, ${2 * span.n}))::bigint as s from ${numbers(span, 10)}) g
    ) h`;
}

/** Newer copies of a thousandth of the customers' number of invoices. */
const COPIES = `insert into src.invoices
    select (copy).* from (
      select jsonb_populate_record(v, jsonb_build_object('updated_at', v.updated_at + interval '1 hour')) as copy
      from src.invoices v where substr(id, 4)::bigint % 10000 = 41
    ) d`;

function payments(span: Span): string {
  return `select src.code('py_', i) as id,
      case i % 5000 when 13 then null when 409 then 'in_orphan' || i else src.code('in_', v) end as invoice_id,
      src.code('cus_', c) as customer_id,
      case when i % 10000 = 727 then 'teleported' else (array['succeeded', 'pending', 'failed', 'refunded'])[1 + src.below(i, 41, 4)] end as status,
      (array['card', 'sepa_debit', 'ach', 'wire'])[1 + src.below(i, 42, 4)] as method, src.currency_of(c) as currency,
      (case i % 10000 when 21 then null when 613 then -1 else 100 + src.below(v, 38, 500000) end)::bigint as amount_minor,
      (100 + src.below(v, 38, 500000)) / 40 as fee_minor, 'user' || v || '@example.com' as receipt_email, src.note(i, 43) as description,
      src.moment(i, 44, 3600) - interval '1 minute' as created_at, src.moment(i, 44, 3600) as updated_at
    from (
      select i, v, (1 + src.below((1 + src.below(v, 30, ${2 * span.n}))::bigint, 20, ${span.n}))::bigint as c
      from (select i, (1 + src.below(i, 40, ${10 * span.n}))::bigint as v from ${numbers(span, 7)}) g
    ) h`;
}

/** A SELECT for each table that gives a span's rows, without newer copies; they refer to any row of customers up to `n`. */
export function rowsOf(span: Span): Readonly<Record<string, string>> {
  return {
    customers: customers(span),
    subscriptions: subscriptions(span),
    invoices: invoices(span),
    payments: payments(span),
  };
}

/**
 * An hour of changes over what `createHour` wrote: half of the changed rows are updated invoices, a third updated payments, the
 * rest new invoices; spread evenly, without new faults.
 */
function changes(n: number, changed: number): string[] {
  const invoices = Math.floor(changed / 2);
  const payments = Math.floor(changed / 3);
  const fresh = changed - invoices - payments;
  const everyNth = (rows: number, of: number) => Math.max(1, Math.floor(rows / of));
  return [
    `update src.invoices set amount_paid = amount_due, status = 'paid', updated_at = now()
       where substr(id, 4)::bigint % ${everyNth(10 * n, invoices)} = 0 and currency is not null and amount_due >= 0`,
    `update src.payments set status = 'refunded', updated_at = now()
       where substr(id, 4)::bigint % ${everyNth(7 * n, payments)} = 0 and invoice_id is not null and amount_minor is not null`,
    `insert into src.invoices
       select (jsonb_populate_record(v, jsonb_build_object('id', 'in_n' || substr(v.id, 5), 'updated_at', now()))).*
       from src.invoices v where substr(v.id, 4)::bigint % ${everyNth(10 * n, fresh)} = 1 and v.id like 'in_%' limit ${fresh}`,
  ];
}

/** Changes about so many rows of an hour for `n` customers. */
export async function changeHour(url: string, n: number, changed: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of changes(n, changed)) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Writes the hour into schema `src` of a database. */
export async function createHour(url: string, n: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = Object.entries(rowsOf({ after: 0, n }));
    for (const sql of functions()) await client.query(sql);
    for (const [table, rows] of tables) await client.query(`create table src.${table} as ${rows}`);
    await client.query(COPIES);
    for (const [table] of tables)
      for (const column of ["id", "updated_at"]) await client.query(`create index on src.${table} (${column})`);
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
}
