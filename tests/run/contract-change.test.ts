import { expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { ColumnType } from "../../src/contract/contract.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { planEvolution } from "../../src/schema/evolve.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withFeed, withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";

const at = { file: "test", line: 1, column: 1 };
const STRING: ColumnType = { kind: "string" };
const DECIMAL = (precision: number, scale: number): ColumnType => ({ kind: "decimal", precision, scale });

const inForce = (pipeline: Pipeline) => ({ pipeline, reread: () => pipeline });

/** The same pipeline with a column of a curated table and its feed added, or of another type. */
function withColumn(pipeline: Pipeline, name: string, options: { type: ColumnType; from?: string; version?: string }): Pipeline {
  const column = { name, type: options.type, required: false, pii: false, at };
  const version = options.version ?? "1.1.0";
  const changed = withFeed(pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, version, columns: [...feed.contract.columns.filter((c) => c.name !== name), column] },
  }));
  const model = pipeline.models.get("entry") ?? expect.fail();
  const others = model.contract.columns.filter((c) => c.name !== name);
  const select = others.length < model.contract.columns.length ? model.select : model.select.replace("memo", `memo, ${name}`);
  const contract = { ...model.contract, version, columns: [...others, column] };
  return { ...changed, models: new Map(pipeline.models).set("entry", { ...model, select, contract }) };
}

async function planned(house: House, pipeline: Pipeline) {
  const session = await house.engine.warehouse.open({ purpose: "plan", readOnly: true });
  try {
    const { statements, problems } = await planEvolution(session, house.engine.warehouse.dialect, { pipeline, accept: [] });
    return { ddl: statements.map((s) => s.sql), codes: problems.map((p) => p.code) };
  } finally {
    await session.close();
  }
}

const touch = (house: House, set: string) =>
  house.source.query(`update app.entries set ${set}, chg = pg_current_xact_id() where id = 1`);

test("a new column is added and widened by itself; staging's older rows read NULL, and each row says what it was judged under", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("alter table app.entries add column score numeric");
  const added = withColumn(house.pipeline, "score", { type: DECIMAL(6, 2) });
  expect(await planned(house, added)).toEqual({
    ddl: ['staging."app_entries__rows"', 'curated."entry__rows"', 'history."entry"'].map(
      (t) => `ALTER TABLE ${t} ADD COLUMN "score" DECIMAL(6, 2)`,
    ),
    codes: [],
  });
  await touch(house, "score = 12.5");
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency, score) values (3, 'e3', 'A', -3, 'USD', 100000)",
  );
  expect((await house.run({}, inForce(added))).report?.outcome).toBe("published");
  expect(await house.query("select entry_id, score, _contract_version from curated.entry order by 1")).toEqual([
    { entry_id: "e1", score: "12.50", _contract_version: "1.1.0" },
    { entry_id: "e2", score: null, _contract_version: "1.0.0" },
  ]);
  expect(await house.query("select source_key, contract_version from ops.open_quarantine")).toEqual([
    { source_key: "3", contract_version: "1.1.0" },
  ]);

  const wider = withColumn(house.pipeline, "score", { type: DECIMAL(10, 2), version: "1.2.0" });
  expect((await planned(house, wider)).ddl).toContain(
    'ALTER TABLE curated."entry__rows" ALTER COLUMN "score" SET DATA TYPE DECIMAL(10, 2)',
  );
  await house.source.query("update app.entries set amount = 3, chg = pg_current_xact_id() where id = 3");
  expect((await house.run({}, inForce(wider))).report?.outcome).toBe("published");
  expect(await house.query("select entry_id, score, _contract_version from curated.entry order by 1")).toEqual([
    { entry_id: "e1", score: "12.50", _contract_version: "1.1.0" },
    { entry_id: "e2", score: null, _contract_version: "1.0.0" },
    { entry_id: "e3", score: "100000.00", _contract_version: "1.2.0" },
  ]);

  // Narrower, of another scale, of another type: each stops before anything is altered.
  const columns = "select table_name, column_name, data_type from information_schema.columns order by all";
  const before = await house.query(columns);
  for (const type of [DECIMAL(6, 2), DECIMAL(12, 4), STRING]) {
    const narrow = withColumn(house.pipeline, "score", { type });
    expect((await planned(house, narrow)).codes).toEqual(Array(3).fill("schema.retyped_column"));
    const refused = await house.run({}, inForce(narrow));
    expect(refused.failure?.exitCode).toBe(10);
    expect(refused.failure?.message).toContain("give the new type a new column");
  }
  expect(await house.query(columns)).toEqual(before);
});

