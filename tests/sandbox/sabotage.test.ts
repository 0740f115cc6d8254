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

/** A rule that somebody takes out of a contract. */
const withoutRule = (contract: string, id: string) => () => ({
  afterCopy: (pipeline: string) => {
    const path = join(pipeline, "contracts", `${contract}.odcs.yaml`);
    const text = readFileSync(path, "utf8");
    const without = text.replace(new RegExp(` {6}- id: ${id}\\n(?: {8}.*\\n)+`), "");
    expect(without).not.toBe(text);
    writeFileSync(path, without);
  },
});

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
  for (const line of hours) expect(line).toMatch(/ \[\d+\/\d+ s\]$/);
  expect(hours[0]).toMatch(/^hour {2}0 {2}billing \d+, salesforce \d+, stripe \d+, partners \d+; \d+ quarantined, /);
  expect(hours[1]).toMatch(/; without salesforce[.]orders;?/);
  expect([demo.missed, demo.falseAlarms, demo.differences]).toEqual([[], [], []]);
  expect(demo.result.ok).toBe(true);
});

test("a disabled rule turns it red: its faults are missed and bad rows stand in curated", async () => {
  const demo = await demoWith(withoutRule("billing.invoices", "not_overpaid"));
  expect(demo.result.ok).toBe(false);
  expect(lineOf(demo, "overpaid")?.missed).toBeGreaterThan(0);
  expect(demo.result.curated.differs_from_truth).toBeGreaterThan(0);
});

test("dropped rules over two systems turn it red: nobody tells where they disagree", async () => {
  const demo = await demoWith(() => ({
    afterCopy: (pipeline) => {
      withoutRule("payment", "same_amount")().afterCopy(pipeline);
      withoutRule("sales_order", "as_invoiced")().afterCopy(pipeline);
    },
  }));
  expect(demo.result.ok).toBe(false);
  expect(lineOf(demo, "other_amount")).toMatchObject({ planted: 3, caught: 0, missed: 3 });
  expect(lineOf(demo, "order_edited")).toMatchObject({ planted: 3, caught: 0, missed: 3 });
});

test("a doubled publish turns it red", async () => {
  const demo = await demoWith((state) => ({
    beforeScoring: () =>
      spoil(state, "INSERT INTO curated.invoice__rows SELECT * FROM curated.invoice__rows ORDER BY invoice_id LIMIT 3"),
  }));
  expect(demo.result.ok).toBe(false);
  expect(demo.result.curated.duplicates).toBe(3);
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

test("a cent of a payment or of a sales order, lost and doubled rows and another name turn it red", async () => {
  const demo = await demoWith((state) => ({
    beforeScoring: async () => {
      const first = (table: string, key: string) => `(SELECT min(${key}) FROM ${table})`;
      const [payments, links] = ["curated.payment__rows", "curated.crosswalk_customer__rows"];
      const [refunds, invoices] = ["staging.stripe_refunds__rows", "staging.stripe_invoices__rows"];
      const [sales, accounts, orders] = [
        "curated.sales_order__rows",
        "staging.salesforce_accounts__rows",
        "staging.salesforce_orders__rows",
      ];
      await spoil(
        state,
        `UPDATE ${payments} SET amount_minor = amount_minor + 1 WHERE payment_id = (SELECT min(payment_id) FROM ${payments} WHERE source = 'stripe')`,
      );
      await spoil(state, `UPDATE ${links} SET status = 'conflict' WHERE external_id = ${first(links, "external_id")}`);
      await spoil(state, `DELETE FROM ${refunds} WHERE id = ${first(refunds, "id")}`);
      await spoil(state, `INSERT INTO ${invoices} SELECT * FROM ${invoices} WHERE id = ${first(invoices, "id")}`);
      await spoil(state, `UPDATE ${sales} SET amount_minor = amount_minor + 1 WHERE order_id = ${first(sales, "order_id")}`);
      await spoil(state, `UPDATE ${accounts} SET name = 'another' WHERE id = ${first(accounts, "id")}`);
      await spoil(state, `DELETE FROM ${orders} WHERE id = ${first(orders, "id")}`);
    },
  }));
  expect(demo.result.ok).toBe(false);
  expect(demo.differences.map(({ feed, columns }) => `${feed}: ${columns.join()}`).toSorted()).toEqual([
    "crosswalk_customer: status",
    "payment: amount_minor",
    "sales_order: amount_minor",
    "salesforce.accounts: name",
    "salesforce.orders: missing",
    "stripe.invoices: twice",
    "stripe.refunds: missing",
  ]);
});

test("a changed cent and a lost parent turn it red", async () => {
  const cent =
    "UPDATE curated.payment__rows SET amount_minor = amount_minor + 1 WHERE payment_id = (SELECT min(payment_id) FROM curated.payment)";
  const parent = "DELETE FROM curated.customer__rows WHERE customer_id = (SELECT min(customer_id) FROM curated.subscription)";
  const demo = await demoWith((state) => ({
    beforeScoring: async () => {
      await spoil(state, cent);
      await spoil(state, parent);
    },
  }));
  expect(demo.result.ok).toBe(false);
  expect(demo.result.curated.orphans).toBeGreaterThan(0);
  expect(demo.differences.map((d) => d.columns.join())).toEqual(expect.arrayContaining(["amount_minor", "missing"]));
});
