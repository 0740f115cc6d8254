import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { countsOf, failedOf, lines, trialPlace } from "./tried.ts";

const GOOD = [
  "1,Ada,EUR,10.50,25,2026-11-02,c1",
  "2,Bob,EUR,-3.00,0,2026-11-02,c2",
  "3,Cy,JPY,500,10,2026-11-03,c1",
  "4,=1+1,KWD,1.125,,,",
] as const;

describe("what becomes of the rows of one file", () => {
  test("every class, every rule, every sum", async () => {
    using place = trialPlace();
    const file = place.write(
      "all.csv",
      lines(
        ...GOOD,
        GOOD[0],
        "10,Two,EUR,1.00,1,,",
        "10,Contents,EUR,2.00,1,,",
        "11,,EUR,4.00,1,,",
        "12,Words,EUR,ten,1,,",
        '13,Too much,EUR,"1234567890.5",1,,',
        "14,No cents,JPY,1.5,1,,",
        "15,No currency,,7.00,1,,",
        "16,Strange,euro,8.00,1,,",
        "17,Leap,EUR,1.00,1,2026-02-30,",
        "18,Huge fee,EUR,1.00,99999999999999999999,,",
        "x,Both,EUR,ten,1,,",
        "19,Width,EUR,1.00,1,,,more",
        '20,"Quote"d,EUR,1.00,1,,',
      ),
    );
    const trial = await place.try([file]);
    expect(countsOf(trial)).toEqual([18, 5, 1, 11, 2]);
    expect(failedOf(trial)).toEqual({
      "id.unique": 2,
      "id.type": 1,
      "name.required": 1,
      "currency.pattern": 1,
      "amount.type": 3,
      "fee_minor.type": 1,
      "paid_on.type": 1,
      "customer_id.foreign_key": "not_run",
      record: 2,
      "money.unreadable": 2,
    });
    expect(Object.fromEntries(trial.combinations.map(({ rules, rows }) => [rules.join(), Number(rows)]))).toMatchObject({
      "id.unique": 2,
      record: 2,
      "money.unreadable": 2,
      "amount.type": 2,
    });
    expect(trial.combinations.reduce((sum, { rows }) => sum + rows, 0n)).toBe(13n);
    expect(trial.totals).toEqual([
      { column: "amount", currency: "-", all: "7.000", valid: "0.000", quarantined: "7.000" },
      { column: "amount", currency: "?", all: "8.000", valid: "0.000", quarantined: "8.000" },
      { column: "amount", currency: "EUR", all: "27.000", valid: "18.000", quarantined: "9.000" },
      { column: "amount", currency: "JPY", all: "501.500", valid: "500.000", quarantined: "1.500" },
      { column: "amount", currency: "KWD", all: "1.125", valid: "1.125", quarantined: "0.000" },
      { column: "fee_minor", currency: "-", all: "1", valid: "0", quarantined: "1" },
      { column: "fee_minor", currency: "?", all: "1", valid: "0", quarantined: "1" },
      { column: "fee_minor", currency: "EUR", all: "57", valid: "50", quarantined: "7" },
      { column: "fee_minor", currency: "JPY", all: "11", valid: "10", quarantined: "1" },
      { column: "fee_minor", currency: "KWD", all: "0", valid: "0", quarantined: "0" },
    ]);
    expect(trial.copied).toEqual([{ path: file, record: 5, of: { path: file, record: 1 } }]);
    expect(trial.ok).toBe(false);
  });

  test("rows that are all fit, and a header alone, keep the contract", async () => {
    using place = trialPlace();
    const full = await place.try([place.write("full.csv", lines(...GOOD))]);
    expect([countsOf(full), full.ok]).toEqual([[4, 4, 0, 0, 0], true]);
    const empty = await place.try([place.write("empty.csv", lines())]);
    expect([countsOf(empty), empty.ok, empty.totals]).toEqual([[0, 0, 0, 0, 0], true, []]);
  });

  test("without a key a row is known by all of its columns, and copies are seen", async () => {
    using place = trialPlace(`apiVersion: v3.1.0
kind: DataContract
id: partner.notes
version: 1.0.0
status: active
team: { name: finance }
schema:
  - name: notes
    properties:
      - { name: a, logicalType: string }
      - { name: b, logicalType: integer }
`);
    const trial = await place.try([place.write("notes.csv", "a,b\nx,1\nx,1\ny,2\nz,two\n,\n")]);
    expect(countsOf(trial)).toEqual([5, 4, 1, 1, 0]);
    expect(trial.copied).toMatchObject([{ record: 2, of: { record: 1 } }]);
  });

  test("rules over all rows are broken once, and refuse the files unless they only warn", async () => {
    const withQuality = (severity: string) =>
      trialPlace(`apiVersion: v3.1.0
kind: DataContract
id: partner.notes
version: 1.0.0
status: active
team: { name: finance }
schema:
  - name: notes
    properties:
      - { name: a, logicalType: string }
    quality:
      - { id: many, metric: rowCount, mustBeGreaterThan: 2, severity: ${severity} }
`);
    for (const [severity, ok] of [
      ["error", false],
      ["warning", true],
    ] as const) {
      using place = withQuality(severity);
      const trial = await place.try([place.write("notes.csv", "a\nx\n")]);
      expect([failedOf(trial), trial.ok, countsOf(trial)]).toEqual([{ many: 1 }, ok, [1, 1, 0, 0, 0]]);
    }
  });
});

