import { expect, test } from "vitest";
import { isUnclear } from "../../src/sql/made-of.ts";
import { type KnownRelation, queryColumns } from "../../src/sql/query-columns.ts";

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  "s.c": ["id", "email", "name", "date", "Last Seen"],
  "s.d": ["id", "c_id", "email", "n", "day"],
};
const known: KnownRelation = (schema, relation) =>
  COLUMNS[`${schema}.${relation}`]?.map((name) => ({ name, source: `${relation}.${name}` }));

function made(sql: string): Record<string, string> | string {
  const columns = queryColumns(sql, known);
  if (isUnclear(columns)) return columns.says;
  return Object.fromEntries(
    columns.map(({ name, made: { of, unclear } }) => [name ?? "?", [...of, ...unclear.map(({ says }) => `! ${says}`)].join(" ")]),
  );
}

test.each<[string, string, Record<string, string>]>([
  ["plain columns", "select id, c.email, s.c.name from s.c", { id: "c.id", email: "c.email", name: "c.name" }],
  ["under an alias", "select x.email from s.c as x", { email: "c.email" }],
  ["an alias in quotes, upper case", 'SELECT "X"."EMAIL" AS "Contact" FROM S."c" "X"', { contact: "c.email" }],
  ["a name with blanks", 'select "Last Seen" as seen from s.c', { seen: "c.Last Seen" }],
  ["an alias that is another relation's name", "select d.email from s.c d", { email: "c.email" }],
  [
    "a query of WITH called like a relation",
    "with d as (select name as email from s.c) select d.email from d",
    { email: "c.name" },
  ],
  [
    "one name in two relations",
    "select c.email, d.email as other from s.c join s.d on d.c_id = c.id",
    { email: "c.email", other: "d.email" },
  ],
  ["a name of one of two relations", "select n, name from s.c join s.d on d.c_id = c.id", { n: "d.n", name: "c.name" }],
  [
    "what is joined, filtered, grouped and ordered by is none",
    "select c.name from s.c left join s.d on d.email = c.email where c.id > 1 group by c.name order by max(d.n)",
    { name: "c.name" },
  ],
  [
    "a condition stands in the expression",
    "select case when email is null then name else 'x' end as k from s.c",
    { k: "c.email c.name" },
  ],
  [
    "a window too",
    "select sum(n) over (partition by c_id order by day rows between 1 preceding and current row) as t from s.d",
    { t: "d.n d.c_id d.day" },
  ],
  ["a window with a name", "select sum(n) over w as t from s.d window w as (partition by c_id)", { t: "d.n" }],
  [
    "counts are made of none",
    "select count(*) as a, count(distinct email) + 1 as b, count(*) filter (where n > 0) as e from s.d",
    { a: "", b: "", e: "d.n" },
  ],
  [
    "constants",
    "select 1 as a, null b, 'email' as f, date '2026-01-01' as g, interval 1 day as h, 1e5 as i from s.c",
    { a: "", b: "", f: "", g: "", h: "", i: "" },
  ],
  [
    "comments and texts hold no names",
    "select /* email */ name as n, 'id' || $$email$$ as t -- , id\nfrom s.c",
    { n: "c.name", t: "" },
  ],
  [
    "types are no columns",
    "select cast(id as date) as a, id::date as b, try_cast(id as numeric(20, 2)) as e from s.c",
    { a: "c.id", b: "c.id", e: "c.id" },
  ],
  ["words that are columns", "select date, extract(day from date) as d from s.c", { date: "c.date", d: "c.date" }],
  ["is distinct from", "select email is distinct from name as k, id from s.c", { k: "c.email c.name", id: "c.id" }],
  [
    "through WITH under new names",
    "with x(a, b) as (select id, email from s.c), y as (select b as z from x) select z from y",
    { z: "c.email" },
  ],
  ["through a subquery", "select q.e from (select upper(email) as e from s.c) q", { e: "c.email" }],
  ["in a union by place", "select name as n from s.c union all (select email from s.d)", { n: "c.name d.email" }],
  [
    "in a union of a WITH",
    "with x as (select id as k, 'c' as t from s.c union all select c_id, email from s.d) select t, k from x",
    { t: "d.email", k: "c.id d.c_id" },
  ],
  ["EXCEPT gives no values, INTERSECT does", "select id from s.c except select c_id from s.d", { id: "c.id" }],
  ["a subquery among columns", "select (select max(d.email) from s.d where d.c_id = c.id) as e from s.c", { e: "d.email" }],
  ["a subquery that reads the row around", "select (select max(n) || name from s.d) as e from s.c", { e: "d.n c.name" }],
  [
    "EXISTS and IN",
    "select exists (select 1 from s.d where d.c_id = c.id) as a, id in (select c_id from s.d) as b from s.c",
    { a: "", b: "c.id d.c_id" },
  ],
  ["an item before", "select upper(email) as e, e || name as f from s.c", { e: "c.email", f: "c.email c.name" }],
  [
    "a column before an item of its name",
    "select upper(email) as name, name || 'x' as f from s.c",
    { name: "c.email", f: "c.name" },
  ],
  [
    "stars",
    "select * from (select d.*, c.name from s.c join s.d on d.c_id = c.id)",
    { id: "d.id", c_id: "d.c_id", email: "d.email", n: "d.n", day: "d.day", name: "c.name" },
  ],
  ["distinct, distinct on", "select distinct on (id) email from (select distinct id, email from s.c)", { email: "c.email" }],
  ["left() in a condition is no join", "select d.n from s.c join s.d on left(d.email, 2) = left(c.email, 2)", { n: "d.n" }],
  ["joins in parentheses", "select x.email, y.n from (s.c x join s.d y on y.c_id = x.id)", { email: "c.email", n: "d.n" }],
  [
    "lists and fields, whose names are no columns",
    "select [id, name] as l, {'a': email} as f, {id: email}.name as g, max({'id': email}).id as h, struct_pack(id := name, email => 1) as i from s.c",
    { l: "c.id c.name", f: "c.email", g: "c.email", h: "c.email", i: "c.name" },
  ],
  [
    "paths into values",
    "select name:id as a, x.name:date.id[0].email::date as b, parse_json(name):id || email as e, name['id'][id:2] as f from s.c x",
    { a: "c.name", b: "c.name", e: "c.name c.email", f: "c.name c.id" },
  ],
  [
    "parts of dates",
    "select dateadd(day, n, day) as a, date_trunc(day, day) as b, datediff(day, c_id, day) as e, day + interval (n) day as f from s.d",
    { a: "d.n d.day", b: "d.day", e: "d.c_id d.day", f: "d.day d.n" },
  ],
  [
    "words that are columns too",
    "select rows between 1 and zone as a, zone at time zone zone as b, rows collate zone as e from (select id as rows, name as zone from s.c)",
    { a: "c.id c.name", b: "c.name", e: "c.id" },
  ],
  [
    "aggregates in an order",
    "select string_agg(name, ',' order by id desc nulls last) as a, percentile_cont(0.5) within group (order by id) as p from s.c",
    { a: "c.name c.id", p: "c.id" },
  ],
])("%s", (_, sql, columns) => expect(made(sql)).toEqual(columns));

