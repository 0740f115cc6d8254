import { expect, test } from "vitest";
import { type ExpectedCurated, emptyCurated, type PublishedCurated } from "../../sandbox/curated/curated.ts";
import { findingUnits, openExpected, openFound } from "../../sandbox/curated/findings.ts";
import { FAULTS, type Fault } from "../../sandbox/faults.ts";
import type { Row } from "../../sandbox/feed.ts";
import { score } from "../../sandbox/scoreboard.ts";

const PAYMENT: Row = {
  source: "stripe",
  status: "succeeded",
  link_status: "linked",
  billing_link: "linked",
  customer_id: "c",
  currency: "EUR",
  amount_minor: "100",
  billing_payment_id: "p",
  billing_customer_id: "c",
  billing_status: "succeeded",
  billing_currency: "EUR",
  billing_amount_minor: "100",
};

function tables(rows: Readonly<Record<string, readonly (readonly [string, Row, boolean?])[]>>): ExpectedCurated {
  const made = emptyCurated();
  for (const [table, of] of Object.entries(rows))
    for (const [key, cells, deleted = false] of of) made.get(table)?.set(key, { cells, deleted });
  return made;
}

const DISAGREEMENTS: readonly { fault: Fault; table: string; rule: string; cells: Row }[] = [
  { fault: "other_amount", table: "payment", rule: "same_amount", cells: { ...PAYMENT, amount_minor: "101" } },
  { fault: "other_currency", table: "payment", rule: "same_currency", cells: { ...PAYMENT, currency: "USD" } },
  { fault: "other_owner", table: "payment", rule: "one_owner", cells: { ...PAYMENT, customer_id: "d" } },
  { fault: "paid_after_all", table: "payment", rule: "same_outcome", cells: { ...PAYMENT, billing_status: "failed" } },
  { fault: "charged_twice", table: "payment", rule: "one_claim", cells: { ...PAYMENT, billing_link: "conflict" } },
  {
    fault: "unrecorded_money",
    table: "payment",
    rule: "known_to_billing",
    cells: { ...PAYMENT, billing_payment_id: null, billing_customer_id: null },
  },
  {
    fault: "late_dispute",
    table: "payment",
    rule: "disputed_in_its_month",
    cells: {
      ...PAYMENT,
      kind: "dispute",
      amount_minor: "-100",
      billing_amount_minor: "-100",
      month: "2026-10",
      charged_month: "2026-09",
    },
  },
  { fault: "unsettled_invoice", table: "invoice", rule: "settled_alike", cells: { status: "open", stripe_status: "paid" } },
  {
    fault: "remitted_twice",
    table: "invoice",
    rule: "remitted_once",
    cells: { status: "open", amount_due_minor: "900", remitted_minor: "901" },
  },
  { fault: "order_edited", table: "sales_order", rule: "as_invoiced", cells: { amount_minor: "600", invoiced_minor: "500" } },
  { fault: "link_conflict", table: "crosswalk_customer", rule: "status", cells: { status: "conflict" } },
];

test("each disagreement of two systems is told of live rows alone, and of none that agree", () => {
  for (const { fault, table, rule, cells } of DISAGREEMENTS) {
    const open = openExpected(
      tables({
        [table]: [
          ["k", cells],
          ["gone", cells, true],
        ],
      }),
    );
    expect([...open]).toEqual([[`${table}|k|${rule}`, fault]]);
  }
  const agreeing = tables({
    payment: [
      ["k", PAYMENT],
      ["billing", { source: "billing", status: "failed", link_status: "linked" }],
      ["of this month", { ...PAYMENT, kind: "dispute", month: "2026-10", charged_month: "2026-10" }],
      ["refund", { ...PAYMENT, kind: "refund", month: "2026-10", charged_month: "2026-09" }],
      ["won", { ...PAYMENT, kind: "dispute", status: "failed", month: "2026-10", charged_month: "2026-09" }],
    ],
    invoice: [
      ["k", { status: "paid", stripe_status: "paid" }],
      ["own", { status: "open", stripe_status: null }],
      ["in parts", { status: "open", amount_due_minor: "900", remitted_minor: "900" }],
      ["not remitted", { status: "open", amount_due_minor: "900", remitted_minor: null }],
    ],
    sales_order: [
      ["k", { amount_minor: "500", invoiced_minor: "500" }],
      ["not invoiced", { amount_minor: "500", invoiced_minor: null }],
    ],
    crosswalk_customer: [["k", { status: "linked" }]],
  });
  expect([...openExpected(agreeing)]).toEqual([]);
  const kinds = DISAGREEMENTS.map(({ fault }) => fault);
  expect(FAULTS.slice(FAULTS.indexOf("other_amount"), FAULTS.indexOf("untied"))).toEqual(kinds);
});

/** The product as if it had told of these. */
const telling = (rows: readonly { table: string; rule: string; key: string }[]) => ({
  query: async () => rows.map(({ table, rule, key }) => ({ curated: table, rule, business_key: key })),
});

const NOTHING: PublishedCurated = new Map();

test.each(DISAGREEMENTS.filter(({ table }) => table !== "crosswalk_customer"))(
  "$fault: caught where it is told, missed where it is not, a false alarm where it is not so or has ended",
  async ({ fault, table, rule, cells }) => {
    const expected = openExpected(tables({ [table]: [["k", cells]] }));
    const told = await openFound(telling([{ table, rule, key: "k" }]), NOTHING);
    const lineOf = ({ expected: should, found }: ReturnType<typeof findingUnits>) =>
      score(should, found).find((line) => line.fault === fault);
    expect(lineOf(findingUnits("hour 1", expected, told))).toMatchObject({ planted: 1, caught: 1, missed: 0, false_alarms: 0 });
    expect(lineOf(findingUnits("hour 1", expected, new Map()))).toMatchObject({ caught: 0, missed: 2, false_alarms: 0 });
    expect(lineOf(findingUnits("hour 2", new Map(), told))).toMatchObject({ planted: 0, false_alarms: 1 });
  },
);

test("what is told by a rule that nobody expects is an alarm of no kind; links in doubt are read from the table", async () => {
  const published: PublishedCurated = new Map([
    ["crosswalk_customer", [{ id: "stripe|a", cells: { status: "conflict" }, deleted: false }]],
  ]);
  const found = await openFound(telling([{ table: "payment", rule: "never_heard_of", key: "k" }]), published);
  expect([...found]).toEqual([
    ["payment|k|never_heard_of", "other"],
    ["crosswalk_customer|stripe|a|status", "link_conflict"],
  ]);
});
