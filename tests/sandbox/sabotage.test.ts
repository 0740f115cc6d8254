import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Demonstration } from "../../sandbox/demo.ts";
import { type StartDemoOptions, startDemo } from "../../sandbox/start-demo.ts";
import { strictDuckdb } from "../support/strict.ts";

const PIPELINE = join(import.meta.dirname, "../../pipeline");

type Sabotage = (
  state: string,
) => Pick<StartDemoOptions, "afterCopy" | "beforeScoring"> & Partial<Pick<StartDemoOptions, "print">>;

const warehouseIn = (state: string) => strictDuckdb({ path: join(state, "warehouse.duckdb"), memoryLimit: "512MB" });

/** Two hours are enough: the first has the company's whole past, both have planted faults. */
async function demoWith(sabotage: Sabotage): Promise<Demonstration> {
  const state = mkdtempSync(join(tmpdir(), "ledgerloop-sabotage-"));
  try {
    const settings = { pipeline: PIPELINE, environment: "local", hours: 2, seed: 5, scale: 0.2, keep: false };
    return await startDemo({
      ...settings,
      state,
      warehouseOf: async () => warehouseIn(state),
      env: process.env,
      print: () => undefined,
      ...sabotage(state),
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Takes a rule out of a contract. */
function dropRule(pipeline: string, contract: string, id: string): void {
  const path = join(pipeline, "contracts", `${contract}.odcs.yaml`);
  const text = readFileSync(path, "utf8");
  const without = text.replace(new RegExp(` {6}- id: ${id}\\n(?: {8}.*\\n)+`), "");
  expect(without).not.toBe(text);
  writeFileSync(path, without.replace(/^ {4}quality:\n(?! {6}-)/m, ""));
}

/** Takes a tie out of the pipeline. */
function dropTie(pipeline: string, name: string): void {
  const path = join(pipeline, "ties.yaml");
  const text = readFileSync(path, "utf8");
  const without = text.replace(new RegExp(` {2}${name}:\\n(?:(?: {4}.*)?\\n)+`), "");
  expect(without).not.toBe(text);
  writeFileSync(path, without);
}

function lineOf(demo: Demonstration, fault: string) {
  return demo.result.scoreboard.find((line) => line.fault === fault);
}

async function spoil(state: string, sql: string): Promise<void> {
  const session = await warehouseIn(state).open({ purpose: "sabotage" });
  try {
    await session.transaction(() => session.run({ name: "sabotage", sql }));
  } finally {
    await session.close();
  }
}

test("left alone, the demo is perfect, and says at each hour how long it takes", async () => {
  const lines: string[] = [];
  const demo = await demoWith(() => ({ print: (line) => lines.push(line) }));
  for (const line of lines.flatMap((text) => text.split("\n"))) expect(line.length).toBeLessThanOrEqual(80);
  const hours = lines.filter((line) => line.startsWith("hour ")).map((text) => text.replaceAll(/\n +/g, " "));
  expect(hours).toHaveLength(demo.result.runs.length);
  for (const line of hours) expect(line).toMatch(/ \[\d+\/\d+s\]$/);
  expect(hours[0]).toMatch(/^hour {2}0 {2}billing \d+, salesforce \d+, stripe \d+, partners \d+; \d+ quarantined, /);
  expect(hours[1]).toMatch(/; without salesforce[.]orders;?/);
  expect([demo.missed, demo.falseAlarms, demo.differences]).toEqual([[], [], []]);
  expect(demo.result.ok).toBe(true);
});

test("disabled rules and ties turn it red: bad rows stand in curated, and nobody tells where two systems disagree", async () => {
  const dropped = [
    ["billing.invoices", "not_overpaid"],
    ["payment", "same_amount"],
    ["invoice", "remitted_once"],
    ["sales_order", "as_invoiced"],
  ] as const;
  const demo = await demoWith(() => ({
    afterCopy: (pipeline) => {
      for (const [contract, rule] of dropped) dropRule(pipeline, contract, rule);
      dropTie(pipeline, "payout_contents");
    },
  }));
  expect(demo.result.ok).toBe(false);
  expect(lineOf(demo, "overpaid")?.missed).toBeGreaterThan(0);
  expect(lineOf(demo, "other_amount")).toMatchObject({ planted: 3, caught: 0, missed: 3 });
  expect(lineOf(demo, "order_edited")).toMatchObject({ planted: 4, caught: 0, missed: 4 });
  expect(lineOf(demo, "remitted_twice")).toMatchObject({ planted: 4, caught: 0, missed: 4 });
  expect(lineOf(demo, "payout_short")).toMatchObject({ planted: 1, caught: 0, missed: 1 });
  expect(demo.result.curated.differs_from_truth).toBeGreaterThan(0);
});

test("an org whose hidden field stops all turns it red", async () => {
  const demo = await demoWith(() => ({
    afterCopy: (pipeline) => {
      const path = join(pipeline, "sources/salesforce.yaml");
      const text = readFileSync(path, "utf8");
      const required = text.replace("required: false\n", "");
      expect(required).not.toBe(text);
      writeFileSync(path, required);
    },
  }));
  expect(demo.result.ok).toBe(false);
  expect(lineOf(demo, "hidden_field")).toMatchObject({ planted: 1, missed: 1 });
});

/** What somebody does by hand to what is published, each to another table or column, and what must be told of it. */
const TAMPERED: readonly { readonly sql: string; readonly told: string }[] = [
  {
    sql: "UPDATE curated.payment__rows SET amount_minor = amount_minor + 1 WHERE payment_id = (SELECT min(payment_id) FROM curated.payment WHERE source = 'stripe')",
    told: "payment: amount_minor",
  },
  {
    sql: "UPDATE curated.sales_order__rows SET amount_minor = amount_minor + 1 WHERE order_id = (SELECT min(order_id) FROM curated.sales_order)",
    told: "sales_order: amount_minor",
  },
  {
    sql: "UPDATE curated.crosswalk_customer__rows SET status = 'conflict' WHERE external_id = (SELECT min(external_id) FROM curated.crosswalk_customer)",
    told: "crosswalk_customer: status",
  },
  {
    sql: "DELETE FROM curated.customer__rows WHERE customer_id = (SELECT min(customer_id) FROM curated.subscription)",
    told: "customer: missing",
  },
  {
    sql: "INSERT INTO curated.invoice__rows SELECT * FROM curated.invoice__rows ORDER BY invoice_id LIMIT 3",
    told: "invoice: twice",
  },
  {
    sql: "DELETE FROM staging.stripe_refunds__rows WHERE id = (SELECT min(id) FROM staging.stripe_refunds)",
    told: "stripe.refunds: missing",
  },
  {
    sql: "INSERT INTO staging.stripe_invoices__rows SELECT * FROM staging.stripe_invoices__rows WHERE id = (SELECT min(id) FROM staging.stripe_invoices)",
    told: "stripe.invoices: twice",
  },
  {
    sql: "UPDATE staging.salesforce_accounts__rows SET name = 'another' WHERE id = (SELECT min(id) FROM staging.salesforce_accounts)",
    told: "salesforce.accounts: name",
  },
  {
    sql: "DELETE FROM staging.salesforce_orders__rows WHERE id = (SELECT min(id) FROM staging.salesforce_orders)",
    told: "salesforce.orders: missing",
  },
];

test("a cent, a lost parent, lost and doubled rows and another name turn it red, and each is named", async () => {
  const demo = await demoWith((state) => ({
    beforeScoring: async () => {
      for (const { sql } of TAMPERED) await spoil(state, sql);
    },
  }));
  expect(demo.result.ok).toBe(false);
  const told = demo.differences.map(({ feed, columns }) => `${feed}: ${columns.join()}`);
  expect([...new Set(told)].toSorted()).toEqual(TAMPERED.map((one) => one.told).toSorted());
  expect(demo.result.proofs.not_equal).toBeGreaterThan(5);
  expect(demo.result.curated.duplicates).toBe(3);
  expect(demo.result.curated.orphans).toBeGreaterThan(0);
});
