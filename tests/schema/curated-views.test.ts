import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Model, Pipeline } from "../../src/config/pipeline.ts";
import { Failure, problem } from "../../src/kernel/problem.ts";
import { renameFeed } from "../../src/upkeep/rename.ts";
import { retire } from "../../src/upkeep/retire.ts";
import { compactFile } from "../../src/warehouse/duckdb/compact.ts";
import type { TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import { cases } from "../support/cases.ts";
import { duckdbOf, type House, openHouse } from "../support/engine.ts";
import { inForce, renamed, withModel, without, withSelect } from "../support/in-force.ts";
import { type Recorded, recording } from "../support/recorded.ts";
import { upkeepOf } from "../support/upkeep.ts";

const VIEWED = join(import.meta.dirname, "../fixtures/pipelines/viewed");
const open = () => openHouse({ directory: VIEWED, ddl: join(VIEWED, "source.sql"), urlVariable: "APP_URL" });

const TABLES = ["account", "entry", "total"] as const;
const asViews = (pipeline: Pipeline) =>
  ["account", "entry"].reduce((of, table) => withModel(of, table, () => ({ asView: true })), pipeline);

/** Which of the tables are views. */
async function views(house: House): Promise<string[]> {
  const rows = await house.query(
    "select table_name as name from information_schema.tables where table_schema = 'curated' and table_type = 'VIEW' and table_name like '%__rows' order by 1",
  );
  return rows.map((row) => (row["name"] ?? "").replace("__rows", ""));
}

/** All that is published of the tables, the instants of tombstones as the publication that made them. */
async function published(house: House): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const dated = (alias: string) =>
    `${alias}.* replace ((select max(p.number) from ops.publication p where p.published_at = ${alias}.deleted_at) as deleted_at)`;
  for (const table of TABLES) {
    found[table] = await house.query(`select ${dated("c")} from curated.${table}__rows c order by all`);
    found[`${table} history`] = await house.query(`select ${dated("h")} from history.${table} h order by all`);
  }
  found["live"] = await house.query("select * exclude (_publication) from curated.entry order by all");
  found["verdicts"] = await house.query(
    "select number, scope, curated, name, verdict, regexp_replace(observed, '[0-9-]{10} [0-9:.]+', 'then') as observed from ops.verdict where name not in ('finished', 'duration') order by all",
  );
  return found;
}

async function publish(house: House, pipeline: Pipeline, choice: Parameters<House["run"]>[0] = {}): Promise<void> {
  const { report, failure } = await house.run(choice, inForce(pipeline));
  expect(failure?.message).toBeUndefined();
  expect(["published", "nothing_to_do"]).toContain(report?.outcome);
}

const change = (model: Model, version: string) => ({ contract: { ...model.contract, version, fingerprint: `of ${version}` } });

