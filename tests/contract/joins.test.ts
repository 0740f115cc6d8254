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
  ["queries and names of WITH are none", "select 1 from a join q on q.k = a.k join (select 1 from s.b) z on z.k = a.k", []],
])("%s", (_, sql, joins) => {
  expect(joinsIn(sql).map(({ relation, by }) => [relation, by.join(",")])).toEqual(joins);
});