test.each<[string, string, Record<string, string> | string]>([
  [
    "an unknown column",
    "select mail as e, id from s.c",
    { e: '! reads "mail", which is no column of what it selects from', id: "c.id" },
  ],
  ["of an alias", "select x.mail from s.c x", { mail: '! reads "mail", which is no column of x' }],
  ["an unknown relation", "select e, c.id from s.c, t.z", { e: '! reads "e" of z, which is not known here', id: "c.id" }],
  ["a function behind FROM", "select x.v from s.c, unnest([1]) x", { v: '! reads "v" of x, which is a function' }],
  [
    "one name of several",
    "select email from s.c join s.d using (id)",
    { email: '! reads "email", which several of its relations have' },
  ],
  ["stars with more", "select * exclude (id) from s.c", "selects * in a form that is not looked at"],
  ["a union by name", "select id from s.c union all by name select id from s.d", "brings columns together by name"],
  [
    "recursion",
    "with recursive r as (select id from s.c union all select id from r) select id as k from r",
    { k: 'c.id ! reads "id" of r, which reads itself' },
  ],
  ["brackets that do not close", "select (id from s.c", "has brackets that do not close"],
])("what cannot be told is said: %s", (_, sql, columns) => expect(made(sql)).toEqual(columns));

test.each<[string, string, string[][] | null]>([
  ["a coalesce", "select coalesce(c.email, d.email, '-') as e from s.c join s.d on d.c_id = c.id", [["c.email"], ["d.email"]]],
  [
    "of expressions",
    "select coalesce(nullif(d.email, ''), upper(c.name)) as e from s.c join s.d on d.c_id = c.id",
    [["d.email"], ["c.name"]],
  ],
  [
    "inside one, and through WITH",
    "with x as (select coalesce(c.email, d.email) as e, c.name from s.c, s.d) select ifnull(e, name) as f from x",
    [["c.email"], ["d.email"], ["c.name"]],
  ],
  [
    "around several at once",
    "select (coalesce(c.email || c.name, d.email)) as e from s.c, s.d",
    [["c.email", "c.name"], ["d.email"]],
  ],
  ["in a cast", "select cast(coalesce(d.email, c.email) as varchar) as e from s.c, s.d", [["d.email"], ["c.email"]]],
  ["a CASE has no order", "select case when c.id = 1 then c.email else d.email end as e from s.c, s.d", null],
])("what stands first: %s", (_, sql, first) => {
  const columns = queryColumns(sql, known);
  expect(isUnclear(columns) ? columns : columns.at(-1)?.made.first).toEqual(first);
});