/** What may happen between two hours, at the source or to the configuration. */
const id = fc.integer({ min: 1, max: 6 });
const account = fc.constantFrom("A", "B", "C", "lacking");
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      of: fc.constant("entry" as const),
      id,
      account,
      amount: fc.integer({ min: -1, max: 5 }),
      memo: fc.constantFrom(null, "", "m"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ of: fc.constant("account" as const), account, name: fc.constantFrom("a", "ß", null) }) },
  { weight: 2, arbitrary: fc.record({ of: fc.constant("gone" as const), id }) },
  { weight: 1, arbitrary: fc.record({ of: fc.constant("version" as const), table: fc.constantFrom(...TABLES) }) },
  { weight: 1, arbitrary: fc.record({ of: fc.constant("select" as const) }) },
  { weight: 1, arbitrary: fc.record({ of: fc.constant("table" as const), table: fc.constantFrom("account", "entry") }) },
  { weight: 1, arbitrary: fc.record({ of: fc.constant("recompute" as const), table: fc.constantFrom(...TABLES) }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const CHG = "chg = pg_current_xact_id()";

/** The statement of an event at the source; null for one of the configuration. */
function atSource(one: Event): [string, unknown[]] | null {
  switch (one.of) {
    case "entry":
      return [
        `insert into app.entries values ($1, $2, $3, 'USD', $4) on conflict (entry_id) do update set account_id = excluded.account_id, amount = excluded.amount, memo = excluded.memo, ${CHG}`,
        [`e${one.id}`, one.account, one.amount, one.memo],
      ];
    case "account":
      return [
        `insert into app.accounts values ($1, $2) on conflict (account_id) do update set name = excluded.name, ${CHG}`,
        [one.account, one.name],
      ];
    case "gone":
      return ["delete from app.entries where entry_id = $1", [`e${one.id}`]];
    default:
      return null;
  }
}

/** The configuration behind an event; `version` tells versions apart. */
function inConfiguration(pipeline: Pipeline, one: Event, version: string): Pipeline {
  switch (one.of) {
    case "version":
      return withModel(pipeline, one.table, (model) => change(model, version));
    case "select":
      return withSelect(pipeline, "entry", (select) =>
        select.includes("'-'") ? select.replace("'-'", "'none'") : select.replace("'none'", "'-'"),
      );
    case "table":
      return withModel(pipeline, one.table, () => ({ asView: false }));
    default:
      return pipeline;
  }
}

test("a view and a table give the same rows, history and verdicts through random hours, also where one becomes the other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(event, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 5 }), async (hours) => {
      await using tables = await open();
      await using viewed = await open();
      let configured = [tables.pipeline, asViews(viewed.pipeline)] as const;
      for (const [n, hour] of [[], ...hours].entries()) {
        const recompute = hour.flatMap((one) => (one.of === "recompute" && n > 0 ? [one.table] : []));
        for (const [i, one] of hour.entries()) {
          const [table, view] = configured;
          configured = [inConfiguration(table, one, `1.${n}.${i}`), inConfiguration(view, one, `1.${n}.${i}`)];
          const statement = atSource(one);
          if (statement) for (const house of [tables, viewed]) await house.source.query(...statement);
        }
        const choices = [{ keys: true }, ...(recompute.length > 0 ? [{ recompute, reason: "asked" }] : [])];
        for (const choice of choices) {
          await publish(tables, configured[0], choice);
          await publish(viewed, configured[1], choice);
          expect(await published(viewed)).toEqual(await published(tables));
        }
        if (n === 0) expect(await views(viewed)).toEqual(["account", "entry"]);
      }
      expect(await views(tables)).toEqual([]);
    }),
    { numRuns: cases(1) },
  );
}, 600_000);

/** A house with views, and one hour published. */
async function openViewed(): Promise<House> {
  const house = await open();
  await house.source.query("insert into app.accounts values ('A', 'a'), ('B', 'b')");
  await house.source.query("insert into app.entries values ('e1', 'A', 1, 'USD', 'm'), ('e2', 'B', 2, 'USD', null)");
  await publish(house, asViews(house.pipeline));
  expect(await views(house)).toEqual(["account", "entry"]);
  return house;
}

/** All rows of the tables with the engine's own columns. */
async function rows(house: House): Promise<TextRow[][]> {
  const found: TextRow[][] = [];
  for (const table of ["account", "entry"]) found.push(await house.query(`select * from curated.${table}__rows order by all`));
  return found;
}

/** A run that prepares its tables, and whose source is away then. */
async function begin(house: House, pipeline: Pipeline): Promise<void> {
  const away = () => Promise.reject(new Failure("retryable", problem({ code: "test.away", says: "it is away", next: "wait" })));
  const { failure } = await house.run({}, { ...inForce(pipeline), readerOf: away });
  expect(failure?.problems.map(({ code }) => code)).toEqual(["test.away"]);
}

/** A hand puts a view of other rows in the place of `entry`, which says that it was made of what `mark` is. */
async function putAnother(house: House, mark: string | null = null): Promise<void> {
  const { path } = duckdbOf(house.pipeline);
  const instance = await DuckDBInstance.create(path);
  const hand = await instance.connect();
  await hand.run(`alter view curated.entry__rows rename to entry__was;
    create view curated.entry__rows as select * replace ('x' as memo) from curated.entry__was`);
  if (mark !== null) await hand.run(`comment on view curated.entry__rows is '${mark}'`);
  hand.closeSync();
  instance.closeSync();
}

