import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { COMPANY, COMPANY_HOURS } from "../support/company-hours.ts";
import { type Desk, type Hour, openDesk, type Row } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";

const openCompany = () => openDesk("company", join(import.meta.dirname, "../../examples/company"));

const payments = (desk: Desk) =>
  desk.query("select payment_id, kind, customer_id, link_status, amount_minor, fee_minor from curated.payment order by 1");
const told = (gates: readonly { name: string; verdict: string; observed: string }[]) =>
  gates.filter((gate) => gate.name === "ties" && gate.verdict !== "pass").map(({ observed }) => observed);

test("a card payment is money once: billing's record stands for its charge until that comes, and a link in doubt counts without an owner", async () => {
  await using desk = openCompany();
  const hours: string[][] = [];
  const warned: string[][] = [];
  for (const hour of COMPANY_HOURS) {
    const { outcome } = await desk.play(hour);
    expect(outcome.outcome).toBe("published");
    await expectFull(desk);
    warned.push(told(outcome.gates));
    hours.push(
      (await payments(desk)).map((p) =>
        [p["payment_id"], p["kind"], p["customer_id"], p["link_status"], p["amount_minor"], p["fee_minor"]].join(" "),
      ),
    );
  }
  const transfer = "billing:p1 transfer cu_1 linked 900 ";
  const failed = "stripe:ch_2 charge  unlinked 0 ";
  expect(hours).toEqual([
    [transfer, "billing:p2 charge cu_1 linked 900 "],
    [transfer, "stripe:ch_1 charge  conflict 900 30"],
    [
      ...[transfer, "stripe:ch_1 charge cu_1 linked 900 30", failed],
      ...["stripe:dp_1 dispute cu_1 linked -800 ", "stripe:re_1 refund cu_1 linked -100 "],
    ],
    [
      ...[transfer, "partner:meridian:r1 remittance cu_1 linked 500 ", "stripe:ch_1 charge cu_1 linked 900 30", failed],
      ...["stripe:dp_1 dispute cu_1 linked 0 ", "stripe:re_1 refund cu_1 linked -100 "],
    ],
  ]);
  expect(warned).toEqual([
    [],
    ["linked 1 · conflict 1 (9.00 EUR); stripe:ch_1"],
    ["linked 4 · conflict 0 · unlinked 1 (0.00 EUR)"],
    ["linked 5 · conflict 0 · unlinked 1 (0.00 EUR)"],
  ]);
  expect(
    await desk.query(
      "select customer_id, display_name, email, industry, stripe_customer_id, salesforce_account_id from curated.customer order by 1",
    ),
  ).toEqual([
    {
      ...{ customer_id: "cu_1", display_name: "Account 001A", email: "a@example.com", industry: "Rail" },
      ...{ stripe_customer_id: "cus_1", salesforce_account_id: "001A" },
    },
    {
      ...{ customer_id: "cu_2", display_name: "Second", email: null, industry: "Rail" },
      ...{ stripe_customer_id: null, salesforce_account_id: "001B" },
    },
  ]);
  expect(
    await desk.query("select invoice_id, source, stripe_link, stripe_number, stripe_status from curated.invoice order by 1"),
  ).toEqual([
    { invoice_id: "inv_1", source: "billing", stripe_link: "unlinked", stripe_number: null, stripe_status: null },
    { invoice_id: "inv_2", source: "billing", stripe_link: "linked", stripe_number: "N-in_2", stripe_status: "paid" },
    { invoice_id: "partner:meridian:7", source: "partner", stripe_link: "unlinked", stripe_number: null, stripe_status: null },
  ]);
  expect(
    await desk.query("select * exclude (_contract_version, _publication, deleted_at) from curated.revenue_month order by all"),
  ).toEqual([
    { month: "2026-11", currency: "EUR", source: "billing", payments: "1", amount_minor: "900" },
    { month: "2026-11", currency: "EUR", source: "partner", payments: "1", amount_minor: "500" },
    { month: "2026-11", currency: "EUR", source: "stripe", payments: "4", amount_minor: "800" },
  ]);
});

