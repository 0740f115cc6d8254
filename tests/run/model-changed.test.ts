import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { ColumnType } from "../../src/contract/contract.ts";
import type { RunReport } from "../../src/projector/run-report.ts";
import { selectFingerprint } from "../../src/schema/select-eras.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withFeed, withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { inForce, withModel, without, withSelect } from "../support/in-force.ts";

const doubled = (select: string) => select.replace("amount", "amount * 2 as amount");

const insert = (house: House, id: number) =>
  house.source.query(
    `insert into app.entries (id, entry_id, account_id, amount, currency) values (${id}, 'e${id}', 'A', ${id}, 'USD')`,
  );
const curated = (house: House) => house.query("select entry_id, amount from curated.entry order by 1");
const versions = (house: House) => house.query("select entry_id, _publication from curated.entry__rows order by 1");
const recomputed = (report: RunReport | null) =>
  report?.gates.filter((g) => g.name === "recomputed").map(({ gate, verdict, observed }) => ({ gate, verdict, observed }));
const events = (house: House) =>
  house.query("select event, subject, detail from ops.audit_event where event like 'model.%' order by happened_at, event_id");

const BY_SELECT = "its rows were made by another SELECT";

test("comments, white space and case make no other SELECT, and neither does another contract", async () => {
  await using house = await open();
  await house.run();
  const sameRows = withSelect(
    house.pipeline,
    "entry",
    (select) => `-- as before\n${select.replace("select", "SELECT").replaceAll(", ", " ,\n  ")}`,
  );
  // Rules of the curated contract decide what blocks, not what rows are made of.
  const otherContract = withModel(house.pipeline, "entry", ({ contract }) => ({
    contract: { ...contract, version: "1.0.1", fingerprint: "0000000000000000" },
  }));
  for (const pipeline of [sameRows, otherContract]) {
    const { report } = await house.run({}, inForce(pipeline));
    expect(report?.outcome).toBe("published");
    expect(recomputed(report)).toEqual([]);
  }
  expect(await events(house)).toHaveLength(2);
});

test("with another SELECT the next run computes all rows of the table again, says so once, and history keeps what they were", async () => {
  await using house = await open();
  await house.run();
  await insert(house, 3);
  const changed = withSelect(house.pipeline, "entry", doubled);
  const { report } = await house.run({}, inForce(changed));
  expect(report?.outcome).toBe("published");
  const observed = `3 rows new or other, 0 gone: ${BY_SELECT}`;
  expect(recomputed(report)).toEqual([{ gate: "recomputed/entry", verdict: "warn", observed }]);
  const all = [
    { entry_id: "e1", amount: "200" },
    { entry_id: "e2", amount: "400" },
    { entry_id: "e3", amount: "6" },
  ];
  expect(await curated(house)).toEqual(all);
  expect(await house.query("select entry_id, amount, _to_publication from history.entry order by 1")).toEqual([
    { entry_id: "e1", amount: "100", _to_publication: "2" },
    { entry_id: "e2", amount: "200", _to_publication: "2" },
  ]);
  const select = selectFingerprint(changed.models.get("entry") ?? expect.fail());
  const columns = ["account_id", "amount", "currency", "entry_id", "memo"];
  expect((await events(house)).slice(-2)).toEqual([
    { event: "model.declared", subject: "entry", detail: JSON.stringify([{ after: "1", select, columns }]) },
    {
      ...{ event: "model.recomputed", subject: "entry" },
      detail: JSON.stringify({ publication: "desk-2", number: "2", select, columns, why: BY_SELECT }),
    },
  ]);
  expect(await house.query("select curated, verdict from ops.verdict where name = 'recomputed'")).toEqual([
    { curated: "entry", verdict: "warn" },
  ]);
  const next = await house.run({}, inForce(changed));
  expect(recomputed(next.report)).toEqual([]);
  expect(await curated(house)).toEqual(all);
  // And back: the rows of the second one are another SELECT's now.
  expect(recomputed((await house.run()).report)).toHaveLength(1);
  expect((await curated(house))[0]).toEqual({ entry_id: "e1", amount: "100" });
  expect(recomputed((await house.run()).report)).toEqual([]);
});

