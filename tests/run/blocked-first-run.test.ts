import { expect, test } from "vitest";
import { nextAfter } from "../../src/cli/render-report.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { ColumnType } from "../../src/contract/contract.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { shownRun } from "../../src/documents/shown-run.ts";
import { planEvolution } from "../../src/schema/evolve.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { withFeed } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { inForce, withLimits } from "../support/in-force.ts";

const INTEGER: ColumnType = { kind: "integer", bits: 64 };
const DECIMAL: ColumnType = { kind: "decimal", precision: 12, scale: 2 };
const SCORE: Rule = {
  ...{ id: "score.type", kind: "type", columns: ["score"], owner: "desk", fingerprint: "score" },
  ...{ severity: "quarantine", nulls: "pass" },
};

/** The same pipeline with a score in a feed and its table, and a gate that minds bad rows. */
function scored(pipeline: Pipeline, type: ColumnType, name = "score"): Pipeline {
  const column = (of: string) => ({ name: of, type, required: false, pii: false, at: { file: "t", line: 1, column: 1 } });
  const feeds = withFeed(pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: [...feed.contract.columns, column("score")], rules: [...feed.contract.rules, SCORE] },
  }));
  const model = pipeline.models.get("entry") ?? expect.fail();
  const contract = { ...model.contract, columns: [...model.contract.columns, column(name)] };
  const select = model.select.replace("memo", `memo, score as ${name}`);
  const models = new Map(pipeline.models).set("entry", { ...model, select, contract });
  return withLimits({ validShare: 0.9, sample: 1 })({ ...feeds, models });
}

async function scoredHouse(): Promise<House> {
  const house = await openClaimsHouse();
  await house.source.query("alter table app.entries add column score numeric");
  await house.source.query("update app.entries set score = id + 0.5");
  return house;
}

const types = (house: House) =>
  house.query(
    `select table_schema, data_type from information_schema.columns where column_name = 'score' and table_name in ('app_entries__rows', 'entry') order by 1`,
  );

async function planned(house: House, pipeline: Pipeline) {
  const session = await house.engine.warehouse.open({ purpose: "plan", readOnly: true });
  try {
    const { anew, problems } = await planEvolution(session, house.engine.warehouse.dialect, { pipeline, accept: [] });
    return { anew: anew.map(({ schema, table }) => `${schema}.${table}`), stops: problems.map((p) => p.code) };
  } finally {
    await session.close();
  }
}

test("a blocked first run freezes no type: the corrected contract makes its tables anew", async () => {
  await using house = await scoredHouse();
  const wrong = scored(house.pipeline, INTEGER);
  const { report: blocked } = await house.run({}, inForce(wrong));
  expect(blocked?.outcome).toBe("blocked");
  expect(blocked && nextAfter(blocked)).toContain("fix the source, or the contract where it is wrong, and run again");
  const shown = await showRun(house.store, blocked?.run_id ?? "");
  expect(shown && shownRun(shown, { defaultGroup: null }).next).toContain("fix the source, or the contract where it is wrong");
  expect((await types(house)).map((row) => row["data_type"])).toEqual(["BIGINT", "BIGINT", "BIGINT"]);
  const right = scored(house.pipeline, DECIMAL);
  expect(await planned(house, right)).toEqual({
    anew: ["staging.app_entries__rows", "curated.entry", "history.entry"],
    stops: [],
  });
  const { report, failure } = await house.run({}, inForce(right));
  expect(failure?.message).toBeUndefined();
  expect(report?.outcome).toBe("published");
  expect((await types(house)).map((row) => row["data_type"])).toEqual(Array(3).fill("DECIMAL(12,2)"));
  expect(await house.query("select entry_id, score from curated.entry order by 1")).toEqual([
    { entry_id: "e1", score: "1.50" },
    { entry_id: "e2", score: "2.50" },
  ]);
  expect((await planned(house, wrong)).stops).toEqual(Array(3).fill("schema.retyped_column"));
});

test("a blocked run leaves no row that waits: all of them are judged by the corrected contract", async () => {
  await using house = await scoredHouse();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'Z', 1, 'USD')",
  );
  expect((await house.run({}, inForce(scored(house.pipeline, INTEGER)))).report?.outcome).toBe("blocked");
  expect(await house.query("select * from ops.quarantine_row")).toEqual([]);
  expect((await house.run({ sameExtract: true }, inForce(scored(house.pipeline, DECIMAL)))).report?.outcome).toBe("published");
  expect(await house.query("select source_key, kind from ops.open_quarantine")).toEqual([{ source_key: "3", kind: "held" }]);
});

test("it freezes no name of a column and no key either", async () => {
  await using house = await scoredHouse();
  const wrong = scored(house.pipeline, INTEGER);
  expect((await house.run({}, inForce(wrong))).report?.outcome).toBe("blocked");
  const renamed = scored(house.pipeline, DECIMAL, "rating");
  const keyed = withFeed(renamed, "app.entries", (feed) => ({ ...feed, businessKey: ["entry_id", "account_id"] }));
  expect((await house.run({}, inForce(keyed))).report?.outcome).toBe("published");
  expect(await house.query("select rating from curated.entry order by 1")).toEqual([{ rating: "1.50" }, { rating: "2.50" }]);
  expect((await house.run({}, inForce(keyed))).failure).toBeNull();
  expect((await planned(house, renamed)).stops).toEqual(["schema.key_changed"]);
});

test("tables of a new feed beside published ones are made anew, those that are published stay", async () => {
  await using house = await scoredHouse();
  expect((await house.run({ feeds: ["app.accounts"] })).report?.outcome).toBe("published");
  const accounts = withFeed(scored(house.pipeline, DECIMAL), "app.accounts", (feed) => ({
    ...feed,
    contract: {
      ...feed.contract,
      columns: feed.contract.columns.map((c) => (c.name === "name" ? { ...c, type: DECIMAL } : c)),
    },
  }));
  expect((await house.run({}, inForce(scored(house.pipeline, INTEGER)))).report?.outcome).toBe("blocked");
  expect(await planned(house, accounts)).toEqual({
    anew: ["staging.app_entries__rows", "curated.entry", "history.entry"],
    stops: ["schema.retyped_column"],
  });
  expect((await house.run({}, inForce(accounts))).failure?.problems[0]?.code).toBe("schema.retyped_column");
  expect((await types(house)).map((row) => row["data_type"])).toEqual(["BIGINT", "BIGINT", "BIGINT"]);
});

test("a feed whose rows all wait is published: its types stay", async () => {
  await using house = await scoredHouse();
  const wrong = scored(house.pipeline, INTEGER);
  const lenient = withLimits({ validShare: 0 })(wrong);
  expect((await house.run({}, inForce(lenient))).report?.outcome).toBe("published");
  const right = scored(house.pipeline, DECIMAL);
  expect((await planned(house, right)).stops).toEqual(["schema.retyped_column"]);
});
