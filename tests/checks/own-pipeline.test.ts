import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { type Hour, openDesk, type Row } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";
import { OWN } from "../support/own-hours.ts";

const openOwn = () => openDesk("own", join(import.meta.dirname, "../../pipeline"));

const id = fc.integer({ min: 1, max: 3 });
const of = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const customerRef = of("cu_1", "cu_2", "cu_9", null);
const paymentRef = of("pay_1", "pay_2", "pay_3", null);
const movementOf = of("txn_1", "txn_2", "txn_3", null);
const stripeCustomer = of("cus_1", "cus_2", "cus_9", null);
const amount = of(100, 250, 900);
const currency = of("EUR", "USD");
const day = of("2026-10-31", "2026-11-01", "2026-12-01");
const several = (row: fc.Arbitrary<Row>, key = "id") => fc.uniqueArray(row, { selector: (of) => of[key], maxLength: 3 });

/** Rows that one hour shows of a feed: none, or up to three. */
const anyRows: Readonly<Record<string, fc.Arbitrary<readonly Row[]>>> = {
  "billing.customers": several(
    fc
      .record({ n: id, name: of("x", null), email: of("a@example.com", null), v: fc.integer({ min: 1, max: 9 }) })
      .map(({ n, name, email, v }) => OWN.customer(n, { display_name: name, email, row_version: v })),
  ),
  "billing.subscriptions": several(
    fc
      .record({ n: id, customer: of("cu_1", "cu_2"), status: of("active", "paused") })
      .map(({ n, customer, status }) => OWN.subscription(n, { customer_id: customer, status })),
  ),
  "billing.invoices": several(
    fc
      .record({ n: id, customer: of("cu_1", "cu_2", "cu_3"), sub: of("sub_1", "sub_2", null), due: amount })
      .map(({ n, customer, sub, due }) =>
        OWN.invoice(n, { customer_id: customer, subscription_id: sub, subtotal_minor: due, amount_due_minor: due }),
      ),
  ),
  "billing.payments": several(
    fc
      .record({
        ...{ n: id, invoice: of("inv_1", "inv_2"), customer: of("cu_1", "cu_2"), kind: of("payment", "refund"), day },
        ...{ status: of("succeeded", "pending", "failed"), sum: amount, currency },
      })
      .map(({ n, invoice, customer, kind, status, sum, currency: code, day: posted }) =>
        OWN.payment(n, {
          ...{ invoice_id: invoice, customer_id: customer, kind, status, currency: code, posted_on: posted },
          amount_minor: kind === "refund" ? -sum : sum,
        }),
      ),
  ),
  "stripe.customers": several(fc.record({ n: id, ref: customerRef }).map(({ n, ref }) => OWN.stripeCustomer(`cus_${n}`, ref))),
  "stripe.subscriptions": several(
    fc
      .record({ n: id, ref: of("sub_1", "sub_2", null), status: of("active", "canceled") })
      .map(({ n, ref, status }) => OWN.stripeSubscription(`ss_${n}`, ref, { status })),
  ),
  "stripe.invoices": several(
    fc
      .record({ n: id, ref: of("inv_1", "inv_2", "partner:m:1", null), status: of("open", "paid") })
      .map(({ n, ref, status }) => OWN.stripeInvoice(`in_${n}`, ref, { status })),
  ),
  "stripe.charges": several(
    fc
      .record({
        ...{ n: id, customer: stripeCustomer, ref: paymentRef, txn: movementOf, sum: amount, currency, day },
        ...{ status: of("succeeded", "pending", "failed"), captured: fc.boolean(), released: fc.boolean() },
      })
      .map(({ n, customer, ref, txn, sum, status, captured, released, currency: code, day: made }) =>
        OWN.charge(`ch_${n}`, {
          ...{ customer_id: customer, payment_ref: ref, balance_transaction_id: txn, status, currency: code },
          ...{ amount_minor: sum, amount_captured_minor: captured && status === "succeeded" ? 50 : 0 },
          ...{ captured: String(captured), refunded: String(released) },
          created_at: `${made}T23:59:59Z`,
        }),
      ),
  ),
  "stripe.refunds": several(
    fc
      .record({
        ...{ n: id, charge: of("ch_1", "ch_2", null), ref: paymentRef, txn: movementOf, currency, day },
        status: of("succeeded", "pending", "failed", "canceled", "requires_action", null),
      })
      .map(({ n, charge, ref, txn, status, currency: code, day: made }) =>
        OWN.refund(`re_${n}`, charge, {
          ...{ payment_ref: ref, balance_transaction_id: txn, status, currency: code, created_at: `${made}T00:00:00Z` },
        }),
      ),
  ),
  "stripe.disputes": several(
    fc
      .record({
        ...{ n: id, charge: of("ch_1", "ch_2", "ch_9"), ref: paymentRef, txn: movementOf, sum: amount },
        status: of("needs_response", "won", "lost", "warning_closed", "prevented"),
      })
      .map(({ n, charge, ref, txn, status, sum }) =>
        OWN.dispute(`dp_${n}`, charge, { payment_ref: ref, balance_transaction_id: txn, status, amount_minor: sum }),
      ),
  ),
  "stripe.balance_transactions": several(
    fc
      .record({ n: id, fee: of(20, 30), sum: amount })
      .map(({ n, fee, sum }) => OWN.movement(`txn_${n}`, { fee_minor: fee, amount_minor: sum })),
  ),
  "salesforce.accounts": several(
    fc
      .record({ n: id, ref: customerRef, minute: fc.integer({ min: 10, max: 59 }) })
      .map(({ n, ref, minute }) =>
        OWN.account(`00${n}`, ref, { name: `Account ${minute}`, system_modstamp: `2026-11-01T00:${minute}:00Z` }),
      ),
  ),
  "salesforce.orders": several(
    fc
      .record({
        ...{ n: id, account: id, sum: of("1.00", "2.50"), minute: fc.integer({ min: 10, max: 59 }) },
        invoice: of("inv_1", "inv_2", null),
      })
      .map(({ n, account, sum, minute, invoice }) =>
        OWN.order(`80${n}`, `00${account}`, {
          ...{ total_amount: sum, order_reference: invoice, system_modstamp: `2026-11-01T00:${minute}:00Z` },
        }),
      ),
  ),
};

