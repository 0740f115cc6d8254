import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { loadPipeline } from "../support/load-pipeline.ts";

function failureOf(load: () => unknown): Failure {
  try {
    load();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("LedgerLoop's own pipeline loads, parents first", () => {
  const { pipeline, warnings } = loadPipeline({ directory: "pipeline", env: {} });
  expect(warnings).toEqual([]);
  expect([...pipeline.groups.keys()]).toEqual(["company"]);
  const { feeds, models } = pipeline.groups.get("company") ?? {};
  expect(feeds).toHaveLength(16);
  expect(feeds?.filter((id) => pipeline.feeds.get(id)?.required)).toEqual([
    "billing.customers",
    "billing.subscriptions",
    "billing.invoices",
    "billing.payments",
  ]);
  const made = ["crosswalk_customer", "sales_order", "customer", "subscription", "invoice", "payment", "revenue_month"];
  expect(models).toEqual(made);
  expect(pipeline.environment).toEqual({
    name: "local",
    warehouse: { kind: "duckdb", path: resolve("pipeline/.state/warehouse.duckdb"), memoryLimit: "700MB" },
    controlStore: {},
    objectStore: { kind: "file", path: resolve("pipeline/.state/objects") },
    embedded: true,
    leaseSeconds: 60,
  });
  expect(pipeline.sources.get("billing")).toMatchObject({ embedded: true, settings: { url: "embedded" } });
  expect(pipeline.feeds.get("billing.customers")).toMatchObject({
    sourceKey: ["id"],
    businessKey: ["customer_id"],
    version: "row_version",
  });
  expect(pipeline.feeds.get("billing.payments")).toMatchObject({
    origin: "billing.payments",
    reads: "changes",
    how: "updated_at updated_at",
    reading: { cursor: { mode: "updated_at", column: "updated_at" } },
    absence: "vanished",
    required: true,
  });
  const implied = pipeline.feeds.get("billing.payments")?.contract.rules.find((r) => r.id === "posted_on.immutable");
  expect(implied).toMatchObject({ kind: "immutable", columns: ["posted_on"], severity: "quarantine" });
});

test("production reads its variables and never falls back to an embedded cluster", () => {
  const env = {
    CONTROL_URL: "postgres://u:hunter2@control/db",
    LEDGERLOOP_BUCKET: "b",
    SNOWFLAKE_ACCOUNT: "org-acct",
    SNOWFLAKE_KEY: "/keys/loader.p8",
    SNOWFLAKE_KEY_PASSPHRASE: "hunter2",
  };
  const load = (more: Record<string, string>) => () =>
    loadPipeline({ directory: "pipeline", environment: "production", env: { ...more } });
  const missing = failureOf(load({})).problems.map((p) => p.says);
  expect(missing).toEqual([
    expect.stringContaining("variable SNOWFLAKE_ACCOUNT is not set"),
    expect.stringContaining("variable SNOWFLAKE_KEY is not set"),
    expect.stringContaining("variable CONTROL_URL is not set"),
    expect.stringContaining("variable LEDGERLOOP_BUCKET"),
  ]);
  expect(failureOf(load(env)).message).toMatch(
    /sources\/billing.yaml:7:8: the source billing is embedded, the environment production is not/,
  );
  expect(failureOf(load(env)).message).not.toContain("hunter2");
  const { pipeline } = load({ ...env, BILLING_URL: "postgres://oltp/billing" })();
  expect(pipeline.environment).toMatchObject({
    warehouse: {
      kind: "snowflake",
      account: "org-acct",
      role: "LEDGERLOOP_LOADER",
      deployRole: "LEDGERLOOP_DEPLOYER",
      signIn: { kind: "key_pair", keyPath: "/keys/loader.p8", passphrase: "hunter2" },
      load: "stage",
      lockTimeoutSeconds: 660,
    },
    fullRefreshRows: 50_000_000,
    controlStore: { url: env.CONTROL_URL },
    embedded: false,
  });
  expect(pipeline.environment.objectStore).toEqual({
    kind: "s3",
    path: "s3://b/landing",
    pathStyle: false,
    compression: "gzip",
  });
});

test("a password goes to no account but an emulator on this machine; a stage reads no folder", () => {
  const local = (more: Record<string, string>) => () =>
    loadPipeline({ directory: "pipeline", environment: "snowflake-local", env: { CONTROL_URL: "postgres://c/db", ...more } });
  expect(local({})().pipeline.environment.warehouse).toMatchObject({ accessUrl: "http://127.0.0.1:8085", load: "upload" });
  for (const url of ["https://org-acct.snowflakecomputing.com", "http://127.0.0.1.example.com", "http://10.0.0.1:80"]) {
    const refused = failureOf(local({ SNOWFLAKE_URL: url }));
    expect(refused.message, url).toMatch(/a password is only taken for an emulator on this machine[\s\S]*key_pair, oauth or pat/);
  }
});

test("no pipeline, no such environment, files that would not be read", () => {
  const none = failureOf(() => loadPipeline({ directory: "docs/nowhere", env: {} }));
  expect(none.exitCode).toBe(2);
  expect(none.message).toMatch(/there is no pipeline.yaml in docs\/nowhere/);
  const environment = failureOf(() => loadPipeline({ directory: "pipeline", environment: "prodution", env: {} }));
  expect(environment.message).toMatch(/there is no environment "prodution"\n {2}next: did you mean "production"/);
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-config-"));
  try {
    writeFileSync(join(folder, "pipeline.yaml"), "nam: x\n");
    expect(failureOf(() => loadPipeline({ directory: folder, env: {} })).message).toMatch(
      /pipeline.yaml:1:1: unknown key "nam"\n {2}next: did you mean "name"/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(["db.internal/billing", "reader:hunter2@db:5432/billing", "mysql://reader:hunter2@db/billing"])(
  "an address that is no PostgreSQL URL is refused, and not shown: %s",
  (url) => {
    const failure = failureOf(() => loadPipeline({ directory: "pipeline", env: { BILLING_URL: url } }));
    expect(failure.message).toMatch(/billing\.yaml:7:8: "url" must be `embedded` or an address postgres:\/\//);
    expect(failure.message).not.toContain("hunter2");
  },
);