describe("several files", () => {
  test("are judged together: copies and keys are seen across them, each has its own counts", async () => {
    using place = trialPlace();
    const first = place.write("first.csv", lines(GOOD[0], GOOD[1], "9,One,EUR,1.00,1,,"));
    const second = place.write("second.csv.gz", gzipSync(lines(GOOD[1], "9,Other,EUR,1.00,1,,", GOOD[2])));
    const trial = await place.try([first, second]);
    expect(trial.files.map(countsOf)).toEqual([
      [3, expect.any(Number), expect.any(Number), 1, 0],
      [3, expect.any(Number), expect.any(Number), 1, 0],
    ]);
    expect(countsOf(trial)).toEqual([6, 4, 1, 2, 0]);
    expect(failedOf(trial)).toMatchObject({ "id.unique": 2 });
    expect(trial.copied).toEqual([{ path: second, record: 1, of: { path: first, record: 2 } }]);
  });

  test("one that is stopped says why and what to do, and the others are judged", async () => {
    using place = trialPlace();
    const good = place.write("good.csv", lines(...GOOD));
    const stopped = {
      header: place.write("header.csv", "id,name\n1,Ada\n"),
      kind_of_file: place.write("book.csv", Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x20])),
      empty: place.write("none.csv", ""),
      gzip: place.write("cut.csv.gz", gzipSync(lines(...GOOD)).subarray(0, 40)),
    };
    const trial = await place.try([...Object.values(stopped), good]);
    expect(trial.files.map((f) => f.stopped?.reason ?? null)).toEqual([...Object.keys(stopped), null]);
    for (const file of trial.files.slice(0, -1)) {
      expect(countsOf(file)).toEqual([0, 0, 0, 0, 0]);
      expect(file.stopped?.says).not.toContain("Ada");
      expect(file.stopped?.next).not.toBe("");
    }
    expect([countsOf(trial), trial.ok]).toEqual([[4, 4, 0, 0, 0], false]);
  });
});

test("rows of all files are compared with each other where some columns determine others", async () => {
  using place = trialPlace(`apiVersion: v3.1.0
kind: DataContract
id: partner.places
version: 1.0.0
status: active
team: { name: finance }
schema:
  - name: places
    properties:
      - { name: n, logicalType: integer }
      - { name: zip, logicalType: string }
      - { name: city, logicalType: string }
    quality:
      - id: one_zip_one_city
        type: custom
        engine: ledgerloop
        implementation: { rule: functional_dependency, columns: [zip], determines: [city], majority: true }
`);
  const [a, b] = [
    place.write("a.csv", "n,zip,city\n1,10,X\n2,20,Y\n3,,Z\n"),
    place.write("b.csv", "n,zip,city\n4,10,X\n5,10,W\n6,20,V\n7,,U\n"),
  ];
  const trial = await place.try([a, b]);
  expect(countsOf(trial)).toEqual([7, 4, 0, 3, 0]);
  expect(failedOf(trial)).toEqual({ one_zip_one_city: 3 });
});

