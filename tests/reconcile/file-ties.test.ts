import { expect, test } from "vitest";
import { TIE_CLASSES } from "../../src/proofs/tie-class.ts";
import { tiedKeys } from "../../src/proofs/ties.ts";
import { proveTie } from "../../src/reconcile/ties.ts";
import { fileTie } from "../support/file-tie.ts";
import { acmeText, northBytes } from "../support/files-house.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../support/partners-house.ts";

const NORTH = "remittances/north/2026-05-11.csv";
const LATER = "remittances/north/2026-05-12.csv";
const ACME = "remittances/acme/2026-05-11.csv";
const STAGED = "staging.partners_remittances__rows";

/** Each file of the tie with its class, and what both sides have of it. */
async function tied({ house }: PartnersHouse): Promise<string[]> {
  const { pipeline, warehouse } = house.engine;
  const feed = pipeline.feeds.get("partners.remittances");
  if (!feed) throw new Error("no feed of remittances");
  const tie = fileTie(feed);
  const session = await warehouse.open({ purpose: "test", readOnly: false });
  try {
    const task = { tie, currencies: pipeline.currencies, today: "2026-05-12" };
    expect((await proveTie(session, warehouse.dialect, task)).notProven).toBe(null);
    const { keys } = await tiedKeys(session, warehouse.dialect, { tie, classes: TIE_CLASSES, period: "", limit: 100 });
    return keys.map(({ key, class: is, sides }) => {
      const cells = sides.map((cell) => (cell?.money ? `${cell.money.currency} ${cell.money.minor} ${cell.day}` : "-"));
      return [key.join("|"), is, ...cells].join(", ");
    });
  } finally {
    await session.close();
  }
}

/** Another hand in the warehouse. */
async function alter({ house: { engine } }: PartnersHouse, sql: string): Promise<void> {
  const session = await engine.warehouse.open({ purpose: "test", readOnly: false });
  try {
    await session.run({ name: "test", sql });
  } finally {
    await session.close();
  }
}

const payments = (...cents: number[]) => cents.map((each, i) => ({ id: `p${i}`, cents: each }));

test("a file's total is tied with its rows, those that wait included; a file that says none is in no tie", async () => {
  await using of = await openPartnersHouse("gates: { valid_share: 0 }");
  of.put(
    NORTH,
    northBytes(payments(1050, 0, 2000))
      .toString("latin1")
      .replace("\u00dc-p2;", ";"),
  );
  of.put(ACME, acmeText([{ id: "a1", cents: 700 }]));
  expect((await of.run()).report?.outcome).toBe("published");
  expect(await of.house.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "1" }]);
  expect(await tied(of)).toEqual([`${NORTH}, equal, EUR 3050 2026-05-11, EUR 3050 2026-05-11`]);
});

test("a row that went of itself, and a file that was taken in spite of its total, are amounts that differ", async () => {
  await using of = await openPartnersHouse();
  of.put(NORTH, northBytes(payments(1050, 2000)));
  of.put(
    LATER,
    northBytes([{ id: "q1", cents: 500 }])
      .toString("latin1")
      .replace(/5,00;\n$/, "5,01;\n"),
  );
  expect((await of.run()).report?.outcome).toBe("published");
  expect(await tied(of)).toEqual([`${NORTH}, equal, EUR 3050 2026-05-11, EUR 3050 2026-05-11`]);
  await of.decide("accept", LATER);
  expect((await of.run(at("08:00"))).report?.outcome).toBe("published");
  await alter(of, `delete from ${STAGED} where remittance_id = 'p1'`);
  expect(await tied(of)).toEqual([
    `${NORTH}, amount, EUR 3050 2026-05-11, EUR 1050 2026-05-11`,
    `${LATER}, amount, EUR 501 2026-05-12, EUR 500 2026-05-12`,
  ]);
});

test("a record that cannot be read has no money, and a row that is there twice is too much of one file", async () => {
  await using of = await openPartnersHouse("gates: { valid_share: 0 }");
  of.put(
    NORTH,
    northBytes(payments(1050, 2000)).toString("latin1").replace("Summe;2;", "x;Ü;1,00;11.05.2026;one too many\nSumme;3;"),
  );
  of.put(LATER, northBytes([{ id: "q1", cents: 500 }]));
  expect((await of.run()).report?.outcome).toBe("published");
  await alter(of, `insert into ${STAGED} select * from ${STAGED} where remittance_id = 'q1'`);
  expect(await tied(of)).toEqual([
    `${NORTH}, equal, EUR 3050 2026-05-11, EUR 3050 2026-05-11`,
    `${LATER}, amount, EUR 500 2026-05-12, EUR 1000 2026-05-12`,
  ]);
});