test("rows of a view are stored once: what staging has is what is published", async () => {
  await using house = await openViewed();
  expect(
    await house.query("select name, entry.amount from curated.account join curated.entry on account = account_id order by all"),
  ).toEqual([
    { name: "A", amount: "1" },
    { name: "B", amount: "2" },
  ]);
  await house.source.query("delete from app.entries where entry_id = 'e2'");
  await house.source.query(`update app.entries set memo = 'n', ${CHG} where entry_id = 'e1'`);
  await publish(house, asViews(house.pipeline), { keys: true });
  expect(
    await house.query("select entry_id, memo, _publication, deleted_at is null as live from curated.entry__rows order by 1"),
  ).toEqual([
    { entry_id: "e1", memo: "n", _publication: "2", live: "true" },
    { entry_id: "e2", memo: "-", _publication: "2", live: "false" },
  ]);
  expect(await house.query("select entry_id, memo, _publication, _to_publication from history.entry order by 1")).toEqual([
    { entry_id: "e1", memo: "m", _publication: "1", _to_publication: "2" },
    { entry_id: "e2", memo: "-", _publication: "1", _to_publication: "2" },
  ]);
  expect(await house.query("select account, amount from curated.total")).toEqual([{ account: "A", amount: "1" }]);
});

test("a heal of named rows makes their view anew, whatever its mark says, and gives those that are as they were no version more", async () => {
  await using house = await openViewed();
  await house.source.query("insert into app.entries values ('e3', 'B', 3, 'USD', null)");
  const pipeline = asViews(house.pipeline);
  await publish(house, pipeline);
  await house.source.query("update app.entries set amount = 10 where entry_id = 'e1'");
  await house.source.query("delete from app.entries where entry_id = 'e3'");
  const [found] = await house.query("select comment from duckdb_views() where view_name = 'entry__rows'");
  await putAnother(house, found?.["comment"] ?? expect.fail());
  const keys = [{ feed: "app.entries", keys: ["e1", "e2", "e3"].map((key) => [key]) }];
  const asked = { group: "desk", reason: "known", ticket: null, acceptRemoved: [], breaks: [] };
  const request = { kind: "heal" as const, ...asked, keys, rows: [{ table: "entry", keys: [["e2"]] }] };
  const { report, failure } = await house.perform(request, inForce(pipeline));
  expect([failure?.message, report?.outcome]).toEqual([undefined, "published"]);
  expect(await house.query("select entry_id, amount, memo, _publication from curated.entry order by 1")).toEqual([
    { entry_id: "e1", amount: "10", memo: "m", _publication: "3" },
    { entry_id: "e2", amount: "2", memo: "-", _publication: "1" },
  ]);
  expect(await house.query("select entry_id, amount, memo, _publication, _to_publication from history.entry order by 1")).toEqual(
    [
      { entry_id: "e1", amount: "1", memo: "m", _publication: "1", _to_publication: "3" },
      { entry_id: "e3", amount: "3", memo: "-", _publication: "2", _to_publication: "3" },
    ],
  );
});

test("a view is made when it is to be another one: first, for another version, and in place of what a hand put there", async () => {
  await using house = await openViewed();
  const pipeline = asViews(house.pipeline);
  const hour = async (of: Pipeline) => {
    const ran: Recorded[] = [];
    const { warehouse } = house.engine;
    const open: Warehouse["open"] = async (options) => recording(await warehouse.open(options), ran);
    await house.source.query(`update app.entries set memo = memo || 'n', ${CHG}`);
    const { report } = await house.run({}, { ...inForce(of), warehouse: { ...warehouse, open } });
    expect(report?.outcome).toBe("published");
    return ran.flatMap(({ name }) => (name.startsWith("ddl.curated-mark.") ? [name] : []));
  };
  const made = ["ddl.curated-mark.entry"];
  expect(await hour(pipeline)).toEqual([]);
  const next = withModel(pipeline, "entry", (model) => change(model, "1.1.0"));
  expect(await hour(next)).toEqual(made);
  expect(await hour(next)).toEqual([]);
  await putAnother(house);
  expect(await hour(next)).toEqual(made);
  expect(await house.query("select entry_id, memo, _contract_version from curated.entry order by 1")).toEqual([
    { entry_id: "e1", memo: "mnnnn", _contract_version: "1.1.0" },
    { entry_id: "e2", memo: "-", _contract_version: "1.0.0" },
  ]);
});

test("a table that is there stays one, whatever the model says", async () => {
  await using house = await open();
  await house.source.query("insert into app.accounts values ('A', 'a')");
  await publish(house, house.pipeline);
  await publish(house, asViews(house.pipeline));
  expect(await views(house)).toEqual([]);
});

