import { cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { follow, stepsOf } from "./followed-page.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { emptyPlace } from "./small-run.ts";

const page = readFileSync("docs/adding-a-partner.md", "utf8");

const NORDBANK = [
  "Belegnummer;Rechnung;Betrag;Gezahlt am;Bemerkung",
  'N-1;in_1;1.250,00;02.11.2026;"Müller; Söhne"',
  "N-2;in_9;20,00;02.11.2026;",
  "SUMME;2;1.270,00;;",
  "",
].join("\r\n");

const FILES = {
  "remittances/acme/2026-11-02.csv":
    "remittance_id,invoice_id,amount,currency,paid_on\nA-1,in_1,10.50,EUR,2026-11-02\nA-2,in_1,-3.00,EUR,2026-11-02\nA-3,in_1,7.00\n",
  "remittances/nordbank/2026-11-02.csv": Buffer.from(NORDBANK, "latin1"),
  "remittances/pacific/2026-11-02.csv": "Ref\tInvoice\tAmount\tPaid\nP-1\tin_1\t$1,000.25\t11/02/2026\n",
  "remittances/pacific/2026-11-02.csv.json": '{ "rows": 1 }',
};

test("docs/adding-a-partner.md, followed word by word, publishes two partners' files and then a third's", async () => {
  await using place = await emptyPlace();
  const pipeline = join(place.folder, "pipeline");
  cpSync("pipeline", pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const steps = stepsOf(page);
  expect(steps.map((step) => step.verb)).toEqual(["Create", "Create", "Create", "Create", "Change", "Change"]);
  follow(pipeline, steps.slice(0, -1));
  for (const [path, content] of Object.entries(FILES)) {
    const file = join(pipeline, "inbox", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(file, before, before);
  }
  const client = await place.billing.client();
  await client.query(`
    insert into billing.customers (customer_id, legal_name, currency, balance_minor, delinquent) values ('cus_1', 'One', 'EUR', 0, false);
    insert into billing.invoices (invoice_id, invoice_number, customer_id, status, billing_reason, currency, subtotal_minor, tax_minor, amount_due_minor, amount_paid_minor, period_start, period_end, issued_on, due_on)
    values ('in_1', 'LL-2026-000001', 'cus_1', 'open', 'manual', 'EUR', 100, 0, 100, 0, '2026-11-01', '2026-12-01', '2026-11-01', '2026-11-15')`);
  const there = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);
  const query = /ledgerloop query "([^"]+)"/.exec(page)?.[1] ?? "";
  const published = async () => JSON.parse((await there("query", query, "--json")).out) as unknown[];

  const check = (/^ledgerloop (check .*)$/m.exec(page)?.[1] ?? "").replaceAll("pipeline/", `${pipeline}/`);
  expect((await place.ledgerloop(...check.split(" "))).out).toContain("2 rows");
  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect(await there("up")).toMatchObject({ code: 0 });
  const first = await there("run");
  expect(first).toMatchObject({ code: 0 });
  expect(first.out + first.err).toContain("no layout is declared for the partner pacific");
  expect(await published()).toEqual([
    { remittance_id: "A-1", amount: "10.50", currency: "EUR" },
    { remittance_id: "N-1", amount: "1250.00", currency: "EUR" },
  ]);
  const waiting = (await there("quarantine", "list")).out;
  expect(waiting).toMatch(/partners.remittances +quarantined +amount.range +1 +-3.00 EUR/);
  expect(waiting).toMatch(/partners.remittances +unreadable +record +1 +not readable/);
  expect(waiting).toMatch(/partners.remittances +held +invoice_id.foreign_key +1 +20.00 EUR/);

  const { out: back, err } = await there("show", "row", "remittance", "N-1");
  expect(err).toBe("");
  expect(back).toMatch(/received +remittances\/nordbank\/2026-11-02.csv, \d+ bytes, sha256 [0-9a-f]{64}/);
  expect(back).toMatch(/landed +batch b_[0-9a-f]{16}, position 1@50\+44/);
  const record = await there("show", "row", "remittance", "N-1", "--bytes");
  expect(record).toMatchObject({ code: 0, out: 'N-1;in_1;1.250,00;02.11.2026;"Müller; Söhne"' });
  const shown = JSON.parse((await there("show", "row", "remittance", "A-1", "--json")).out);
  expect(misfits(documentedShapes().get("show row") ?? "null", shown)).toEqual([]);
  expect(shown).toMatchObject({
    rows: [{ feed: "partners.remittances", part: "remittances/acme/2026-11-02.csv", evidence: { bytes: 123 } }],
  });
  expect(await there("show", "row", "remittance", "A-9")).toMatchObject({ code: 2 });
  expect(await there("show", "row", "remittance", "A-1", "more")).toMatchObject({ code: 2 });

  follow(pipeline, steps.slice(-1));
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(await published()).toContainEqual({ remittance_id: "P-1", amount: "1000.25", currency: "USD" });
});
