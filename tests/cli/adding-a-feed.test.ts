import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { follow, stepsOf } from "./followed-page.ts";
import { ownPlace } from "./own-place.ts";

const page = readFileSync("docs/adding-a-feed.md", "utf8");

const steps = stepsOf(page);

test("docs/adding-a-feed.md, followed word by word, publishes the row of one more feed", async () => {
  await using of = await ownPlace();
  const { place, pipeline, there } = of;
  expect(steps.map((step) => step.verb)).toEqual(["Append to", "Create", "Create", "Create", "Change"]);
  follow(pipeline, steps);
  const client = await place.billing.client();
  await client.query(/```sql\n(create table [\s\S]*?)```/.exec(page)?.[1] ?? "");
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
  const query = /ledgerloop query "([^"]+)"/.exec(page)?.[1] ?? "";
  expect(JSON.parse((await there("query", query, "--json")).out)).toEqual([
    { credit_note_id: "cn_1", amount_minor: "1250", currency: "EUR" },
  ]);
  expect((await there("quarantine", "list")).out).toMatch(/billing.credit_notes +quarantined +amount_minor.range +1 +-0.05 EUR/);
});
