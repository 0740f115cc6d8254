import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { follow, stepsOf } from "./followed-page.ts";
import { ownPlace } from "./own-place.ts";
import { documentedShapes, misfits } from "./shape.ts";

const page = readFileSync("docs/adding-a-partner.md", "utf8");

const NORDHANDEL = [
  "Belegnummer;Rechnung;Betrag;Verkauft am;Bemerkung",
  'N-1;in_1;1.250,00;02.11.2026;"Müller; Söhne"',
  "N-2;in_9;20,00;02.11.2026;",
  "SUMME;2;1.270,00;;",
  "",
].join("\r\n");

const PACIFIC = "Ref\tInvoice\tCustomer\tAmount\tPaid\nrem_p00001\tin_1\tcus_1\t$1,000.25\t11/02/2026\n";

const REMITTANCES = {
  "remittances/pacific/2026-11-02.csv": PACIFIC,
  "remittances/pacific/2026-11-02.csv.json": '{ "rows": 1 }',
};

const SALES = {
  "sales/acme/2026-11-02.csv":
    "sale_id,invoice_id,amount,currency,sold_on\nA-1,in_1,10.50,EUR,2026-11-02\nA-2,in_1,-3.00,EUR,2026-11-02\nA-3,in_1,7.00\n",
  "sales/nordhandel/2026-11-02.csv": Buffer.from(NORDHANDEL, "latin1"),
};

/** Files as somebody wrote them an hour ago. */
function put(pipeline: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(pipeline, "inbox", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(file, before, before);
  }
}

/** LedgerLoop's own pipeline, a customer and an invoice. */
async function placeOfPage() {
  const of = await ownPlace();
  const { place, pipeline, there } = of;
  const client = await place.billing.client();
  await client.query(`
    insert into billing.customers (customer_id, legal_name, currency, balance_minor, delinquent) values ('cus_1', 'One', 'EUR', 0, false);
    insert into billing.invoices (invoice_id, invoice_number, customer_id, status, billing_reason, currency, subtotal_minor, tax_minor, amount_due_minor, amount_paid_minor, period_start, period_end, issued_on, due_on)
    values ('in_1', 'LL-2026-000001', 'cus_1', 'open', 'manual', 'EUR', 100, 0, 100, 0, '2026-11-01', '2026-12-01', '2026-11-01', '2026-11-15')`);
  const queries = [...page.matchAll(/ledgerloop query "([^"]+)"/g)].map(([, query = ""]) => query);
  const published = async (nth: number) => JSON.parse((await there("query", queries[nth] ?? "", "--json")).out) as unknown[];
  return { place, pipeline, there, published, [Symbol.asyncDispose]: () => of[Symbol.asyncDispose]() };
}

const [third, ...feed] = stepsOf(page);

test("docs/adding-a-partner.md, followed word by word, gives the remittances a third partner", async () => {
  await using of = await placeOfPage();
  const { place, pipeline, there, published } = of;
  put(pipeline, REMITTANCES);
  expect(await there("up")).toMatchObject({ code: 0 });
  const before = await there("run");
  expect(before).toMatchObject({ code: 0 });
  expect(before.out + before.err).toContain("no layout is declared for the partner pacific");

  expect(third?.verb).toBe("Change");
  follow(pipeline, third ? [third] : []);
  const check = (/^ledgerloop (check .*)$/m.exec(page)?.[1] ?? "").replaceAll("pipeline/", `${pipeline}/`);
  expect((await place.ledgerloop(...check.split(" "))).out).toContain("1 row");
  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect((await there("plan")).out).toContain("remittances/pacific/2026-11-02.csv");
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(await published(0)).toEqual([{ payment_id: "rem_p00001", amount_minor: "100025", currency: "USD" }]);

  const show = /^ledgerloop (show row .*)$/m.exec(page)?.[1]?.split(" ") ?? [];
  const { out: back, err } = await there(...show);
  expect(err).toBe("");
  expect(back).toMatch(/received +remittances\/pacific\/2026-11-02.csv, \d+ bytes, sha256 [0-9a-f]{64}/);
  expect(await there(...show, "--bytes")).toMatchObject({ code: 0, out: PACIFIC.split("\n")[1] });
});

test("and then makes a feed of resellers' sales", async () => {
  await using of = await placeOfPage();
  const { pipeline, there, published } = of;
  expect(feed.map((step) => step.verb)).toEqual(["Create", "Create", "Create", "Create", "Change"]);
  follow(pipeline, feed);
  put(pipeline, SALES);
  expect(await there("contract", "lint")).toMatchObject({ code: 0 });
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("run")).toMatchObject({ code: 0 });
  expect(await published(1)).toEqual([
    { sale_id: "A-1", amount: "10.50", currency: "EUR" },
    { sale_id: "N-1", amount: "1250.00", currency: "EUR" },
  ]);
  const waiting = (await there("quarantine", "list")).out;
  expect(waiting).toMatch(/resellers.sales +quarantined +amount.range +1 +-3.00 EUR/);
  expect(waiting).toMatch(/resellers.sales +unreadable +record +1 +not readable/);
  expect(waiting).toMatch(/resellers.sales +held +invoice_id.foreign_key +1 +20.00 EUR/);

  const { out: back, err } = await there("show", "row", "sale", "N-1");
  expect(err).toBe("");
  expect(back).toMatch(/received +sales\/nordhandel\/2026-11-02.csv, \d+ bytes, sha256 [0-9a-f]{64}/);
  expect(back).toMatch(/landed +batch b_[0-9a-f]{16}, position 1@51\+44/);
  const record = await there("show", "row", "sale", "N-1", "--bytes");
  expect(record).toMatchObject({ code: 0, out: 'N-1;in_1;1.250,00;02.11.2026;"Müller; Söhne"' });
  const shown = JSON.parse((await there("show", "row", "sale", "A-1", "--json")).out);
  expect(misfits(documentedShapes().get("show row") ?? "null", shown)).toEqual([]);
  expect(shown).toMatchObject({
    rows: [{ feed: "resellers.sales", part: "sales/acme/2026-11-02.csv", evidence: { bytes: 117 } }],
  });
  expect(await there("show", "row", "sale", "A-9")).toMatchObject({ code: 2 });
  expect(await there("show", "row", "sale", "A-1", "more")).toMatchObject({ code: 2 });
});
