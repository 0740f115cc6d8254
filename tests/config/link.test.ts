import { expect, test } from "vitest";
import { assembleLibrary, type Edit, lines } from "./library-files.ts";

const main = (from: string, to: string): Edit => ({ file: "pipeline.yaml", from, to });
const source = (from: string, to: string): Edit => ({ file: "sources/catalog.yaml", from, to });
const contract = (name: string, from: string, to: string): Edit => ({ file: `contracts/${name}.odcs.yaml`, from, to });
const model = (name: string, from: string, to: string): Edit => ({ file: `models/${name}.sql`, from, to });

test("a quite different pipeline links, with composite keys and major units", () => {
  const { pipeline, problems, warnings } = assembleLibrary();
  expect(lines([...problems, ...warnings])).toEqual([]);
  expect(pipeline?.groups.get("lending")).toMatchObject({
    feeds: ["catalog.books", "catalog.loans"],
    models: ["book", "branch_activity", "loan"],
  });
  expect(pipeline?.groups.get("lending")?.gates).toEqual({
    validShare: 0.9,
    heldShare: 0.5,
    sample: 10,
    quarantinedMinor: { "*": "5000" },
    vanishedShare: 0.05,
    missingKeys: 0,
    respelledKeys: "warn",
  });
  expect(pipeline?.drift).toEqual({ added: "report", removed: "stop", retyped: "stop", renamed: "stop" });
  expect(pipeline?.feeds.get("catalog.books")).toMatchObject({ sourceKey: ["branch_code", "isbn"], reads: "whole" });
  expect(pipeline?.feeds.get("catalog.loans")?.money).toEqual({ amount: "fine", currency: "fine_currency", unit: "major" });
  expect(pipeline?.models.get("branch_activity")?.touches).toEqual([
    { feed: "catalog.loans", select: "select branch_code from changed" },
  ]);
  expect(pipeline?.models.get("loan")?.select).toMatch(/^select loan_code/);
});