test("of a record that came again bad, the one that waits counts, and the one that stays published does not", async () => {
  await using of = await openPartnersHouse("source_key: [remittance_id]\n    gates: { valid_share: 0 }");
  of.put(NORTH, northBytes(payments(1050, 2000)));
  expect((await of.run()).report?.outcome).toBe("published");
  of.put(NORTH, northBytes(payments(1250, 2000)).toString("latin1").replace("\u00dc-p0;", ";"), at("06:30"));
  expect((await of.run(at("08:00"))).report?.outcome).toBe("published");
  expect((await of.published()).map((text) => text.split(" ").slice(0, 2).join(" "))).toContain("p0 10.50");
  expect(await tied(of)).toEqual([`${NORTH}, equal, EUR 3250 2026-05-11, EUR 3250 2026-05-11`]);
});

const WITH_MANIFEST = (text: string) =>
  text.replace(
    "      acme: {}\n",
    `      acme: { manifest: { file: "{stem}.json", pattern: '"sum":"(?<sum>[^"]*)"' }, constants: { currency: EUR } }\n`,
  );

test("what a file comes to is what its newest manifest says, though the file is as it was", async () => {
  await using of = await openPartnersHouse("", WITH_MANIFEST);
  const manifest = (sum: string) => of.put(ACME.replace(".csv", ".json"), JSON.stringify({ sum }), at("06:10"));
  of.put(ACME, "remittance,invoice_id,amount,paid_on\na1,R1,7.00,2026-05-11\n");
  manifest("7.01");
  expect((await of.run()).report?.outcome).toBe("published");
  await of.decide("accept", ACME);
  expect((await of.run(at("08:00"))).report?.outcome).toBe("published");
  expect(await tied(of)).toEqual([`${ACME}, amount, EUR 701 2026-05-11, EUR 700 2026-05-11`]);
  of.put(ACME.replace(".csv", ".json"), JSON.stringify({ sum: "7.00", of: "today" }), at("08:30"));
  await of.run(at("09:00"));
  expect(await tied(of)).toEqual([`${ACME}, equal, EUR 700 2026-05-11, EUR 700 2026-05-11`]);
});

test("a file that comes again is tied by its new total; a row that a later file has taken over is told of the earlier one", async () => {
  await using of = await openPartnersHouse("source_key: [remittance_id]");
  of.put(NORTH, northBytes(payments(1050, 2000)));
  expect((await of.run()).report?.outcome).toBe("published");
  of.put(NORTH, northBytes(payments(1050, 2500)), at("06:30"));
  expect((await of.run(at("08:00"))).report?.outcome).toBe("published");
  expect(await tied(of)).toEqual([`${NORTH}, equal, EUR 3550 2026-05-11, EUR 3550 2026-05-11`]);
  of.put(LATER, northBytes([{ id: "p0", cents: 900 }]), at("08:30"));
  expect((await of.run(at("09:00"))).report?.outcome).toBe("published");
  expect(await tied(of)).toEqual([
    `${NORTH}, amount, EUR 3550 2026-05-11, EUR 2500 2026-05-11`,
    `${LATER}, equal, EUR 900 2026-05-12, EUR 900 2026-05-12`,
  ]);
});

const OF_ROWS = (text: string) =>
  text
    .replace(
      "          - { header: Bezahlt am",
      "          - { header: Waehrung, column: currency }\n          - { header: Bezahlt am",
    )
    .replace("        constants: { currency: EUR }\n", "")
    .replace("(?<sum>[^;]*);'", "(?<sum>[^;]*);;'");

test("where the layout does not say in which currency a total is, it is that of the rows, if they have one alone", async () => {
  await using of = await openPartnersHouse("", OF_ROWS);
  const head = "Beleg;Rechnung;Betrag;Waehrung;Bezahlt am\n";
  of.put(NORTH, `${head}p1;R1;10,50;USD;11.05.2026\np2;R2;0,50;USD;11.05.2026\nSumme;2;11,00;;\n`);
  of.put(LATER, `${head}q1;R1;10,00;USD;11.05.2026\nq2;R2;1,00;EUR;11.05.2026\nSumme;2;11,00;;\n`);
  expect((await of.run()).report?.outcome).toBe("published");
  expect(await tied(of)).toEqual([`${NORTH}, equal, USD 1100 2026-05-11, USD 1100 2026-05-11`]);
});
