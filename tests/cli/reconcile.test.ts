import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { LastProofsDocument } from "../../src/documents/last-proofs.ts";
import type { ReconcileDocument } from "../../src/documents/proof.ts";
import type { RecheckDocument } from "../../src/documents/recheck.ts";
import { changeByHand } from "../support/by-hand.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SECRET_EMAIL, SETTLED, TOO_MUCH } from "./small-run.ts";

const shapes = documentedShapes();
const FIRST = "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z";

let place: ProgramPlace;

beforeAll(async () => {
  place = await emptyPlace();
  const client = await place.billing.client();
  await client.query(`${ROWS};${SETTLED}`);
  await place.ledgerloop("up");
  return () => place[Symbol.asyncDispose]();
});

const byHand = (...statements: readonly string[]) => changeByHand(place.folder, statements);

async function reconciled(...args: string[]) {
  const { code, document } = await place.json("reconcile", "run", ...args);
  expect(misfits(shapes.get("reconcile run") ?? "null", document)).toEqual([]);
  const { groups, ok } = document as ReconcileDocument;
  const proofs = groups.flatMap((group) => group.proofs);
  const told = proofs
    .filter(({ result }) => result !== "equal")
    .map(({ leg, of, differing, keys, says }) => {
      const named = keys.map(({ key, why }) => (why === null ? key : { ...key, why }));
      return `${leg} ${of} ${differing} ${JSON.stringify(named)} ${says.join()}`.trim();
    });
  return { code, ok, proofs, told };
}

test("before anything is published there is nothing to compare", async () => {
  const without = await place.ledgerloop("reconcile", "run");
  expect([without.code, without.err]).toEqual([2, expect.stringContaining("there is no warehouse at")]);
  const client = await place.billing.client();
  await client.query(TOO_MUCH);
  expect((await place.ledgerloop("run")).code).toBe(10);
  await client.query("update billing.invoices set amount_due_minor = 5831 where id between 1 and 3");
  const { code, err } = await place.ledgerloop("reconcile", "run");
  expect([code, err]).toEqual([20, expect.stringContaining("nothing has been published yet")]);
});

test("what was published is what its models give and what the ledger says, and a feed or table can be asked for alone", async () => {
  expect((await place.ledgerloop("run", "--window", FIRST)).code).toBe(0);
  const all = await reconciled();
  expect([all.code, all.ok, all.told]).toEqual([0, true, []]);
  expect(all.proofs.map(({ leg, of }) => `${leg} ${of}`)).toEqual([
    ...["customers", "subscriptions", "invoices", "payments"].flatMap((name) =>
      ["R1", "R4", "R4", "R4"].map((leg) => `${leg} billing.${name}`),
    ),
    ...["R1", "R4", "R4", "R4"].map((leg) => `${leg} partners.remittances`),
    ...["customer", "subscription", "invoice", "payment"].flatMap((table) => [`R2 ${table}`, `R4 ${table}`]),
  ]);
  expect(all.proofs.find(({ of }) => of === "customer")).toMatchObject({ rows: 20, result: "equal" });
  expect((await reconciled("--feed", "invoice")).proofs.map(({ of }) => of)).toEqual(["invoice", "invoice"]);
  const { code, err } = await place.ledgerloop("reconcile", "run", "--feed", "invoces");
  expect([code, err]).toEqual([2, expect.stringMatching(/there is no feed "invoces" here[\s\S]*invoice/)]);
  const { out } = await place.ledgerloop("reconcile", "run");
  expect(out).toMatch(
    /^group billing, publication 1\n[\s\S]*R2 +customer +live rows, with what the model gives +20 +0 +equal +all\n/,
  );
});

