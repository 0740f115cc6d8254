import { describe, expect, test } from "vitest";
import { BILLING_FEEDS } from "../../sandbox/billing/feeds.ts";
import type { BillingFeed } from "../../sandbox/billing/tables.ts";
import { expectRun, type RunFacts } from "../../sandbox/expectation/expect-run.ts";
import { type ExpectedState, emptyState } from "../../sandbox/expectation/state.ts";
import type { Fault } from "../../sandbox/faults.ts";
import type { Row } from "../../sandbox/feed.ts";
import type { TrueRow } from "../../sandbox/world/truth.ts";

const AT = "2026-10-05 00:00:00+00";
const STAMPS = { created_at: AT, updated_at: AT };
const START = Date.parse("2026-10-05T00:00:00Z");

const customer = (id: string, more: Row = {}): Row => ({
  id,
  customer_id: `cus_${id}`,
  legal_name: "Northwind",
  currency: "EUR",
  balance_minor: "0",
  delinquent: "f",
  row_version: "1",
  ...STAMPS,
  ...more,
});

const invoice = (id: string, more: Row = {}): Row => ({
  id,
  invoice_id: `in_${id}`,
  customer_id: "cus_1",
  subscription_id: null,
  status: "open",
  currency: "EUR",
  subtotal_minor: "100",
  tax_minor: "19",
  amount_due_minor: "119",
  amount_paid_minor: "0",
  issued_on: "2026-10-05",
  ...STAMPS,
  ...more,
});

const payment = (id: string, more: Row = {}): Row => ({
  id,
  payment_id: `pay_${id}`,
  invoice_id: "in_1",
  customer_id: "cus_1",
  kind: "payment",
  status: "succeeded",
  currency: "EUR",
  amount_minor: "119",
  received_at: AT,
  posted_on: "2026-10-05",
  ...STAMPS,
  ...more,
});

/** A source that grows: rows keep the commit at which their content last changed. */
function source() {
  const state = emptyState(BILLING_FEEDS);
  const tags = new Map<string, Fault>();
  const rows = new Map<BillingFeed, TrueRow[]>();
  let [commit, number] = [0, 0];
  const show = (feed: BillingFeed, cells: readonly Row[]) => {
    const before = new Map((rows.get(feed) ?? []).map((row) => [JSON.stringify(row.cells), row.commit]));
    commit += 1;
    rows.set(
      feed,
      cells.map((row) => ({ cells: row, commit: before.get(JSON.stringify(row)) ?? commit })),
    );
  };
  const run = (more: Partial<RunFacts> = {}) => {
    number += 1;
    return expectRun(state, {
      run: `r${number}`,
      kind: "increment",
      rows,
      files: new Map(),
      retyped: [],
      tags,
      startedAt: START,
      vanishedShare: 1,
      ...more,
    });
  };
  return { state, show, run };
}

const QUIET = "published without changes";

/** Kind and rule of every expected unit, without row version and without the note on quiet runs. */
function said(expected: { units: ReadonlyMap<string, Fault> }): string[] {
  return [...expected.units.keys()]
    .filter((name) => !name.endsWith(QUIET))
    .map((name) => name.replace(/^(billing\.[a-z]+)\|([^|]*)\|[0-9a-f]{16}\|/, "$1 $2 "))
    .sort();
}

function live(state: ExpectedState, feed: BillingFeed): string[] {
  return [...state.of(feed).published].filter(([, row]) => !row.deleted).map(([id]) => id);
}

function waits(state: ExpectedState, feed: BillingFeed): string[] {
  return state.of(feed).waiting.map((w) => `${w.id} ${w.kind}`);
}

