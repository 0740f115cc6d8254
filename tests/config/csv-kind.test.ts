import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadPipeline } from "../../src/config/load.ts";
import { csvKind } from "../../src/sources/csv/csv-kind.ts";
import { SENDERS_WORDS } from "../../src/sources/csv/files/senders-words.ts";

const PARTNERS = "tests/fixtures/pipelines/partners";
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** The fixture with a text of its source file or contract replaced. */
function loaded(from: string, to: string, file = "sources/partners.yaml") {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  made.push(directory);
  cpSync(PARTNERS, directory, { recursive: true });
  const path = join(directory, file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return loadPipeline({ directory, env: {}, kinds: [csvKind] });
}

test("records of files are known by a column of the reader's own, or by the declared key and the files' order", () => {
  const own = loaded("acme: {}", "acme: {}").pipeline?.feeds.get("partners.remittances");
  expect([own?.sourceKey, own?.lands]).toEqual([["_record"], ["_scope", "_fault", "_payload", "_unconverted"]]);
  expect(own?.contract.columns.at(-1)).toMatchObject({ name: "_record", required: true });
  const keyed = loaded("business_key:", "source_key: [remittance_id]\n    business_key:").pipeline?.feeds.get(
    "partners.remittances",
  );
  expect([keyed?.sourceKey, keyed?.lands]).toEqual([
    ["remittance_id"],
    ["_scope", "_order", "_fault", "_payload", "_unconverted"],
  ]);
  expect(keyed?.contract.columns.map(({ name }) => name)).not.toContain("_record");
});

const MISTAKES: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  [
    "a pattern that is none",
    "{partner}/{date",
    "{partner/{date",
    /partners.yaml:8:12: "remittances\/\{partner\/.*" is no pattern of files/,
  ],
  [
    "a feed whose files may be another's",
    "feeds:",
    'feeds:\n  returns: { files: "remittances/acme/*.csv", contract: partners.remittances, business_key: [remittance_id], layouts: { acme: {} } }',
    /partners.yaml:9:12: a file may be of two feeds, and its rows would be loaded twice: remittances\/acme\/2026-01-01a?.csv fits the files of remittances and of returns/,
  ],
  [
    "a layout without a column that the contract requires",
    "          - { header: Rechnung, column: invoice_id }\n",
    "",
    /partners.yaml:\d+:\d+: the layout "north" gives no row the column "invoice_id", .* break invoice_id.required\n.*add it to columns, .*or to constants/,
  ],
  [
    "a constant that is left out",
    "constants: { currency: EUR }",
    "constants: {}",
    /the layout "north" gives no row the column "currency"/,
  ],
  [
    "a header of no column that the contract has",
    "{ header: amount }, { header: currency }",
    "{ header: Amount }, { header: currency }",
    /the layout "acme_2025" gives no row the column "amount"/,
  ],
  ["an unknown key of a layout", "delimiter:", "delimeter:", /did you mean "delimiter"\?/],
  ["a column that the contract has not", "column: amount", "column: amounts", /no column "amounts"\n.*did you mean "amount"\?/],
  [
    "a date format for a number",
    'decimal: ",", thousands: "."',
    "dates: [dd.MM.yyyy]",
    /"amount" is of type decimal; layouts needs date/,
  ],
  ["one mark for two things", 'thousands: "."', 'thousands: ","', /decimal and thousands are one mark/],
  ["a footer that is no expression", "Summe;(?<count>", "Summe;(?<count", /the footer is no regular expression/],
  [
    "a group that is compared with nothing",
    "Summe;(?<count>",
    "Summe;(?<cnt>",
    /the group "cnt" is compared with nothing\n.*call it count or sum/,
  ],
  [
    "a version beside the files' order",
    "posting_date: paid_on",
    "version: remittance_id",
    /a version beside that would be a second order/,
  ],
];

test.each(MISTAKES)("%s is told with its place", (...[, from, to, says]) => {
  expect(() => loaded(from, to)).toThrow(says);
});

test("a calendar needs the day in the files' names", () => {
  const calendar = 'calendar: { zone: Europe/Berlin, since: "2026-05-11", due: "09:00" }';
  expect(loaded("business_key:", `${calendar}\n    business_key:`).warnings).toEqual([]);
  const pattern = '/{date:yyyy-MM-dd}*.csv{,.gz}"';
  expect(() => loaded(pattern, `/*.csv{,.gz}"\n    ${calendar}`)).toThrow(/the files have no \{date\} in their names/);
});

test("whose files may come is what the layouts say, where the files' names tell", () => {
  const senders = (from: string, to: string) => {
    const feed = loaded(from, to).pipeline?.feeds.get("partners.remittances");
    return feed && SENDERS_WORDS.senders(feed);
  };
  expect(senders("acme: {}", "acme: {}")).toEqual(["acme", "north"]);
  expect(senders("remittances/{partner}/", "remittances/")).toEqual([]);
});

test("a physicalName is the name of a column in files, and refused where nothing knows columns by it", () => {
  const [from, to] = ["{ name: invoice_id, ", "{ name: invoice_id, physicalName: Invoice, "];
  expect(() => loaded(from, to, "contracts/remittance.odcs.yaml")).toThrow(
    /the physicalName of "invoice_id" is another name, "Invoice"/,
  );
});

test.each([
  ["contracts/remittance.odcs.yaml", /"paid_on" of a curated table has a format/],
  ["contracts/partners.remittances.odcs.yaml", /"paid_on" has a format, and layouts compares/],
])("a format where values are not read by it is refused: %s", (file, says) => {
  const column = "{ name: paid_on, ";
  const format = "customProperties: [{ property: format, value: dd.MM.yyyy }], ";
  expect(() => loaded(column, `${column}${format}`, file)).toThrow(says);
});