test("every comparison is kept, and what was compared last is shown", async () => {
  const shown = async () => {
    const { code, document } = await place.json("reconcile", "show");
    expect(misfits(shapes.get("reconcile show") ?? "null", document)).toEqual([]);
    const { proofs, never } = document as LastProofsDocument;
    return { code, never, proofs: new Map(proofs.map(({ leg, of, compares, last }) => [`${leg} ${of} ${compares}`, last])) };
  };
  const equal = await shown();
  expect([equal.code, equal.never]).toEqual([0, 0]);
  expect(equal.proofs.size).toBe((await reconciled()).proofs.length);
  const invoices = "R1 billing.invoices rows, with the source";
  expect(equal.proofs.get(invoices)).toMatchObject({ result: "equal", publication: 1, rows: 20, differing: 0, actor: "tester" });
  await byHand("update curated.invoice__rows set amount_due_minor = amount_due_minor + 1 where invoice_id = 'inv_3'");
  onTestFinished(() =>
    byHand("update curated.invoice__rows set amount_due_minor = amount_due_minor - 1 where invoice_id = 'inv_3'"),
  );
  await reconciled("--leg", "R2");
  const different = await shown();
  expect([different.code, different.proofs.get("R2 invoice live rows, with what the model gives")]).toMatchObject([
    10,
    { result: "different", differing: 1 },
  ]);
  expect(different.proofs.get(invoices)).toEqual((await shown()).proofs.get(invoices));
  const { out } = await place.ledgerloop("reconcile", "show");
  expect(out).toMatch(/R2 +invoice +live rows, with what the model gives +DIFFERENT +1 +20[^\n]*Z +\d+ +1\n/);
  expect(out).toContain("1 comparisons differ; next: `ledgerloop reconcile breaks`");
  const kept = await place.json(
    "query",
    "select result, detail from ops.proof where subject = 'invoice' order by proved_at desc limit 1",
    "--as-json",
  );
  expect(JSON.stringify(kept.document)).toContain("inv_3");
  const raw = await place.ledgerloop(
    "query",
    "select table_name from information_schema.tables where table_name like '%\\_\\_content' escape '\\' or table_name like '%\\_\\_again' escape '\\'",
  );
  expect(raw.out).toContain("(no rows)");
});

test("a comparison that was kept is made again alone, and says which side moved on since", async () => {
  const rechecked = async (id: string) => {
    const { code, document } = await place.json("reconcile", "recheck", id);
    expect(misfits(shapes.get("reconcile recheck") ?? "null", document)).toEqual([]);
    const { before, now, source, published } = document as RecheckDocument;
    expect(before.proof_id).toBe(id);
    return { code, id: now.proof_id ?? "", was: [before.result, now.result, source, published] };
  };
  const idOf = async (...args: string[]) => (await reconciled(...args)).proofs[0]?.proof_id ?? "";
  const first = await idOf("--feed", "billing.customers", "--leg", "R1");
  expect(await rechecked(first)).toMatchObject({ code: 0, was: ["equal", "equal", "same", "same"] });
  const client = await place.billing.client();
  await client.query(
    "alter table billing.customers disable trigger all; update billing.customers set email = email || '!' where id = 3",
  );
  const silent = await rechecked(first);
  expect(silent).toMatchObject({ code: 10, was: ["equal", "different", "moved", "same"] });
  const told = await place.ledgerloop("reconcile", "recheck", silent.id);
  expect(told.out).toMatch(/id 3: another row is published[\s\S]*nothing has changed: it ends as it did/);
  await client.query(
    "update billing.customers set email = rtrim(email, '!') where id = 3; alter table billing.customers enable trigger all",
  );
  expect(await rechecked(silent.id)).toMatchObject({ code: 0, was: ["different", "equal", "moved", "same"] });
  const table = await idOf("--feed", "invoice");
  const change = (by: string) =>
    byHand(`update curated.invoice__rows set amount_due_minor = amount_due_minor ${by} where invoice_id = 'inv_3'`);
  await change("+ 1");
  onTestFinished(() => change("- 1"));
  expect(await rechecked(table)).toMatchObject({ code: 10, was: ["equal", "different", "unknown", "unknown"] });
  const none = await place.ledgerloop("reconcile", "recheck", "reconcile_1/invoice/1/1");
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("no comparison reconcile_1/invoice/1/1 is kept")]);
});