const id = fc.integer({ min: 1, max: 3 });
const customerRef = fc.constantFrom("cu_1", "cu_2", "cu_3", "cu_9", null);
const amount = fc.constantFrom(100, 250, 900);
const few = <T>(row: fc.Arbitrary<T>, key: (row: T) => unknown) => fc.uniqueArray(row, { selector: key, maxLength: 2 });

/** Rows that one hour shows of a feed: none, or up to two. */
const anyRows: Readonly<Record<string, fc.Arbitrary<readonly Row[]>>> = {
  "billing.customers": few(
    fc
      .record({ n: id, name: fc.constantFrom("x", null), v: fc.integer({ min: 1, max: 9 }) })
      .map(({ n, name, v }) => COMPANY.customer(n, { display_name: name, row_version: v })),
    (row) => row["id"],
  ),
  "billing.subscriptions": few(
    fc.record({ n: id, status: fc.constantFrom("active", "ended") }).map(({ n, status }) => COMPANY.subscription(n, { status })),
    (row) => row["id"],
  ),
  "billing.invoices": few(
    fc
      .record({ n: id, customer: fc.constantFrom("cu_1", "cu_2"), due: amount })
      .map(({ n, customer, due }) => COMPANY.invoice(n, { customer_id: customer, amount_due_minor: due })),
    (row) => row["id"],
  ),
  "billing.payments": few(
    fc
      .record({ n: id, charge: fc.constantFrom(null, "ch_1", "ch_2"), kind: fc.constantFrom("payment", "refund"), sum: amount })
      .map(({ n, charge, kind, sum }) =>
        COMPANY.payment(n, {
          ...{ charge_ref: charge, method: charge === null ? "bank_transfer" : "card", kind },
          amount_minor: kind === "refund" ? -sum : sum,
        }),
      ),
    (row) => row["id"],
  ),
  "stripe.customers": few(
    fc.record({ n: id, ref: customerRef }).map(({ n, ref }) => COMPANY.stripeCustomer(`cus_${n}`, ref)),
    (row) => row["id"],
  ),
  "stripe.subscriptions": few(
    fc
      .record({ n: id, ref: fc.constantFrom("sub_1", "sub_2", null) })
      .map(({ n, ref }) => COMPANY.stripeSubscription(`ss_${n}`, ref)),
    (row) => row["id"],
  ),
  "stripe.invoices": few(
    fc
      .record({ n: id, ref: fc.constantFrom("inv_1", "inv_2", null), status: fc.constantFrom("open", "paid") })
      .map(({ n, ref, status }) => COMPANY.stripeInvoice(`in_${n}`, ref, { status })),
    (row) => row["id"],
  ),
  "stripe.charges": few(
    fc
      .record({ n: id, of: fc.constantFrom("cus_1", "cus_2", null), status: fc.constantFrom("succeeded", "failed"), sum: amount })
      .map(({ n, of, status, sum }) =>
        COMPANY.charge(`ch_${n}`, {
          ...{ customer_id: of, status, amount_minor: sum, balance_transaction_id: `txn_${n}` },
          amount_captured_minor: status === "failed" ? 0 : sum,
        }),
      ),
    (row) => row["id"],
  ),
  "stripe.refunds": few(
    fc
      .record({ n: id, of: id, status: fc.constantFrom("succeeded", "failed") })
      .map(({ n, of, status }) => COMPANY.refund(`re_${n}`, `ch_${of}`, { status })),
    (row) => row["id"],
  ),
  "stripe.disputes": few(
    fc
      .record({ n: id, of: id, status: fc.constantFrom("needs_response", "won", "warning_closed") })
      .map(({ n, of, status }) => COMPANY.dispute(`dp_${n}`, `ch_${of}`, { status })),
    (row) => row["id"],
  ),
  "stripe.balance_transactions": few(
    fc.record({ n: id, fee: fc.constantFrom(20, 30) }).map(({ n, fee }) => COMPANY.movement(`txn_${n}`, { fee_minor: fee })),
    (row) => row["id"],
  ),
  "salesforce.accounts": few(
    fc
      .record({ n: id, ref: customerRef, minute: fc.integer({ min: 10, max: 59 }) })
      .map(({ n, ref, minute }) => COMPANY.account(`00${n}`, ref, { system_modstamp: `2026-11-01T00:${minute}:00Z` })),
    (row) => row["id"],
  ),
};

