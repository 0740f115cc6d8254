import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { expect, test } from "vitest";
import { findExtracts } from "../../src/landing/find-extracts.ts";
import { opsUpgrade, RETIRED_COLUMNS } from "../../src/schema/upgrade.ts";
import { applyMigrations, knownMigrations, type Migration } from "../../src/store/migrations.ts";
import { listRuns } from "../../src/store/operations/list-runs.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { migrateStore, openStore } from "../../src/store/store.ts";
import { clean } from "../../src/upkeep/clean.ts";
import { OPS_VERSION } from "../../src/warehouse/ops-tables.ts";
import type { TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import { emptyClaimsHouse, openClaimsHouse } from "../support/claims-house.ts";
import { connected } from "../support/connected.ts";
import type { House } from "../support/engine.ts";
import { inForce, withModel, withSelect } from "../support/in-force.ts";
import { freshDatabase } from "../support/postgres.ts";
import { upkeepOf } from "../support/upkeep.ts";

/** States as released versions left them, after two published hours with a row in quarantine and a held one. */
const STATES = join(import.meta.dirname, "../fixtures/states");
const VERSIONS = readdirSync(STATES);

const statements = (version: string, file: string) =>
  readFileSync(join(STATES, version, file), "utf8")
    .split(/;\n/)
    .filter((s) => s.trim() !== "");

const LEDGER = `create schema ledgerloop;
create table ledgerloop.migration (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`;

/** The control store of a released version: its migrations, whose text never changes, and its rows. */
async function loadControl(client: pg.ClientBase, version: string): Promise<void> {
  await client.query("drop schema if exists ledgerloop cascade");
  await client.query(LEDGER);
  const rows = statements(version, "control.sql");
  const applied = rows.filter((sql) => sql.startsWith("insert into ledgerloop.migration")).length;
  for (const { sql } of (await knownMigrations()).slice(0, applied)) await client.query(sql);
  for (const sql of rows) await client.query(sql);
}

/** The fixtures were made with another server; with `own` they are told to be of the house's. */
async function loadState(house: House, version: string, own: (sql: string) => string = (sql) => sql): Promise<void> {
  const url = house.pipeline.environment.controlStore.url ?? "";
  await connected(url, (client) => loadControl(client, version));
  await migrateStore(url);
  const session = await house.engine.warehouse.open({ purpose: "fixture" });
  for (const sql of statements(version, "warehouse.sql")) await session.run({ name: "fixture", sql: own(sql) });
  // Only the end of a transaction brings the file up to date.
  await session.transaction(async () => undefined);
  await session.close();
  cpSync(join(STATES, version, "objects"), house.pipeline.environment.objectStore.path, { recursive: true });
}

/** The source as it was when the fixtures were made, and one row more. */
async function fillSource(house: House): Promise<void> {
  await house.source.query("insert into app.accounts (id, account_id, name) values (1, 'A', 'a'), (2, 'B', 'b')");
  await house.source.query(`insert into app.entries (id, entry_id, account_id, amount, currency) values (1, 'e1', 'A', 150, 'USD'),
    (2, 'e2', 'B', 200, 'USD'), (3, 'e3', 'A', -5, 'USD'), (4, 'e4', 'Z', 4, 'USD'), (5, 'e5', 'B', 5, 'USD')`);
}

const opsColumns = (house: House) =>
  house.query(
    "select table_name, column_name, data_type from information_schema.columns where table_schema = 'ops' order by table_name, column_name",
  );

test.each(VERSIONS)("a state of version %s is upgraded where it lies and loads on", async (version) => {
  await using house = await emptyClaimsHouse();
  await loadState(house, version);
  await fillSource(house);
  expect((await listRuns(house.store, { limit: 5 })).map((r) => r.publicationId)).toEqual(["desk-2", "desk-1"]);
  expect((await showRun(house.store, "run_0001"))?.steps.length).toBe(6);
  // The source is another server than the one the fixture was made with, which needs a reason.
  let made = 9000;
  const ids = {
    next: (prefix: string) => {
      made += 1;
      return `${prefix}_${made}`;
    },
  };
  expect((await house.run({}, { ids })).failure?.exitCode).toBe(20);
  const { report, failure } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(failure?.message).toBeUndefined();
  expect(report?.publication_id).toBe("desk-3");
  expect(await house.query("select entry_id, amount, _publication from curated.entry order by all")).toEqual([
    { entry_id: "e1", amount: "150", _publication: "2" },
    { entry_id: "e2", amount: "200", _publication: "1" },
    { entry_id: "e5", amount: "5", _publication: "3" },
  ]);
  expect(await house.query("select source_key, kind, contract_version from ops.open_quarantine order by all")).toEqual([
    { source_key: "3", kind: "quarantined", contract_version: null },
    { source_key: "4", kind: "held", contract_version: null },
  ]);
  expect(await house.query("select max(version) as version from ops.schema_version")).toEqual([
    { version: OPS_VERSION.toString() },
  ]);
  await clean(upkeepOf(house), { dryRun: false, expired: false, reason: null, ticket: null });
  await using fresh = await openClaimsHouse();
  await fresh.run();
  const retired = (column: TextRow) =>
    column["table_name"] === "batch" && RETIRED_COLUMNS.some((name) => name === column["column_name"]);
  expect((await opsColumns(house)).filter((column) => !retired(column))).toEqual(await opsColumns(fresh));
});

test("a state of version 0.1.0 on its own server goes on from its cursor: nothing is read whole", async () => {
  await using house = await emptyClaimsHouse();
  const [server] = (
    await house.source.query<{ system: string }>("select system_identifier::text as system from pg_control_system()")
  ).rows;
  await loadState(house, "0.1.0", (sql) => sql.replaceAll("'7711397878396917289'", `'${server?.system}'`));
  await fillSource(house);
  const ids = { next: (prefix: string) => `${prefix}_8000` };
  const { report, failure } = await house.run({}, { ids });
  expect(failure?.message).toBeUndefined();
  expect(report?.publication_id).toBe("desk-3");
  const found = await findExtracts(house.engine.objects, { feed: "app.entries", runId: "run_8000", newest: 1 });
  expect(found[0]?.manifest.extract.request).toEqual({ from: { xid: "758" }, whole: false });
  expect(
    await house.query("select feed, number, cursor_kind, cursor_position from ops.feed_horizon where number < 3 order by all"),
  ).toEqual(
    ["app.accounts", "app.entries"].flatMap((feed) =>
      ["757", "758"].map((xid, i) => ({ feed, number: String(i + 1), cursor_kind: "xid", cursor_position: `{"xid":"${xid}"}` })),
    ),
  );
});

test.each(VERSIONS)(
  "a state of version %s knows with which SELECT its rows were made: only for another one they are computed again",
  async (version) => {
    await using house = await emptyClaimsHouse();
    await loadState(house, version);
    await fillSource(house);
    let made = 7000;
    const ids = {
      next: (prefix: string) => {
        made += 1;
        return `${prefix}_${made}`;
      },
    };
    const whole = { full: true, reason: "source restored" };
    const doubled = withSelect(house.pipeline, "entry", (select) => select.replace("amount", "amount * 2 as amount"));
    // Its contract was another, and its SELECT was not.
    const contract = withModel(house.pipeline, "entry", (model) => ({ contract: { ...model.contract, fingerprint: "another" } }));
    const { report, failure } = await house.run(whole, { ids, ...inForce(contract) });
    expect(failure?.message).toBeUndefined();
    expect(report?.publication_id).toBe("desk-3");
    expect(report?.gates.filter((g) => g.name === "recomputed")).toEqual([]);
    expect(await house.query("select subject, detail from ops.audit_event where event = 'model.declared' order by 1")).toEqual([
      {
        subject: "account",
        detail: expect.stringMatching(
          /^\[{"after":"0","select":"([0-9a-f]{16})"},{"after":"2","select":"\1","columns":\[.*\]}\]$/,
        ),
      },
      {
        subject: "entry",
        detail: expect.stringMatching(
          /^\[{"after":"0","select":"([0-9a-f]{16})"},{"after":"2","select":"\1","columns":\[.*\]}\]$/,
        ),
      },
    ]);
    const again = await house.run({}, { ids, ...inForce(doubled) });
    expect(again.report?.gates.filter((g) => g.name === "recomputed")).toMatchObject([{ gate: "recomputed/entry" }]);
  },
);

test("rows that an older version mixed silently are computed again, once", async () => {
  await using house = await emptyClaimsHouse();
  // Its first publication was made with another SELECT than its second, which is today's.
  await loadState(house, "0.1.0", (sql) =>
    sql.includes("'desk-1'") ? sql.replaceAll('"model:entry":"f7a7c3a11c846d0a"', '"model:entry":"0123456789abcdef"') : sql,
  );
  await fillSource(house);
  const ids = { next: (prefix: string) => `${prefix}_${6000 + Math.random()}` };
  const { report, failure } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(failure?.message).toBeUndefined();
  expect(report?.gates.find((g) => g.name === "recomputed")?.observed).toMatch(/: its rows were made by another SELECT$/);
  const [declared] = await house.query("select detail from ops.audit_event where event = 'model.declared' and subject = 'entry'");
  expect(JSON.parse(declared?.["detail"] ?? "[]")).toMatchObject([
    { after: "0", select: "0123456789abcdef" },
    { after: "1" },
    { after: "2", columns: expect.arrayContaining(["entry_id"]) },
  ]);
  const next = await house.run({}, { ids });
  expect(next.report?.gates.filter((g) => g.name === "recomputed")).toEqual([]);
});

test("rows of a view that waited without an id have one after the upgrade, and end", async () => {
  await using house = await emptyClaimsHouse();
  await loadState(house, "0.1.0");
  const session = await house.engine.warehouse.open({ purpose: "an older version" });
  await session.run({ name: "fixture", sql: "update ops.quarantine_row set row_id = null, position = null" });
  await session.transaction(async () => undefined);
  await session.close();
  await fillSource(house);
  await house.source.query("update app.entries set amount = 7, chg = pg_current_xact_id() where id = 3");
  await house.source.query("insert into app.accounts (id, account_id, name) values (26, 'Z', 'z')");
  const ids = { next: (prefix: string) => `${prefix}_5${Math.random()}` };
  const { report, failure } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(failure?.message).toBeUndefined();
  expect(report?.publication_id).toBe("desk-3");
  expect(await house.query("select * from ops.open_quarantine")).toEqual([]);
  const named = "select count(distinct row_id) as ids, count(*) as rows from ops.quarantine_row where row_id like '%/content-%'";
  expect(await house.query(named)).toEqual([{ ids: "2", rows: "2" }]);
});

test("rows of an older version are other spellings of new keys too: the first run gives them the form that they lack", async () => {
  await using house = await emptyClaimsHouse();
  await loadState(house, "0.1.0");
  await fillSource(house);
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (50, 'E1', 'A', 1, 'USD'), (51, 'e51', 'A', 1, 'USD')",
  );
  const ids = { next: (prefix: string) => `${prefix}_4${Math.random()}` };
  const { report, failure } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(failure?.message).toBeUndefined();
  expect(report?.gates.find((g) => g.gate === "respelled_keys/app.entries")?.observed).toMatch(
    /^1 inserted keys are other spellings of live ones \("E1" beside "e1"\)/,
  );
  const unformed = "select count(*) as rows from staging.app_entries__rows where _form is null";
  expect(await house.query(unformed)).toEqual([{ rows: "0" }]);
});

