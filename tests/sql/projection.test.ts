import { expect, test } from "vitest";
import { projectionOf } from "../../src/sql/projection.ts";

test("plain columns, other names for them, and expressions of one row are a projection", () => {
  const found = projectionOf(
    "select i.id, \"Amount\" as amount, coalesce(memo, 'a, from b') as memo, upper(name) -- from here\nfrom staging.app_rows as i",
  );
  expect(found).toMatchObject({ schema: "staging", relation: "app_rows" });
  expect(typeof found === "string" ? found : [...found.plain]).toEqual([
    ["id", "id"],
    ["amount", "amount"],
  ]);
});

test.each([
  ["select id from staging.rows", "select id , _p, _q from other.t AS rows"],
  ["select rows.id\nfrom staging.rows", "select rows.id\n, _p, _q from other.t AS rows"],
  ["select r.id from staging.rows r", "select r.id , _p, _q from other.t r"],
  ['select id as "from" from staging."rows" as r', 'select id as "from" , _p, _q from other.t as r'],
  [
    "select a is distinct from b as d, extract(year from day) as y from staging.rows",
    "select a is distinct from b as d, extract(year from day) as y , _p, _q from other.t AS rows",
  ],
])("%s reads further columns from another relation", (sql, over) => {
  const found = projectionOf(sql);
  expect(typeof found === "string" ? found : found.over("other.t", ["_p", "_q"])).toBe(over);
});

test.each([
  ["with a as (select 1) select id from staging.rows", "is no plain SELECT"],
  ["select id from staging.rows where id > 1", "has more behind FROM than one relation and a name for it"],
  [
    "select id from staging.rows union all select id from staging.rows",
    "has more behind FROM than one relation and a name for it",
  ],
  [
    "select a.id from staging.rows a join staging.others b on a.id = b.id",
    "has more behind FROM than one relation and a name for it",
  ],
  ["select a.id from staging.rows a, staging.others b", "has more behind FROM than one relation and a name for it"],
  ["select id from staging.rows limit 5", "has more behind FROM than one relation and a name for it"],
  ["select id from (select 1 as id) r", "reads no relation with its schema in front"],
  ["select distinct id from staging.rows", "is no plain list of columns"],
  ["select * from staging.rows", "has a * in its list"],
  ["select r.* from staging.rows r", "has a * in its list"],
  ["select id, (select 1) as one from staging.rows", "has a query in it"],
  ["select id, sum(amount) as s from staging.rows", "calls sum(), which is not known to give one value for one row"],
  [
    "select id, row_number() over (order by id) as n from staging.rows",
    "calls row_number(), which is not known to give one value for one row",
  ],
  ["select id, now() as n from staging.rows", "calls now(), which is not known to give one value for one row"],
  ["select id, current_date as n from staging.rows", "asks for current_date"],
  ["select id, cast(at as timestamp with time zone) as at from staging.rows", "asks for zone"],
  ["select id, unnest(list) as one from staging.rows", "calls unnest(), which is not known to give one value for one row"],
  ["select id, rowid as n from staging.rows", "asks for rowid, a column of the engine's own"],
  ["select id, _seq as n from staging.rows", "asks for _seq, a column of the engine's own"],
  ["select 1 as id", "reads no relation"],
])("%s is none", (sql, why) => {
  expect(projectionOf(sql)).toBe(why);
});
