import { expect, test } from "vitest";
import { namesMadeOf } from "../../src/sql/select-columns.ts";

const made = (sql: string) => [...namesMadeOf(sql, new Set(["email"]))].filter((name) => name !== "email").sort();

test.each([
  ["a new name", "select email as contact, id from c", ["contact"]],
  ["a new name without AS", "select upper(c.email) contact from c", ["contact"]],
  ["in quotes and any case", 'select "Email" as "Contact" from c', ["contact"]],
  ["an aggregate", "select customer_id, max(d.email) as newest from d group by customer_id", ["newest"]],
  ["a condition", "select case when email is null then 'a' else 'b' end as kind from c", ["kind"]],
  ["through WITH", "with x as (select id, lower(email) as e from c) select id, e as contact from x", ["contact", "e"]],
  ["through named columns of WITH", "with x(a, b) as (select id, email from c) select a, b as contact from x", ["b", "contact"]],
  ["by its place in a union", "select name as n from a union all select email from b", ["n"]],
  [
    "by its place in a union inside",
    "select n as who from (select name as n from a union all (select email from b)) u",
    ["n", "who"],
  ],
  ["of operands in parentheses", "(select name as n from a) union all (select email from b)", ["n"]],
  ["of a subquery among columns", "select (select max(email) from d) as latest, id from c", ["latest"]],
  ["a count is made of none", "select count(email) as emails, count(*) as n from c", []],
  ["a count with more is", "select count(email) || email as emails from c", ["emails"]],
  ["a function of that name is none", "select email(id) as x from c", []],
  [
    "what is only joined or filtered by",
    "select c.id as contact from c join d on d.email = c.email where c.email is not null",
    [],
  ],
  ["distinct", "select distinct email as contact from c", ["contact"]],
  ["a comparison with FROM in it", "select email is distinct from name as other from c", ["other"]],
  ["rows brought together in an order", "select listagg(email) within group (order by id) as emails from c", ["emails"]],
  ["a list of another query before a union", "select id as n from a where id in (select email from b) union select x from c", []],
])("%s", (_, sql, names) => expect(made(sql)).toEqual(names));
