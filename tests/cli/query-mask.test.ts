import { expect, test } from "vitest";
import type { ColumnNames } from "../../src/documents/pii.ts";
import { fileFault, maskQuery, namesFault } from "../../src/documents/query-mask.ts";
import type { TextRow } from "../../src/warehouse/warehouse.ts";

const NAMES: ColumnNames = { personal: new Set(["email", "phone"]), open: new Set(["customer_id", "status"]) };
const MASKED = "•••";

test.each([
  ["a personal column", "select email from c", { email: "a@b.test" }, { email: MASKED }],
  ["in any spelling", 'select "EMAIL" from c', { EMAIL: "a@b.test" }, { EMAIL: MASKED }],
  ["by star", "select * from c", { customer_id: "c1", phone: "1" }, { customer_id: "c1", phone: MASKED }],
  [
    "under a new name",
    "select email as e, customer_id from c",
    { e: "a@b.test", customer_id: "c1" },
    { e: MASKED, customer_id: "c1" },
  ],
  ["made into something", "select upper(email) from c", { "upper(email)": "A@B.TEST" }, { "upper(email)": MASKED }],
  ["in a whole row", "select c from curated.customer c", { c: '{"customer_id":"c1","email":"a@b.test"}' }, { c: MASKED }],
  ["in a whole row as text", "select c::varchar as t from x c", { t: "{'customer_id': c1, 'email': a@b.test}" }, { t: MASKED }],
  ["stored apart", "select payload_pii as p from ops.quarantine_row", { p: '{"x":"1"}' }, { p: MASKED }],
  ["unnamed, in a function", "select concat_ws(',', *columns(*)) as t from c", { t: "a@b.test" }, { t: MASKED }],
  ["unpivoted", "select name, value from (unpivot c on columns(*))", { value: "a@b.test" }, { value: MASKED }],
  ["renamed in a list", "select x.b from curated.customer x(a, b)", { b: "a@b.test" }, { b: MASKED }],
  ["renamed by WITH", "with x(a, b) as (select * from c) select b from x", { b: "a@b.test" }, { b: MASKED }],
  [
    "under another column's name",
    "select customer_id from c union all select email from c",
    { customer_id: "a@b.test" },
    { customer_id: MASKED },
  ],
  ["below a star", "select '' as x union all select * from c", { x: "a@b.test" }, { x: MASKED }],
  ["named as another column", "select email as status from c", { status: "a@b.test" }, { status: MASKED }],
  ["named so without AS", "select coalesce(email, status) status from c", { status: "a@b.test" }, { status: MASKED }],
  ["named so in front", "select status: email from c", { status: "a@b.test" }, { status: MASKED }],
  [
    "named so in a query below",
    "with x as (select max(email) as status from c) select status from x",
    { status: "a" },
    { status: MASKED },
  ],
  ["named so by a star", "select * replace (email as status) from c", { status: "a@b.test" }, { status: MASKED }],
  ["named as a column of ops", "select email as reason from c", { reason: "a@b.test" }, { reason: MASKED }],
  ["twice, below", "select * from (select * from c a, c b)", { email_1: "a@b.test" }, { email_1: MASKED }],
  ["twice", "select * from c a, c b", { "email:1": "a@b.test" }, { "email:1": MASKED }],
  ["by its place", "select #3 as x from c", { x: "a@b.test" }, { x: MASKED }],
  ["by its place in the other engine", "select $3 from c", { $3: "a@b.test" }, { $3: MASKED }],
  ["summed up", "select * from (summarize c)", { max: "a@b.test" }, { max: MASKED }],
  [
    "an open column stays beside a personal one",
    "select c.status as status, status, email from c where phone = 'x' order by status",
    { status: "open" },
    { status: "open" },
  ],
  ["and where it is cast", "select status::text, email from c group by email, status", { status: "open" }, { status: "open" }],
  ["functions stay", "select sum(n), max(d) as d from f where x in (a, b)", { "sum(n)": "3", d: "4" }, { "sum(n)": "3", d: "4" }],
  ["a plain WITH stays", "with x as (select sum(n) as s from f) select s from x", { s: "3" }, { s: "3" }],
  ["a set operation stays", "select status from c union select status from d", { status: "open" }, { status: "open" }],
  ["NULL stays", "select email from c", { email: null }, { email: null }],
  ["a count stays", "select count(*) from c where email is null", { "count_star()": "3" }, { "count_star()": "3" }],
  [
    "rule ids stay",
    "select name from ops.verdict where name = 'email.pattern'",
    { name: "email.pattern" },
    { name: "email.pattern" },
  ],
  [
    "other columns stay",
    "select status, count(*) as n from c group by 1",
    { status: "open", n: "2" },
    { status: "open", n: "2" },
  ],
] as [string, string, TextRow, TextRow][])("%s", (...[, sql, row, shown]) => {
  expect(maskQuery(sql, [row], NAMES).rows).toEqual([shown]);
});

test("says which columns it masked", () => {
  expect(maskQuery("select * from c", [{ email: "a", phone: null, status: "x" }], NAMES).hidden).toEqual(["email"]);
});

test.each([
  "select content from read_text('/landing/*.csv')",
  "select * from 'part-000.csv'",
  'select * from "objects/part-000.csv"',
  "select * from ops.publication p, 'part-000.csv'",
])("a query reads no files: %s", (sql) => expect(fileFault(sql)).toContain("reads a file"));

test.each([
  "select 'from' from t where x = 'a.csv'",
  "select a from t where a is distinct from 'x' or trim(both 'y' from a) = ''",
  'select "a.b" from t',
  "select max(read_at) from t",
])("a query of tables may be asked: %s", (sql) => expect(fileFault(sql)).toBeUndefined());

test.each([
  ["select * from (pivot (select email, status from c) on email using count(*))", true],
  ["select * from (PIVOT c ON status USING count(*) GROUP BY customer_id)", false],
  ["select * from (pivot_wider c on phone)", true],
  ["select email, 'pivot' as word from c", false],
])("values of personal columns do not become names of columns: %s", (sql, isRefused) => {
  expect(namesFault(sql, NAMES) !== undefined).toBe(isRefused);
});
