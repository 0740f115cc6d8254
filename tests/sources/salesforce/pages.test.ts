import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { landedLine } from "../../../src/sources/landed-text.ts";
import type { Page } from "../../../src/sources/pages/warc.ts";
import { countRecords, csvPage } from "../../../src/sources/salesforce/pages/csv-page.ts";
import { recordsOf } from "../../../src/sources/salesforce/pages/records.ts";
import { linesOf, rowOf } from "../../../src/sources/salesforce/pages/row-lines.ts";
import type { CellSpec, PagePart, SalesforceParameters } from "../../../src/sources/salesforce/pages/spec.ts";

const cell = (name: string, field: string | null, kind: CellSpec["kind"]): CellSpec => ({ name, field, kind, constant: null });

const PARAMETERS: SalesforceParameters = {
  columns: ["_position", "_fault", "_payload", "_unconverted", "id", "name", "amount", "currency", "active", "changed"],
  cells: [
    cell("id", "Id", "text"),
    cell("name", "Name", "text"),
    cell("amount", "Amount", "number"),
    { ...cell("currency", null, "text"), constant: "EUR" },
    cell("active", "Active__c", "boolean"),
    cell("changed", "SystemModstamp", "instant"),
  ],
  key: "id",
  records: "current",
  parts: [],
  tellsDeleted: true,
  tellsIds: false,
};

const PART: PagePart = { of: "records", first: 1, last: 9, except: [] };

const FIELDS = ["Id", "IsDeleted", "Name", "Amount", "Active__c", "SystemModstamp"];

type Texts = Readonly<Record<string, string>>;

function csvOf(header: readonly string[], records: readonly Texts[], lineEnd = "\n"): Uint8Array {
  const line = (cells: readonly string[]) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(",") + lineEnd;
  return Buffer.from([header, ...records.map((record) => header.map((name) => record[name] ?? ""))].map(line).join(""));
}

const pageOf = (body: Uint8Array, type = "text/csv"): Page => ({
  ...{ url: "https://org.example/results", status: 200, date: "2026-10-05T00:00:00Z", body },
  headers: { "content-type": type },
});

function lines(page: Page, parameters = PARAMETERS, part = PART) {
  const told: string[] = [];
  const deleted: (string | null)[][] = [];
  const of = { parameters, onRow: (id: string) => told.push(id), onDeleted: (...one: (string | null)[]) => deleted.push(one) };
  const { chunks, rows } = linesOf(of, page, { number: 7, part });
  return { text: Buffer.concat(chunks).toString("utf8"), rows, told, deleted };
}

/** The same by way of texts alone. */
function slowly(page: Page): string {
  let text = "";
  for (const record of recordsOf(page)) {
    if (record.text("IsDeleted") === "true") continue;
    text += landedLine(PARAMETERS.columns, rowOf(PARAMETERS, record, `7/${record.number}`));
  }
  return text;
}

/** A line of a row file as its cells: null for NULL. */
function cellsOf(line: string): (string | null)[] {
  const cells = line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,)(?=,|$)/gs) ?? [];
  return cells.map((text) => (text === "" ? null : text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text));
}

const RECORD = {
  ...{ Id: "001A", IsDeleted: "false", Name: 'a "quoted", text\nof two lines', Amount: "9.0E7", Active__c: "true" },
  SystemModstamp: "2026-10-05T09:00:00.000Z",
};

