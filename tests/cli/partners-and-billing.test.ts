import { cpSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { BILLING_PIPELINE, emptyPlace } from "./small-run.ts";

const CUSTOMER =
  "insert into billing.customers (customer_id, legal_name, currency, balance_minor, delinquent) values ('cus_1', 'One', 'EUR', 0, false)";
const invoice = (id: string) => `
  insert into billing.invoices (invoice_id, invoice_number, customer_id, status, billing_reason, currency, subtotal_minor, tax_minor, amount_due_minor, amount_paid_minor, period_start, period_end, issued_on, due_on)
  values ('${id}', 'LL-${id}', 'cus_1', 'open', 'manual', 'EUR', 100, 0, 100, 0, '2026-11-01', '2026-12-01', '2026-11-01', '2026-11-15')`;

const HEADER = "Belegnummer;Rechnung;Kunde;Betrag;Bezahlt am;Verwendungszweck";

/** A remittance as the bank writes it; the amount in whole euros. */
const line = (id: string, of: string, amount: string) => `${id};${of};cus_1;${amount},00;01.11.2026;`;

function file(sum: string, ...lines: string[]): string {
  return [HEADER, ...lines, `SUMME;${lines.length};;${sum},00;;`, ""].join("\r\n");
}

/** Billing's pipeline with one customer and one invoice, loaded once, and the bank's folder. */
async function bankPlace() {
  const place = await emptyPlace();
  const pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const client = await place.billing.client();
  await client.query(`${CUSTOMER}; ${invoice("in_1")}`);
  const there = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);
  let minutes = 0;
  const send = (day: string, content: string) => {
    const path = join(pipeline, "inbox/remittances/nordbank", `${day}.csv`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    minutes += 1;
    const written = new Date(Date.now() - 3_600_000 + minutes * 60_000);
    utimesSync(path, written, written);
  };
  const texts = async (sql: string) =>
    (JSON.parse((await there("query", sql, "--json")).out) as { text: string }[]).map((r) => r.text);
  await there("up");
  return {
    send,
    insert: (sql: string) => client.query(sql),
    run: () => there("run"),
    payments: () => texts("select payment_id || ' ' || amount_minor as text from curated.payment order by 1"),
    waiting: () => texts("select source_key || ' ' || kind as text from ops.open_quarantine order by 1"),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

test("one remittance id twice in a file waits, run after run, and billing goes on", async () => {
  await using bank = await bankPlace();
  bank.send("2026-11-01", file("3", line("rem_k00001", "in_1", "1"), line("rem_k00001", "in_1", "2")));
  for (const id of ["in_2", "in_3", "in_4"]) {
    expect(await bank.run()).toMatchObject({ code: 0 });
    expect(await bank.payments()).toEqual([]);
    expect(await bank.waiting()).toEqual(["rem_k00001 quarantined", "rem_k00001 quarantined"]);
    await bank.insert(invoice(id));
  }
  bank.send("2026-11-01", file("2", line("rem_k00001", "in_1", "2")));
  expect(await bank.run()).toMatchObject({ code: 0 });
  expect([await bank.payments(), await bank.waiting()]).toEqual([["rem_k00001 200"], []]);
});

test("two remittances of one id that wait for their invoice do not enter with it", async () => {
  await using bank = await bankPlace();
  bank.send("2026-11-01", file("3", line("rem_k00001", "in_9", "1"), line("rem_k00001", "in_9", "2")));
  expect(await bank.run()).toMatchObject({ code: 0 });
  await bank.insert(invoice("in_9"));
  for (const _ of [1, 2]) {
    expect(await bank.run()).toMatchObject({ code: 0 });
    expect(await bank.payments()).toEqual([]);
    expect(await bank.waiting()).toHaveLength(2);
  }
});

test("a remittance that the later file lost is the earlier file's again, and waits for its invoice there", async () => {
  await using bank = await bankPlace();
  // One of many: where a large share of what is published goes, a gate asks first.
  const many = Array.from({ length: 40 }, (_, i) => line(`rem_n000${10 + i}`, "in_1", "1"));
  const ofK = async () => (await bank.payments()).filter((text) => text.startsWith("rem_k"));
  bank.send("2026-11-01", file("10", line("rem_k00001", "in_9", "10")));
  bank.send("2026-11-02", file("60", line("rem_k00001", "in_1", "20"), ...many));
  expect(await bank.run()).toMatchObject({ code: 0 });
  expect(await ofK()).toEqual(["rem_k00001 2000"]);
  bank.send("2026-11-02", file("40", ...many));
  expect(await bank.run()).toMatchObject({ code: 0 });
  expect([await ofK(), await bank.waiting()]).toEqual([[], ["rem_k00001 held"]]);
  await bank.insert(invoice("in_9"));
  expect(await bank.run()).toMatchObject({ code: 0 });
  expect([await ofK(), await bank.waiting()]).toEqual([["rem_k00001 1000"], []]);
});

test("an account number in the column of amounts is no amount: the partners are left out, and billing is published", async () => {
  await using bank = await bankPlace();
  bank.send("2026-11-01", file("9999999999999998", line("rem_k00001", "in_1", "9999999999999998")));
  const { code, out, err } = await bank.run();
  expect(code).toBe(0);
  expect(out + err).toMatch(/left_out\/partners.remittances.*quarantined_money/);
  expect(await bank.payments()).toEqual([]);
  bank.send("2026-11-01", file("100000000", line("rem_k00001", "in_1", "100000000")));
  expect(await bank.run()).toMatchObject({ code: 0 });
  expect(await bank.payments()).toEqual(["rem_k00001 10000000000"]);
});