/** A partner's files, whole: rows of an earlier one of its name that it does not have are gone. */
const anyFile = fc.record({
  ...{ partner: of("m", "n"), customer: of("cu_1", "cu_3"), invoice: of("inv_1", "inv_3"), sum: of("5.00", "7.50") },
  numbers: fc.uniqueArray(of("1", "2", "3"), { maxLength: 3 }),
});

/** What sources delete, with how their keys begin. */
const GONE: Readonly<Record<string, string>> = {
  ...{ "stripe.customers": "cus_", "stripe.charges": "ch_", "stripe.refunds": "re_", "stripe.disputes": "dp_" },
  ...{ "stripe.invoices": "in_", "stripe.balance_transactions": "txn_", "salesforce.accounts": "00", "salesforce.orders": "80" },
};
/** Feeds of which a night lists all keys. */
const COUNTED = ["billing.customers", "billing.subscriptions", "billing.invoices", "billing.payments"];

const anyHour = fc.record({
  feeds: fc.record(anyRows, { requiredKeys: [] }),
  file: fc.option(anyFile),
  gone: fc.option(fc.record({ feed: of(...Object.keys(GONE)), n: id }), { freq: 2 }),
  left: fc.option(fc.record({ feed: of(...COUNTED, "billing.payments"), n: id }), { freq: 2 }),
  whole: fc.option(of("stripe.charges", "stripe.refunds", "salesforce.accounts"), { freq: 1 }),
});

type AnyHour = typeof anyHour extends fc.Arbitrary<infer T> ? T : never;

