import { expect, test } from "vitest";
import { assembleLibrary, type Edit, lines } from "./library-files.ts";

const model = (name: string, from: string, to: string): Edit => ({ file: `models/${name}.sql`, from, to });

/** `branch_activity` made of the curated loans, its keys reached in some way. */
const overLoans = (touch: string, relation = "curated.loan"): Edit[] => [
  model("branch_activity", "catalog.loans: select branch_code from changed", touch),
  model("branch_activity", "staging.catalog_loans", relation),
];

test("a model reads curated tables, by columns or a SELECT, and is made after them", () => {
  for (const touch of ["curated.loan: [branch_code]", "curated.loan: select c.branch_code from changed c"]) {
    const { pipeline, problems } = assembleLibrary(overLoans(touch));
    expect(lines(problems)).toEqual([]);
    expect(pipeline?.groups.get("lending")?.models).toEqual(["book", "loan", "branch_activity"]);
    expect(pipeline?.models.get("branch_activity")?.touches).toEqual([
      {
        table: "loan",
        ...(touch.includes("[") ? { columns: ["branch_code"] } : { select: "select c.branch_code from changed c" }),
      },
    ]);
  }
});

test.each([
  [
    "an unknown table",
    overLoans("curated.lone: [branch_code]"),
    [
      /^models\/branch_activity.sql:5:1: the query reads curated.loan, but touched_by does not name curated.loan/,
      /^models\/branch_activity.sql:6:3: there is no curated table "curated.lone" > did you mean "curated.loan"/,
    ],
  ],
  [
    "an unknown relation",
    overLoans("curated.loan: [branch_code]", "curated.lone"),
    [/^models\/branch_activity.sql:8:1: there is no curated relation "lone" > did you mean "loan"/],
  ],
  [
    "an unknown column",
    overLoans("curated.loan: [branch_cod]"),
    [/^models\/branch_activity.sql:6:18: there is no column "branch_cod" > did you mean "branch_code"/],
  ],
  [
    "a list of another length",
    overLoans("curated.loan: [branch_code, isbn]"),
    [/^models\/branch_activity.sql:6:17: the key has 1 columns, the list 2 > name one column of the input for each key column/],
  ],
  [
    "a query over nothing",
    overLoans("curated.loan: [branch_code]", "loan"),
    [/^models\/branch_activity.sql:8:1: the query reads nothing from the schemas staging and curated/],
  ],
  [
    "a query over its own table",
    [
      model("book", "staging.catalog_books", "staging.catalog_books left join curated.book using (isbn)"),
      model("book", "catalog.books:", "curated.book: [branch_code, isbn]\n  catalog.books:"),
    ],
    [/^models\/book.sql:\d+:1: the query of book reads its own table/],
  ],
  [
    "tables that read each other",
    [
      ...overLoans("curated.loan: [branch_code]"),
      model("loan", "staging.catalog_loans", "staging.catalog_loans l left join curated.branch_activity a using (branch_code)"),
      model("loan", "catalog.loans:", "curated.branch_activity: select loan_code from changed\n  catalog.loans:"),
    ],
    [
      /these models form a circle by what they refer to or read: branch_activity, loan > remove one of the relationships or inputs/,
    ],
  ],
] as const)("%s is told of", (_, edits, messages) => {
  const { problems, pipeline } = assembleLibrary([...edits]);
  expect(problems).toHaveLength(messages.length);
  for (const [i, message] of messages.entries()) expect(lines(problems)[i]).toMatch(message);
  expect(pipeline).toBeUndefined();
});

test("a curated table of another group is not read", () => {
  const { problems } = assembleLibrary([
    ...overLoans("curated.loan: [branch_code]"),
    {
      file: "pipeline.yaml",
      from: "groups:",
      to: "groups:\n  other: { owner: library-desk, feeds: [catalog.books], models: [branch_activity] }",
    },
    { file: "pipeline.yaml", from: ", catalog.books]", to: "]" },
    { file: "pipeline.yaml", from: "[branch_activity, loan", to: "[loan" },
  ]);
  expect(lines(problems).join("\n")).toMatch(
    /models\/branch_activity.sql:6:3: the curated table loan is in group lending, the model branch_activity in other > put a model and everything that it reads into one group/,
  );
});

/** `loan` made of loans and books, changes of books reaching loans in some way. */
const overBooks = (touch: string, own = "[loan_code]"): Edit[] => [
  model("loan", "catalog.loans: [loan_code]", `catalog.loans: ${own}\n  catalog.books: ${touch}`),
  model("loan", "staging.catalog_loans", "staging.catalog_loans l left join staging.catalog_books b using (branch_code, isbn)"),
];

const ON_BOOK = {
  to: { feed: "catalog.loans" },
  on: [
    { own: "branch_code", other: "branch_code" },
    { own: "isbn", other: "isbn" },
  ],
};

test.each([
  ["{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn }, key: [loan_code] }"],
  ["{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn } }"],
  ["[{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn } }]"],
])("changed rows reach keys through rows that they join, which end the way or go on as their own changes do: %s", (touch) => {
  const { pipeline, problems } = assembleLibrary(overBooks(touch));
  expect(lines(problems)).toEqual([]);
  expect(pipeline?.models.get("loan")?.touches).toEqual([
    { feed: "catalog.loans", columns: ["loan_code"] },
    { feed: "catalog.books", columns: ["loan_code"], through: [ON_BOOK] },
  ]);
});

