import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { BreakDocument, BreaksDocument, ExplainDocument } from "../../src/documents/breaks.ts";
import type { HealDocument, HealedUnaskedDocument } from "../../src/documents/heal.ts";
import type { ReconcileDocument } from "../../src/documents/proof.ts";
import { changeByHand } from "../support/by-hand.ts";
import { atSource as runAtSource, unstamped as runUnstamped } from "./at-source.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

const shapes = documentedShapes();

let place: ProgramPlace;

const atSource = (...statements: readonly string[]) => runAtSource(place, statements);

/** Statements at the source that leave no stamp: no hourly run sees them. */
const unstamped = (...statements: readonly string[]) => runUnstamped(place, statements);

const byHand = (...statements: readonly string[]) => changeByHand(place.folder, statements);

const night = () => place.ledgerloop("reconcile", "run");

async function breaks(...args: string[]): Promise<readonly BreakDocument[]> {
  const { document } = await place.json("reconcile", "breaks", ...args);
  return (document as BreaksDocument).breaks;
}

const text = ({ class: is, of, key }: BreakDocument) => [is, of, ...Object.values(key)].join(" ");

async function healed(...args: string[]): Promise<HealDocument & { code: number }> {
  const { code, document } = await place.json("reconcile", "heal", ...args);
  expect(misfits(shapes.get("reconcile heal") ?? "null", document)).toEqual([]);
  return { code, ...(document as HealDocument) };
}

async function asked(sql: string): Promise<string[][]> {
  const { document } = await place.json("query", sql);
  return (document as Record<string, string | null>[]).map((row) => Object.values(row).map((value) => value ?? "NULL"));
}

