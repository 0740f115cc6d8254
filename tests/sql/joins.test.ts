import { expect, test } from "vitest";
import { joinsIn } from "../../src/sql/joins.ts";

test.each([
  ["by a key", "select 1 from a join curated.b x on x.k = a.k", [["b", "k"]]],
  [
    "with AS, quotes and either side",
    'select 1 from a left join "curated"."b" as "X" on a.k = "X"."K" and x.n = 1',
    [["b", "k,n"]],
  ],
  ["under its own name", "select 1 from a join staging.b on b.k = a.k where b.z = 1", [["b", "k,z"]]],
  ["USING", "select 1 from a join staging.b using (k, n) group by 1", [["b", "k,n"]]],
  [
    "several",
    "select 1 from a join s.b on b.k = a.k left join s.c y on y.i = b.i and y.j = 'x'",
    [
      ["b", "k"],
      ["c", "i,j"],
    ],
  ],
  [
    "inside a query",
    "with q as (select 1 from a join s.b on b.k = a.k) select 1 from q join s.c on c.i = q.i",
    [
      ["b", "k"],
      ["c", "i"],
    ],
  ],
  ["an OR holds for no row by both", "select 1 from a join s.b on b.k = a.k or b.n = a.n", [["b", ""]]],
  ["inequalities", "select 1 from a join s.b on b.k <= a.k and b.n <> a.n and a.z >= b.z", [["b", ""]]],
  ["cross, by what WHERE says", "select 1 from a cross join s.b where b.k = 1", [["b", "k"]]],
  ["by ON and by what WHERE says", "select 1 from a left join s.b on b.k = a.k where b.n = 'y'", [["b", "k,n"]]],
  ["cast to text", "select 1 from a join s.b on cast(b.k as varchar) = a.k and b.n::text = a.n", [["b", "k,n"]]],
  [
    "cast to what unlike texts may be one of",
    "select 1 from a join s.b on cast(b.k as bigint) = a.k and b.n::int = a.n",
    [["b", ""]],
  ],
  ["a value in JSON", "select 1 from a join s.b on b.k = a.j->>'k' and b.n = a.j->'n'", [["b", "k,n"]]],
  ["part by part", "select 1 from a join s.b on (b.k, a.n) = (a.k, b.n)", [["b", "k,n"]]],
  ["one of several", "select 1 from a join s.b on b.k = any(a.ks) and b.n = any (select n from c)", [["b", ""]]],
  ["an equality that may be untrue", "select 1 from a join s.b on b.k = a.k is not true", [["b", ""]]],
  ["a CASE", "select 1 from a join s.b on b.k = case when a.n is null then a.k end", [["b", "k"]]],
  ["behind a function called like a join", "select 1 from a join s.b on left(a.n, 2) = b.k and b.i = a.i", [["b", "k,i"]]],
  ["an OR beside it", "select 1 from a join s.b on b.k = a.k and (b.n = 1 or b.n = 2)", [["b", "k"]]],
  ["in parentheses", "select 1 from a join s.b on (b.k = a.k and (b.n = a.n))", [["b", "k,n"]]],
  [
    "names without a relation, NULLs that are equal",
    "select 1 from a join s.b on k = a.z and b.n is not distinct from a.n",
    [["b", "k,n"]],
  ],
  ["by itself is by none", "select 1 from a join s.b on b.k = b.n", [["b", ""]]],
  ["a comma, by what WHERE says", "select 1 from a, s.b x where x.k = a.k and a.n > 1", [["b", "k"]]],
  [
    "joins in parentheses",
    "select 1 from a left join (s.b join s.c on c.i = b.i) on b.k = a.k",
    [
      ["b", "k"],
      ["c", "i"],
    ],
  ],
  ["in a query among columns", "select (select max(b.n) from a2 join s.b on b.k = a2.k) from a", [["b", "k"]]],
  [
    "joins that give one row at most, or none of its columns",
    "select 1 from a semi join s.b on b.n = a.n asof join s.c on c.t <= a.t",
    [],
  ],
  ["names in texts and comments are none", "select 'x join s.b on 1' from a -- join s.c\n/* join s.c */", []],
  [
    "asked whether there is a row",
    "select 1 from a where exists (select 1 from c join s.b on b.n = c.n) and k in (select 1 from c join s.b on true)",
    [],
  ],
  ["functions and what has no schema are none", "select 1 from a join q on q.k = a.k cross join unnest([1]) u", []],
])("%s", (_, sql, joins) => {
  expect(joinsIn(sql).map(({ relation, by }) => [relation, by.join(",")])).toEqual(joins);
});