function hourOf({ feeds, file, gone, left, whole }: AnyHour): Hour {
  const rows: Record<string, readonly Row[]> = {};
  for (const [feed, found] of Object.entries(feeds)) if (found) rows[feed] = found;
  const scopes: Record<string, readonly string[]> = {};
  if (file) {
    const { partner, numbers, customer: customer_id, invoice: invoice_id, sum: remitted } = file;
    scopes["partners.remittances"] = [`remittances/${partner}/2026-11-02.csv`];
    scopes["partners.invoices"] = [`invoices/${partner}/2026-11-02.csv`];
    rows["partners.remittances"] = numbers.map((number) => ({
      ...OWN.remittance(`rem_${partner}00000${number}`, { customer_id, invoice_id, amount: remitted }),
      _scope: `remittances/${partner}/2026-11-02.csv`,
    }));
    rows["partners.invoices"] = numbers.map((number) => ({
      ...OWN.partnerInvoice(partner, number, { customer_id }),
      _scope: `invoices/${partner}/2026-11-02.csv`,
    }));
  }
  const deletes = gone && { [gone.feed]: [{ id: `${GONE[gone.feed]}${gone.n}`, _stamp: "2026-11-30T00:00:00Z" }] };
  if (gone) rows[gone.feed] ??= [];
  if (left) rows[left.feed] ??= [];
  const isShown = (n: number) => left !== null && (rows[left.feed] ?? []).some((row) => row["id"] === n);
  const keys = left && { [left.feed]: [1, 2, 3].filter((n) => n !== left.n || isShown(n)).map((n) => ({ id: n })) };
  const all = whole !== null && whole !== gone?.feed && rows[whole] ? [whole] : [];
  return { rows, scopes, whole: all, ...(deletes && { deletes }), ...(keys && { keys }) };
}

/** What the records of most hours name, so that few of them wait for it; later hours change it, and nights miss it. */
const NAMED: Hour["rows"] = {
  "billing.customers": [OWN.customer(1), OWN.customer(2)],
  "billing.invoices": [OWN.invoice(1), OWN.invoice(2)],
  "billing.payments": [OWN.payment(1), OWN.payment(2)],
  "stripe.customers": [OWN.stripeCustomer("cus_1", "cu_1")],
};

/** Each movement of Stripe that may be money, by whether it already is. */
const MOVED = `select 'payment' as kind, payment_ref, currency, status = 'succeeded' and captured as is_money,
    case when status = 'succeeded' and captured and not exists (
      select 1 from staging.stripe_balance_transactions t
      where t.id = c.balance_transaction_id and (t.currency, t.amount_minor) = (c.currency, c.amount_minor)
    ) then amount_captured_minor else amount_minor end as amount
  from staging.stripe_charges c where status <> 'failed' and not (status = 'succeeded' and refunded and not captured)
  union all select 'refund', payment_ref, currency, coalesce(status, '') = 'succeeded', -amount_minor
  from staging.stripe_refunds where coalesce(status, '') not in ('failed', 'canceled')
    and coalesce(charge_id, '') not in (select id from staging.stripe_charges where status = 'succeeded' and not captured)
  union all select 'dispute', payment_ref, currency, true, -amount_minor
  from staging.stripe_disputes where status in ('needs_response', 'lost')`;

/** Money by another way than the model's: what Stripe moved, billing's records that none of it names, what partners paid on. */
const MONEY = `with moved as (${MOVED}), found as (
  select currency, is_money, amount from moved
  union all select p.currency, p.status = 'succeeded', p.amount_minor from staging.billing_payments p
  where p.status <> 'failed' and not exists (select 1 from moved m where m.payment_ref = p.payment_id and m.kind = p.kind)
  union all select currency, true, cast(round(amount * 100) as bigint) from staging.partners_remittances
), by_month as (select currency, sum(amount_minor) as sure, sum(pending_minor) as pending from curated.revenue_month group by 1),
by_source as (
  select currency, coalesce(sum(amount) filter (where is_money), 0) as sure, coalesce(sum(amount) filter (where not is_money), 0) as pending
  from found group by 1
)
select currency, m.sure as curated, s.sure as of_sources, m.pending as curated_pending, s.pending as of_sources_pending
from by_month m full join by_source s using (currency)
where coalesce(m.sure, 0) <> coalesce(s.sure, 0) or coalesce(m.pending, 0) <> coalesce(s.pending, 0)`;