const relations = (house: House, schema: string) =>
  house.query(
    `select table_name || ' ' || table_type as relation from information_schema.tables where table_schema = '${schema}' order by 1`,
  );

test("curated tables of an older version become views of their live rows, wherever it breaks off; what people made beside them stays", async () => {
  await using house = await emptyClaimsHouse();
  await loadState(house, "0.1.0");
  const before = await house.query("select * from curated.entry order by all");
  const session = await house.engine.warehouse.open({ purpose: "an older version, and people" });
  for (const sql of [
    // A table that no model makes any more, one that was moved before it broke off, and what is nobody's but people's.
    "create table curated.former as select * from curated.entry",
    "alter table curated.account rename to account__rows",
    "create view curated.big as select entry_id, amount from curated.entry where amount > 1",
    "create table curated.budget (month date, amount bigint)",
  ])
    await session.run({ name: "fixture", sql });
  await session.transaction(async () => undefined);
  await session.close();
  await fillSource(house);
  await house.source.query("delete from app.entries where id = 1");
  const ids = { next: (prefix: string) => `${prefix}_4${Math.random()}` };
  const retyped = withModel(house.pipeline, "entry", ({ contract }) => ({
    contract: {
      ...contract,
      columns: contract.columns.map((c) =>
        c.name === "currency" ? { ...c, type: { kind: "integer" as const, bits: 64 as const } } : c,
      ),
    },
  }));
  const stopped = await house.run({}, { ids, ...inForce(retyped) });
  expect(stopped.failure?.problems[0]?.code).toBe("schema.retyped_column");
  expect(await house.query("select entry_id from curated.entry order by 1")).toEqual([{ entry_id: "e1" }, { entry_id: "e2" }]);
  const { failure } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(failure?.message).toBeUndefined();
  expect((await relations(house, "curated")).map(({ relation }) => relation)).toEqual([
    "account VIEW",
    "account__rows BASE TABLE",
    "big VIEW",
    "budget BASE TABLE",
    "entry VIEW",
    "entry__rows BASE TABLE",
    "former VIEW",
    "former__rows BASE TABLE",
  ]);
  expect(await house.query("select * from curated.former__rows order by all")).toEqual(before);
  expect(await house.query("select entry_id, amount, _publication from curated.former order by 1")).toEqual(
    before.map(({ entry_id, amount, _publication }) => ({ entry_id, amount, _publication })),
  );
  expect(await house.query("select entry_id, amount from curated.entry order by 1")).toEqual([
    { entry_id: "e2", amount: "200" },
    { entry_id: "e5", amount: "5" },
  ]);
  expect(await house.query("select entry_id from curated.big order by 1")).toEqual([{ entry_id: "e2" }, { entry_id: "e5" }]);
  expect(await house.query("select entry_id from curated.entry__rows where deleted_at is not null")).toEqual([
    { entry_id: "e1" },
  ]);
});

