import { expect, test } from "vitest";
import type { Model, Pipeline } from "../../src/config/pipeline.ts";
import { overTouched } from "../../src/publish/narrowed.ts";
import { mentionsIn } from "../../src/sql/tokens.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { COMPANY_ENV } from "../support/company-hours.ts";
import { openDesk } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";
import { loadPipeline } from "../support/load-pipeline.ts";

/** The SELECT of a model, behind what stands before it. */
const selectOf = (sql: string) => sql.slice(sql.indexOf("SELECT * FROM (\n"));

test.each([
  ["payment", []],
  // Its two uses say one way, by columns.
  ["customer", ["crosswalk_customer", "crosswalk_customer"]],
  ["invoice", []],
  ["subscription", []],
])("of what %s of one company joins %j is read whole", (table, whole) => {
  const { pipeline } = loadPipeline({ directory: "examples/company", env: COMPANY_ENV });
  const model = pipeline.models.get(table) ?? expect.fail();
  for (const dialect of [duckdbDialect, snowflakeDialect]) {
    const select = selectOf(overTouched(dialect, model));
    expect([...mentionsIn(select, "staging"), ...mentionsIn(select, "curated")].map((name) => name.toLowerCase())).toEqual(whole);
  }
});

const ENTRIES = { feed: "app.entries" };
const through = (own: string, other: string) => [{ to: ENTRIES, on: [{ own, other }] }];

/** `settled` with the account of the entry that an entry's memo names, and the number of those that name it. */
const family = (model: Model): Model => ({
  ...model,
  touches: [
    { ...ENTRIES, columns: ["entry_id"] },
    { ...ENTRIES, columns: ["entry_id"], through: through("entry_id", "memo") },
    { ...ENTRIES, columns: ["entry_id"], through: through("memo", "entry_id") },
  ],
  select: `select e.entry_id, e.account_id, p.account_id as name, cast(coalesce(k.n, 0) as varchar) as memo, e.amount, e.currency
from staging.app_entries e
left join staging.app_entries p on p.entry_id = e.memo
left join (select memo, count(*) as n from staging.app_entries group by memo) k on k.memo = e.entry_id`,
});

const entry = (n: number, memo: string | null, account = "a1") => ({
  ...{ id: n, entry_id: `e${n}`, account_id: account, amount: 100, currency: "USD", memo },
});

test("a relation that is joined to itself is read by all ways of its rows", async () => {
  await using desk = openDesk("linked");
  const accounts = ["a1", "a2"].map((account, i) => ({ id: i + 1, account_id: account, name: account, v: 1 }));
  const hours = [
    [entry(1, null), entry(2, "e1"), entry(3, "e2"), entry(4, "e1")],
    [entry(2, "e1", "a2")],
    [entry(1, null, "a2")],
    [entry(3, "e4")],
  ];
  for (const [i, entries] of hours.entries()) {
    const { outcome } = await desk.play({
      rows: { "app.entries": entries, ...(i === 0 && { "app.accounts": accounts }) },
      adjust: (pipeline) => ({
        ...pipeline,
        models: new Map([...pipeline.models].map(([table, model]) => [table, table === "settled" ? family(model) : model])),
      }),
    });
    expect(outcome.outcome).toBe("published");
    await expectFull(desk);
  }
  expect(await desk.query("select entry_id, name, memo from curated.settled order by 1")).toEqual([
    { entry_id: "e1", name: null, memo: "2" },
    { entry_id: "e2", name: "a2", memo: "0" },
    { entry_id: "e3", name: "a1", memo: "0" },
    { entry_id: "e4", name: "a2", memo: "1" },
  ]);
});

test("a relation that is joined to itself is read whole where columns alone are its way", async () => {
  await using desk = openDesk("linked");
  const bySelf = (model: Model): Model => ({ ...family(model), touches: [{ ...ENTRIES, columns: ["entry_id"] }] });
  const adjust = (pipeline: Pipeline): Pipeline => {
    const model = pipeline.models.get("settled") ?? expect.fail();
    return { ...pipeline, models: new Map(pipeline.models).set("settled", bySelf(model)) };
  };
  const accounts = [{ id: 1, account_id: "a1", name: "a1", v: 1 }];
  await desk.play({ rows: { "app.accounts": accounts, "app.entries": [entry(1, null)] }, adjust });
  await desk.play({ rows: { "app.accounts": [], "app.entries": [entry(2, "e1")] } });
  expect(await desk.query("select name from curated.settled where entry_id = 'e2'")).toEqual([{ name: "a1" }]);
});

test("a table that is called by a word of the language is read by its ways", () => {
  const { pipeline } = loadPipeline({ directory: "examples/company", env: COMPANY_ENV });
  const model = pipeline.models.get("payment") ?? expect.fail();
  const select = model.select.replace("curated.crosswalk_customer", "curated.order");
  const touches = model.touches.map((touch) => ("table" in touch ? { ...touch, table: "order" } : touch));
  expect(overTouched(duckdbDialect, { ...model, select, touches })).toContain('left join "order" x on');
});
