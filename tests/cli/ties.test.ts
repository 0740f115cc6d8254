import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { BreaksDocument, ExplainDocument } from "../../src/documents/breaks.ts";
import type { CloseDocument } from "../../src/documents/close-report.ts";
import type { TieDocument } from "../../src/documents/ties.ts";
import { changeByHand } from "../support/by-hand.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

const shapes = documentedShapes();

const side = (name: string, select: string, more = "") => `      - { name: ${name}, select: "${select}"${more} }`;

/** Payments beside the invoices that they are for, and one tie whose query fans out. */
const TIES = `ties:
  paid_invoices:
    about: Invoices that are paid, and what was paid for them
    owner: finance-systems
    key: [invoice_id]
    sides:
${side("invoices", "select invoice_id, id, currency, amount_paid_minor as amount_minor, issued_on as on_day from staging.billing_invoices where status = 'paid'")}
${side("payments", "select invoice_id, id, currency, amount_minor, posted_on as on_day from staging.billing_payments", ", adds_up: true")}
  fanned:
    about: Two tables without their join
    owner: finance-systems
    key: [customer_id]
    sides:
${side("customers", "select c.customer_id, c.id, c.currency, c.balance_minor as amount_minor, cast(c.created_at as date) as on_day from staging.billing_customers c join staging.billing_subscriptions s on s.currency = c.currency")}
${side("same", "select customer_id, id, currency, balance_minor as amount_minor, cast(created_at as date) as on_day from staging.billing_customers")}
`;

let place: ProgramPlace;
let pipeline: string;

const at = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);

async function json<T>(shape: string, ...args: string[]): Promise<T & { code: number }> {
  const { code, document } = await place.json(...args, "--pipeline", pipeline);
  expect(misfits(shapes.get(shape) ?? "null", document)).toEqual([]);
  return { code, ...(document as T) };
}

const ties = (...args: string[]) => json<{ ties: readonly TieDocument[] }>("reconcile ties", "reconcile", "ties", ...args);