test("an upgrade of the ops tables that breaks off anywhere is repeated by the next run", async () => {
  await using house = await emptyClaimsHouse();
  await loadState(house, "0.1.0");
  await fillSource(house);
  const { warehouse } = house.engine;
  const breaking = (at: string): Warehouse => ({
    ...warehouse,
    open: async (options) => {
      const session = await warehouse.open(options);
      return {
        ...session,
        run: async (statement) => {
          if (statement.name === at) throw new Error("killed");
          return session.run(statement);
        },
      };
    },
  });
  const ids = { next: (prefix: string) => `${prefix}_9${Math.random()}` };
  const steps = opsUpgrade(warehouse.dialect, 1);
  for (const { name } of steps)
    await expect(house.run({ full: true, reason: "t" }, { warehouse: breaking(name), ids })).rejects.toThrow("killed");
  const { report } = await house.run({ full: true, reason: "source restored" }, { ids });
  expect(report?.publication_id).toBe("desk-3");
  expect(await house.query("select version from ops.schema_version order by 1")).toEqual(
    Array.from({ length: OPS_VERSION }, (_, i) => ({ version: String(i + 1) })),
  );
});

const NEXT = {
  number: 1000,
  name: "1000_next",
  checksum: "x",
  sql: "alter table ledgerloop.run add column note text default 'migrated'; select pg_sleep(0)",
};

