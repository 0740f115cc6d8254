import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { type Hour, openDesk } from "../support/desk.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

/**
 * Every statement of a run over LedgerLoop's own pipeline, in both dialects. The DuckDB ones are executed while they are
 * recorded; the Snowflake ones are written by the same code, fed with the answers that DuckDB gave.
 */
const HERE = import.meta.dirname;
const PIPELINE = join(HERE, "../../pipeline");

const at = "2026-11-01 00:00:00+00";
const customer = (id: number, more = {}) => ({ id, customer_id: `cus_${id}`, legal_name: `L ${id}`, display_name: `D ${id}`, email: "a@example.com", country: "US", currency: "USD", tax_exempt: "f", balance_minor: 0, delinquent: "f", segment: "smb", row_version: 1, created_at: at, updated_at: at, ...more });
const subscription = (id: number, more = {}) => ({ id, subscription_id: `sub_${id}`, customer_id: "cus_1", plan_id: "p", status: "active", currency: "USD", amount_minor: 100, quantity: 1, billing_interval: "month", collection_method: "send_invoice", period_start: at, period_end: "2026-12-01 00:00:00+00", started_on: "2026-11-01", created_at: at, updated_at: at, ...more });
const invoice = (id: number, more = {}) => ({ id, invoice_id: `inv_${id}`, customer_id: "cus_1", subscription_id: "sub_1", status: "open", currency: "USD", subtotal_minor: 100, tax_minor: 5, amount_due_minor: 105, amount_paid_minor: 0, issued_on: "2026-11-01", due_on: "2026-12-01", created_at: at, updated_at: at, ...more });
const payment = (id: number, more = {}) => ({ id, payment_id: `pay_${id}`, invoice_id: "inv_1", customer_id: "cus_1", kind: "payment", status: "succeeded", method: "card", currency: "USD", amount_minor: 105, fee_minor: 1, received_at: at, posted_on: "2026-11-01", created_at: at, updated_at: at, ...more });

/** Between them the two hours take every path: pool, seen again, replaced, released, vanished, tombstoned, copies. */
const HOURS: readonly Hour[] = [
  {
    rows: {
      "billing.customers": [customer(1), customer(2)],
      "billing.subscriptions": [subscription(1), subscription(2, { customer_id: "cus_9" })],
      "billing.invoices": [invoice(1), invoice(2, { customer_id: null }), invoice(3, { subscription_id: "sub_2" }), invoice(4)],
      "billing.payments": [payment(1), payment(2, { invoice_id: "inv_2" }), payment(3, { amount_minor: "NaN" }), payment(4)],
    },
  },
  {
    rows: {
      "billing.customers": [customer(9), customer(1, { row_version: 2 })],
      "billing.subscriptions": [subscription(1, { quantity: 2 })],
      "billing.invoices": [invoice(2, { customer_id: null }), invoice(1, { status: "paid", amount_paid_minor: 105 }), invoice(5, { amount_paid_minor: 999 })],
      "billing.payments": [payment(3), payment(1, { amount_minor: 104 })],
    },
    keys: Object.fromEntries(["customers", "subscriptions", "invoices", "payments"].map((f) => [`billing.${f}`, [1, 2, 3, 5, 9].map((id) => ({ id }))])),
  },
];

const IS_OURS = (name: string) => !name.startsWith("test.");

const written: Record<"duckdb" | "snowflake", Map<string, string>> = { duckdb: new Map(), snowflake: new Map() };

/** Statements from the first label scan to COMMIT, per hour; audit and its gates ask one more. */
const counted: number[] = [];

const keep = (into: Map<string, string>, statements: readonly Statement[]) => {
  for (const s of statements.filter(({ name }) => IS_OURS(name))) into.set(s.name, `${s.sql};\n`);
};

beforeAll(async () => {
  const recorded: Recorded[][] = [];
  await using desk = openDesk("billing", PIPELINE);
  for (const hour of HOURS) {
    const session = await desk.open();
    const statements: Recorded[] = [];
    try {
      const played = await desk.play(hour, { session: recording(session, statements), dialect: duckdbDialect });
      expect(played.outcome.outcome).toBe("published");
    } finally {
      await session.close();
    }
    recorded.push(statements);
    const ours = statements.filter((s) => IS_OURS(s.name));
    counted.push(ours.length - ours.findIndex((s) => s.name.startsWith("label.")) + 1);
    keep(written.duckdb, statements);
  }
  await using again = openDesk("billing", PIPELINE);
  for (const [i, hour] of HOURS.entries()) {
    const statements: Statement[] = [];
    await again.play(hour, { session: replaying(recorded[i] ?? [], statements), dialect: snowflakeDialect });
    keep(written.snowflake, statements);
  }
});

describe.each(["duckdb", "snowflake"] as const)("%s", (name) => {
  const folder = join(HERE, name);

  test("every statement of the run stands in its golden file", () => {
    if (process.env["UPDATE_GOLDEN"]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const [statement, sql] of written[name]) writeFileSync(join(folder, `${statement}.sql`), sql);
    }
    const files = existsSync(folder) ? readdirSync(folder) : [];
    expect(files.sort()).toEqual([...written[name].keys()].map((s) => `${s}.sql`).sort());
    for (const [statement, sql] of written[name]) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
  });

  test("between DDL and COMMIT the publish transaction holds DML and queries only", () => {
    const inside = [...written[name]].filter(([s]) => /^(publish|staging-|quarantine|history|curated|ledger|assert|after)/.test(s));
    expect(inside.length).toBeGreaterThan(30);
    for (const [statement, sql] of inside) expect(sql.trimStart(), statement).toMatch(/^(INSERT|UPDATE|DELETE|SELECT)\b/);
  });
});

test("an hour of four feeds takes so many statements: each costs a warehouse its compilation", () => {
  expect(counted).toEqual([41, 66]);
});

test("the Snowflake text keeps the house rules: no casts by ::, no lower-case keywords, no FILTER, no anti join", () => {
  for (const [statement, sql] of written.snowflake) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|TRY_CAST\(|\btemp\./);
    if (!/^(curated-insert|label|assert|batch-rules)\b/.test(statement)) expect(own, statement).not.toMatch(/\b(select|from|where|join|insert|update|delete)\b/);
  }
});