beforeAll(async () => {
  place = await emptyPlace();
  const client = await place.billing.client();
  await client.query(`${ROWS};${SETTLED};update billing.payments set amount_minor = 5830 where id = 3`);
  pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  await at("up");
  expect((await at("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

test("a pipeline without ties says how they are named, and an unknown one what there is", async () => {
  const none = await at("reconcile", "ties");
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("the pipeline has no ties")]);
  writeFileSync(join(pipeline, "ties.yaml"), TIES);
  const unknown = await at("reconcile", "ties", "payed_invoices");
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "paid_invoices"?')]);
  expect((await at("reconcile", "ties", "--period", "2026")).code).toBe(2);
});

test("a tie is shown by month, and its keys with what each side says; one whose query fans out says so", async () => {
  const { code, out } = await at("reconcile", "ties");
  expect(code).toBe(10);
  expect(out).toMatch(/paid_invoices, DIFFERENT: Invoices that are paid/);
  expect(out).toMatch(/2026-11 +1107\.89 EUR +1049\.57 EUR +58\.32 EUR +17 +2\n/);
  expect(out).toMatch(/inv_9 +missing +58\.31 EUR, 2026-11-02, 9 *\n/);
  expect(out).toMatch(/inv_3 +amount +58\.31 EUR, 2026-11-02, 3 +58\.30 EUR, 2026-11-03, 3\n/);
  expect(out).toContain("side customers gives 380 of its 400 rows again: its query fans out");
  const { ties: found } = await ties("paid_invoices", "--by", "day", "--class", "missing");
  expect(found.map(({ tie, result, more }) => [tie, result, more])).toEqual([["paid_invoices", "different", 0]]);
  expect([...new Set(found[0]?.lines.map(({ period, side: name }) => `${period} ${name}`))]).toEqual([
    "2026-11-02 invoices",
    "2026-11-03 payments",
  ]);
  expect(found[0]?.keys.map(({ key, sides }) => [key, sides.map((cell) => cell?.minor ?? null)])).toEqual([
    [{ invoice_id: "inv_9" }, [5831, null]],
  ]);
  const ofDay = await at("reconcile", "ties", "paid_invoices", "--period", "2026-11-03");
  expect(ofDay.out).toMatch(/\n2026-11-03 +0\.00 EUR/);
  expect((await at("reconcile", "ties", "paid_invoices", "--period", "2026-09")).out).toContain(
    "no row on any side on a day of 2026-09",
  );
  for (const wrong of ["2026-02-30", "2026-13"]) expect((await at("reconcile", "ties", "--period", wrong)).code).toBe(2);
  const ofOther = await ties("paid_invoices", "--period", "2026-10");
  expect([ofOther.ties[0]?.lines, ofOther.ties[0]?.keys]).toEqual([[], []]);
  const csv = await at("reconcile", "ties", "paid_invoices", "--csv");
  expect(csv.out).toMatch(
    /^tie,period,side,currency,class,keys,rows,minor\npaid_invoices,2026-11,invoices,EUR,amount,1,1,5831\n/,
  );
});

test("what is untied is kept as breaks with both sides, told by the report, and heals in one of the systems", async () => {
  const night = await at("reconcile", "run", "--leg", "R3");
  expect([night.code, night.out]).toEqual([10, expect.stringMatching(/R3 +paid_invoices +what several sides say/)]);
  expect(night.out).toMatch(/\n {2}invoice_id inv_9\n/);
  const { breaks } = await json<BreaksDocument>("reconcile breaks", "reconcile", "breaks");
  expect(breaks.map(({ class: is, of, key }) => `${is} ${of} ${key["invoice_id"]}`).sort()).toEqual([
    "amount paid_invoices inv_3",
    "missing_on_a_side paid_invoices inv_9",
  ]);
  const cent = breaks.find(({ class: is }) => is === "amount");
  const explained = await json<ExplainDocument>("reconcile explain", "reconcile", "explain", cent?.break_id ?? "");
  expect(explained.next[0]).toBe("ledgerloop reconcile ties paid_invoices");
  const { out } = await at("reconcile", "explain", cent?.break_id ?? "");
  expect(out).toMatch(/invoices 58\.31 EUR, payments 58\.30 EUR, invoices less payments 0\.01 EUR/);
  expect(out).toMatch(/column +invoices +payments\n/);
  const heal = await at("reconcile", "heal", cent?.break_id ?? "");
  expect([heal.code, heal.out]).toEqual([10, expect.stringContaining("is put right in one of them")]);
  const html = join(place.folder, "close.html");
  const report = await json<CloseDocument>("reconcile report", "reconcile", "report", "--html", html, "--period", "2026-11");
  expect(report.ties.map(({ tie, result }) => `${tie} ${result}`)).toEqual(["fanned not_proven", "paid_invoices different"]);
  // Of a tie that the pipeline has no more there is nothing to look at.
  const gone = await place.ledgerloop("reconcile", "explain", cent?.break_id ?? "");
  expect(gone.out).toMatch(/next[\s\S]*ledgerloop reconcile accept brk_/);
  expect(gone.out).not.toMatch(/reconcile (ties|recheck|heal)/);
  // Billing puts its own side right.
  const client = await place.billing.client();
  await client.query("update billing.invoices set amount_paid_minor = 5830 where id = 3");
  await client.query("update billing.invoices set status = 'open', amount_paid_minor = 0 where id = 9");
  expect((await at("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
  await at("reconcile", "run", "--feed", "paid_invoices");
  expect((await json<BreaksDocument>("reconcile breaks", "reconcile", "breaks")).breaks).toEqual([]);
});

test("a tie that a heal puts right is compared again behind it", async () => {
  await changeByHand(place.folder, ["update staging.billing_payments__rows set amount_minor = 5829, _minor = 5829 where id = 4"]);
  await at("reconcile", "run", "--leg", "R1", "R3");
  const found = async () =>
    (await json<BreaksDocument>("reconcile breaks", "reconcile", "breaks")).breaks.map(({ class: is, of }) => `${is} ${of}`);
  expect((await found()).sort()).toEqual(["amount billing.payments", "amount paid_invoices"]);
  await at("reconcile", "heal", "--class", "amount", "--feed", "billing.payments");
  expect(await found()).toEqual([]);
});

interface Mistake {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly and?: readonly [from: string, to: string];
  readonly says: string;
}

/** How the side of payments says what it gives. */
const PAYMENTS =
  'select: "select invoice_id, id, currency, amount_minor, posted_on as on_day from staging.billing_payments", adds_up: true';

const MISTAKES: readonly Mistake[] = [
  {
    ...{ what: "no column on_day", from: "issued_on as on_day from", to: "issued_on from" },
    says: "side invoices of the tie paid_invoices gives no column on_day",
  },
  {
    ...{ what: "an unknown relation", from: "from staging.billing_payments", to: "from staging.payments" },
    says: 'staging relation "payments"',
  },
  {
    ...{ what: "a personal key", from: "select invoice_id, id, currency, amount_minor" },
    to: "select receipt_email as invoice_id, id, currency, amount_minor",
    says: "which is made of personal values",
  },
  { what: "an owner that nobody is", from: "owner: finance-systems", to: "owner: nobody", says: 'owner "nobody"' },
  {
    ...{ what: "a side twice", from: "name: payments", to: "name: invoices" },
    says: "two sides of the tie paid_invoices are called invoices",
  },
  {
    ...{
      what: "a personal currency",
      from: "id, currency, amount_paid_minor",
      to: "id, customer_email as currency, amount_paid_minor",
    },
    says: "gives currency, which is made of personal values",
  },
  {
    ...{ what: "a personal day", from: "issued_on as on_day from", to: "cast(customer_email as date) as on_day from" },
    says: "gives on_day, which is made of personal values",
  },
  {
    ...{
      what: "an id of a relation that nobody publishes",
      from: "invoice_id, id, currency, amount_minor, posted_on as on_day from staging.billing_payments",
    },
    to: "invoice_id, source_key as id, currency, amount_minor, posted_on as on_day from raw.billing_payments",
    says: "what side payments of the tie paid_invoices gives",
  },
  {
    ...{
      what: "a whole row for an id",
      from: "select invoice_id, id, currency, amount_minor, posted_on as on_day from staging.billing_payments",
    },
    to: "select invoice_id, p as id, currency, amount_minor, posted_on as on_day from staging.billing_payments p",
    says: "of the tie paid_invoices gives",
  },
  {
    ...{
      what: "FROM first",
      from: "select invoice_id, id, currency, amount_minor, posted_on as on_day from staging.billing_payments",
    },
    to: "select * from (from staging.billing_payments select invoice_id, receipt_email as id, currency, amount_minor, posted_on as on_day)",
    says: "paid_invoices",
  },
  {
    ...{ what: "a side that is called like a column of what is printed", from: "name: payments", to: "name: difference" },
    says: "another name: period, difference",
  },
  {
    ...{ what: "files of a feed that nobody knows", from: PAYMENTS, to: "rows_of: partners.remitances, lags_days: 0" },
    says: 'feed "partners.remitances"',
  },
  {
    ...{ what: "files of a feed that has none", from: PAYMENTS, to: "rows_of: billing.payments, lags_days: 0" },
    says: "side payments of the tie paid_invoices is of billing.payments, which has no files that say what they come to",
  },
  {
    ...{ what: "files under another key", from: PAYMENTS, to: "rows_of: partners.remittances, lags_days: 0" },
    says: "side payments of the tie paid_invoices is tied file by file",
  },
  {
    ...{ what: "files beside a query", from: ", adds_up: true", to: ", adds_up: true, files: partners.remittances" },
    says: "side payments of the tie paid_invoices has several things that say what it gives",
  },
  {
    ...{ what: "rows of files that no side tells of", from: "[invoice_id]\n    sides:", to: "[file]\n    sides:" },
    ...{ and: [PAYMENTS, "rows_of: partners.remittances"] as const },
    says: "has the rows of files of partners.remittances that no side tells of",
  },
  {
    ...{ what: "files that lag behind", from: PAYMENTS, to: "files: partners.remittances, lags_days: 1" },
    says: "side payments of the tie paid_invoices lags behind",
  },
  {
    ...{ what: "a side of nothing", from: PAYMENTS, to: "lags_days: 0" },
    says: "side payments of the tie paid_invoices has nothing that says what it gives",
  },
  { what: "no SELECT", from: "select customer_id, id", to: "delete customer_id, id", says: "does not start with SELECT" },
];

test.each(MISTAKES)("ties.yaml with $what is refused with its place", async ({ from, to, and: [also, by] = ["", ""], says }) => {
  const wrong = TIES.replace(from, to).replace(also, by);
  expect(wrong).not.toBe(TIES);
  writeFileSync(join(pipeline, "ties.yaml"), wrong);
  const { code, err } = await at("reconcile", "ties");
  expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  expect(err).toMatch(/ties\.yaml:\d+/);
});
