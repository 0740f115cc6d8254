import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { BreaksDocument } from "../../src/documents/breaks.ts";
import type { TermsDocument } from "../../src/documents/terms.ts";
import type { Term } from "../../src/proofs/terms.ts";
import { documentedShapes, misfits } from "../cli/shape.ts";
import { emptyPlace, type ProgramPlace, ROWS, SETTLED } from "../cli/small-run.ts";
import { changeByHand } from "../support/by-hand.ts";

const shapes = documentedShapes();

let place: ProgramPlace;

/** Statements at the source that leave no stamp: as somebody writes who goes round the triggers. */
async function unstamped(...statements: readonly string[]): Promise<void> {
  const client = await place.billing.client();
  await client.query("set session_replication_role = replica");
  for (const sql of statements) await client.query(sql);
  await client.query("set session_replication_role = origin");
}

async function atSource(...statements: readonly string[]): Promise<void> {
  const client = await place.billing.client();
  for (const sql of statements) await client.query(sql);
}

const inWarehouse = (...statements: readonly string[]) => changeByHand(place.folder, statements);

async function termsOf(feed: string, ...args: string[]) {
  const { code, document } = await place.json("reconcile", "terms", feed, ...args);
  expect(misfits(shapes.get("reconcile terms") ?? "null", document)).toEqual([]);
  const { proof, terms } = document as TermsDocument;
  const keys = (term: Term) =>
    (terms.find((line) => line.term === term)?.listed ?? []).map(({ key, why, source, live }) =>
      [Object.values(key).join("|"), why, source?.minor ?? "none", live?.minor ?? "none"].filter((x) => x !== null).join(" "),
    );
  const sums = Object.fromEntries(
    (proof.equation?.terms ?? []).map((t) => [t.term, [t.source_rows, t.source_minor, t.live_rows, t.live_minor].join(" ")]),
  );
  return { code, proof, keys, sums };
}