test("rows that another SELECT gives as they are stay, those that it does not give any more are gone", async () => {
  await using house = await open();
  await house.run();
  const noted = withSelect(house.pipeline, "entry", (select) =>
    select.replace("memo", "case when entry_id = 'e2' then 'noted' else memo end as memo"),
  );
  const { report } = await house.run({}, inForce(noted));
  expect(recomputed(report)?.[0]?.observed).toBe(`1 rows new or other, 0 gone: ${BY_SELECT}`);
  expect(await versions(house)).toEqual([
    { entry_id: "e1", _publication: "1" },
    { entry_id: "e2", _publication: "2" },
  ]);
  const fewer = withSelect(noted, "entry", (select) => `${select} where entry_id <> 'e1'`);
  const without1 = await house.run({}, inForce(fewer));
  expect(recomputed(without1.report)?.[0]?.observed).toBe(`0 rows new or other, 1 gone: ${BY_SELECT}`);
  expect(await curated(house)).toEqual([{ entry_id: "e2", amount: "200" }]);
  // A key that comes back is a row again, and its tombstone is history.
  await house.run({}, inForce(noted));
  expect(await curated(house)).toHaveLength(2);
  expect(await house.query("select count(*) as n from history.entry where deleted_at is not null")).toEqual([{ n: "1" }]);
});

test("a SELECT that gives a key twice is blocked, also where both rows are the published one, and the next run computes again", async () => {
  await using house = await open();
  await house.run();
  const twice = withSelect(house.pipeline, "entry", (select) => `${select} union all ${select}`);
  const { report } = await house.run({}, inForce(twice));
  expect([report?.outcome, report?.gates.find((g) => g.name === "duplicates" && g.verdict === "fail")?.gate]).toEqual([
    "blocked",
    "duplicates/entry",
  ]);
  expect(await versions(house)).toEqual(["e1", "e2"].map((entry_id) => ({ entry_id, _publication: "1" })));
  const changed = await house.run({}, inForce(withSelect(house.pipeline, "entry", doubled)));
  expect(recomputed(changed.report)).toHaveLength(1);
  expect((await curated(house))[0]).toEqual({ entry_id: "e1", amount: "200" });
});

test("a run that another gate blocks has computed nothing again", async () => {
  await using house = await open();
  await house.run();
  const changed = withSelect(house.pipeline, "entry", doubled);
  const strict = withRules(changed, "app.entries", (rules) =>
    rules.map((rule) => (rule.kind === "range" ? { ...rule, severity: "block", fingerprint: "block" } : rule)),
  );
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (4, 'e4', 'A', -1, 'USD')",
  );
  expect((await house.run({}, inForce(strict))).report?.outcome).toBe("blocked");
  expect((await curated(house))[0]).toEqual({ entry_id: "e1", amount: "100" });
  // Taken back, there is nothing to compute.
  expect(recomputed((await house.run()).report)).toEqual([]);
  expect(recomputed((await house.run({}, inForce(changed))).report)).toHaveLength(1);
});

const TEXT: ColumnType = { kind: "string" };
const NOTE = { name: "note", type: TEXT, required: false, pii: false, at: { file: "test", line: 1, column: 1 } };

test("rows older than a column of their feed are counted until they are read whole; a table gets its columns by itself", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("alter table app.entries add column note text");
  await house.source.query("update app.entries set note = 'n1' where id = 1");
  const feedOnly = withFeed(house.pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: [...feed.contract.columns, NOTE] },
  }));
  await insert(house, 3);
  const newColumns = (report: RunReport | null) =>
    report?.gates.filter((g) => g.name === "new_column").map(({ gate, verdict, observed }) => ({ gate, verdict, observed }));
  const told = [
    {
      ...{ gate: "new_column/app.entries/note", verdict: "warn" },
      observed:
        '2 live rows were published before the column and read NULL in it; `ledgerloop run --full --feeds app.entries --reason "…"` fills them',
    },
  ];
  expect(newColumns((await house.run({}, inForce(feedOnly))).report)).toEqual(told);
  await house.source.query("update app.entries set note = 'n3', chg = pg_current_xact_id() where id = 3");
  await house.run({}, inForce(feedOnly));
  // A table that gets a column which staging has had for a while: what staging has of it is there at once.
  const withNote = withModel(feedOnly, "entry", ({ select, contract }) => ({
    select: select.replace("memo", "memo, note"),
    contract: { ...contract, columns: [...contract.columns, NOTE] },
  }));
  const filled = await house.run({}, inForce(withNote));
  expect([newColumns(filled.report), recomputed(filled.report)?.[0]?.observed]).toEqual([
    told,
    `1 rows new or other, 0 gone: ${BY_SELECT}`,
  ]);
  const whole = await house.run({ full: true, feeds: ["app.entries"], reason: "note is new" }, inForce(withNote));
  expect(newColumns(whole.report)).toEqual([]);
  expect(await house.query("select entry_id, note from curated.entry order by 1")).toEqual([
    { entry_id: "e1", note: "n1" },
    { entry_id: "e2", note: null },
    { entry_id: "e3", note: "n3" },
  ]);
});