describe("row rules", () => {
  const broken: readonly [what: string, more: Row, kindAndRule: string[]][] = [
    ["no customer", { customer_id: null }, ["quarantined:customer_id.required"]],
    ["an unknown status", { status: "zombie" }, ["quarantined:status.accepted"]],
    ["an empty status", { status: "" }, ["quarantined:status.accepted"]],
    ["overpaid", { amount_paid_minor: "120" }, ["quarantined:not_overpaid"]],
    [
      "half a cent",
      { subtotal_minor: "100.5", amount_due_minor: "119.5" },
      ["unreadable:subtotal_minor.type", "unreadable:amount_due_minor.type"],
    ],
    ["a tax of NaN", { tax_minor: "NaN" }, ["quarantined:tax_minor.type"]],
    ["an amount of NaN", { amount_due_minor: "NaN" }, ["unreadable:amount_due_minor.type"]],
    ["a sum that is wrong", { amount_due_minor: "120" }, ["quarantined:total_adds_up"]],
    [
      "a negative amount",
      { subtotal_minor: "-120", tax_minor: "1", amount_due_minor: "-119" },
      ["quarantined:amount_due_minor.range", "quarantined:not_overpaid"],
    ],
    [
      "a bad row without a parent",
      { status: "zombie", customer_id: "cus_9" },
      ["quarantined:status.accepted", "quarantined:customer_id.foreign_key"],
    ],
  ];
  for (const [what, more, rules] of broken) {
    test(`an invoice with ${what}`, () => {
      const { state, show, run } = source();
      show("billing.customers", [customer("1")]);
      show("billing.invoices", [invoice("1", more), invoice("2")]);
      expect(said(run())).toEqual(rules.map((rule) => `billing.invoices 1 ${rule}`).sort());
      expect(live(state, "billing.invoices")).toEqual(["2"]);
    });
  }

  test("a positive refund breaks the sign rule, a negative one is good", () => {
    const { show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1")]);
    show("billing.payments", [payment("1", { kind: "refund" }), payment("2", { kind: "refund", amount_minor: "-5" })]);
    expect(said(run())).toEqual(["billing.payments 1 quarantined:sign_fits_kind"]);
  });

  test("an immutable column of a published invoice", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.invoices", [invoice("1", { issued_on: "2026-09-30" })]);
    expect(said(run())).toEqual(["billing.invoices 1 quarantined:issued_on.immutable"]);
    expect(state.of("billing.invoices").published.get("1")?.cells["issued_on"]).toBe("2026-10-05");
    show("billing.invoices", [invoice("1")]);
    expect(said(run())).toEqual([]);
    expect(waits(state, "billing.invoices")).toEqual([]);
  });
});

describe("claims", () => {
  test("two new rows with one id are both quarantined; the one that is left enters by itself", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1"), invoice("2", { invoice_id: "in_1" })]);
    expect(said(run())).toEqual([
      "billing.invoices 1 quarantined:invoice_id.unique",
      "billing.invoices 2 quarantined:invoice_id.unique",
    ]);
    expect(said(run({ kind: "full" }))).toEqual([]);
    show("billing.invoices", [invoice("1"), invoice("2")]);
    expect(said(run())).toEqual([]);
    expect(live(state, "billing.invoices").sort()).toEqual(["1", "2"]);
    expect(waits(state, "billing.invoices")).toEqual([]);
  });

  test("a published holder keeps its key, also when it changes in the same hour", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.invoices", [invoice("1", { status: "void" }), invoice("2", { invoice_id: "in_1" })]);
    expect(said(run())).toEqual(["billing.invoices 2 quarantined:invoice_id.unique"]);
    expect(state.of("billing.invoices").published.get("1")?.cells["status"]).toBe("void");
  });

  test("a row with another fault claims nothing", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1"), invoice("2", { invoice_id: "in_1", status: "zombie" })]);
    expect(said(run())).toEqual(["billing.invoices 2 quarantined:status.accepted"]);
    expect(live(state, "billing.invoices")).toEqual(["1"]);
  });

  test("when the holder vanishes, the loser enters in the same pass", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.invoices", [invoice("1"), invoice("2", { invoice_id: "in_1" })]);
    run();
    show("billing.invoices", [invoice("2", { invoice_id: "in_1" })]);
    expect(said(run({ kind: "keys" }))).toEqual(["billing.invoices 1 vanished"]);
    expect(live(state, "billing.invoices")).toEqual(["2"]);
  });
});

describe("copies", () => {
  test("an identical copy is a duplicate, once in the hour and again in a full read", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1"), invoice("1")]);
    expect(said(run())).toEqual(["r1|billing.invoices|duplicate|1"]);
    expect(said(run())).toEqual([]);
    expect(said(run({ kind: "full" }))).toEqual(["r3|billing.invoices|duplicate|1"]);
    expect(live(state, "billing.invoices")).toEqual(["1"]);
  });

  test("broken copies are recorded once", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1", { status: "zombie" }), invoice("1", { status: "zombie" })]);
    expect(said(run())).toEqual(["billing.invoices 1 quarantined:status.accepted"]);
    expect(waits(state, "billing.invoices")).toEqual(["1 quarantined"]);
  });

  test("an older version of a customer is set aside", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1", { row_version: "2" })]);
    run();
    show("billing.customers", [customer("1", { row_version: "1", segment: "smb" })]);
    expect(said(run())).toEqual([]);
    expect(state.of("billing.customers").published.get("1")?.cells["row_version"]).toBe("2");
  });
});

