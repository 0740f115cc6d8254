import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoResult } from "../../sandbox/scoreboard.ts";
import { recordStep } from "../../src/store/operations/record-step.ts";
import { openStore } from "../../src/store/store.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { BILLING_PIPELINE, SECRET_EMAIL, smallRun, withBills, withoutPayments } from "./small-run.ts";

const shapes = documentedShapes();
let place: Awaited<ReturnType<typeof smallRun>>;

beforeAll(async () => {
  place = await smallRun();
  withoutPayments(less());
  withBills(bills());
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** The pipeline without its last feed and table. */
const less = () => join(place.folder, "less");
/** The same in which invoices are bills. */
const bills = () => join(place.folder, "bills");

const BEFORE = `${BILLING_PIPELINE}/contracts/billing.payments.odcs.yaml`;

/** Every command but those that start or stop servers, on a place with a published and a blocked run. */
const COMMANDS: readonly { shape: string; args: () => string[]; code?: number; filled?: string }[] = [
  { shape: "up", args: () => ["up"] },
  { shape: "down", args: () => ["down"] },
  { shape: "status", args: () => ["status"], filled: "groups" },
  { shape: "doctor", args: () => ["doctor"], filled: "checks" },
  { shape: "doctor", args: () => ["doctor", "--deep", "--deep-limit", "3"], filled: "extracts" },
  { shape: "plan", args: () => ["plan", "--full", "--reason", "test"], filled: "stages" },
  { shape: "plan", args: () => ["plan", "--data"], filled: "stages" },
  { shape: "run", args: () => ["run", "--same-extract"], code: 10, filled: "feeds" },
  { shape: "run", args: () => ["run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z"] },
  { shape: "runs", args: () => ["runs", "--group", "billing", "--limit", "3"], filled: "runs" },
  { shape: "show", args: () => ["show", place.published], filled: "samples" },
  { shape: "show", args: () => ["show", place.blocked], filled: "rules" },
  { shape: "cancel", args: () => ["cancel", place.blocked] },
  { shape: "contract lint", args: () => ["contract", "lint"] },
  { shape: "contract lint", args: () => ["contract", "lint", "--pipeline", place.folder], code: 2, filled: "problems" },
  { shape: "contract show", args: () => ["contract", "show", "invoice"], filled: "columns" },
  { shape: "contract diff", args: () => ["contract", "diff", BEFORE, BEFORE] },
  { shape: "rules", args: () => ["rules"], filled: "rules" },
  { shape: "quarantine list", args: () => ["quarantine", "list"], filled: "feeds" },
  { shape: "quarantine show", args: () => ["quarantine", "show", "--feed", "billing.invoices"], filled: "rows" },
  { shape: "query", args: () => ["query", "select * from curated.customer"] },
  { shape: "query --as-json", args: () => ["query", "select * from curated.customer", "--as-json"], filled: "rows" },
  { shape: "clean", args: () => ["clean", "--dry-run"], filled: "findings" },
  { shape: "clean", args: () => ["clean"], filled: "findings" },
  { shape: "backup", args: () => ["backup", join(place.folder, "kept")], filled: "heads" },
  {
    shape: "restore",
    args: () => ["restore", join(place.folder, "kept"), "--force", "--reason", "test"],
    filled: "replaced",
  },
  { shape: "plan", args: () => ["plan", "--pipeline", less()], filled: "stages" },
  { shape: "feed retire", args: () => ["feed", "retire", "billing.payments", "--reason", "test", "--pipeline", less()] },
  { shape: "table retire", args: () => ["table", "retire", "payment", "--reason", "test", "--pipeline", less()] },
  { shape: "table return", args: () => ["table", "return", "payment", "--reason", "test"] },
  { shape: "feed return", args: () => ["feed", "return", "billing.payments", "--reason", "test"] },
  {
    shape: "feed rename",
    args: () => ["feed", "rename", "billing.bills", "--was", "billing.invoices", "--reason", "test", "--pipeline", bills()],
  },
  { shape: "warehouse ddl", args: () => ["warehouse", "ddl", "--dialect", "snowflake"], filled: "statements" },
  { shape: "warehouse apply", args: () => ["warehouse", "apply", "--reason", "test"], filled: "files" },
];

describe("every document has the shape that docs/json.md gives it", () => {
  test.each(COMMANDS)("$shape", async ({ shape, args, code = 0, filled }) => {
    const { code: ended, document } = await place.json(...args());
    expect(misfits(shapes.get(shape) ?? "null", document)).toEqual([]);
    expect(ended).toBe(code);
    if (filled) expect((document as Record<string, unknown[]>)[filled]).not.toEqual([]);
  });

  test("show of a run that asked an API", async () => {
    const store = await openStore(place.env["CONTROL_URL"] ?? "");
    const usage = { requests: 120, retries: 2, rateWaitMs: 1234, retryWaitMs: 900, bytes: 4_200_000 };
    const detail = { says: "the source went away", requests: { stripe: usage } };
    await recordStep(store, { runId: place.blocked, stage: "extract", ordinal: 1, status: "failed", detail });
    await store.close();
    const { document } = await place.json("show", place.blocked);
    expect(misfits(shapes.get("show") ?? "null", document)).toEqual([]);
    expect((document as { requests: unknown }).requests).toEqual([
      { source: "stripe", requests: 120, retries: 2, rate_wait_seconds: 1.234, retry_wait_seconds: 0.9, bytes: 4_200_000 },
    ]);
    const { out } = await place.ledgerloop("show", place.blocked);
    expect(out).toContain(
      "\nsource stripe: 120 requests, 2 of them again; waited 1.2 s for its rate and 0.9 s to ask again; 4.2 MB received\n",
    );
  });

  test("every shape of the page is tested", () => {
    const files = ["files", "files show", "files report", "files accept", "files waive"];
    const ofSandbox = ["start", "advance", "fault", "status", "stop"].map((name) => `sandbox ${name}`);
    const elsewhere = [
      "demo",
      "reconcile breaks",
      "reconcile explain",
      "reconcile heal",
      "reconcile proofs",
      "reconcile recheck",
      "reconcile report",
      "reconcile run",
      "reconcile show",
      "reconcile terms",
      "reconcile ties",
      "cost",
      "check",
      "show row",
      "source show",
      ...files,
      ...ofSandbox,
    ];
    const tested = new Set([...COMMANDS.map((c) => c.shape), ...elsewhere]);
    expect([...shapes.keys()].filter((name) => !tested.has(name))).toEqual([]);
  });

  test("demo", () => {
    const played: DemoResult = {
      ok: true,
      scoreboard: [{ fault: "mass_delete", planted: 1, caught: 1, missed: 0, false_alarms: 0 }],
      conservation: { rows_off: 0, minor_off: "0" },
      curated: { duplicates: 0, orphans: 0, differs_from_truth: 0 },
      proofs: { nights: 1, made: 37, not_equal: 0 },
      waiting: { rows: 1, money: [{ currency: "EUR", minor: "100" }] },
      runs: [
        {
          hour: 0,
          group: "billing",
          window: "2026-10-05T00:00:00Z/2026-10-05T01:00:00Z",
          kind: "increment",
          exit_code: 0,
          expected_exit_code: 0,
          outcome: "published",
          run_id: "run_1",
          publication_id: "billing-1",
          note: null,
        },
      ],
    };
    expect(misfits(shapes.get("demo") ?? "null", played)).toEqual([]);
  });

  test("a misfit is seen", () => {
    const shape = shapes.get("cancel") ?? "any";
    const fitting = { run_id: "r", state: "requested", status: "running", outcome: null };
    expect(misfits(shape, fitting)).toEqual([]);
    expect(misfits(shape, { ...fitting, state: "maybe" })).toHaveLength(1);
    expect(misfits(shape, { ...fitting, surplus: 1 })).toHaveLength(1);
    expect(misfits(shape, { run_id: "r" })).toHaveLength(3);
  });
});

test("no output of any command shows a personal value or an address of a database", async () => {
  const shown = ["status", "doctor", "plan", "runs"].map((name) => [name]);
  const all = [
    ...shown,
    ...COMMANDS.map((c) => c.args()),
    ["show", place.published],
    ["quarantine", "show", "--feed", "billing.payments"],
  ];
  for (const args of all) {
    for (const form of [args, [...args, "--json"]]) {
      const { out, err } = await place.ledgerloop(...form);
      for (const secret of [SECRET_EMAIL, "5550100", place.env["BILLING_URL"] ?? "", place.env["CONTROL_URL"] ?? ""]) {
        expect(`${out}${err}`, form.join(" ")).not.toContain(secret);
      }
      // Four digits may stand in a hash.
      expect(`${out}${err}`, form.join(" ")).not.toMatch(/(?<![0-9a-f])4242(?![0-9a-f])/);
    }
  }
});

test("a breaking contract change exits 10, a compatible one 0", async () => {
  const text = readFileSync(BEFORE, "utf8");
  const after = (name: string, changed: string) => {
    const file = join(place.folder, name);
    writeFileSync(file, changed);
    return file;
  };
  const optional = after(
    "a.odcs.yaml",
    text
      .replace("version: 1.0.0", "version: 1.1.0")
      .replace("- name: method", "- name: memo\n        logicalType: string\n      - name: method"),
  );
  const renamed = after("b.odcs.yaml", text.replaceAll("fee_minor", "charge_minor"));
  const compatible = await place.json("contract", "diff", BEFORE, optional);
  expect(compatible.document).toMatchObject({
    compatible: true,
    changes: [{ change: "column_added", element: "memo" }],
    next: 'ledgerloop run --full --feeds billing.payments --reason "…"',
  });
  const breaking = await place.json("contract", "diff", BEFORE, renamed);
  expect(misfits(shapes.get("contract diff") ?? "null", breaking.document)).toEqual([]);
  expect([compatible.code, breaking.code]).toEqual([0, 10]);
});