beforeAll(async () => {
  place = await emptyPlace();
  await atSource(`${ROWS};${SETTLED}`);
  await place.ledgerloop("up");
  expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  await atSource("update billing.invoices set status = 'nonsense', amount_due_minor = 6000 where id = 8");
  expect((await place.ledgerloop("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
  return () => place[Symbol.asyncDispose]();
});

test("every row of the source is published, waits, or waits beside an older one", async () => {
  const invoices = await termsOf("billing.invoices", "--term", "waiting", "stale", "break");
  expect([invoices.code, invoices.proof.result, invoices.proof.says]).toEqual([0, "equal", []]);
  expect(invoices.keys("waiting")).toEqual(["7 5831 none"]);
  expect(invoices.keys("stale")).toEqual(["8 6000 5831"]);
  expect(invoices.sums).toEqual({
    equal: "18 104958 18 104958",
    stale: "1 6000 1 5831",
    waiting: "1 5831 0 0",
  });
  const payments = await termsOf("billing.payments");
  // Payment 7 waits for invoice 7, which waits itself; payment 9 for an invoice that nobody knows.
  expect(payments.keys("waiting")).toEqual(["7 5831 none", "9 5831 none"]);
});

test("an older row that stays while its newer one waits is held beside what was landed of it", async () => {
  const told = async () => {
    const found = await termsOf("billing.invoices", "--term", "stale", "break");
    return [found.proof.result, ...found.keys("stale"), ...found.keys("break")];
  };
  const rows = "staging.billing_invoices__rows";
  await inWarehouse(`update ${rows} set description = 'by hand' where id = 8`);
  expect(await told()).toEqual(["different", "8 altered 6000 5831"]);
  expect((await place.ledgerloop("reconcile", "run", "--leg", "R1", "--feed", "billing.invoices")).code).toBe(10);
  const { breaks } = (await place.json("reconcile", "breaks")).document as BreaksDocument;
  expect(breaks.map((one) => [one.class, one.why, one.key])).toEqual([["tampered", "altered", { id: "8" }]]);
  const id = breaks[0]?.break_id ?? "";
  const { out } = await place.ledgerloop("reconcile", "explain", id);
  expect(out).toMatch(/a newer row waits[\s\S]*quarantine list --feed billing\.invoices[\s\S]*reconcile accept/);
  const healed = await place.ledgerloop("reconcile", "heal", id);
  expect([healed.code, healed.out], healed.err).toEqual([10, expect.stringContaining("it goes once the newer one is mended")]);
  // A row whose hash does not speak for it, as where the source spells a value otherwise, is read in its batch.
  await inWarehouse(`update ${rows} set description = (select description from ${rows} where id = 10), _hash = 1 where id = 8`);
  expect(await told()).toEqual(["equal", "8 6000 5831"]);
  expect((await place.ledgerloop("reconcile", "run", "--leg", "R1", "--feed", "billing.invoices")).code).toBe(0);
});

test("what changed since it was read is in flight, what is gone waits for the next pass over the keys, a copy is set aside", async () => {
  await atSource(
    "update billing.customers set legal_name = 'another' where id = 1",
    "insert into billing.customers (id, customer_id, legal_name, email, phone, currency, balance_minor, delinquent) values (30, 'cus_30', 'new', 'x@example.test', null, 'EUR', 12, false)",
    "delete from billing.customers where id = 20",
  );
  await unstamped("insert into billing.customers select * from billing.customers where id = 2");
  const found = await termsOf("billing.customers");
  expect([found.code, found.proof.result, found.proof.rows]).toEqual([0, "equal", 21]);
  expect(found.keys("in_flight")).toEqual(["1 0 0", "30 12 none"]);
  expect(found.keys("delete_pending")).toEqual(["20 none 0"]);
  expect(found.keys("set_aside")).toEqual(["2 0 none"]);
  const { out } = await place.ledgerloop("reconcile", "terms", "billing.customers", "--term", "in_flight");
  expect(out).toContain(
    "source 21 rows 0.12 EUR = published 20 rows 0.00 EUR + set aside 1 rows 0.00 EUR + in flight 1 rows 0.12 EUR + delete pending -1 rows 0.00 EUR",
  );
  expect(out).toMatch(/in flight: 2 keys\nkey +source +published\n[^\n]*\nid 1 +0.00 EUR +0.00 EUR\nid 30 +0.12 EUR\n/);
  expect((await place.ledgerloop("run", "--keys")).code).toBe(10);
  await unstamped("delete from billing.customers where ctid = (select min(ctid) from billing.customers where id = 2)");
  expect((await place.ledgerloop("run", "--keys")).code).toBe(0);
  expect((await termsOf("billing.customers")).sums).toEqual({ equal: "20 12 20 12" });
});

/** What goes wrong where no run looks; how it is undone; the keys of the breaks. */
const BROKEN: readonly {
  readonly what: string;
  readonly feed: string;
  readonly source?: readonly [done: string, undone: string];
  readonly warehouse?: readonly [done: string, undone: string];
  readonly breaks: readonly string[];
}[] = [
  {
    what: "a row that no hourly run can see",
    feed: "billing.customers",
    source: [
      "insert into billing.customers (id, customer_id, legal_name, email, currency, balance_minor, delinquent, chg) values (99, 'cus_99', 'unseen', 'y@example.test', 'EUR', 0, false, '3')",
      "delete from billing.customers where id = 99",
    ],
    breaks: ["99 missing 0 none"],
  },
  {
    what: "a cent that changed at the source without a stamp",
    feed: "billing.invoices",
    source: [
      "update billing.invoices set amount_due_minor = amount_due_minor + 1 where id = 3",
      "update billing.invoices set amount_due_minor = amount_due_minor - 1 where id = 3",
    ],
    breaks: ["3 differs 5832 5831"],
  },
  {
    what: "two amounts that were swapped, so that every total is the same",
    feed: "billing.invoices",
    source: [
      "update billing.invoices set amount_due_minor = amount_due_minor + case id when 4 then 5 else -5 end where id in (4, 5)",
      "update billing.invoices set amount_due_minor = 5831 where id in (4, 5)",
    ],
    breaks: ["4 differs 5836 5831", "5 differs 5826 5831"],
  },
  {
    what: "another row of a key, with another business key, which a table without a primary key takes",
    feed: "billing.customers",
    source: [
      "insert into billing.customers (id, customer_id, legal_name, email, currency, balance_minor, delinquent, chg) select id, 'cus_other', legal_name, email, 'EUR', 7, false, chg from billing.customers where id = 4; insert into billing.customers select * from billing.customers where customer_id = 'cus_other'",
      "delete from billing.customers where customer_id = 'cus_other'",
    ],
    breaks: ["4 further 7 none"],
  },
  {
    what: "an empty text in place of NULL",
    feed: "billing.customers",
    source: ["update billing.customers set phone = '' where id = 30", "update billing.customers set phone = null where id = 30"],
    breaks: ["30 differs 12 12"],
  },
  {
    what: "a row that waits and is another one by now",
    feed: "billing.invoices",
    source: [
      "update billing.invoices set amount_due_minor = 1 where id = 7",
      "update billing.invoices set amount_due_minor = 5831 where id = 7",
    ],
    breaks: ["7 waits_otherwise 1 none"],
  },
  {
    what: "a name that somebody changed in the warehouse",
    feed: "billing.customers",
    warehouse: [
      "update staging.billing_customers__rows set legal_name = 'by hand' where id = 4",
      "update staging.billing_customers__rows set legal_name = 'Company 4' where id = 4",
    ],
    breaks: ["4 differs 0 0"],
  },
  {
    what: "a row that is live twice, and one that became a tombstone by hand",
    feed: "billing.payments",
    warehouse: [
      "insert into staging.billing_payments__rows select * from staging.billing_payments__rows where id = 2; update staging.billing_payments__rows set _deleted_at = now() where id = 5",
      "create table staging.kept as select distinct * from staging.billing_payments__rows where id = 2; delete from staging.billing_payments__rows where id = 2; insert into staging.billing_payments__rows select * from staging.kept; drop table staging.kept; update staging.billing_payments__rows set _deleted_at = null where id = 5",
    ],
    breaks: ["2 copy none 5831", "5 missing 5831 none"],
  },
];

test.each(BROKEN)("$what is a break, and nothing else is", async ({ feed, source, warehouse, breaks }) => {
  const [done = [], undone = []] = (source ?? warehouse ?? []).map((sql) => sql.split("; "));
  const act = source ? unstamped : inWarehouse;
  await act(...done);
  onTestFinished(() => act(...undone));
  const found = await termsOf(feed);
  expect([found.code, found.proof.result, found.proof.says]).toEqual([0, "different", []]);
  expect(found.keys("break")).toEqual(breaks);
  expect((await place.ledgerloop("reconcile", "run", "--leg", "R1", "--feed", feed)).code).toBe(10);
});

test("where nobody can compare it is said, and nothing is left behind", async () => {
  const away = { BILLING_URL: "postgres://nobody:x@127.0.0.1:1/none" };
  const { code, out } = await place.at(away, "reconcile", "run", "--leg", "R1");
  expect(code).toBe(20);
  expect(out).toMatch(/R1 +billing.customers +rows, with the source +0 +0 +not proven/);
  // What was landed of files is compared without them.
  expect(out).toMatch(/R1 +partners.remittances +rows, as the source's were landed +0 +0 +equal/);
  expect((await place.at(away, "reconcile", "terms", "partners.remittances")).code).toBe(0);
  const unknown = await place.ledgerloop("reconcile", "terms", "billing.invoces");
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "billing.invoices"?')]);
  const { document } = await place.json("clean", "--dry-run");
  expect(JSON.stringify(document)).not.toContain("reconcile_");
});

test("what changed while a trigger was off is named, although a run would have to read everything to bring it", async () => {
  await atSource(
    "alter table billing.subscriptions disable trigger stamp_change",
    "update billing.subscriptions set quantity = 2 where id = 6",
    "alter table billing.subscriptions enable trigger stamp_change",
    "update billing.subscriptions set quantity = 3 where id = 4",
  );
  const found = await termsOf("billing.subscriptions");
  expect([found.code, found.proof.result]).toEqual([0, "different"]);
  expect([found.keys("break"), found.keys("in_flight")]).toEqual([["6 differs 4900 4900"], ["4 4900 4900"]]);
});