/** What somebody does by hand to what is published; how it is undone; what must be told of it. */
const TAMPERED: readonly {
  readonly what: string;
  readonly done: string;
  readonly undone: string;
  readonly told: readonly string[];
}[] = [
  {
    what: "a cent in a curated table",
    done: "update curated.invoice__rows set amount_due_minor = amount_due_minor + 1 where invoice_id = 'inv_3'",
    undone: "update curated.invoice__rows set amount_due_minor = amount_due_minor - 1 where invoice_id = 'inv_3'",
    told: ['R2 invoice 1 [{"invoice_id":"inv_3"}]'],
  },
  {
    what: "a name in a curated table",
    done: "update curated.customer__rows set legal_name = 'another' where customer_id = 'cus_3'",
    undone: "update curated.customer__rows set legal_name = 'Company 3' where customer_id = 'cus_3'",
    told: ['R2 customer 1 [{"customer_id":"cus_3"}]'],
  },
  {
    what: "a cent in staging",
    done: "update staging.billing_payments__rows set amount_minor = amount_minor + 1 where payment_id = 'pay_4'",
    undone: "update staging.billing_payments__rows set amount_minor = amount_minor - 1 where payment_id = 'pay_4'",
    told: [
      'R1 billing.payments 1 [{"id":"4","why":"differs"}]',
      'R4 billing.payments 1 [{"id":"4","payment_id":"pay_4"}]',
      'R2 payment 1 [{"payment_id":"pay_4"}]',
    ],
  },
  {
    what: "a cent in the money beside a row, which the ledger misses too",
    done: "update staging.billing_payments__rows set _minor = _minor + 1 where payment_id = 'pay_4'",
    undone: "update staging.billing_payments__rows set _minor = _minor - 1 where payment_id = 'pay_4'",
    told: [
      "R1 billing.payments 0 [] EUR: rows that are equal have at the source 18 rows, 104958 minor units, published 18 rows, 104959 minor units",
      "R4 billing.payments 0 [] EUR: 18 rows, 104959 minor units; the ledger has 18, 104958",
      'R4 billing.payments 1 [{"id":"4","payment_id":"pay_4"}]',
    ],
  },
  {
    what: "a row that is lost in staging",
    done: "create table staging.kept as select * from staging.billing_customers__rows where id = 5; delete from staging.billing_customers__rows where id = 5",
    undone: "insert into staging.billing_customers__rows select * from staging.kept; drop table staging.kept",
    told: [
      'R1 billing.customers 1 [{"id":"5","why":"missing"}]',
      "R4 billing.customers 0 [] EUR: 19 rows, 0 minor units; the ledger has 20, 0",
      'R2 customer 1 [{"customer_id":"cus_5"}]',
    ],
  },
  {
    what: "a curated row that is there twice, one that is gone, and one that became a tombstone",
    done: `insert into curated.subscription__rows select * from curated.subscription__rows where subscription_id = 'sub_2';
      create table curated.kept as select distinct * from curated.subscription__rows where subscription_id in ('sub_2', 'sub_8');
      delete from curated.subscription__rows where subscription_id = 'sub_8';
      update curated.subscription__rows set deleted_at = now() where subscription_id = 'sub_9'`,
    undone: `delete from curated.subscription__rows where subscription_id in ('sub_2', 'sub_8');
      insert into curated.subscription__rows select * from curated.kept;
      drop table curated.kept;
      update curated.subscription__rows set deleted_at = null where subscription_id = 'sub_9'`,
    told: ['R2 subscription 3 [{"subscription_id":"sub_2"},{"subscription_id":"sub_8"},{"subscription_id":"sub_9"}]'],
  },
];

test.each(TAMPERED)("$what is told by its leg and its key", async ({ done, undone, told }) => {
  await byHand(...done.split(";"));
  onTestFinished(() => byHand(...undone.split(";")));
  const found = await reconciled();
  expect([found.code, found.ok, found.told]).toEqual([10, false, told]);
  const { out } = await place.ledgerloop("reconcile", "run");
  expect(out).toContain("DIFFERENT");
  expect(out).toContain("next: `ledgerloop reconcile breaks`");
  expect(out).not.toContain(SECRET_EMAIL);
});

test("a key cannot steer the terminal, and of many keys twenty are named", async () => {
  const added = "'x' || chr(27) || '[2J' || chr(10) || n";
  await byHand(
    `insert into curated.customer__rows select c.* replace (${added} as customer_id) from curated.customer__rows c, generate_series(1, 25) g(n) where c.customer_id = 'cus_1'`,
  );
  onTestFinished(() => byHand("delete from curated.customer__rows where customer_id like 'x%'"));
  const { out } = await place.ledgerloop("reconcile", "run", "--feed", "customer");
  expect(out).toContain("customer_id x·[2J⏎1\n");
  expect(out).toContain("and 5 more keys");
  expect(out).not.toContain("\u001b[2J");
});

test("after a run by which all is as it was, all is equal again", async () => {
  expect((await place.ledgerloop("run")).code).toBe(0);
  expect((await reconciled()).told).toEqual([]);
});

test("what differs in a curated table alone is written again by a recompute, as the page says", async () => {
  await byHand(
    "update curated.invoice__rows set amount_due_minor = amount_due_minor + 1 where invoice_id = 'inv_3'",
    "delete from curated.invoice__rows where invoice_id = 'inv_4'",
    "insert into curated.invoice__rows select * from curated.invoice__rows where invoice_id = 'inv_5'",
  );
  expect((await reconciled()).told).toEqual([
    'R2 invoice 3 [{"invoice_id":"inv_3"},{"invoice_id":"inv_4"},{"invoice_id":"inv_5"}]',
  ]);
  const { code, err } = await place.ledgerloop("run", "--recompute", "invoice", "--reason", "a cent changed by hand");
  expect(code, err).toBe(0);
  expect((await reconciled()).told).toEqual([]);
});