describe("a page of CSV", () => {
  test("becomes lines of a row file", () => {
    const { text, rows, told } = lines(pageOf(csvOf(FIELDS, [RECORD])));
    expect(cellsOf(text.trimEnd())).toEqual([
      ...["7/1", null, null, null, "001A", RECORD.Name, "90000000", "EUR", "t", "2026-10-05T09:00:00Z"],
    ]);
    expect([rows, told]).toEqual([1, ["001A"]]);
  });

  test("may have its columns in any order, and other ones beside", () => {
    const usual = lines(pageOf(csvOf(FIELDS, [RECORD]))).text;
    expect(lines(pageOf(csvOf(["Other", ...FIELDS].reverse(), [RECORD]))).text).toBe(usual);
    expect(lines(pageOf(csvOf(FIELDS, [RECORD], "\r\n"))).text).toBe(usual);
  });

  test("an empty field is NULL", () => {
    const { text } = lines(pageOf(csvOf(FIELDS, [{ ...RECORD, Name: "", Amount: "" }])));
    expect(cellsOf(text.trimEnd()).slice(5, 7)).toEqual([null, null]);
  });

  test("what cannot be converted keeps its text and is named", () => {
    const { text } = lines(pageOf(csvOf(FIELDS, [{ ...RECORD, Amount: "much", SystemModstamp: "later" }])));
    const cells = cellsOf(text.trimEnd());
    expect([cells[3], cells[6], cells[9]]).toEqual(['["amount","changed"]', "much", "later"]);
  });

  test("deleted records are told with their stamps and are no rows; those that were read again are neither", () => {
    const records = [RECORD, { ...RECORD, Id: "001B", IsDeleted: "true" }, { ...RECORD, Id: "001C" }];
    const found = lines(pageOf(csvOf(FIELDS, records)), PARAMETERS, { ...PART, except: ["001C"] });
    expect(found.told).toEqual(["001A"]);
    expect(found.deleted).toEqual([["001B", RECORD.SystemModstamp]]);
    expect(found.text).toContain('"7/1"');
  });

  test("of merged records those are rows that were merged into another", () => {
    const merged = { ...PARAMETERS, records: "merged" as const };
    const header = [...FIELDS, "MasterRecordId"];
    const records = [
      { ...RECORD, Id: "001A" },
      { ...RECORD, Id: "001B", IsDeleted: "true" },
      { ...RECORD, Id: "001C", IsDeleted: "true", MasterRecordId: "001A" },
    ];
    const found = lines(pageOf(csvOf(header, records)), merged);
    expect(found.told).toEqual(["001C"]);
    expect(found.deleted.map(([id]) => id)).toEqual(["001A"]);
  });

  test("U+0000 is a fault of its record and of no other", () => {
    const { text, rows } = lines(pageOf(csvOf(FIELDS, [RECORD, { ...RECORD, Id: "001B", Name: "a\0b" }])));
    expect(rows).toBe(2);
    const [, second = ""] = text.split(/\n(?="?7\/2)/);
    expect(cellsOf(second).slice(0, 2)).toEqual(["7/2", "text"]);
  });

  test.each([
    ["another width", `"Id","Name"\n"a"\n`],
    ["no last quote", `"Id","Name"\n"a","b\n`],
    ["something behind a quote", `"Id","Name"\n"a"x,"b"\n`],
  ])("%s is no page", (_what, text) => {
    expect(() => countRecords(Buffer.from(text))).toThrow(SyntaxError);
  });

  test("a page that lacks a field is none", () => {
    expect(() => lines(pageOf(csvOf(["Id", "IsDeleted", "SystemModstamp"], [RECORD])))).toThrow("Name");
  });

  test("records are counted whatever they hold", () => {
    const texts = fc.array(fc.dictionary(fc.constantFrom(...FIELDS), fc.string({ unit: "grapheme" })));
    fc.assert(
      fc.property(texts, (records) => {
        expect(countRecords(csvOf(FIELDS, records))).toBe(records.length);
      }),
    );
    expect(countRecords(Buffer.from(""))).toBe(0);
  });

  test("written from bytes to bytes, a page has the cells that it has by way of texts", () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value).replace("e", "E")),
      fc.constantFrom("0", "-0", "0.0", "00", "1.", ".5", "-", "1.50", "-0.5", "1E400", "12345678901234567890", "1E-12", "x"),
      fc.bigInt().map(String),
    );
    const stamp = fc.oneof(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }).map((date) => date.toISOString()),
      fc.constantFrom("2026-02-30T00:00:00.000Z", "2026-02-31T24:00:00.000Z", "0000-01-01T00:00:00.000Z", "2026-10-05T09:00:00Z"),
    );
    const record = fc.record({
      Id: fc.string({ minLength: 1, unit: fc.constantFrom(..."aAzZ09") }),
      IsDeleted: fc.constantFrom("true", "false"),
      Name: fc.string({ unit: fc.oneof(fc.constantFrom('"', ",", "\n", "\r", "\0", "é", "🙂"), fc.string({ maxLength: 1 })) }),
      Amount: number,
      Active__c: fc.constantFrom("true", "false", "", "TRUE"),
      SystemModstamp: stamp,
    });
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 6 }),
        fc.shuffledSubarray(FIELDS, { minLength: FIELDS.length }),
        (records, header) => {
          const page = pageOf(csvOf(header, records));
          const split = (text: string) => text.split(/\n(?="7\/\d)/).map((line) => cellsOf(line.replace(/\n$/, "")));
          expect(split(lines(page).text)).toEqual(split(slowly(page)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a page of JSON", () => {
  const json = (records: string) => pageOf(Buffer.from(`{"totalSize":1,"done":true,"records":[${records}]}`), "application/json");

  test("keeps the digits of its numbers, and gives the line that CSV gives", () => {
    const record = `{"attributes":{},"Id":"001A","IsDeleted":false,"Name":${JSON.stringify(RECORD.Name)},"Amount":1.6147805824397E13,
      "Active__c":true,"SystemModstamp":"2026-10-05T09:00:00.000+0000"}`;
    const csv = pageOf(csvOf(FIELDS, [{ ...RECORD, Amount: "1.6147805824397E13" }]));
    expect(cellsOf(lines(json(record)).text.trimEnd())).toEqual(cellsOf(lines(csv).text.trimEnd()));
  });

  test("fields of other objects are found behind their point, and are NULL where there is none", () => {
    const parameters = { ...PARAMETERS, cells: [cell("id", "Id", "text"), cell("name", "Owner.Name", "text")] };
    const more = `"IsDeleted":false,"SystemModstamp":null`;
    const page = json(`{"Id":"a",${more},"Owner":{"Name":"somebody"}},{"Id":"b",${more},"Owner":null}`);
    const texts = lines(page, { ...parameters, columns: ["_position", "id", "name"] }).text.split("\n");
    expect(texts.map(cellsOf).slice(0, 2)).toEqual([
      ["7/1", "a", "somebody"],
      ["7/2", "b", null],
    ]);
  });

  test("without records it is no page", () => {
    expect(() => lines(pageOf(Buffer.from("{}"), "application/json"))).toThrow(SyntaxError);
  });
});

test("a header is read once, and its records by their places", () => {
  const page = csvPage(csvOf(["B", "A"], [{ A: "1", B: "2" }]));
  expect(page.header).toEqual(["B", "A"]);
  expect([page.next(), page.text(0), page.text(1), page.next()]).toEqual([true, "2", "1", false]);
});