test.each<[string, string, string[][]]>([
  ["grouped", "select b.k, n as m, max(x) from b group by b.k, n", [["k", "m"]]],
  ["grouped by places", "select k, n, count(*) as c from b group by 1, 2", [["k", "n"]]],
  ["grouped by what it does not give", "select n from b group by k, n", [["k", "n"]]],
  ["by one of two of one name", "select b.k from b join c on c.i = b.i group by b.k, c.k", [["k", "c.k"]]],
  ["by what its own column is called", "select upper(k) as k from b group by b.k, k", [["b.k", "k"]]],
  ["grouped by an expression", "select lower(k) as k from b group by lower( K )", [["k"]]],
  ["grouped by the name of one", "select k, month(d) as m from b group by k, m", [["k", "m"]]],
  ["grouped by an expression that it does not give", "select k from b group by k, month(d)", [["k", "month (d"]]],
  ["constants are the same in all rows", "select 'x' as s, k from b group by 1, 2", [["k"]]],
  ["grouped by all", "select 'x' as s, k, month(d) as m, 1 + sum(n) as n from b group by all", [["k", "m"]]],
  ["grouped by several lists", "select k, n from b group by rollup (k, n)", []],
  ["distinct", "select distinct k, n as m from b", [["k", "m"]]],
  ["distinct on", "select distinct on (k) k, n from b", []],
  ["neither", "select k from b limit 1", []],
  ["a union", "select distinct k from b union all select distinct k from c", []],
])("what a query has once: %s", (_, query, once) => {
  const says = { by: ["k"], once };
  expect(joinsIn(`select 1 from a join (${query}) q on q.k = a.k`)).toMatchObject([{ schema: null, relation: "q", ...says }]);
  expect(joinsIn(`with q as (${query}) select 1 from a join q z on z.k = a.k`)).toMatchObject([
    { schema: null, relation: "q", ...says },
  ]);
});

test("names in parentheses rename what a query has once", () => {
  const grouped = "(select k, max(n) from b group by k)";
  expect(joinsIn(`with q(i, j) as ${grouped} select 1 from a join q on q.i = a.k`)).toMatchObject([{ by: ["i"], once: [["i"]] }]);
  expect(joinsIn(`select 1 from a join ${grouped} as q(i, j) on q.j = a.k`)).toMatchObject([{ by: ["j"], once: [["i"]] }]);
});

test.each<[string, string, string]>([
  ["select * from s.b", "q.k = a.k", "k"],
  ["select x.k as i, n from s.b as x where x.z = 1 and n > 2", "q.i = a.k and q.n = a.n", "k,n,z"],
  ["select *, upper(k) as k2, lower(n) as n from s.b", "q.k2 = a.k and q.n = a.n", ""],
  ["select i as j from (select k as i from s.b where n = 1) c", "q.j = a.k", "k,n"],
])("a query that gives rows of one relation is joined as that: %s", (query, on, by) => {
  const says = { schema: "s", relation: "b", by: by === "" ? [] : by.split(",") };
  expect(joinsIn(`select 1 from a join (${query}) q on ${on}`)).toMatchObject([says]);
  expect(joinsIn(`with q as (${query}), r as (select * from q) select 1 from a join r q on ${on}`)).toMatchObject([says]);
});

test.each([
  "select *, row_number() over (partition by k order by n) as place from s.b",
  "select * from s.b qualify row_number() over (partition by k order by n) = 1",
  "select * from s.b where n = (select max(n) from s.b c where c.k = b.k)",
  "select max(n) as k from s.b",
  "select distinct on (k) k, n from s.b",
  "select b.k from s.b join s.c on c.i = b.i",
])("of a query that may choose one row of several nothing is known: %s", (query) => {
  expect(joinsIn(`with q as (${query}) select 1 from a join q on q.k = a.k`).at(-1)).toMatchObject({ schema: null, once: [] });
});