/** What another hand does to a feed's table, and what a full read says of it. */
const BY_ANOTHER_HAND: readonly {
  readonly what: string;
  readonly done: readonly string[];
  readonly feed: string;
  readonly says: string;
}[] = [
  {
    what: "a cent in staging",
    done: ["update staging.billing_payments__rows set amount_minor = amount_minor + 1 where payment_id = 'pay_4'"],
    feed: "billing.payments",
    says: "1 published rows were changed by another hand (id 4, payment_id pay_4)",
  },
  {
    what: "a cent in the money beside a row",
    done: ["update staging.billing_payments__rows set _minor = _minor + 1 where payment_id = 'pay_4'"],
    feed: "billing.payments",
    says: "1 published rows were changed by another hand (id 4, payment_id pay_4); EUR: 18 rows, 104959 minor units where the ledger left 18 rows, 104958 minor units",
  },
  {
    what: "a name",
    done: ["update staging.billing_customers__rows set legal_name = 'by hand' where id in (3, 4)"],
    feed: "billing.customers",
    says: "2 published rows were changed by another hand (id 3, customer_id cus_3; id 4, customer_id cus_4)",
  },
  {
    what: "a row that is lost",
    done: ["delete from staging.billing_customers__rows where id = 5"],
    feed: "billing.customers",
    says: "EUR: 19 rows, 0 minor units where the ledger left 20 rows, 0 minor units",
  },
];

test.each(BY_ANOTHER_HAND)(
  "a full read does not publish over $what, but says so, until somebody decides it",
  async ({ done, feed, says }) => {
    await byHand(...done);
    const blocked = await place.json("run", "--full");
    const { gates } = blocked.document as {
      gates: readonly { name: string; feed?: string; verdict: string; observed: string }[];
    };
    const failed = gates.filter(({ verdict }) => verdict === "fail");
    expect([blocked.code, failed.map((g) => `${g.name}/${g.feed}`)]).toEqual([10, [`restated/${feed}`]]);
    expect(failed[0]?.observed).toBe(
      `${says}: \`ledgerloop run --full --restate --feeds ${feed} --reason "…"\` publishes what the source has`,
    );
    const unexplained = await place.ledgerloop("run", "--full", "--restate");
    expect([unexplained.code, unexplained.err]).toEqual([2, expect.stringContaining("is a recorded decision")]);
    const decided = await place.ledgerloop("run", "--full", "--restate", "--reason", "changed by hand");
    expect(decided.code, decided.err).toBe(0);
    expect((await reconciled()).told).toEqual([]);
    expect((await place.ledgerloop("run", "--full")).code).toBe(0);
  },
);

/** The pipeline with one of its files changed, in a folder of the place. */
function changedPipeline(name: string, file: string, change: (text: string) => string): string {
  const folder = join(place.folder, name);
  cpSync(BILLING_PIPELINE, folder, { recursive: true, filter: (path) => !path.includes(".state") });
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, change(text));
  expect(readFileSync(path, "utf8")).not.toBe(text);
  return folder;
}

test("of a table that the next run computes again nothing is said, and all others are compared", async () => {
  const folder = changedPipeline(
    "other-select",
    "models/customer.sql",
    (text) => `${text.trimEnd()}\nwhere customer_id is not null\n`,
  );
  const found = await reconciled("--pipeline", folder);
  expect([found.code, found.ok]).toEqual([20, false]);
  expect(found.told).toEqual(["R2 customer 0 [] the next run computes it again: its rows were made by another SELECT"]);
});

test("tables of another configuration are not compared", async () => {
  const folder = changedPipeline("other-columns", "contracts/customer.odcs.yaml", (text) =>
    text.replace(
      /( {6}- name: legal_name\n)/,
      "      - { name: nickname, logicalType: string, physicalType: text, transformSourceObjects: [] }\n$1",
    ),
  );
  const path = join(folder, "models/customer.sql");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace(/^( *)(b\.)?legal_name/m, "$1cast(null as varchar) as nickname, $2legal_name"),
  );
  const { code, err } = await place.ledgerloop("reconcile", "run", "--pipeline", folder);
  expect(err).toMatch(
    /what is published is not what the configuration asks for: ALTER TABLE [^\n]*nickname[\s\S]*`ledgerloop plan`/,
  );
  expect(code).toBe(20);
});

test("a warehouse of the release before has kept nothing yet, and a run brings it up", async () => {
  await byHand("update ops.schema_version set version = 5", "drop table ops.proof");
  const { code, err } = await place.ledgerloop("reconcile", "show");
  expect([code, err]).toEqual([
    20,
    expect.stringMatching(/tables of comparisons and breaks are of an earlier version[\s\S]*`ledgerloop run`/),
  ]);
  expect((await place.ledgerloop("reconcile", "run")).code).toBe(20);
  expect((await place.ledgerloop("run")).code).toBe(0);
  expect((await place.ledgerloop("reconcile", "run")).code).toBe(0);
  expect((await place.ledgerloop("reconcile", "show")).code).toBe(0);
});