test("a column that a contract takes from a SELECT which had it all along is filled by itself", async () => {
  await using house = await open();
  const selecting = withSelect(house.pipeline, "entry", (select) => select.replace("memo", "memo, 'x' || entry_id as note"));
  await house.run({}, inForce(selecting));
  const named = withModel(selecting, "entry", ({ contract }) => ({
    contract: { ...contract, columns: [...contract.columns, NOTE], fingerprint: "noted" },
  }));
  const { report } = await house.run({}, inForce(named));
  expect(recomputed(report)?.[0]?.observed).toBe("2 rows new or other, 0 gone: its rows are older than note");
  expect(await house.query("select note from curated.entry order by 1")).toEqual([{ note: "xe1" }, { note: "xe2" }]);
  expect(recomputed((await house.run({}, inForce(named))).report)).toEqual([]);
});

test("a table that comes later than rows of its feed has all of their keys with its first publication", async () => {
  await using house = await open();
  await house.run({}, inForce(without(house.pipeline, { table: "entry" })));
  await insert(house, 3);
  const first = await house.run();
  expect(recomputed(first.report)?.[0]?.observed).toBe("3 rows new or other, 0 gone: it is newer than rows that it is made of");
  expect(await curated(house)).toHaveLength(3);
  expect(recomputed((await house.run()).report)).toEqual([]);
});

test("rows that the release before left mixed, with somebody's acceptance, are computed again", async () => {
  await using house = await open();
  await house.run();
  await insert(house, 3);
  await house.run();
  const changed = withSelect(house.pipeline, "entry", doubled);
  const select = selectFingerprint(changed.models.get("entry") ?? expect.fail());
  const session = await house.engine.warehouse.open({ purpose: "the release before" });
  const write = (sql: string) => session.run({ name: "fixture", sql });
  await write("update curated.entry__rows set amount = 6 where entry_id = 'e3'");
  const event = (name: string, detail: string) =>
    write(`insert into ops.audit_event (event_id, event, subject, run_group, detail, actor, reason, code_version, happened_at)
      select 'run_2/${name}/entry', '${name}', 'entry', 'desk', '${detail}', 'tester', 'r', '0.1.0', max(happened_at) from ops.audit_event`);
  await event("model.declared", `[{"after":"1","select":"${select}"}]`);
  await event("model.accepted", select);
  await session.close();
  const { report } = await house.run({}, inForce(changed));
  expect(recomputed(report)?.[0]?.observed).toBe(`2 rows new or other, 0 gone: ${BY_SELECT}`);
  expect(await curated(house)).toEqual([
    { entry_id: "e1", amount: "200" },
    { entry_id: "e2", amount: "400" },
    { entry_id: "e3", amount: "6" },
  ]);
});

const limited = (pipeline: Pipeline, fullRefreshRows: number): Pipeline => ({
  ...pipeline,
  environment: { ...pipeline.environment, fullRefreshRows },
});

test("over more rows than the environment declares nothing is computed unasked: the run stops with the command that does", async () => {
  await using house = await open();
  await house.run();
  await insert(house, 3);
  const changed = limited(withSelect(house.pipeline, "entry", doubled), 1);
  const before = await house.query("select * from ops.audit_event order by event_id");
  const refused = await house.run({}, inForce(changed));
  expect([refused.failure?.exitCode, refused.failure?.problems]).toEqual([
    10,
    [
      {
        code: "run.recompute_cost",
        severity: "error",
        says: `curated.entry (${BY_SELECT}) would be computed again from 2 published rows; this environment declares at most 1 (full_refresh_rows), and a table is not left half old, half new`,
        next: 'take the change back, or `ledgerloop run --recompute entry --allow-cost --reason "…"` computes it and records the decision',
      },
    ],
  ]);
  expect(await house.query("select * from ops.audit_event order by event_id")).toEqual(before);
  const unpaid = await house.run({ recompute: ["entry"], reason: "t" }, inForce(changed));
  expect([unpaid.failure?.exitCode, unpaid.failure?.problems[0]?.code]).toEqual([2, "run.recompute_cost"]);
  const decided = { recompute: ["entry"], allowCost: true, reason: "doubled from now on", ticket: "FIN-1" };
  const { report } = await house.run(decided, inForce(changed));
  expect(recomputed(report)?.[0]?.observed).toBe(`2 rows new or other, 0 gone: ${BY_SELECT}`);
  expect(
    await house.query("select subject, detail, reason, ticket from ops.audit_event where event = 'cost.allowed'"),
  ).toMatchObject([{ subject: "desk", detail: "2 published rows, declared 1", reason: "doubled from now on", ticket: "FIN-1" }]);
  // The hour goes on where it stood, and costs nothing more.
  expect((await house.run({}, inForce(changed))).report?.outcome).toBe("published");
  expect((await curated(house))[2]).toEqual({ entry_id: "e3", amount: "6" });
});

