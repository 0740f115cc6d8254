import { join } from "node:path";
import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { COMPANY } from "../support/company-hours.ts";
import { type Desk, type Hour, openDesk, type Row } from "../support/desk.ts";
import { type Recorded, recording } from "../support/recorded.ts";

/** One row of each feed, and the same with something changed. */
const FEEDS: Readonly<Record<string, (more: Row) => Row>> = {
  "billing.customers": (more) => COMPANY.customer(1, { row_version: more["n"] ?? 1, display_name: `name ${more["n"]}` }),
  "billing.subscriptions": (more) => COMPANY.subscription(1, { plan_id: `plan ${more["n"]}` }),
  "billing.invoices": (more) => COMPANY.invoice(1, { status: `status ${more["n"]}` }),
  "billing.payments": (more) => COMPANY.payment(1, { amount_minor: more["n"] ?? 1 }),
  "stripe.customers": (more) => COMPANY.stripeCustomer("cus_1", "cu_1", { name: `name ${more["n"]}` }),
  "stripe.subscriptions": (more) => COMPANY.stripeSubscription("sub_s1", "sub_1", { status: `status ${more["n"]}` }),
  "stripe.invoices": (more) => COMPANY.stripeInvoice("in_1", "inv_1", { status: `status ${more["n"]}` }),
  "stripe.charges": (more) => COMPANY.charge("ch_1", { customer_id: "cus_1", amount_captured_minor: more["n"] ?? 1 }),
  "stripe.refunds": (more) => COMPANY.refund("re_1", "ch_1", { amount_minor: more["n"] ?? 1 }),
  "stripe.disputes": (more) => COMPANY.dispute("dp_1", "ch_1", { amount_minor: more["n"] ?? 1 }),
  "stripe.balance_transactions": (more) => COMPANY.movement("txn_1", { fee_minor: more["n"] ?? 1 }),
  "salesforce.accounts": (more) => COMPANY.account("001A", "cu_1", { industry: `industry ${more["n"]}` }),
  "partners.invoices": (more) => ({ ...COMPANY.partnerInvoice("meridian", "7", { amount_minor: more["n"] ?? 1 }), _scope: "i" }),
  "partners.remittances": (more) => ({ ...COMPANY.remittance("meridian", "r", { amount_minor: more["n"] ?? 1 }), _scope: "r" }),
};

const hour = (feeds: readonly string[], n: number): Hour => ({
  rows: Object.fromEntries(feeds.map((feed) => [feed, [FEEDS[feed]?.({ n }) ?? expect.fail()]])),
});

/** The names of an hour's statements from the first label on, by what they are of: a feed, a table, or the run. */
async function statements(desk: Desk, played: Hour): Promise<Map<string, string[]>> {
  const session = await desk.open();
  const all: Recorded[] = [];
  try {
    expect((await desk.play(played, { session: recording(session, all), dialect: duckdbDialect })).outcome.outcome).toBe(
      "published",
    );
  } finally {
    await session.close();
  }
  const from = all.findIndex(({ name }) => name === "before");
  const of = new Map<string, string[]>();
  for (const { name } of all.slice(from)) {
    if (/^test\./.test(name)) continue;
    const [, what = name, subject = "the run"] =
      /^((?:label|verdict|old|staging|touched|curated|history)[a-z-]*)\.(.+)$/.exec(name) ?? [];
    of.set(subject, [...(of.get(subject) ?? []), what]);
  }
  return of;
}

const openCompany = () => openDesk("company", join(import.meta.dirname, "../../examples/company"));
const countOf = (of: ReadonlyMap<string, readonly string[]>) => [...of.values()].flat().length;

const OF_FEED = ["label", "verdict", "staging-delete", "staging-insert"];
const OF_TABLE = ["curated-delete", "curated-insert", "curated-tombstone", "history-insert", "touched"];
const OF_RUN = [
  ...["after", "assert", "before", "ledger.batch", "ledger.feed_horizon", "ledger.flow", "ledger.publication", "ledger.verdict"],
  ...["publish.fence", "publish.head", "tally", "ties.payment#money_has_an_owner", "touched-count"],
];

test("an hour of changes in all of four systems costs four statements or five for each feed, five or six for each table, and thirteen", async () => {
  await using desk = openCompany();
  const feeds = Object.keys(FEEDS);
  expect(feeds.sort()).toEqual([...desk.pipeline.feeds.keys()].sort());
  await desk.play(hour(feeds, 1));
  const of = await statements(desk, hour(feeds, 2));
  expect([...of.keys()].sort()).toEqual([...feeds, ...desk.pipeline.models.keys(), "the run"].sort());
  // What joins ask of the state before is kept of feeds whose rows are replaced; what they ask of the state behind is one statement more.
  for (const feed of feeds)
    expect(
      of
        .get(feed)
        ?.filter((what) => what !== "old")
        .sort(),
      feed,
    ).toEqual([...OF_FEED].sort());
  for (const table of desk.pipeline.models.keys())
    expect(
      of
        .get(table)
        ?.filter((what) => what !== "touched-after")
        .sort(),
      table,
    ).toEqual(OF_TABLE);
  expect(of.get("the run")?.sort()).toEqual(OF_RUN);
  expect(countOf(of)).toBe(109);
});

test("what an hour costs is a sum over the feeds that changed and the tables that they reach", async () => {
  await using desk = openCompany();
  await desk.play(hour(Object.keys(FEEDS), 1));
  const one = await statements(desk, hour(["stripe.invoices"], 2));
  const other = await statements(desk, hour(["stripe.subscriptions"], 3));
  const both = await statements(desk, hour(["stripe.invoices", "stripe.subscriptions"], 4));
  // Touched keys are counted where a row may reach many of a table's: through others, as payments and customers are reached.
  const run = OF_RUN.filter((name) => name !== "touched-count");
  expect(both.get("the run")?.sort()).toEqual(run);
  expect(countOf(both)).toBe(countOf(one) + countOf(other) - run.length);
  expect([...both.keys()].sort()).toEqual(["invoice", "stripe.invoices", "stripe.subscriptions", "subscription", "the run"]);
});

/** Each rule of each feed three times. */
function withManyRules(pipeline: Pipeline): Pipeline {
  const feeds = [...pipeline.feeds].map(([id, feed]) => {
    const { rules } = feed.contract;
    const more = Array.from({ length: 2 }, (_, i) =>
      rules.map((rule) => ({ ...rule, id: `${rule.id}_${i}`, fingerprint: `${rule.fingerprint}${i}` })),
    );
    return [id, { ...feed, contract: { ...feed.contract, rules: [...rules, ...more.flat()] } }] as const;
  });
  return { ...pipeline, feeds: new Map(feeds) };
}

test("rules cost no statement", async () => {
  const counts: number[] = [];
  for (const adjust of [(pipeline: Pipeline) => pipeline, withManyRules]) {
    await using desk = openCompany();
    const feeds = Object.keys(FEEDS);
    await desk.play({ ...hour(feeds, 1), adjust });
    counts.push(countOf(await statements(desk, hour(feeds, 2))));
  }
  expect(counts[1]).toBe(counts[0]);
});
