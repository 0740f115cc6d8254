import { afterAll, beforeAll, expect, test } from "vitest";
import { documentedShapes, misfits } from "./shape.ts";
import { emptyPlace, ROWS, SECRET_EMAIL } from "./small-run.ts";

const place = await emptyPlace();

beforeAll(async () => {
  const client = await place.billing.client();
  await client.query(ROWS);
  await place.ledgerloop("up");
  expect(await place.ledgerloop("run")).toMatchObject({ code: 0 });
});

afterAll(() => place[Symbol.asyncDispose]());

async function asked(sql: string) {
  const { code, out, err } = await place.ledgerloop("query", sql, "--as-json");
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
  const document = JSON.parse(out);
  expect(misfits(documentedShapes().get("query --as-json") ?? "null", document)).toEqual([]);
  return document;
}

test("values lose nothing, whatever their type", async () => {
  const { columns, rows, as_of } = await asked(
    "select 9007199254740993 as large, 7 as small, cast('123456789012345678.90' as decimal(38,2)) as exact, true as yes, cast(null as integer) as nothing, 0.5::double as half, 'NaN'::double as none, date '2026-11-02' as day, [1, 2] as list from ops.publication",
  );
  expect(columns.map(({ name, type }: { name: string; type: string }) => `${name} ${type}`)).toEqual([
    ...["large BIGINT", "small INTEGER", "exact DECIMAL(38,2)", "yes BOOLEAN", "nothing INTEGER", "half DOUBLE", "none DOUBLE"],
    ...["day DATE", "list INTEGER[]"],
  ]);
  expect(rows).toEqual([
    {
      ...{ large: "9007199254740993", small: 7, exact: "123456789012345678.90", yes: true, nothing: null, half: 0.5 },
      ...{ none: "NaN", day: "2026-11-02", list: "[1,2]" },
    },
  ]);
  expect(as_of).toEqual({ sources: [], tables: [] });
});

test("personal columns are masked, and what is read says as of when it is", async () => {
  const of = await asked("select customer_id, email, balance_minor from curated.customer where customer_id = 'cus_1'");
  expect(of.rows).toEqual([{ customer_id: "cus_1", email: "•••", balance_minor: 0 }]);
  expect(of.columns).toMatchObject([{ masked: false }, { name: "email", masked: true }, { masked: false }]);
  expect(JSON.stringify(of)).not.toContain(SECRET_EMAIL);
  const { as_of: status } = (await place.json("status")).document as { as_of: { tables: { table: string }[] } };
  expect(of.as_of.tables).toEqual(status.tables.filter(({ table }) => table === "customer"));
  expect(of.as_of.sources).toMatchObject([{ source: "billing", feeds: [{ feed: "billing.customers" }] }]);
  const staged = await asked("with x as (select id from staging.billing_invoices) select count(*) as n from x");
  expect(staged).toMatchObject({ rows: [{ n: 19 }], as_of: { sources: [{ source: "billing" }], tables: [] } });
});

test("a query that reads something else says nothing of when it is, and without rows there still are columns", async () => {
  expect((await asked("select 1 as one from information_schema.tables limit 1")).as_of).toBeNull();
  expect(await asked("select customer_id from curated.customer where false")).toMatchObject({
    columns: [{ name: "customer_id", type: "VARCHAR" }],
    rows: [],
  });
});

test("two columns of one name are refused", async () => {
  const { code, out, err } = await place.ledgerloop("query", "select 1 as a, 2 as a", "--as-json");
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain('two columns of the query are called "a"');
});