beforeAll(async () => {
  place = await emptyPlace();
  await atSource(`${ROWS};${SETTLED}`);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  expect((await night()).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

test("without a break there is nothing to heal, and what is meant must be said", async () => {
  expect(await healed("--class", "amount")).toMatchObject({ code: 0, dry_run: true, healed: [], runs: [] });
  expect((await place.ledgerloop("reconcile", "heal")).code).toBe(2);
  expect((await place.ledgerloop("reconcile", "heal", "brk_0000000000", "--class", "amount")).code).toBe(2);
  expect((await place.ledgerloop("reconcile", "heal", "brk_0000000000")).code).toBe(2);
  expect((await place.ledgerloop("reconcile", "heal", "--class", "amount", "--feed", "nobody")).code).toBe(2);
});

test("what the source changed below its cursor, and what another hand did to published rows, is put right by its keys alone", async () => {
  await unstamped(
    "update billing.invoices set subtotal_minor = 4899, amount_due_minor = 5830, amount_paid_minor = 5830 where id = 2",
    "update billing.invoices set description = 'by the branch' where id = 4",
    "update billing.invoices set description = 'while it waits' where id = 7",
    "insert into billing.subscriptions select * from billing.subscriptions where id = 5",
    "update billing.subscriptions set id = 99, subscription_id = 'sub_99' where ctid = (select max(ctid) from billing.subscriptions where id = 5)",
  );
  await byHand(
    "update staging.billing_payments__rows set amount_minor = amount_minor + 1, _minor = _minor + 1 where id = 4",
    "update staging.billing_payments__rows set _minor = _minor + 1 where id = 5",
    "delete from staging.billing_customers__rows where id = 6",
    "update curated.subscription__rows set plan_id = 'team ' where subscription_id = 'sub_8'",
    "delete from curated.subscription__rows where subscription_id = 'sub_9'",
  );
  expect((await night()).code).toBe(10);
  const found = (await breaks()).map(text).sort();
  expect(found).toEqual([
    "amount billing.invoices 2",
    "amount billing.payments 4",
    "attribute billing.invoices 4",
    "missing_in_warehouse billing.customers 6",
    "missing_in_warehouse billing.subscriptions 99",
    "model customer cus_6",
    "model payment pay_4",
    "model subscription sub_8",
    "model subscription sub_9",
    "tampered billing.payments 5 pay_5",
    "unexplained billing.customers",
    "unexplained billing.payments",
    "unexplained billing.payments",
    "waiting_differs billing.invoices 7",
  ]);
  const [one] = await breaks("--class", "amount", "--feed", "billing.invoices");
  const id = one?.break_id ?? "";
  const planned = await healed(id, "--dry-run");
  expect(planned).toMatchObject({ code: 0, dry_run: true, runs: [], keys: [{ of: "billing.invoices", by: "source", keys: 1 }] });
  expect((await breaks()).length).toBe(found.length);
  const { next } = (await place.json("reconcile", "explain", id)).document as ExplainDocument;
  expect(next).toEqual([
    "ledgerloop show row billing.invoices 2",
    `ledgerloop reconcile heal ${id}`,
    expect.stringContaining("ledgerloop reconcile recheck"),
  ]);
  // Other feeds of the group are not as the ledger left them: nothing is published over that.
  const alone = await place.ledgerloop("reconcile", "heal", id);
  expect([alone.code, alone.out]).toEqual([10, expect.stringContaining("identity_stock/billing.payments/EUR")]);
  // One of two changed rows of a feed: what stays behind must be said.
  const [half] = await breaks("--class", "amount", "--feed", "billing.payments");
  const partly = await place.ledgerloop("reconcile", "heal", half?.break_id ?? "");
  expect([partly.code, partly.out]).toEqual([
    10,
    expect.stringContaining("restated/billing.payments: 1 published row was changed by another hand; beside what is healed"),
  ]);
  const first = await healed("--class", "amount", "tampered", "missing_in_warehouse");
  expect(first.code).toBe(0);
  expect(first.healed.map((one) => `${one.open} ${text(one)}`).sort()).toEqual([
    "false amount billing.invoices 2",
    "false amount billing.payments 4",
    "false missing_in_warehouse billing.customers 6",
    "false missing_in_warehouse billing.subscriptions 99",
    "false tampered billing.payments 5 pay_5",
  ]);
  expect(first.runs.map(({ outcome }) => outcome)).toEqual(["published"]);
  expect(await asked("select amount_due_minor from curated.invoice where invoice_id = 'inv_2'")).toEqual([["5830"]]);
  expect(await asked("select kind, actor from ops.publication where number = 2")).toEqual([["heal", "tester"]]);
  // What stood in a curated row until then is told by the publication that replaced it.
  expect(await asked("select amount_due_minor, _to_publication from history.invoice where invoice_id = 'inv_2'")).toEqual([
    ["5831", "2"],
  ]);
  const told = await asked("select subject from ops.audit_event where event = 'break.healed'");
  expect(told.flat().sort()).toEqual(first.healed.map(({ break_id }) => break_id).sort());
  const rest = await place.ledgerloop("reconcile", "heal", "--class", "attribute", "waiting_differs", "model");
  expect([rest.code, rest.out]).toEqual([0, expect.stringMatching(/\n\d healed\n$/)]);
  expect([(await night()).code, await breaks()]).toEqual([0, []]);
  expect((await place.ledgerloop("run")).code).toBe(0);
  expect((await night()).code).toBe(0);
});

test("rows of a curated table that stand twice are made one again, and a history that is not what it was is not healed", async () => {
  await byHand(
    "insert into curated.subscription__rows select * from curated.subscription__rows where subscription_id = 'sub_10'",
    "update history.invoice set status = 'void' where invoice_id = 'inv_2'",
  );
  await night();
  const found = await breaks();
  expect(found.map(text).sort()).toEqual(["history invoice", "model subscription sub_10"]);
  const both = await healed(...found.map(({ break_id }) => break_id));
  expect(both.code).toBe(10);
  expect(both.not_healed.map((one) => one.break.class)).toEqual(["history"]);
  expect(await asked("select count(*) from curated.subscription where subscription_id = 'sub_10'")).toEqual([["1"]]);
  await byHand("update history.invoice set status = 'paid' where invoice_id = 'inv_2'");
  expect([(await night()).code, await breaks()]).toEqual([0, []]);
});

test("a break that is healed twice in a week is recurring, and what the pipeline says is healed unasked until then", async () => {
  const pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const file = join(pipeline, "pipeline.yaml");
  // One of twenty rows is more than the group lets vanish.
  const wide = readFileSync(file, "utf8").replace("vanished_share: 0.05", "vanished_share: 0.5");
  writeFileSync(file, `${wide}reconcile: { heal: { automatic: [model], deletes: 0 } }\n`);
  const again = () => byHand("update curated.subscription__rows set plan_id = 'none' where subscription_id = 'sub_11'");
  for (const once of ["first", "second"]) {
    await again();
    const { code, document } = await place.json("reconcile", "run", "--pipeline", pipeline);
    expect(misfits(shapes.get("reconcile run") ?? "null", document)).toEqual([]);
    const { healed: unasked } = document as ReconcileDocument & { healed: HealedUnaskedDocument | null };
    expect([once, code, unasked?.breaks.map(({ open }) => open), unasked?.runs.length]).toEqual([once, 0, [false], 1]);
  }
  await again();
  expect((await place.ledgerloop("reconcile", "run", "--pipeline", pipeline)).code).toBe(10);
  const [one] = await breaks();
  expect(one?.healed_at.length).toBe(2);
  expect((await place.ledgerloop("reconcile", "breaks")).out).toMatch(/sub_11 .* open, recurring\n/);
  const { out } = await place.ledgerloop("reconcile", "explain", one?.break_id ?? "");
  expect(out).toContain("healed 2 times in a week: its cause is elsewhere");
  const by = await place.ledgerloop("reconcile", "heal", one?.break_id ?? "");
  expect([by.code, by.out]).toEqual([0, expect.stringContaining("was healed before within a week")]);
  expect((await place.ledgerloop("reconcile", "run", "--pipeline", pipeline)).code).toBe(0);
});

test("a key that is gone at the source is taken out with a reason where more is not declared", async () => {
  const pipeline = join(place.folder, "pipeline");
  await unstamped("update billing.payments set method = 'other' where id = 12");
  await night();
  const [one] = await breaks();
  expect(text(one as BreakDocument)).toBe("attribute billing.payments 12");
  await atSource("delete from billing.payments where id = 12");
  const id = one?.break_id ?? "";
  const refused = await place.ledgerloop("reconcile", "heal", id, "--pipeline", pipeline);
  expect([refused.code, refused.out]).toEqual([10, expect.stringContaining("healed_deletes/billing.payments: 1 row taken out")]);
  expect((await healed(id, "--pipeline", pipeline, "--reason", "refunded in the branch", "--ticket", "FIN-9")).code).toBe(0);
  expect(await asked("select count(*) from curated.payment where payment_id = 'pay_12'")).toEqual([["0"]]);
  expect((await night()).code).toBe(0);
});