/** An edit, and the whole of what is said about it. */
const mistakes: [string, Edit, RegExp][] = [
  [
    "a table called as the rows of another",
    model("loan", "table: loan", "table: loan__rows"),
    /^models\/loan.sql:2:8: "table" must be a name of lower-case letters, digits and _ that does not end in __rows/,
  ],
  ["unknown key", main("owners:", "owner:"), /^pipeline.yaml:10:1: unknown key "owner" > did you mean "owners"/],
  [
    "share above 1",
    main("valid_share: 0.9", "valid_share: 99"),
    /^pipeline.yaml:19:20: "valid_share" must be a share between 0 and 1/,
  ],
  [
    "closed list",
    main("kind: duckdb", "kind: duckdv"),
    /^pipeline.yaml:6:24: "duckdv" is not a value of kind > did you mean "duckdb"/,
  ],
  [
    "schedule",
    main("    owner: library-desk", "    owner: library-desk\n    schedule: hourly"),
    /^pipeline.yaml:15:15: "schedule" must be five cron fields/,
  ],
  [
    "default group",
    main("groups:", "default_group: lendin\ngroups:"),
    /^pipeline.yaml:12:16: there is no group "lendin" > did you mean "lending"/,
  ],
  ["unknown owner", main("    owner: library-desk", "    owner: library"), /^pipeline.yaml:14:12: there is no owner "library"/],
  [
    "unknown feed",
    main("catalog.loans,", "catalog.loan,"),
    /^pipeline.yaml:15:13: there is no feed "catalog.loan" > did you mean "catalog.loans"/,
  ],
  ["model twice", main("loan, book]", "loan, book, loan]"), /^pipeline.yaml:16:43: the model "loan" is declared twice/],
  ["model in no group", main("loan, book]", "book]"), /^models\/loan.sql:2:1: the model loan is in no group/],
  [
    "gate of no currency",
    main('"*": 5000', '"*": 1, EUX: 2'),
    /^pipeline.yaml:21:36: there is no currency "EUX" > did you mean "EUR"/,
  ],
  [
    "not embedded",
    main("embedded: true", "embedded: false"),
    /^pipeline.yaml:7:27: the control store is embedded, the environment is not/,
  ],
  [
    "no warehouse file",
    main(`path: "\${LEDGERLOOP_STATE:-.state}/warehouse.duckdb", `, ""),
    /^pipeline.yaml:6:5: the key "path" is missing/,
  ],
  [
    "source key column",
    source("[row_no]", "[row_nr]"),
    /^sources\/catalog.yaml:20:18: there is no column "row_nr" > did you mean "row_no"/,
  ],
  ["money column", source("amount: fine,", "amount: fines,"), /^sources\/catalog.yaml:23:22: there is no column "fines"/],
  [
    "money in minor units",
    source("unit: major", "unit: minor"),
    /^sources\/catalog.yaml:23:22: "fine" is of type decimal; money needs integer/,
  ],
  [
    "posting date",
    source("posting_date: lent_on", "posting_date: state"),
    /^sources\/catalog.yaml:24:19: "state" is of type string; posting_date needs date or timestamp/,
  ],
  ["version", source("version: revision", "version: revisio"), /^sources\/catalog.yaml:15:14: there is no column "revisio"/],
  [
    "cursor column",
    source("{ mode: xid, column: chg }", "{ mode: updated_at, column: chg }"),
    /^sources\/catalog.yaml:22:41: there is no column "chg"/,
  ],
  [
    "cursor mode",
    source("mode: xid", "mode: xdi"),
    /^sources\/catalog.yaml:22:21: "xdi" is not a value of mode > did you mean "xid"/,
  ],
  [
    "cursor without column",
    source("{ mode: xid, column: chg }", "{ mode: xid }"),
    /^sources\/catalog.yaml:22:5: the key "column" is missing/,
  ],
  [
    "key of another cursor mode",
    source("cursor: { mode: whole }", "cursor: { mode: whole, column: chg }"),
    /^sources\/catalog.yaml:16:28: "column" is a key of mode xid or updated_at; this cursor is of mode whole > remove it; allowed here: mode$/,
  ],
  [
    "unknown contract",
    source("contract: catalog.loans", "contract: catalog.lones"),
    /^sources\/catalog.yaml:19:15: there is no contract "catalog.lones" > did you mean "catalog.loans"/,
  ],
  [
    "business key without unique rule",
    source("business_key: [loan_code]", "business_key: [isbn]"),
    /^sources\/catalog.yaml:21:19: no unique rule stands on the business key \(isbn\)/,
  ],
  [
    "nullable key",
    source("source_key: [row_no]", "source_key: [reader_name]"),
    /^sources\/catalog.yaml:20:18: the key column "reader_name" may be NULL/,
  ],
  [
    "missing variable",
    source(`\${CATALOG_URL:-embedded}`, `\${CATALOG_URL}`),
    /^sources\/catalog.yaml:6:8: the environment variable CATALOG_URL is not set/,
  ],
  [
    "foreign key to no feed",
    contract("catalog.loans", "books.", "bocks."),
    /^contracts\/catalog.loans.odcs.yaml:65:9: there is no feed "catalog.bocks" > did you mean "catalog.books"/,
  ],
  [
    "foreign key to part of a key",
    contract(
      "catalog.loans",
      "from: [loans.branch_code, loans.isbn]\n        to: [books.branch_code, books.isbn]",
      "from: [loans.isbn]\n        to: [books.isbn]",
    ),
    /^contracts\/catalog.loans.odcs.yaml:65:9: the foreign key isbn.foreign_key refers to \(isbn\), the key of catalog.books is/,
  ],
  [
    "self reference",
    contract("catalog.loans", "books.", "loans."),
    /^contracts\/catalog.loans.odcs.yaml:65:9: the foreign key branch_code_isbn.foreign_key refers to its own feed/,
  ],
  [
    "contract of another object",
    contract("book", "- name: book\n", "- name: buch\n"),
    /^models\/book.sql:4:11: the contract book describes "buch", not "book"/,
  ],
  ["owner of a contract", contract("book", "library-desk", "desk"), /^contracts\/book.odcs.yaml:1:1: there is no owner "desk"/],
  [
    "contract id twice",
    contract("loan", "id: loan\n", "id: book\n"),
    /contracts\/loan.odcs.yaml:1:1: the contract "book" is declared twice/,
  ],
  [
    "model key",
    model("book", "key: [branch_code, isbn]", "key: [isbn, branch_code]"),
    /^models\/book.sql:3:6: the key \(isbn, branch_code\) is not the contract's primary key/,
  ],
  ["header", model("book", "/* ledgerloop", "/* other"), /^models\/book.sql:1:1: the file does not start with a/],
  [
    "header key",
    model("book", "touched_by:", "touched-by:"),
    /^models\/book.sql:5:1: unknown key "touched-by" > did you mean "touched_by"/,
  ],
  [
    "touch list length",
    model("book", "catalog.books: [branch_code, isbn]", "catalog.books: [isbn]"),
    /^models\/book.sql:6:18: the key has 2 columns, the list 1/,
  ],
  [
    "touch lists",
    model("book", "catalog.books: [branch_code, isbn]", "catalog.books: [[branch_code, isbn], [isbn]]"),
    /^models\/book.sql:6:40: the key has 2 columns, the list 1/,
  ],
  [
    "ties over a feed",
    contract(
      "catalog.loans",
      "      - id: returned_after_lent",
      `      - { id: tie, type: custom, engine: ledgerloop, implementation: { rule: ties, state: state, tied: [a], differs: [b], amount: row_no, currency: state } }
      - id: returned_after_lent`,
    ),
    /^contracts\/catalog.loans.odcs.yaml:\d+:\d+: the rule tie of kind ties judges a curated table/,
  ],
  [
    "touch column",
    model("book", "catalog.books: [branch_code, isbn]", "catalog.books: [branch_code, isbm]"),
    /^models\/book.sql:6:32: there is no column "isbm"/,
  ],
  [
    "touch feed",
    model("book", "catalog.books:", "catalog.bookz:"),
    /^models\/book.sql:5:1: .*touched_by does not name catalog.books.*\n?.*/,
  ],
  [
    "touch select",
    model("branch_activity", "from changed", "from staging.catalog_loans"),
    /^models\/branch_activity.sql:6:18: the query does not read from changed/,
  ],
  [
    "two statements",
    model("book", "staging.catalog_books", "staging.catalog_books; drop table x"),
    /^models\/book.sql:8:1: the query contains a semicolon/,
  ],
  [
    "not a SELECT",
    model("book", "select branch_code", "delete branch_code"),
    /^models\/book.sql:8:1: the query does not start with SELECT or WITH/,
  ],
  [
    "unknown relation",
    model("book", "staging.catalog_books", "staging.catalog_boks"),
    /^models\/book.sql:8:1: there is no staging relation "catalog_boks" > did you mean "catalog_books"/,
  ],
  [
    "undeclared relation",
    model("book", "from staging.catalog_books", "from staging.catalog_books, staging.catalog_loans"),
    /^models\/book.sql:5:1: the query reads staging.catalog_loans, but touched_by/,
  ],
];

