import { expect, test } from "vitest";
import type { ColumnType } from "../../src/contract/contract.ts";
import type { RunReport } from "../../src/projector/run-report.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withFeed, withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { inForce, withModel, without, withSelect } from "../support/in-force.ts";

const doubled = (select: string) => select.replace("amount", "amount * 2 as amount");
const tripled = (select: string) => select.replace("amount", "amount * 3 as amount");

const insert = (house: House, id: number) =>
  house.source.query(
    `insert into app.entries (id, entry_id, account_id, amount, currency) values (${id}, 'e${id}', 'A', ${id}, 'USD')`,
  );
const curated = (house: House) => house.query("select entry_id, amount from curated.entry order by 1");
const gatesOf = (report: RunReport | null, name: string) =>
  report?.gates
    .filter((g) => g.name === name)
    .map(({ gate, severity, verdict, observed }) => ({ gate, severity, verdict, observed }));
const events = (house: House) =>
  house.query(
    "select event, subject, reason, ticket from ops.audit_event where event like 'model.%' order by happened_at, event desc",
  );

test("another SELECT stops before anything is read; comments, white space and case are no other one", async () => {
  await using house = await open();
  await house.run();
  const sameRows = withSelect(
    house.pipeline,
    "entry",
    (select) => `-- as before\n${select.replace("select", "SELECT").replaceAll(", ", " ,\n  ")}`,
  );
  expect((await house.run({}, inForce(sameRows))).report?.outcome).toBe("published");
  // Rules of the curated contract decide what blocks, not what rows are made of.
  const otherContract = withModel(house.pipeline, "entry", ({ contract }) => ({
    contract: { ...contract, version: "1.0.1", fingerprint: "0000000000000000" },
  }));
  expect((await house.run({}, inForce(otherContract))).report?.outcome).toBe("published");

  await insert(house, 3);
  const before = await house.query("select * from ops.audit_event order by event_id");
  const refused = await house.run({}, inForce(withSelect(house.pipeline, "entry", doubled)));
  expect(refused.failure?.exitCode).toBe(10);
  expect(refused.failure?.problems).toEqual([
    {
      code: "schema.model_changed",
      severity: "error",
      says: "2 of 2 live rows of curated.entry were made by another SELECT than its model has now; nothing recomputes them, and the table would be half old, half new",
      next: 'take the change back, or accept it: `ledgerloop run --accept-mixed-model entry --reason "…"`',
    },
  ]);
  expect(await house.query("select * from ops.audit_event order by event_id")).toEqual(before);
  expect((await house.run()).report?.publication_id).toBe("desk-4");
});

test("an accepted mixture is recorded and remembered, and every report says how many rows each SELECT has made", async () => {
  await using house = await open();
  await house.run();
  await insert(house, 3);
  const changed = inForce(withSelect(house.pipeline, "entry", doubled));
  const unexplained = await house.run({ acceptMixed: ["entry"] }, changed);
  expect(unexplained.failure?.problems[0]?.code).toBe("run.accept_reason");
  const strange = await house.run({ acceptMixed: ["entry", "account"], reason: "t" }, changed);
  expect([strange.failure?.exitCode, strange.failure?.problems]).toEqual([
    2,
    [
      {
        code: "run.accept_unknown",
        severity: "error",
        says: "account is not a curated table whose rows another SELECT made",
        next: "--accept-mixed-model entry",
      },
    ],
  ]);
  const accepted = await house.run({ acceptMixed: ["entry"], reason: "doubled from now on", ticket: "FIN-1" }, changed);
  expect(accepted.report?.outcome).toBe("published");
  expect(await curated(house)).toEqual([
    { entry_id: "e1", amount: "100" },
    { entry_id: "e2", amount: "200" },
    { entry_id: "e3", amount: "6" },
  ]);
  const [mixed] = gatesOf(accepted.report, "mixed_model") ?? [];
  expect(mixed).toMatchObject({ gate: "mixed_model/entry", severity: "warn", verdict: "warn" });
  expect(mixed?.observed).toMatch(
    /^2 of 3 live rows were not made by today's model \(2 by SELECT [0-9a-f]{16}\); each follows when a source row of it changes$/,
  );
  expect((await events(house)).slice(-2)).toEqual(
    ["model.declared", "model.accepted"].map((event) => ({
      ...{ event, subject: "entry", reason: "doubled from now on", ticket: "FIN-1" },
    })),
  );
  expect(await house.query("select curated, verdict from ops.verdict where name = 'mixed_model'")).toEqual([
    { curated: "entry", verdict: "warn" },
  ]);

  // The next hour asks nobody, and says it again.
  await house.source.query("update app.entries set memo = 'x', chg = pg_current_xact_id() where id = 1");
  const next = await house.run({}, changed);
  expect(gatesOf(next.report, "mixed_model")?.[0]?.observed).toMatch(/^1 of 3 live rows/);

  // Back to the first SELECT, and on to a third: the same question. So it is for the second, which was answered before the third came.
  const back = await house.run();
  expect(back.failure?.problems[0]).toMatchObject({
    code: "schema.model_changed",
    says: expect.stringMatching(/^2 of 3 live rows/),
  });
  const third = inForce(withSelect(house.pipeline, "entry", tripled));
  expect((await house.run({}, third)).failure?.problems[0]?.says).toMatch(/^3 of 3 live rows/);
  expect((await house.run({ acceptMixed: ["entry"], reason: "t" }, third)).report?.outcome).toBe("published");
  expect((await house.run({}, changed)).failure?.problems[0]?.code).toBe("schema.model_changed");
  const again = await house.run({ acceptMixed: ["entry"], reason: "t" }, changed);
  expect(again.report?.outcome).toBe("published");

  // Once every row was made anew there is nothing to tell.
  await house.source.query("update app.entries set memo = 'y', chg = pg_current_xact_id()");
  const whole = await house.run({}, changed);
  expect(gatesOf(whole.report, "mixed_model")).toEqual([]);
  expect(await curated(house)).toEqual([
    { entry_id: "e1", amount: "200" },
    { entry_id: "e2", amount: "400" },
    { entry_id: "e3", amount: "6" },
  ]);
});

