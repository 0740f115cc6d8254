import { expect, test } from "vitest";
import { joinsIn } from "../../src/contract/joins.ts";

test.each([
  ["by a key", "select 1 from a join curated.b x on x.k = a.k", [["b", "k"]]],
  [
    "with AS, quotes and either side",
    'select 1 from a left join "curated"."b" as "X" on a.k = "X"."K" and x.n = 1',
    [["b", "k,n"]],
  ],
  ["under its own name", "select 1 from a join staging.b on b.k = a.k where b.z = 1", [["b", "k"]]],
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
  ["cross", "select 1 from a cross join s.b where b.k = 1", [["b", ""]]],
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
  ["grouped by what it does not give", "select n from b group by k, n", []],
  ["by one of two of one name", "select b.k from b join c on c.i = b.i group by b.k, c.k", []],
  ["grouped by an expression", "select lower(k) as k from b group by lower(k)", []],
  ["distinct", "select distinct k, n as m from b", [["k", "m"]]],
  ["distinct on", "select distinct on (k) k, n from b", []],
  ["neither", "select k from b", []],
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
