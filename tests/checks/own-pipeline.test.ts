import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { COMPANY } from "../support/company-hours.ts";
import { type Hour, openDesk, type Row } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";

const AT = "2026-11-01T00:00:00Z";

/** Rows of LedgerLoop's own pipeline: those of the example, with what its contracts ask for beside. */
const OWN = {
  customer: (id: number, more: Row = {}): Row => ({
    ...COMPANY.customer(id),
    ...{ balance_minor: 0, delinquent: "f", created_at: AT, ...more },
  }),
  invoice: (id: number): Row => ({
    ...{ id, invoice_id: `in_${id}`, customer_id: "cu_1", status: "open", billing_reason: "manual", currency: "EUR" },
    ...{ subtotal_minor: 900, tax_minor: 0, amount_due_minor: 900, amount_paid_minor: 0, issued_on: "2026-11-01" },
    ...{ period_start: AT, period_end: AT, created_at: AT, updated_at: AT },
  }),
  payment: (id: number, more: Row): Row => ({
    ...{ id, payment_id: `pay_${id}`, invoice_id: "in_1", customer_id: "cu_1", kind: "payment", status: "succeeded" },
    ...{ method: "card", currency: "EUR", amount_minor: 900, fee_minor: null, received_at: AT, posted_on: "2026-11-01" },
    ...{ created_at: AT, updated_at: AT, ...more },
  }),
  charge: (id: string, more: Row): Row => ({
    ...COMPANY.charge(id),
    ...{ payment_ref: null, amount_refunded_minor: 0, captured: "t", refunded: "f", disputed: "f", card_last4: "4242", ...more },
  }),
};

const id = fc.integer({ min: 1, max: 3 });
const amount = fc.constantFrom(100, 250, 900);
const paymentRef = fc.constantFrom("pay_1", "pay_2", "pay_3", "pay_9", null);
const customerRef = fc.constantFrom("cu_1", "cu_2", "cu_9", null);
const few = (row: fc.Arbitrary<Row>) => fc.uniqueArray(row, { selector: (one) => one["id"], maxLength: 2 });

/** Rows that one hour shows of a feed: none, or up to two, of so few that they meet. */
const anyRows: Readonly<Record<string, fc.Arbitrary<readonly Row[]>>> = {
  "billing.customers": few(
    fc
      .record({ n: id, v: fc.integer({ min: 2, max: 9 }), name: fc.constantFrom("x", null) })
      .map(({ n, v, name }) => OWN.customer(n, { row_version: v, display_name: name })),
  ),
  "billing.payments": few(
    fc
      .record({
        n: id,
        kind: fc.constantFrom("payment", "refund"),
        status: fc.constantFrom("succeeded", "pending", "failed"),
        sum: amount,
      })
      .map(({ n, kind, status, sum }) => OWN.payment(n, { kind, status, amount_minor: kind === "refund" ? -sum : sum })),
  ),
  "stripe.customers": few(fc.record({ n: id, ref: customerRef }).map(({ n, ref }) => COMPANY.stripeCustomer(`cus_${n}`, ref))),
  "stripe.charges": few(
    fc
      .record({
        n: id,
        of: fc.constantFrom("cus_1", "cus_2", null),
        ref: paymentRef,
        status: fc.constantFrom("succeeded", "pending", "failed"),
        sum: amount,
      })
      .map(({ n, of, ref, status, sum }) =>
        OWN.charge(`ch_${n}`, {
          ...{ customer_id: of, payment_ref: ref, status, amount_minor: sum, balance_transaction_id: `txn_${n}` },
          amount_captured_minor: status === "succeeded" ? sum : 0,
        }),
      ),
  ),
  "stripe.refunds": few(
    fc
      .record({ n: id, of: id, ref: paymentRef, status: fc.constantFrom("succeeded", "pending", "canceled") })
      .map(({ n, of, ref, status }) =>
        COMPANY.refund(`re_${n}`, `ch_${of}`, { payment_ref: ref, status, balance_transaction_id: `txn_${n}` }),
      ),
  ),
  "stripe.disputes": few(
    fc
      .record({ n: id, of: id, ref: paymentRef, status: fc.constantFrom("needs_response", "won", "warning_closed") })
      .map(({ n, of, ref, status }) => COMPANY.dispute(`du_${n}`, `ch_${of}`, { payment_ref: ref, status })),
  ),
  "stripe.balance_transactions": few(
    fc.record({ n: id, fee: fc.constantFrom(20, 30) }).map(({ n, fee }) => COMPANY.movement(`txn_${n}`, { fee_minor: fee })),
  ),
  "salesforce.accounts": few(
    fc.record({ n: id, ref: customerRef, minute: fc.integer({ min: 10, max: 59 }) }).map(({ n, ref, minute }) => {
      const stamp = `2026-11-01T00:${minute}:00Z`;
      return { ...COMPANY.account(`00${n}`, ref), currency: "EUR", created_at: AT, system_modstamp: stamp };
    }),
  ),
};