/** Rows that are in no payment, and payments that are there twice. */
const LOST = `select payment_id as lost from staging.billing_payments
  where payment_id not in (select billing_payment_id from curated.payment where billing_payment_id is not null)
union all select id from (select id from staging.stripe_charges union all select id from staging.stripe_refunds
  union all select id from staging.stripe_disputes union all select remittance_id from staging.partners_remittances)
  where id not in (select payment_id from curated.payment)
union all select payment_id from curated.payment group by 1 having count(*) > 1
union all select customer_id from curated.crosswalk_customer where status = 'linked' group by system, customer_id having count(*) > 1`;

/** Payments of Stripe that stand otherwise with billing's record than those that name it too say. */
const CLAIMS = `with claims as (
  select payment_id, kind, billing_payment_id as record, billing_link,
    case when status = 'failed' then 0 when payment_id in (select id from staging.stripe_charges where refunded) then 1 else 2 end as weight
  from curated.payment where source = 'stripe' and billing_payment_id is not null
)
select payment_id, billing_link from claims c where billing_link is distinct from (
  select case when coalesce(max(o.weight), 0) > c.weight then 'superseded' when max(o.weight) = 2 then 'conflict' else 'linked' end
  from claims o where o.payment_id <> c.payment_id and o.kind = c.kind and o.record = c.record
)`;

const gone = (feed: string, key: string): Hour => ({
  rows: { [feed]: [] },
  deletes: { [feed]: [{ id: key, _stamp: "2026-11-30T00:00:00Z" }] },
});
/** Billing's payment, refund and dispute, each named by Stripe's. */
const billed = (n: number, amount: number) =>
  n === 1
    ? OWN.payment(n, { amount_minor: amount })
    : OWN.payment(n, { kind: n === 2 ? "refund" : "dispute", amount_minor: -amount });

const LINKED: Hour["rows"] = {
  ...NAMED,
  "billing.payments": [1, 2, 3].map((n) => billed(n, 900)),
  "stripe.charges": [OWN.charge("ch_1", { customer_id: "cus_1", payment_ref: "pay_1", balance_transaction_id: "txn_1" })],
  "stripe.refunds": [OWN.refund("re_1", "ch_1", { payment_ref: "pay_2", balance_transaction_id: "txn_2" })],
  "stripe.disputes": [OWN.dispute("dp_1", "ch_1", { payment_ref: "pay_3", balance_transaction_id: "txn_3" })],
};