test("an acceptance outlives a run that a gate blocks", async () => {
  await using house = await open();
  await house.run();
  const changed = withSelect(house.pipeline, "entry", doubled);
  const strict = withRules(changed, "app.entries", (rules) =>
    rules.map((rule) => (rule.kind === "range" ? { ...rule, severity: "block", fingerprint: "block" } : rule)),
  );
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (4, 'e4', 'A', -1, 'USD')",
  );
  const blocked = await house.run({ acceptMixed: ["entry"], reason: "t" }, inForce(strict));
  expect(blocked.report?.outcome).toBe("blocked");
  expect((await house.run({}, inForce(changed))).report?.outcome).toBe("published");
});

test("a table without live rows may change its SELECT", async () => {
  await using house = await open();
  await house.source.query("delete from app.entries");
  await house.run();
  await insert(house, 3);
  const { report } = await house.run({}, inForce(withSelect(house.pipeline, "entry", doubled)));
  expect(report?.outcome).toBe("published");
  expect(gatesOf(report, "mixed_model")).toEqual([]);
});

const TEXT: ColumnType = { kind: "string" };
const NOTE = { name: "note", type: TEXT, required: false, pii: false, at: { file: "test", line: 1, column: 1 } };

test("rows older than a column are counted until they are read whole, which fills them", async () => {
  await using house = await open();
  await house.run();
  await house.source.query("alter table app.entries add column note text");
  await house.source.query("update app.entries set note = 'n1' where id = 1");
  const feedOnly = withFeed(house.pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: [...feed.contract.columns, NOTE] },
  }));
  await insert(house, 3);
  const added = await house.run({}, inForce(feedOnly));
  const command = '`ledgerloop run --full --feeds app.entries --reason "…"` fills them';
  const told = (rows: number) => `${rows} live rows were published before the column and read NULL in it; ${command}`;
  expect(gatesOf(added.report, "new_column")).toEqual([
    { gate: "new_column/app.entries/note", severity: "warn", verdict: "warn", observed: told(2) },
  ]);
  // A model that selects a column which staging has had for a while.
  const withNote = withModel(feedOnly, "entry", ({ select, contract }) => ({
    select: select.replace("memo", "memo, note"),
    contract: { ...contract, columns: [...contract.columns, NOTE] },
  }));
  const refused = await house.run({}, inForce(withNote));
  expect(refused.failure?.problems[0]?.next).toContain("`ledgerloop run --full --accept-mixed-model entry --reason");
  const accepted = await house.run({ acceptMixed: ["entry"], reason: "t" }, inForce(withNote));
  expect(gatesOf(accepted.report, "new_column")?.map(({ gate, observed }) => [gate, observed.split(" ")[0]])).toEqual([
    ["new_column/app.entries/note", "2"],
    ["new_column/entry/note", "3"],
  ]);

  const whole = await house.run({ full: true, feeds: ["app.entries"], reason: "note is new" }, inForce(withNote));
  expect(whole.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ updated: 2, unchanged: 1 });
  expect(await house.query("select entry_id, note, _publication from curated.entry order by 1")).toEqual([
    { entry_id: "e1", note: "n1", _publication: "4" },
    { entry_id: "e2", note: null, _publication: "4" },
    { entry_id: "e3", note: null, _publication: "2" },
  ]);
  // e3 had the column in staging when it was published: no whole read makes its curated row again, and that is said.
  expect(gatesOf(whole.report, "new_column")).toEqual([
    {
      ...{ gate: "new_column/entry/note", severity: "warn", verdict: "warn" },
      observed:
        "1 live rows were published before the column and read NULL in it; each is filled when a source row of it changes",
    },
  ]);
  await house.source.query("update app.entries set note = 'n3', chg = pg_current_xact_id() where id = 3");
  const last = await house.run({}, inForce(withNote));
  expect(gatesOf(last.report, "new_column")).toEqual([]);
  expect(gatesOf(last.report, "mixed_model")).toEqual([]);
});

test("a table that comes later than rows of its feed lacks them, and every report says how many, until they change", async () => {
  await using house = await open();
  const before = without(house.pipeline, { table: "entry" });
  await house.run({}, inForce(before));
  await insert(house, 3);
  const first = await house.run();
  expect(await curated(house)).toEqual([{ entry_id: "e3", amount: "3" }]);
  const observed =
    "2 live rows of app.entries were published before the table, which has none of their keys; each comes when a source row of it changes";
  const told = [{ gate: "new_model/app.entries/entry", severity: "warn", verdict: "warn", observed }];
  expect(gatesOf(first.report, "new_model")).toEqual(told);
  expect(gatesOf((await house.run({ full: true, reason: "t" })).report, "new_model")).toEqual(told);
  await house.source.query("update app.entries set memo = 'x', chg = pg_current_xact_id()");
  expect(gatesOf((await house.run()).report, "new_model")).toEqual([]);
  expect(await curated(house)).toHaveLength(3);
});