/** A reseller's file, whole: rows of an earlier one of its name that it does not have are gone. */
const anyFile = fc.record({
  partner: fc.constantFrom("m", "n"),
  customer: fc.constantFrom("cu_1", "cu_3"),
  numbers: fc.uniqueArray(fc.constantFrom("1", "2", "3"), { maxLength: 3 }),
  sum: amount,
});

const GONE = ["stripe.customers", "stripe.charges", "stripe.refunds", "salesforce.accounts"];
const anyHour = fc.record({
  feeds: fc.record(anyRows, { requiredKeys: [] }),
  file: fc.option(anyFile),
  left: fc.option(fc.uniqueArray(id, { maxLength: 2 })),
  gone: fc.option(fc.record({ feed: fc.constantFrom(...GONE), n: id }), { freq: 3 }),
});

const PREFIX: Readonly<Record<string, string>> = {
  ...{ "stripe.customers": "cus_", "stripe.charges": "ch_", "stripe.refunds": "re_", "salesforce.accounts": "00" },
};

type AnyHour = typeof anyHour extends fc.Arbitrary<infer T> ? T : never;

function hourOf({ feeds, file, left, gone }: AnyHour): Hour {
  const rows: Record<string, readonly Row[]> = {};
  for (const [feed, found] of Object.entries(feeds)) if (found) rows[feed] = found;
  const scope = file && `remittances/${file.partner}/2026-11-02.csv`;
  if (file && scope !== null) {
    const remitted = (number: string) =>
      COMPANY.remittance(file.partner, number, { customer_id: file.customer, amount_minor: file.sum });
    rows["partners.remittances"] = file.numbers.map((number) => ({ ...remitted(number), _scope: scope }));
  }
  const deletes = gone && { [gone.feed]: [{ id: `${PREFIX[gone.feed]}${gone.n}`, _stamp: "2026-11-30T00:00:00Z" }] };
  for (const feed of Object.keys(deletes ?? {})) rows[feed] ??= [];
  const kept =
    left && [1, 2, 3].filter((n) => !left.includes(n) || (rows["billing.payments"] ?? []).some((row) => row["id"] === n));
  if (kept) rows["billing.payments"] ??= [];
  return {
    rows,
    ...(scope !== null && { scopes: { "partners.remittances": [scope] } }),
    ...(deletes && { deletes }),
    ...(kept && { keys: { "billing.payments": kept.map((n) => ({ id: n })) } }),
  };
}

/** Money by another way than the model's: each live row of each source once, and billing's records of charges that Stripe has not at all. */
const MONEY = `select
  (select coalesce(sum(amount_minor), 0) from curated.payment) as curated,
  (select coalesce(sum(amount_minor), 0) from curated.revenue_month) as by_month,
  (select coalesce(sum(amount_captured_minor), 0) from staging.stripe_charges where status = 'succeeded')
  - (select coalesce(sum(amount_minor), 0) from staging.stripe_refunds where status = 'succeeded')
  - (select coalesce(sum(amount_minor), 0) from staging.stripe_disputes where status = 'needs_response')
  + (select coalesce(sum(amount_minor), 0) from staging.billing_payments
     where charge_ref is null or charge_ref not in (select id from staging.stripe_charges))
  + (select coalesce(sum(amount_minor), 0) from staging.partners_remittances) as of_sources`;

test("over random hours of four systems each table is what its SELECT gives, no money is doubled or hidden, and no link is shared", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHour, { minLength: 2, maxLength: 5 }), async (hours) => {
      await using desk = openCompany();
      for (const hour of hours) {
        const { outcome } = await desk.play(hourOf(hour));
        expect(outcome.gates.filter(({ verdict }) => verdict === "fail" || verdict === "error")).toEqual([]);
        expect(outcome.outcome).toBe("published");
        await expectFull(desk);
        const [money] = await desk.query(MONEY);
        expect([money?.["by_month"], money?.["of_sources"]]).toEqual([money?.["curated"], money?.["curated"]]);
        const shared =
          "select customer_id from curated.crosswalk_customer where status = 'linked' group by system, customer_id having count(*) > 1";
        expect(await desk.query(shared)).toEqual([]);
      }
    }),
    { numRuns: cases(4) },
  );
}, 900_000);
