import { describe, expect, test } from "vitest";
import { withoutSchema } from "../../src/sql/tokens.ts";

const without = (sql: string, relation: string) => withoutSchema(sql, "staging", { relation, identifier: `<${relation}>` });

describe("a query with the schema taken away in front of some relations", () => {
  test.each([
    ["one relation", "select id from staging.bills where id > 1", "select id from <bills> where id > 1"],
    ["any case and blanks", "select id from Staging . Bills b", "select id from <bills> b"],
    ["in quotes", 'select id from "staging"."bills" b', "select id from <bills> b"],
    ["its name before a column", "select bills.id from staging.bills", "select bills.id from <bills>"],
    ["the whole name before a column", "select 'staging.bills' as x, b.id from staging.bills b -- staging.bills", undefined],
    [
      "named twice",
      "select staging.bills.id from staging.bills join staging.bills b on b.id = bills.parent",
      "select <bills>.id from <bills> join <bills> b on b.id = bills.parent",
    ],
    [
      "two, one of them asked for",
      "select 1 from staging.bills b join staging.items i on true",
      "select 1 from <bills> b join staging.items i on true",
    ],
    [
      "inside its own WITH",
      "with x as (select * from staging.bills) select * from x",
      "with x as (select * from <bills>) select * from x",
    ],
    ["none of them", "select 1 from staging.items", "select 1 from staging.items"],
  ])("%s", (_, sql, plain) => {
    expect(without(sql, "bills")).toBe(plain ?? sql.replace("from staging.bills b", "from <bills> b"));
  });

  test.each([
    ["a WITH of the same name", "with bills as (select * from staging.bills) select * from bills"],
    ["an alias of the same name", "select bills.id from staging.items bills join staging.bills b on true"],
    ["a column of the same name", "select bills from staging.bills"],
  ])("is not made where it could mean something else: %s", (_, sql) => {
    expect(without(sql, "bills")).toBeUndefined();
  });
});
