import { expect, test } from "vitest";
import { assembleLibrary, type Edit, lines } from "./library-files.ts";

/** `branch_activity` over loans and the books that they are of. */
const joining = (on: string, header = ""): Edit[] => [
  {
    file: "models/branch_activity.sql",
    from: "catalog.loans: select branch_code from changed",
    to: `catalog.loans: select branch_code from changed\n  catalog.books: select branch_code from changed${header}`,
  },
  {
    file: "models/branch_activity.sql",
    from: "from staging.catalog_loans",
    to: `from staging.catalog_loans l\nleft join staging.catalog_books b on ${on}`,
  },
];

test("a join that may give several rows is refused with its place, and how it gives one", () => {
  const [problem, ...more] = lines(assembleLibrary(joining("b.isbn = l.isbn")).problems);
  expect(more).toEqual([]);
  expect(problem).toMatch(
    /^models\/branch_activity.sql:\d+:11: staging.catalog_books is joined by \(isbn\), of which it may have several rows: those of branch_activity would be doubled > join it by \(.*branch_code.*\).*, or say fans_out: \[catalog.books\] where several are meant$/,
  );
});

test("a join by the whole key is none, and neither is one that is meant", () => {
  expect(assembleLibrary(joining("b.isbn = l.isbn and b.branch_code = l.branch_code")).problems).toEqual([]);
  expect(assembleLibrary(joining("b.isbn = l.isbn", "\nfans_out: [catalog.books]")).problems).toEqual([]);
});

const grouped = (on: string, header = ""): Edit[] => {
  const query = "(select isbn, branch_code, count(*) as n from staging.catalog_books group by isbn, branch_code) b";
  return joining(on, header).map((edit) => ({ ...edit, to: edit.to.replace("staging.catalog_books b", query) }));
};

test("a query that is grouped by more than it is joined by is refused too, unless it is meant", () => {
  expect(lines(assembleLibrary(grouped("b.isbn = l.isbn")).problems)).toEqual([
    expect.stringMatching(
      /^models\/branch_activity.sql:\d+:11: the query b is joined by \(isbn\), of which it may have several rows: .* > join it by \(isbn, branch_code\), group it by that, or say fans_out: \[b\] where several are meant$/,
    ),
  ]);
  expect(assembleLibrary(grouped("b.isbn = l.isbn and b.branch_code = l.branch_code")).problems).toEqual([]);
  expect(assembleLibrary(grouped("b.isbn = l.isbn", "\nfans_out: [b]")).problems).toEqual([]);
});

test("a query that only picks rows of a relation is joined as the relation is", () => {
  const picking = (on: string, header = ""): Edit[] =>
    joining(on, header).map((edit) => ({
      ...edit,
      to: edit.to.replace("staging.catalog_books b", "(select * from staging.catalog_books where isbn <> '') b"),
    }));
  expect(lines(assembleLibrary(picking("b.isbn = l.isbn")).problems)).toEqual([
    expect.stringMatching(
      /^models\/branch_activity.sql:\d+:11: staging.catalog_books is joined by \(isbn\), .* fans_out: \[catalog.books\]/,
    ),
  ]);
  expect(assembleLibrary(picking("b.isbn = l.isbn and b.branch_code = l.branch_code")).problems).toEqual([]);
  expect(assembleLibrary(picking("b.isbn = l.isbn", "\nfans_out: [catalog.books]")).problems).toEqual([]);
});

test("a derived column that holds the key gives one row", () => {
  const derived = (template: string): Edit => ({
    file: "contracts/catalog.books.odcs.yaml",
    from: "    properties:",
    to: `    customProperties: [{ property: derived, value: { book: "${template}" } }]\n    properties:`,
  });
  const by = joining("b.book = l.isbn");
  expect(lines(assembleLibrary([...by, derived("{branch_code}:{isbn}")]).problems)).toEqual([]);
  expect(lines(assembleLibrary([...by, derived("book:{isbn}")]).problems)).toEqual([
    expect.stringMatching(/staging.catalog_books is joined by \(book\)/),
  ]);
});

test("what is meant is an input of the model", () => {
  const { problems } = assembleLibrary(joining("b.isbn = l.isbn", "\nfans_out: [catalog.boks]"));
  expect(lines(problems)).toEqual([expect.stringMatching(/there is no input "catalog.boks" > did you mean "catalog.books"/)]);
});
