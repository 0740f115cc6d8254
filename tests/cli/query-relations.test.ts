import { expect, test } from "vitest";
import { contractsRead } from "../../src/documents/query-relations.ts";
import { assembleLibrary } from "../config/library-files.ts";

const { pipeline } = assembleLibrary();

const read = (sql: string) => {
  if (!pipeline) throw new Error("no pipeline");
  return contractsRead(sql, pipeline)?.map(({ id }) => id) ?? null;
};

test.each([
  [
    "a feed's rows, live or all",
    "select * from staging.catalog_loans join STAGING.catalog_books__rows b on true",
    ["catalog.loans", "catalog.books"],
  ],
  [
    "a curated table, its rows and its history",
    'select 1 from curated.loan, curated."book__rows" b, history.loan h',
    ["loan", "book", "loan"],
  ],
  ["with the database before it", "select 1 from warehouse.curated.loan", ["loan"]],
  ["of ops alone: of none", "select name, verdict from ops.verdict v where name in (select name from ops.flow)", []],
  [
    "by a query of its own",
    "with x as (select * from ops.verdict), y as (select * from x) select name from y join curated.book using (isbn)",
    ["book"],
  ],
  [
    "in a set operation and below",
    "select isbn from curated.book union select isbn from (select isbn from staging.catalog_loans) s",
    ["book", "catalog.loans"],
  ],
  [
    "functions and conditions name none",
    "select extract(year from lent_on), trim('x' from a), b from curated.loan where a is not distinct from b order by a, b",
    ["loan"],
  ],
  ["in parentheses of a FROM", "select * from (curated.loan l cross join ops.verdict v)", ["loan"]],
  ["by TABLE", "with x as (table curated.loan) select * from x", ["loan"]],
  [
    "by other words than FROM",
    "select * from (pivot staging.catalog_loans on a), (summarize curated.book)",
    ["catalog.loans", "book"],
  ],
  ["a list behind a condition names none", "select coalesce(a, b) from curated.loan where a in (1, 2) order by a, b", ["loan"]],
] as [string, string, string[] | null][])("a query reads %s", (_, sql, contracts) => {
  expect(read(sql)).toEqual(contracts);
});

test.each([
  "select * from my_view",
  "select v.name, m.name from ops.verdict v join my_view m on true",
  "select v.name, m.name from ops.verdict v, my_view m",
  "select v.name, m.name from ops.verdict v join ops.flow f on v.feed = f.feed, my_view m",
  "select name from ops.verdict, lateral (select * from my_view)",
  "from curated.people_view",
  "select payload from ops.open_quarantine",
  "select * from raw.catalog_loans",
  "with x as (table staging.former_feed) select * from x",
])("of what nobody knows all names count: %s", (sql) => expect(read(sql)).toBeNull());