/** One change each, of what other rows are made of. */
const CHANGES: readonly Hour[] = [
  { rows: LINKED },
  ...[1, 2, 3].map((n) => ({ rows: { "billing.payments": [billed(n, 250)] } })),
  ...[1, 2, 3].map((n) => ({ rows: { "stripe.balance_transactions": [OWN.movement(`txn_${n}`)] } })),
  { rows: { "stripe.customers": [OWN.stripeCustomer("cus_2", "cu_1")] } },
  { rows: { "stripe.customers": [OWN.stripeCustomer("cus_2", "cu_2")] } },
  { rows: { "stripe.charges": [OWN.charge("ch_1", { customer_id: "cus_2", status: "failed", amount_captured_minor: 0 })] } },
  { rows: { "stripe.disputes": [OWN.dispute("dp_1", "ch_1", { status: "won", payment_ref: "pay_3" })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_1", { payment_ref: "pay_1", amount_captured_minor: 600 })] } },
  {
    rows: {
      "stripe.charges": [
        OWN.charge("ch_1", { payment_ref: "pay_1", amount_captured_minor: 600, balance_transaction_id: "txn_2" }),
      ],
    },
  },
  { rows: { "stripe.balance_transactions": [OWN.movement("txn_2", { amount_minor: 600 })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_2", { payment_ref: "pay_1" })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_2", { payment_ref: "pay_1", refunded: "true" })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_2", { payment_ref: "pay_1", status: "failed", amount_captured_minor: 0 })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_1", { payment_ref: "pay_1", captured: "false", amount_captured_minor: 0 })] } },
  { rows: { "stripe.charges": [OWN.charge("ch_1", { payment_ref: "pay_1", created_at: "2026-09-30T12:00:00Z" })] } },
  {
    rows: {
      "salesforce.accounts": [OWN.account("001", "cu_1", { system_modstamp: "2026-11-01T00:10:00Z" })],
      "salesforce.orders": [OWN.order("801", "001", { order_reference: "inv_3", system_modstamp: "2026-11-01T00:10:00Z" })],
    },
  },
  { rows: { "billing.invoices": [OWN.invoice(3)] } },
  { rows: { "billing.invoices": [OWN.invoice(3, { subtotal_minor: 5, amount_due_minor: 5 })] } },
  gone("stripe.refunds", "re_1"),
  gone("stripe.charges", "ch_1"),
  // Money that goes back is not the payment that came, whatever it names.
  { rows: { "stripe.refunds": [OWN.refund("re_2", "ch_9", { payment_ref: "pay_1" })] } },
];

test("what one change reaches is computed again, one change an hour", async () => {
  await using desk = openOwn();
  for (const hour of CHANGES) {
    expect((await desk.play(hour)).outcome.outcome).toBe("published");
    await expectFull(desk);
    expect(await desk.query(MONEY)).toEqual([]);
    expect(await desk.query(LOST)).toEqual([]);
    expect(await desk.query(CLAIMS)).toEqual([]);
  }
});

/** A partner's file, in place of the one before. */
const remitting = (...remittances: readonly Row[]): Hour => {
  const _scope = "remittances/meridian/2026-11-02.csv";
  return {
    rows: { "partners.remittances": remittances.map((row) => ({ ...row, _scope })) },
    scopes: { "partners.remittances": [_scope] },
  };
};

test("an invoice that partners remit beyond what it comes to is told, until they do not", async () => {
  await using desk = openOwn();
  const parts = [OWN.remittance("rem_0000001"), OWN.remittance("rem_0000002", { amount: "4.00" })];
  const twice = OWN.remittance("rem_0000003", { amount: "9.00" });
  const told = async (hour: Hour) => {
    expect((await desk.play(hour)).outcome.outcome).toBe("published");
    await expectFull(desk);
    const found = await desk.query("select business_key from ops.curated_finding where rule = 'remitted_once'");
    const sums = await desk.query(
      "select invoice_id, remitted_minor from curated.invoice where remitted_minor is not null order by 1",
    );
    return [sums.map((row) => `${row["invoice_id"]} ${row["remitted_minor"]}`), found.map((row) => row["business_key"])];
  };
  expect(await told({ rows: NAMED })).toEqual([[], []]);
  expect(await told(remitting(...parts))).toEqual([["inv_1 900"], []]);
  expect(await told(remitting(...parts, twice))).toEqual([["inv_1 1800"], ["inv_1"]]);
  expect(await told(remitting(...parts, { ...twice, invoice_id: "inv_2" }))).toEqual([["inv_1 900", "inv_2 900"], []]);
  expect(await told(remitting(...parts, { ...twice, currency: "USD" }))).toEqual([["inv_1 900"], []]);
  expect(await told({ rows: { "billing.invoices": [OWN.invoice(1, { amount_due_minor: 899, subtotal_minor: 899 })] } })).toEqual([
    ["inv_1 900"],
    ["inv_1"],
  ]);
});

test("over random hours of four systems each table is what its SELECT gives, and no money is doubled or hidden", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHour, { minLength: 2, maxLength: 3 }), async (hours) => {
      await using desk = openOwn();
      for (const hour of [{ rows: NAMED }, ...hours.map(hourOf)]) {
        const { outcome } = await desk.play(hour);
        expect(outcome.gates.filter(({ verdict }) => verdict === "fail" || verdict === "error")).toEqual([]);
        expect(outcome.outcome).toBe("published");
        await expectFull(desk);
        expect(await desk.query(MONEY)).toEqual([]);
        expect(await desk.query(LOST)).toEqual([]);
        expect(await desk.query(CLAIMS)).toEqual([]);
      }
    }),
    { numRuns: cases(1) },
  );
}, 900_000);