test("a way of several joins, and texts in a key", () => {
  const byLoan = "{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn } }";
  const others = "{ join: catalog.loans, on: { reader_name: reader_name }, key: [loan_code] }";
  const { pipeline, problems } = assembleLibrary(overBooks(`[${byLoan}, ["'none'"]]`, `[[loan_code], ${others}]`));
  const byReader = { to: { feed: "catalog.loans" }, on: [{ own: "reader_name", other: "reader_name" }] };
  expect(lines(problems)).toEqual([]);
  expect(pipeline?.models.get("loan")?.touches).toEqual([
    { feed: "catalog.loans", columns: ["loan_code"] },
    { feed: "catalog.loans", columns: ["loan_code"], through: [byReader] },
    { feed: "catalog.books", columns: ["loan_code"], through: [ON_BOOK] },
    { feed: "catalog.books", columns: ["loan_code"], through: [ON_BOOK, byReader] },
    { feed: "catalog.books", columns: ["'none'"] },
  ]);
});

test.each([
  [
    "what is joined is no input",
    "{ join: catalog.book, on: { isbn: isbn } }",
    /^models\/loan.sql:7:26: there is no input "catalog.book" > did you mean "catalog.books"/,
  ],
  [
    "neither column is there",
    "{ join: catalog.loans, on: { isb: isbm } }",
    /7:47: there is no column "isb" > did you mean "isbn".*\n.*7:52: there is no column "isbm" > did you mean "isbn"/,
  ],
  [
    "the key is not of the joined rows",
    "{ join: catalog.loans, on: { isbn: isbn }, key: [title] }",
    /7:67: there is no column "title" > columns: row_no, loan_code/,
  ],
  [
    "the key has other columns",
    "{ join: catalog.loans, on: { isbn: isbn }, key: [loan_code, isbn] }",
    /7:66: the key has 1 columns, the list 2/,
  ],
  [
    "the joins lead to each other",
    "{ join: catalog.books, on: { isbn: isbn } }",
    /7:26: the join goes on as changes of catalog.books do, and catalog.books, catalog.books lead to each other > say key: \[the columns of catalog.books that are the key\], where the join ends/,
  ],
  [
    "a text is compared with a number",
    "{ join: catalog.loans, on: { isbn: row_no } }",
    /7:53: "isbn" of the feed catalog.books is text, "row_no" of the feed catalog.loans a number > join columns of one type: derive one/,
  ],
  ["nothing is compared", "{ join: catalog.loans, on: {} }", /7:\d+: .*at least one pair of columns/],
])("a join is told of where %s", (_, touch, message) => {
  const { problems, pipeline } = assembleLibrary(overBooks(touch));
  expect(lines(problems).join("\n")).toMatch(message);
  expect(pipeline).toBeUndefined();
});

test("a join does not go on where only a SELECT says how", () => {
  const { problems } = assembleLibrary(overBooks("{ join: catalog.loans, on: { isbn: isbn } }", "select loan_code from changed"));
  expect(lines(problems).join("\n")).toMatch(
    /7:26: the join goes on as changes of catalog.loans do, of which only a SELECT says where they lead > say key/,
  );
});

test.each([
  ["l left join staging.catalog_books b on b.isbn is not distinct from l.isbn and b.branch_code = l.branch_code", 1],
  ["l left join staging.catalog_books b on equal_null(b.isbn, l.isbn) and b.isbn = l.isbn and b.branch_code = l.branch_code", 1],
  ["l left join staging.catalog_books b on b.isbn = l.isbn and b.branch_code = l.branch_code", 0],
])("of NULL that equals NULL where ways are joins it is warned: %s", (from, count) => {
  const edits = overBooks("{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn } }").slice(0, 1);
  const selected = model(
    "loan",
    "select loan_code, branch_code, isbn, reader_name, state, fine, fine_currency, lent_on, returned_on",
    "select l.*",
  );
  const { warnings } = assembleLibrary([
    ...edits,
    selected,
    model("loan", "staging.catalog_loans", `staging.catalog_loans ${from}`),
  ]);
  expect(lines(warnings).filter((line) => /^models\/loan\.sql:\d+:\d+: NULL equals NULL here/.test(line))).toHaveLength(count);
});

test("rows that a join leads through and whose own changes do not reach its key are warned of", () => {
  const join = "{ join: catalog.loans, on: { branch_code: branch_code, isbn: isbn }, key: [loan_code] }";
  const warned = (own: string) =>
    lines(assembleLibrary(overBooks(join, own)).warnings).filter((line) => line.includes("lead to the key"));
  expect(warned("[loan_code]")).toEqual([]);
  expect(warned("select loan_code from changed")).toEqual([]);
  expect(warned("[reader_name]")).toEqual([
    "models/loan.sql:7:92: rows of catalog.loans lead to the key in [loan_code], which their own changes do not reach > add [loan_code] to what touched_by says of catalog.loans, or rows stay as they were",
  ]);
});