test.each(mistakes)("%s", (...[, edit, message]) => {
  const { problems, pipeline } = assembleLibrary([edit]);
  expect(lines(problems)[0]).toMatch(message);
  expect(pipeline).toBeUndefined();
});

test("all problems come at once, in the order of files and lines", () => {
  const { problems } = assembleLibrary([
    source("[row_no]", "[a]"),
    source("version: revision", "version: b"),
    main("catalog.loans,", "catalog.loans, x.y,"),
  ]);
  expect(problems.map((p) => `${p.at?.file}:${p.at?.line}`)).toEqual([
    "pipeline.yaml:15",
    "sources/catalog.yaml:15",
    "sources/catalog.yaml:20",
  ]);
});

test("foreign keys in a circle", () => {
  const { problems } = assembleLibrary([
    contract(
      "catalog.books",
      "- name: revision\n",
      "- name: loan_code\n        logicalType: string\n        relationships: [{ to: loans.loan_code }]\n      - name: revision\n",
    ),
  ]);
  expect(lines(problems)).toEqual([expect.stringMatching(/form a circle by what they refer to: catalog.books, catalog.loans/)]);
});

test("warnings", () => {
  const noVersion = assembleLibrary([
    source("    version: revision\n    cursor: { mode: whole }", "    cursor: { mode: xid, column: chg }"),
  ]);
  expect(lines(noVersion.warnings)).toEqual([
    expect.stringMatching(/^sources\/catalog.yaml:11:3: without a physical key and a version/),
  ]);
  const currency = assembleLibrary([main("EUR: 2, JPY: 0", "EUR: 2")]);
  expect(lines(currency.warnings)).toEqual([expect.stringMatching(/without a declared exponent: JPY/)]);
  expect(noVersion.pipeline).toBeDefined();
});

test("substituted values are used and never printed", () => {
  const env = { CATALOG_URL: "postgres://u:hunter2@db/lib", LEDGERLOOP_STATE: "/var/s" };
  const { pipeline } = assembleLibrary([], env);
  expect(pipeline?.sources.get("catalog")).toMatchObject({ embedded: false, settings: { url: env.CATALOG_URL } });
  expect(pipeline?.environment.objectStore.path).toBe("/root//var/s/objects");
  const { problems } = assembleLibrary([source("kind: postgres", `kind: \${CATALOG_URL}`)], env);
  expect(lines(problems)).toEqual([
    expect.stringMatching(/^sources\/catalog.yaml:3:7: "\$\{CATALOG_URL\}" is not a value of kind/),
  ]);
});