describe("what foreign keys refer to", () => {
  const orphaned = lines(...GOOD, "5,Lost,EUR,1.00,1,,c9");

  test("is not known without a file, and nothing is kept out for it", async () => {
    using place = trialPlace();
    const trial = await place.try([place.write("a.csv", orphaned)]);
    expect([countsOf(trial), trial.ok]).toEqual([[5, 5, 0, 0, 0], true]);
    expect(trial.rules.find(({ id }) => id === "customer_id.foreign_key")).toMatchObject({
      failed: "not_run",
      notRun: { next: "--reference customers=FILE" },
    });
  });

  test("is known by a file of keys: rows without their parent count as quarantined", async () => {
    using place = trialPlace();
    const file = place.write("a.csv", orphaned);
    const references = new Map([["customers", place.write("customers.csv", "since,customer_id\n2020,c1\n2021,c2\n2021,c2\n")]]);
    const trial = await place.try([file], { references });
    expect(countsOf(trial)).toEqual([5, 4, 0, 1, 0]);
    expect(failedOf(trial)).toEqual({ "customer_id.foreign_key": 1 });
    expect(trial.combinations).toEqual([{ rules: ["customer_id.foreign_key"], rows: 1n }]);
  });

  test("has to be a file that can be read as a whole, of a name that is referred to", async () => {
    using place = trialPlace();
    const file = place.write("a.csv", orphaned);
    const ended = (name: string, content: string) =>
      place.try([file], { references: new Map([[name, place.write("keys.csv", content)]]) });
    await expect(ended("customer", "customer_id\nc1\n")).rejects.toThrow(/did you mean "customers"\?/);
    await expect(ended("customers", "id\nc1\n")).rejects.toThrow(/keys\.csv cannot stand for customers/);
    await expect(ended("customers", "customer_id,since\nc1\n")).rejects.toThrow(/1 of its records cannot be read/);
  });
});