test("a change that would cost too much leaves no column behind", async () => {
  await using house = await open();
  await house.run();
  const withNote = withModel(house.pipeline, "entry", ({ select, contract }) => ({
    select: select.replace("memo", "memo, memo as note"),
    contract: { ...contract, columns: [...contract.columns, NOTE] },
  }));
  const refused = await house.run({}, inForce(limited(withNote, 1)));
  expect(refused.failure?.problems[0]?.code).toBe("run.recompute_cost");
  expect(await house.query("select column_name from information_schema.columns where column_name = 'note'")).toEqual([]);
});

test("a column that a table lost and gets back is filled, though it was there all along; one that a blocked run brought may go", async () => {
  await using house = await open();
  const selecting = withSelect(house.pipeline, "entry", (select) => select.replace("memo", "memo, 'x' || entry_id as note"));
  const named = withModel(selecting, "entry", ({ contract }) => ({
    contract: { ...contract, columns: [...contract.columns, NOTE], fingerprint: "noted" },
  }));
  await house.run({}, inForce(named));
  await insert(house, 3);
  const dropped = await house.run({ acceptRemoved: ["curated.entry.note"], reason: "unused" }, inForce(selecting));
  expect(recomputed(dropped.report)).toEqual([]);
  const back = await house.run({}, inForce(named));
  expect(recomputed(back.report)?.[0]?.observed).toBe("1 rows new or other, 0 gone: its rows are older than note");
  expect(await house.query("select note from curated.entry order by 1")).toEqual(["xe1", "xe2", "xe3"].map((note) => ({ note })));
  expect(recomputed((await house.run({}, inForce(named))).report)).toEqual([]);

  const second = { ...NOTE, name: "second" };
  const twice = withModel(named, "entry", ({ select, contract }) => ({
    select: `${select.replace("memo,", "memo, memo as second,")} union all ${select.replace("memo,", "memo, memo as second,")}`,
    contract: { ...contract, columns: [...contract.columns, second] },
  }));
  expect((await house.run({}, inForce(twice))).report?.outcome).toBe("blocked");
  expect((await house.run({}, inForce(named))).report?.outcome).toBe("published");
});

test("which SELECT made the rows is told by publications, not by clocks: a run that began long ago is followed by what came before it", async () => {
  await using house = await open();
  const began = new Date(house.engine.clock.now().getTime() - 3_600_000);
  await house.run();
  const changed = inForce(withSelect(house.pipeline, "entry", doubled));
  await house.run({}, changed);
  const late = await house.run({}, { clock: { now: () => began } });
  expect(recomputed(late.report)).toHaveLength(1);
  await insert(house, 3);
  expect(recomputed((await house.run({}, changed)).report)?.[0]?.observed).toBe(`3 rows new or other, 0 gone: ${BY_SELECT}`);
  expect((await curated(house))[0]).toEqual({ entry_id: "e1", amount: "200" });
});

test("case tells texts between dollars, and paths into JSON, apart", () => {
  const fingerprint = (select: string) => selectFingerprint({ select });
  for (const [one, other] of [
    ["select $t$Net$t$ as memo", "select $t$NET$t$ as memo"],
    ["select v:Name from t", "select v:name from t"],
  ] as const)
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  expect(fingerprint("select V::text from t")).toBe(fingerprint("SELECT v::TEXT FROM t"));
});

test("what was decided beside stands in the command that a run stops with", async () => {
  await using house = await open();
  await house.run();
  const fewer = withModel(house.pipeline, "entry", ({ select, contract }) => ({
    select: doubled(select),
    contract: { ...contract, columns: contract.columns.filter(({ name }) => name !== "memo") },
  }));
  const acceptRemoved = ["curated.entry.memo"];
  const stopped = await house.run({ acceptRemoved, reason: "unused" }, inForce(limited(fewer, 1)));
  expect(stopped.failure?.problems[0]?.next).toContain(
    '`ledgerloop run --recompute entry --accept-removed curated.entry.memo --allow-cost --reason "…"`',
  );
  const decided = { recompute: ["entry"], acceptRemoved, allowCost: true, reason: "unused" };
  expect((await house.run(decided, inForce(limited(fewer, 1)))).report?.outcome).toBe("published");
});