const PREFIX = {
  "stripe.customers": "cus_",
  "stripe.charges": "ch_",
  "stripe.refunds": "re_",
  "stripe.disputes": "du_",
} as const;

const anyHour = fc.record({
  feeds: fc.record(anyRows, { requiredKeys: [] }),
  left: fc.option(id, { freq: 3 }),
  gone: fc.option(fc.record({ feed: fc.constantFrom(...(Object.keys(PREFIX) as (keyof typeof PREFIX)[])), n: id }), { freq: 3 }),
});

/** Everybody whom others name is there from the first hour on. */
const FIRST: Hour = {
  rows: { "billing.customers": [OWN.customer(1), OWN.customer(2)], "billing.invoices": [OWN.invoice(1)] },
};

function hourOf({ feeds, left, gone }: typeof anyHour extends fc.Arbitrary<infer T> ? T : never): Hour {
  const rows: Record<string, readonly Row[]> = {};
  for (const [feed, found] of Object.entries(feeds)) if (found) rows[feed] = found;
  if (gone) rows[gone.feed] ??= [];
  if (left !== null) rows["billing.payments"] ??= [];
  const shown = (n: number) => (rows["billing.payments"] ?? []).some((row) => row["id"] === n);
  const kept = [1, 2, 3].filter((n) => n !== left || shown(n)).map((n) => ({ id: n }));
  return {
    rows,
    ...(gone && { deletes: { [gone.feed]: [{ id: `${PREFIX[gone.feed]}${gone.n}`, _stamp: "2026-11-30T00:00:00Z" }] } }),
    ...(left !== null && { keys: { "billing.payments": kept } }),
  };
}

/** What succeeded, by another way than the model's: billing's records one by one, with what Stripe says of those that it names. */
const MONEY = `with objects as (
  select 'payment' as kind, payment_ref, case when status = 'succeeded' then amount_captured_minor else 0 end as money, status <> 'failed' as moves from staging.stripe_charges
  union all
  select 'refund', payment_ref, case when status = 'succeeded' then -amount_minor else 0 end, status not in ('failed', 'canceled') from staging.stripe_refunds
  union all
  select 'dispute', payment_ref, case when status = 'needs_response' then -amount_minor else 0 end, status = 'needs_response' from staging.stripe_disputes
)
select
  (select coalesce(sum(amount_minor), 0) from curated.payment where status = 'succeeded') as curated,
  (select coalesce(sum(amount_minor), 0) from curated.revenue_month) as by_month,
  (select coalesce(sum(money), 0) from objects)
  + (select coalesce(sum(p.amount_minor), 0) from staging.billing_payments p
     where p.status = 'succeeded' and not exists (select 1 from objects o where o.payment_ref = p.payment_id and o.kind = p.kind and o.moves)) as of_sources`;

test("over random hours of LedgerLoop's own pipeline each table is what its SELECT gives, and no money is doubled or hidden", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHour, { minLength: 2, maxLength: 5 }), async (hours) => {
      await using desk = openDesk("company", join(import.meta.dirname, "../../pipeline"));
      for (const hour of [FIRST, ...hours.map(hourOf)]) {
        const { outcome } = await desk.play(hour);
        expect(outcome.gates.filter(({ verdict }) => verdict === "fail" || verdict === "error")).toEqual([]);
        expect(outcome.outcome).toBe("published");
        await expectFull(desk);
        const [money] = await desk.query(MONEY);
        expect([money?.["by_month"], money?.["of_sources"]]).toEqual([money?.["curated"], money?.["curated"]]);
      }
    }),
    { numRuns: cases(2) },
  );
}, 900_000);
