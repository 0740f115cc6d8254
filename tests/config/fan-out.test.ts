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

test("a join that may give several rows is warned of with its place, and how it gives one", () => {
  const { problems, warnings } = assembleLibrary(joining("b.isbn = l.isbn"));
  expect(lines(problems)).toEqual([]);
  const [warning, ...more] = lines(warnings);
  expect(more).toEqual([]);
  expect(warning).toMatch(
    /^models\/branch_activity.sql:\d+:11: staging.catalog_books is joined by \(isbn\), of which it may have several rows: those of branch_activity would be doubled > join it by \(.*branch_code.*\).*, or say fans_out: \[catalog.books\] where several are meant$/,
  );
});

test("a join by the whole key is none, and neither is one that is meant", () => {
  expect(assembleLibrary(joining("b.isbn = l.isbn and b.branch_code = l.branch_code")).warnings).toEqual([]);
  expect(assembleLibrary(joining("b.isbn = l.isbn", "\nfans_out: [catalog.books]")).warnings).toEqual([]);
});

test("what is meant is an input of the model", () => {
  const { problems } = assembleLibrary(joining("b.isbn = l.isbn", "\nfans_out: [catalog.boks]"));
  expect(lines(problems)).toEqual([expect.stringMatching(/there is no input "catalog.boks" > did you mean "catalog.books"/)]);
});