describe("waiting for parents", () => {
  test("an orphan is held, and released when its parent comes", () => {
    const { state, show, run } = source();
    show("billing.invoices", [invoice("1")]);
    show("billing.payments", [payment("1")]);
    expect(said(run())).toEqual([
      "billing.invoices 1 held:customer_id.foreign_key",
      "billing.payments 1 held:invoice_id.parent_quarantined",
    ]);
    expect(said(run({ kind: "full" }))).toEqual([]);
    show("billing.customers", [customer("1")]);
    expect(said(run())).toEqual([]);
    expect([live(state, "billing.invoices"), live(state, "billing.payments")]).toEqual([["1"], ["1"]]);
    expect(waits(state, "billing.payments")).toEqual([]);
  });

  test("the child of a quarantined parent is held; a corrected parent releases it", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1", { status: "zombie" })]);
    show("billing.payments", [payment("1")]);
    expect(said(run())).toEqual([
      "billing.invoices 1 quarantined:status.accepted",
      "billing.payments 1 held:invoice_id.parent_quarantined",
    ]);
    show("billing.invoices", [invoice("1")]);
    run();
    expect(live(state, "billing.payments")).toEqual(["1"]);
  });

  test("a stale or deleted parent is known", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1"), customer("2")]);
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.invoices", [invoice("1", { status: "zombie" })]);
    show("billing.customers", [customer("2")]);
    show("billing.payments", [payment("1")]);
    run({ kind: "keys" });
    show("billing.invoices", [invoice("1", { status: "zombie" }), invoice("2")]);
    run();
    expect([live(state, "billing.invoices"), live(state, "billing.payments")]).toEqual([["1", "2"], ["1"]]);
  });

  test("a held row that the source deletes is closed as vanished", () => {
    const { state, show, run } = source();
    show("billing.payments", [payment("1")]);
    run();
    show("billing.payments", []);
    expect(said(run())).toEqual([]);
    expect(said(run({ kind: "keys" }))).toEqual(["billing.payments 1 vanished"]);
    expect(waits(state, "billing.payments")).toEqual([]);
  });

  test("a held row that loses a claim becomes quarantined", () => {
    const { state, show, run } = source();
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.invoices", [invoice("1"), invoice("2", { invoice_id: "in_1" })]);
    expect(said(run())).toContain("billing.invoices 1 quarantined:invoice_id.unique");
    expect(waits(state, "billing.invoices").sort()).toEqual(["1 quarantined", "2 quarantined"]);
  });
});

describe("runs", () => {
  const ahead = "2026-10-05 03:00:00+00";
  const behind = "2026-10-02 00:00:00+00";

  test("a clock ahead is read again and unchanged; a clock behind waits for the full read", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1")]);
    show("billing.invoices", [invoice("1")]);
    run();
    show("billing.payments", [payment("1", { updated_at: ahead }), payment("2", { updated_at: behind })]);
    expect(said(run())).toEqual([]);
    expect(live(state, "billing.payments")).toEqual(["1"]);
    expect(said(run())).toEqual(["r3|billing.payments|unchanged|1"]);
    expect(said(run({ kind: "full" }))).toEqual(["billing.payments 2 late", "r4|billing.payments|unchanged|1"]);
    expect(live(state, "billing.payments")).toEqual(["1", "2"]);
  });

  test("a retyped column and a mass delete stop the run, and the next one catches up", () => {
    const { state, show, run } = source();
    show("billing.customers", [customer("1"), customer("2")]);
    run();
    show("billing.customers", [customer("1"), customer("2"), customer("3")]);
    const drift = run({ retyped: ["billing.invoices.tax_minor"] });
    expect([drift.exitCode, said(drift)]).toEqual([10, ["r2|gate:drift/billing.invoices"]]);
    const before = customer("1");
    show("billing.customers", [before]);
    const gone = run({ kind: "keys", vanishedShare: 0.05 });
    expect([gone.exitCode, said(gone)]).toEqual([10, ["r3|gate:vanished_share/billing.customers"]]);
    show("billing.customers", [before, customer("2"), customer("3")]);
    expect(run().exitCode).toBe(0);
    expect(live(state, "billing.customers")).toEqual(["1", "2", "3"]);
  });

  test("an hour without changes publishes without changes", () => {
    const { show, run } = source();
    show("billing.customers", [customer("1")]);
    run();
    expect([...run().units]).toEqual([[`r2|${QUIET}`, "empty_hour"]]);
  });
});
