import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { follow, stepsOf } from "./followed-page.ts";
import { ownPlace } from "./own-place.ts";

const [ofBilling = "", ofStripe = "", ofSalesforce = ""] = readFileSync("docs/adding-a-feed.md", "utf8").split(
  "\n## The same of ",
);

const queryOf = (section: string) => /ledgerloop query "([^"]+)"/.exec(section)?.[1] ?? "";

test("the feed of billing, followed word by word, publishes its rows and a curated table", async () => {
  await using of = await ownPlace();
  const { place, pipeline, there } = of;
  const steps = stepsOf(ofBilling);
  expect(steps.map((step) => step.verb)).toEqual(["Append to", "Create", "Create", "Create", "Change"]);
  follow(pipeline, steps);
  const client = await place.billing.client();
  await client.query(/```sql\n(create table [\s\S]*?)```/.exec(ofBilling)?.[1] ?? "");
  await client.query(`
    insert into billing.customers (customer_id, legal_name, currency, balance_minor, delinquent) values ('cus_1', 'One', 'EUR', 0, false);
    insert into billing.credit_notes (credit_note_id, customer_id, currency, amount_minor, contact_email, issued_on)
    values ('cn_1', 'cus_1', 'EUR', 1250, 'somebody@example.test', '2026-11-02'), ('cn_2', 'cus_1', 'EUR', -5, null, '2026-11-02')`);

  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("doctor")).toMatchObject({ code: 0 });
  const plan = JSON.parse((await there("plan", "--json")).out) as { feeds: { feed: string; differences: object[] }[] };
  expect(plan.feeds.find(({ feed }) => feed === "billing.credit_notes")).toMatchObject({ differences: [] });
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(JSON.parse((await there("query", queryOf(ofBilling), "--json")).out)).toEqual([
    { credit_note_id: "cn_1", amount_minor: "1250", currency: "EUR" },
  ]);
  expect((await there("quarantine", "list")).out).toMatch(/billing.credit_notes +quarantined +amount_minor.range +1 +-0.05 EUR/);
});

test("the feed of Stripe, followed word by word, publishes credit notes", async () => {
  await using of = await ownPlace();
  const { pipeline, there, stripe } = of;
  const steps = stepsOf(ofStripe);
  expect(steps.map((step) => step.verb)).toEqual(["Append to", "Create", "Change"]);
  follow(pipeline, steps);
  const { invoice } = stripe.books.bill({ currency: "eur", amount: 98_765 });
  stripe.books.creditNotes.create({ invoice, amount: 12_345 });
  stripe.clock.advance(3600);
  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("doctor")).toMatchObject({ code: 0 });
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(JSON.parse((await there("query", queryOf(ofStripe), "--json")).out)).toEqual([
    { status: "issued", amount_minor: "12345", currency: "EUR" },
  ]);
});

test("the feed of Salesforce, followed word by word, publishes opportunities and sets those of bad amounts aside", async () => {
  await using of = await ownPlace();
  const { pipeline, there, org } = of;
  const steps = stepsOf(ofSalesforce);
  expect(steps.map((step) => step.verb)).toEqual(["Append to", "Create", "Change"]);
  follow(pipeline, steps);
  const account = org.books.create("Account", { Name: "One", CurrencyIsoCode: "EUR" });
  const opportunity = { AccountId: account, StageName: "Prospecting", CloseDate: "2026-12-01", CurrencyIsoCode: "EUR" };
  org.books.create("Opportunity", { ...opportunity, Name: "Seats", Amount: "1200.50" });
  org.books.create("Opportunity", { ...opportunity, Name: "Mistake", Amount: "-1.00" });
  org.clock.advance(3600);
  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("doctor")).toMatchObject({ code: 0 });
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(JSON.parse((await there("query", queryOf(ofSalesforce), "--json")).out)).toEqual([
    { name: "Seats", stage: "Prospecting", amount: "1200.50", currency: "EUR" },
  ]);
  expect((await there("quarantine", "list")).out).toMatch(/salesforce.opportunities +quarantined +not_negative +1 +-1.00 EUR/);
});