describe("layouts of source files", () => {
  const source = (more = "") => `source: partners
kind: csv
owner: finance
feeds:
  lines:
    layouts:
      acme:
        delimiter: ";"
        encoding: windows-1252
        columns:
          - { header: Nr, column: id }
          - { header: Name, column: name }
          - { header: Betrag, column: amount, decimal: ",", thousands: "." }
          - { header: Datum, column: paid_on, dates: [dd.MM.yyyy] }
        constants: { currency: EUR }
${more}`;
  const FILE = Buffer.from("Nr;Name;Betrag;Datum\n1;Zoë;1.234,50;31.01.2026\n2;Max;-0,50;31.02.2026\n", "latin1");

  test("say how numbers, dates and letters are written", async () => {
    using place = trialPlace();
    const file = place.write("source.yaml", source());
    for (const layout of ["acme", "lines.acme"]) {
      const trial = await place.try([place.write("a.csv", FILE)], { layout: { file, layout } });
      expect([countsOf(trial), failedOf(trial)["paid_on.type"]]).toEqual([[2, 1, 0, 1, 0], 1]);
      expect(trial.totals[0]).toMatchObject({ currency: "EUR", all: "1234.000", valid: "1234.500", quarantined: "-0.500" });
    }
  });

  test("may want a manifest beside each file, which is compared as a run compares it", async () => {
    using place = trialPlace();
    const manifest = `        manifest: { file: "{stem}.json", pattern: '"rows":(?<count>\\d+),"sha256":"(?<sha256>[0-9a-f]+)"' }\n`;
    const file = place.write("source.yaml", source(manifest));
    const sha256 = createHash("sha256").update(FILE).digest("hex");
    const beside = {
      good: `{"rows":2,"sha256":"${sha256}"}`,
      short: `{"rows":3,"sha256":"${sha256}"}`,
      other: `{"rows":2,"sha256":"00"}`,
      wordless: "{}",
      alone: null,
    };
    const files = Object.entries(beside).map(([name, said]) => {
      if (said !== null) place.write(`${name}.json`, said);
      return place.write(`${name}.csv`, FILE);
    });
    const trial = await place.try(files, { layout: { file, layout: "acme" } });
    expect(trial.files.map(({ stopped }) => stopped && [stopped.reason, stopped.says])).toEqual([
      null,
      ["manifest", expect.stringContaining("2")],
      ["manifest", "its bytes are not those whose SHA-256 its manifest states"],
      ["manifest", "its manifest does not say what the layout expects of it"],
      ["manifest", "its manifest alone.json is not beside it: a run leaves it until it is"],
    ]);
  });

  test.each([
    {
      what: "another name",
      text: source(),
      layout: "acne",
      says: /source\.yaml:4:1: there is no layout "acne"\n {2}next: did you mean "acme"/,
    },
    {
      what: "a name of several",
      text: source("  more:\n    layouts:\n      acme: {}\n"),
      layout: "acme",
      says: /source\.yaml:7:7: several feeds.*\n.*--layout lines\.acme or --layout more\.acme/,
    },
    {
      what: "a key that no layout has",
      text: source("        delimeter: x\n"),
      layout: "acme",
      says: /source\.yaml:16:9: unknown key "delimeter"/,
    },
    {
      what: "a column that the contract lacks",
      text: source().replace("column: name", "column: nome"),
      layout: "acme",
      says: /source\.yaml:12:37: there is no column "nome"/,
    },
    {
      what: "a column of another type",
      text: source().replace("column: paid_on", "column: name").replace("Name, column: name", "Name, column: customer_id"),
      layout: "acme",
      says: /the column "name" is of type string, and the layout writes it as date/,
    },
    {
      what: "a required column that is nowhere",
      text: source().replace("{ header: Nr, column: id }", "{ header: Nr, column: null }"),
      layout: "acme",
      says: /source\.yaml:11:11: the layout "acme" gives no row the column "id"/,
    },
    { what: "no YAML", text: "feeds: [", layout: "acme", says: /source\.yaml:1/ },
  ])("$what is told at its line", async ({ text, layout, says }) => {
    using place = trialPlace();
    const file = place.write("source.yaml", text);
    await expect(place.try([place.write("a.csv", FILE)], { layout: { file, layout } })).rejects.toThrow(says);
  });
});

test("names of any form, keys of several columns and keys of an object of its own", async () => {
  using place = trialPlace(`apiVersion: v3.1.0
kind: DataContract
id: partner.tree
version: 1.0.0
status: active
team: { name: finance }
schema:
  - name: Bäume "v1"
    properties:
      - { name: Land, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true }
      - { name: cell_0, logicalType: integer, primaryKey: true, primaryKeyPosition: 2, required: true }
      - { name: Über, physicalName: "Über; 'ordnet'", logicalType: integer }
    relationships:
      - from: ['Bäume "v1".Land', 'Bäume "v1".Über']
        to: ['Bäume "v1".Land', 'Bäume "v1".cell_0']
        customProperties: [{ property: action, value: quarantine }]
`);
  const file = place.write('it\'s a "tree".csv', "Land,cell_0,Über; 'ordnet'\nDE,1,\nDE,2,1\nDE,3,9\nAT,1,2\n");
  const quarantine = join(place.folder, "bad");
  const references = new Map([['Bäume "v1"', file]]);
  const trial = await place.try([file], { references, quarantine });
  expect([countsOf(trial), Object.values(failedOf(trial))]).toEqual([[4, 2, 0, 2, 0], [2]]);
  expect(place.read('bad/it\'s a "tree".raw')).toBe("DE,3,9AT,1,2");
});