test("until something is published a view may be made anew in any form", async () => {
  await using house = await open();
  await begin(house, house.pipeline);
  await begin(house, asViews(house.pipeline));
  expect(await views(house)).toEqual(["account", "entry"]);
  await begin(house, house.pipeline);
  expect(await views(house)).toEqual([]);
  await begin(house, asViews(house.pipeline));
  const other = withSelect(asViews(house.pipeline), "account", (select) => select.replace("upper", "lower"));
  await house.source.query("insert into app.accounts values ('A', 'Ab')");
  await publish(house, other);
  expect([await views(house), await house.query("select name from curated.account")]).toEqual([
    ["account", "entry"],
    [{ name: "ab" }],
  ]);
});

test("a view whose query is no projection any more is a table, computed again by the run that finds it so", async () => {
  await using house = await openViewed();
  const joined = withModel(asViews(house.pipeline), "entry", ({ select }) => ({
    asView: false,
    select: `${select.replace("coalesce(memo, '-')", "a.name || '!'")} join staging.app_accounts a on a.account_id = e.account_id`,
  }));
  const qualified = withModel(joined, "entry", ({ select }) => ({
    select: select.replace("amount, currency", "e.amount, e.currency"),
  }));
  await publish(house, qualified);
  expect(await views(house)).toEqual(["account"]);
  const found = await house.query(
    "select distinct right(memo, 1) as last, max(_publication) as publication from curated.entry group by 1",
  );
  expect(found).toEqual([{ last: "!", publication: "2" }]);
});

test("a column more makes a table of the view, with the rows that it had", async () => {
  await using house = await openViewed();
  const before = await rows(house);
  const more = withModel(asViews(house.pipeline), "entry", ({ contract, select }) => ({
    contract: {
      ...contract,
      columns: [...contract.columns, { ...(contract.columns.at(-1) as Model["contract"]["columns"][number]), name: "more" }],
    },
    select: select.replace("coalesce", "memo as more, coalesce"),
  }));
  await begin(house, more);
  expect(await views(house)).toEqual(["account"]);
  expect(await house.query("select * exclude (more) from curated.entry__rows order by all")).toEqual(before[1]);
  await publish(house, more);
  expect(await house.query("select entry_id, more, _publication from curated.entry__rows order by 1")).toEqual([
    { entry_id: "e1", more: "m", _publication: "2" },
    { entry_id: "e2", more: null, _publication: "1" },
  ]);
});

test("a rename and a retirement make tables of views, with the rows that they had", async () => {
  await using house = await openViewed();
  const before = await rows(house);
  const now = renamed(asViews(house.pipeline), { was: "app.accounts", now: "app.holders", table: "account" });
  await renameFeed(upkeepOf(house, 0, { pipeline: now }), {
    feed: "app.holders",
    was: "app.accounts",
    reason: "called so",
    ticket: null,
  });
  expect([await views(house), await rows(house)]).toEqual([[], before]);

  await using other = await openViewed();
  const less = without(asViews(other.pipeline), { table: "account" });
  await retire(upkeepOf(other, 0, { pipeline: less }), {
    kind: "table",
    name: "account",
    does: "retire",
    reason: "r",
    ticket: null,
  });
  expect([await views(other), (await rows(other))[0]]).toEqual([["entry"], before[0]]);
});

test("a value that cannot be made of staging's blocks, as it would where a table is written", async () => {
  for (const as of [(pipeline: Pipeline) => pipeline, asViews]) {
    await using house = await open();
    const narrow = withModel(as(house.pipeline), "entry", ({ contract }) => ({
      contract: {
        ...contract,
        columns: contract.columns.map((column) =>
          column.name === "amount" ? { ...column, type: { kind: "integer", bits: 32 } as const } : column,
        ),
      },
    }));
    await house.source.query("insert into app.accounts values ('A', 'a')");
    await house.source.query("insert into app.entries values ('e1', 'A', 3000000000, 'USD', 'm')");
    const { failure } = await house.run({}, inForce(narrow));
    expect(failure).toMatchObject({ kind: "blocked", problems: [{ code: "publish.select_failed" }] });
    expect(await house.query("select * from ops.publication")).toEqual([]);
  }
});

test("compaction keeps views", async () => {
  await using house = await openViewed();
  const before = await rows(house);
  const { warehouse } = house.pipeline.environment;
  await compactFile({ path: warehouse.kind === "duckdb" ? warehouse.path : expect.fail(), memoryLimit: "500MB" });
  expect([await views(house), await rows(house)]).toEqual([["account", "entry"], before]);
});