test("an integer is widened in place", async () => {
  await using house = await open();
  const narrow = withColumn(house.pipeline, "n", { type: { kind: "integer", bits: 32 } });
  await house.source.query("alter table app.entries add column n bigint");
  await touch(house, "n = 7");
  expect((await house.run({}, inForce(narrow))).report?.outcome).toBe("published");
  const wide = withColumn(house.pipeline, "n", { type: { kind: "integer", bits: 64 } });
  await touch(house, "n = 3000000000");
  expect((await house.run({}, inForce(wide))).report?.outcome).toBe("published");
  expect(await house.query("select n from curated.entry order by entry_id")).toEqual([{ n: "3000000000" }, { n: null }]);
  expect(await house.query("select n from history.entry")).toEqual([{ n: "7" }]);
});

test("a renamed or removed column of a curated table stops; kept beside the new one, or accepted once with a reason, it goes on", async () => {
  await using house = await open();
  await touch(house, "memo = 'old'");
  await house.run();
  const model = house.pipeline.models.get("entry") ?? expect.fail();
  const columns = model.contract.columns.map((c) => (c.name === "memo" ? { ...c, name: "remark" } : c));
  const changed = {
    ...model,
    contract: { ...model.contract, version: "2.0.0", columns },
    select: model.select.replace("memo", "memo as remark"),
  };
  const renamed = { ...house.pipeline, models: new Map(house.pipeline.models).set("entry", changed) };
  expect((await planned(house, renamed)).codes).toEqual(["schema.removed_column"]);
  const refused = await house.run({}, inForce(renamed));
  expect(refused.failure?.exitCode).toBe(10);
  expect(refused.failure?.message).toContain("`ledgerloop run --accept-removed curated.entry.memo");
  const beside = await house.run({}, inForce({ ...renamed, defaultGroup: "another" }));
  expect(beside.failure?.message).toContain("`ledgerloop run --group desk --accept-removed curated.entry.memo");
  expect(await house.query("select column_name from information_schema.columns where column_name = 'remark'")).toEqual([]);

  const acceptRemoved = ["curated.entry.memo"];
  expect((await house.run({ acceptRemoved }, inForce(renamed))).failure?.exitCode).toBe(2);
  const mistyped = await house.run({ acceptRemoved: [...acceptRemoved, "curated.entry.mem"], reason: "t" }, inForce(renamed));
  expect([mistyped.failure?.exitCode, mistyped.failure?.problems[0]?.code]).toEqual([2, "run.accept_unknown"]);
  await touch(house, "memo = 'new'");
  const decided = { acceptRemoved, reason: "readers moved", ticket: "FIN-9" };
  const accepted = await house.run(decided, inForce(renamed));
  expect(accepted.report?.outcome).toBe("published");
  expect(await house.query("select entry_id, memo, remark, _contract_version from curated.entry order by 1")).toEqual([
    { entry_id: "e1", memo: null, remark: "new", _contract_version: "2.0.0" },
    { entry_id: "e2", memo: null, remark: null, _contract_version: "1.0.0" },
  ]);
  expect(await house.query("select memo, remark from history.entry")).toEqual([{ memo: "old", remark: null }]);
  expect(await house.query("select subject, actor, reason, ticket from ops.audit_event where event = 'column.accepted'")).toEqual(
    [{ subject: "curated.entry.memo", actor: "tester", reason: "readers moved", ticket: "FIN-9" }],
  );
  // The decision stands: the next run does not ask again.
  await touch(house, "memo = 'newer'");
  expect((await house.run({}, inForce(renamed))).report?.outcome).toBe("published");
});