async function withNext(sql = NEXT.sql): Promise<Migration[]> {
  return [...(await knownMigrations()), { ...NEXT, sql }];
}

test.each(VERSIONS)(
  "a control store of version %s with data: migrated once by two at once, also after a kill in the middle",
  async (version) => {
    await using db = await freshDatabase();
    const admin = await db.client();
    await loadControl(admin, version);
    await migrateStore(db.url);
    const slow = await withNext("alter table ledgerloop.run add column note text default 'half'; select pg_sleep(60)");
    const dying = connected(db.url, (client) => applyMigrations(client, slow));
    const killed = expect(dying).rejects.toThrow();
    let ended = false;
    while (!ended) {
      await sleep(20);
      const { rowCount } = await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
      );
      ended = rowCount === 1;
    }
    await killed;
    const { rows: left } = await admin.query(
      "select from information_schema.columns where table_schema = 'ledgerloop' and column_name = 'note'",
    );
    expect(left).toEqual([]);
    const next = await withNext();
    const both = await Promise.all([1, 2].map(() => connected(db.url, (client) => applyMigrations(client, next))));
    expect(both.flat()).toEqual([NEXT.name]);
    const { rows } = await admin.query("select run_id, note from ledgerloop.run order by 1");
    expect(rows).toEqual([
      { run_id: "run_0001", note: "migrated" },
      { run_id: "run_0002", note: "migrated" },
    ]);
    // This program is older than that store now.
    await expect(openStore(db.url)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ next: expect.stringContaining("install that version") }],
    });
  },
);