test("a changed key of a feed or a table stops, since old rows would never be found again", async () => {
  await using house = await open();
  await house.run();
  const feed = withFeed(house.pipeline, "app.entries", (f) => ({ ...f, businessKey: ["entry_id", "account_id"] }));
  const model = house.pipeline.models.get("entry") ?? expect.fail();
  const table = {
    ...house.pipeline,
    models: new Map(house.pipeline.models).set("entry", { ...model, key: ["entry_id", "account_id"] }),
  };
  for (const changed of [feed, table]) {
    expect((await planned(house, changed)).codes).toEqual(["schema.key_changed"]);
    const refused = await house.run({}, inForce(changed));
    expect([refused.failure?.exitCode, refused.failure?.problems[0]?.code]).toEqual([10, "schema.key_changed"]);
  }
  expect((await house.run()).report?.outcome).toBe("published");
});

test("a new rule against published rows: they stay and are counted before and in the run, new rows are judged by it", async () => {
  await using house = await open();
  await house.run();
  const strict = withRules(house.pipeline, "app.entries", (rules) =>
    rules.map((rule) =>
      rule.kind === "range" ? { ...rule, min: { value: "150", exclusive: false }, fingerprint: "tightened" } : rule,
    ),
  );
  const session = await house.engine.warehouse.open({ purpose: "plan", readOnly: true });
  const counted = async (pipeline: Pipeline) => newRulesOverPublished(session, house.engine.warehouse.dialect, pipeline);
  expect(await counted(house.pipeline)).toEqual([]);
  const [rule, ...others] = await counted(strict);
  await session.close();
  expect(others).toEqual([]);
  expect(rule).toMatchObject({ feed: "app.entries", severity: "quarantine", publishedBreaking: 1n });

  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', 100, 'USD')",
  );
  const { report } = await house.run({ full: true, reason: "judge all" }, inForce(strict));
  expect(report?.outcome).toBe("published");
  expect(await house.query("select entry_id from curated.entry order by 1")).toEqual([{ entry_id: "e1" }, { entry_id: "e2" }]);
  expect(await house.query("select source_key from ops.open_quarantine")).toEqual([{ source_key: "3" }]);
});

test("a new unique rule against published rows: all of a doubled key are counted, with a survivor its losers, NULL never", async () => {
  await using house = await open();
  await house.source.query(`insert into app.entries (id, entry_id, account_id, amount, currency, memo) values
    (3, 'e3', 'A', 1, 'USD', 'x'), (4, 'e4', 'A', 2, 'USD', 'x'), (5, 'e5', 'A', 3, 'USD', 'x'), (6, 'e6', 'A', 4, 'USD', 'y'), (7, 'e7', 'A', 5, 'USD', 'y')`);
  expect((await house.run()).report?.outcome).toBe("published");
  const unique = (id: string, more: Partial<Extract<Rule, { kind: "unique" }>>): Rule => ({
    ...{ id, kind: "unique", columns: ["memo"], severity: "quarantine", nulls: "pass", owner: "desk", fingerprint: id },
    ...more,
  });
  const changed = withRules(house.pipeline, "app.entries", (rules) => [
    ...rules,
    unique("all_lose", {}),
    unique("newest_stays", { survivor: { order: "newest", by: "amount" } }),
    unique("of_a_column_to_come", { columns: ["memo", "later"] }),
  ]);
  const session = await house.engine.warehouse.open({ purpose: "plan", readOnly: true });
  const found = await newRulesOverPublished(session, house.engine.warehouse.dialect, changed);
  await session.close();
  expect(found.map(({ rule, publishedBreaking }) => [rule, publishedBreaking])).toEqual([
    ["all_lose", 5n],
    ["newest_stays", 3n],
    ["of_a_column_to_come", 0n],
  ]);
});
