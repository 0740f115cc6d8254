import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { bisectRules } from "../../src/checks/bisect.ts";
import { countMissed } from "../../src/checks/key-pass.ts";
import { labelScan, NOTHING_ABSENT } from "../../src/checks/label.ts";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import { readPublishedKeys } from "../../src/checks/published-keys.ts";
import { countRestated } from "../../src/checks/restated.ts";
import { countAbsent } from "../../src/checks/vanished.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { planChecks } from "../../src/contract/check-plan.ts";
import type { Column, Contract } from "../../src/contract/contract.ts";
import { readAdapterState } from "../../src/ledger/adapter-state.ts";
import { earlierBatches } from "../../src/ledger/earlier.ts";
import { publicationsOf, publishedBatches } from "../../src/ledger/fence.ts";
import { readHead } from "../../src/ledger/head.ts";
import { readPartDecisions } from "../../src/ledger/part-decisions.ts";
import { manifestsSince, publicationsSince, publishedToken, publishingRuns } from "../../src/ledger/publications.ts";
import { askInstants } from "../../src/lineage/as-of.ts";
import { curatedRow, reaching, reachingKeys, reachingRows } from "../../src/lineage/curated-row.ts";
import { standingFindings } from "../../src/lineage/row-facts.ts";
import { rowStories } from "../../src/lineage/row-stories.ts";
import { projectAll } from "../../src/projector/project-all.ts";
import { newCuratedRules } from "../../src/publish/new-curated-rules.ts";
import { listOpen } from "../../src/quarantine/list-open.ts";
import { rowEvents, showOpenRows, showRow } from "../../src/quarantine/show-row.ts";
import { planHeal } from "../../src/reconcile/heal.ts";
import type { Break } from "../../src/reconcile/kept-breaks.ts";
import { MONEY_COMPARES } from "../../src/reconcile/stock.ts";
import { dropUnpublished } from "../../src/schema/anew.ts";
import { planEvolution } from "../../src/schema/evolve.ts";
import { moveCurated } from "../../src/schema/move-curated.ts";
import { opsUpgrade } from "../../src/schema/upgrade.ts";
import { migrateStore, openStore } from "../../src/store/store.ts";
import { readHeads, readLedgerFacts, readPublished } from "../../src/upkeep/ledger-facts.ts";
import { dropRaw, rawRelations } from "../../src/upkeep/raw-relations.ts";
import { countStaged } from "../../src/upkeep/rename-refusals.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { ask } from "../../src/warehouse/questions.ts";
import { snowflakeCost } from "../../src/warehouse/snowflake/cost.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { dependency, withDependencies } from "../support/dependencies.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry, withFeed, withRules } from "../support/desk-rows.ts";
import { judgedBy, memoOnce, small } from "../support/findings-hours.ts";
import { freshDatabase } from "../support/postgres.ts";
import { DIALECTS, expectGolden, expectHouseRules, keep, nothingWritten, writeBoth } from "./golden-files.ts";

/** The statements of whoever looks at a warehouse: commands, upkeep, the projector, a run at what it needs now and then. */
const written = nothingWritten();

const WINDOW = { start: "2026-11-01T00:00:00.000Z", end: "2026-11-01T01:00:00.000Z" };
const BROKEN = entry(2, "e2", { amount: -1 });

/** What a control store that knows nothing is told. */
async function project(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  await using db = await freshDatabase();
  await migrateStore(db.url);
  const store = await openStore(db.url);
  try {
    const kept = { ...session, close: async () => undefined };
    const told = await projectAll({ dialect, open: async () => kept }, { store, pipeline, now: new Date() });
    expect(told).toMatchObject({ groups: [{ told: 1, rebuilt: 1 }] });
  } finally {
    await store.close();
  }
}

/** A contract says another type than its tables have: is anything published to them? */
async function lookAtRetyped(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const other = { kind: "decimal", precision: 12, scale: 2 } as const;
  const retyped = <T extends { readonly name: string }>(columns: readonly T[]) =>
    columns.map((c) => (c.name === "amount" ? { ...c, type: other } : c));
  const feeds = withFeed(pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: retyped(feed.contract.columns) },
  }));
  const model = pipeline.models.get("entry") ?? expect.fail();
  const contract = { ...model.contract, columns: retyped(model.contract.columns) };
  const changed = { ...feeds, models: new Map(pipeline.models).set("entry", { ...model, contract }) };
  const dropped = { schema: "staging", table: "app_none__rows", feed: "app.none", problems: [] } as const;
  await dropUnpublished(session, dialect, { anew: [dropped], relations: new Set(["ops.batch"]) });
  // In Snowflake's words all columns are of other types than DuckDB says.
  const { anew, problems } = await planEvolution(session, dialect, { pipeline: changed, accept: [] });
  expect(anew).toEqual([]);
  expect(problems.length).toBeGreaterThanOrEqual(3);
}

async function lookAtLedger(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const head = await readHead(session, dialect, { group: "desk", feeds: [...pipeline.feeds.values()], window: WINDOW });
  expect(head.number).toBe(1n);
  expect((await publishedBatches(session, dialect, ["b_1_app.entries"])).size).toBe(1);
  expect(await publishedToken(session, dialect, "desk")).toBe(1n);
  const since = { group: "desk", number: 0n, feeds: ["app.entries", "app.none"] };
  expect(await manifestsSince(session, dialect, since)).toEqual(["landing/b_1_app.entries.json"]);
  const published = [{ publicationId: "desk-1", kind: "changes" }];
  expect(await publicationsSince(session, dialect, { group: "desk", number: 0n })).toEqual(published);
  const [runId = ""] = await publishingRuns(session, dialect, "desk");
  expect(await publicationsOf(session, dialect, runId)).toEqual(["desk-1"]);
  await readAdapterState(session, dialect, { group: "desk", feed: "app.entries" });
  expect(await readPartDecisions(session, dialect, "desk")).toEqual([]);
  await session.rows(earlierBatches(dialect, ["app.entries"]));
  expect((await readLedgerFacts(session, dialect)).openRows.size).toBe(1);
  expect((await readPublished(session, dialect, 10)).length).toBe(2);
  expect(await readHeads(session, dialect)).toEqual([{ group: "desk", number: "1" }]);
  expect(await session.rows(countStaged(dialect, pipeline.feeds.get("app.entries") ?? expect.fail()))).toHaveLength(1);
}

async function lookAtWaitingRows(session: Session, dialect: Dialect): Promise<void> {
  expect(await session.rows(listOpen(dialect, "app.entries"))).toHaveLength(1);
  const [row] = await session.rows(showOpenRows(dialect, { feed: "app.entries", limit: 10 }));
  const id = row?.["row_id"] ?? expect.fail();
  expect(await session.rows(showRow(dialect, id))).toHaveLength(1);
  await session.rows(rowEvents(dialect, [id]));
}

/** From a curated row back to the rows that it was made of. */
async function lookBack(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const model = pipeline.models.get("entry") ?? expect.fail();
  expect(await session.rows(curatedRow(dialect, model, ["e1"]))).toEqual([{ publication: "1", deleted_at: null }]);
  const [of] = reaching(pipeline, model);
  const through = reachingKeys(dialect, { table: model, ways: [{ columns: ["account_id"] }] }, ["A"]);
  expect(await session.rows(through)).toMatchObject([{ key_0: "e1", total: "1" }]);
  const rows = await session.rows(reachingRows(dialect, of ?? expect.fail(), ["e1"]));
  expect(rows).toMatchObject([{ part: null, publication: "1" }]);
  const backs = rows.map((row) => ({ of: of ?? expect.fail(), row, through: [] }));
  const stories = await rowStories({ session, dialect, pipeline }, backs);
  expect([...stories.values()]).toMatchObject([{ class: "inserted", rules: { broken: [] } }]);
  expect(await session.rows(standingFindings(dialect, model, ["e1"]))).toEqual([]);
  const instants = await askInstants(pipeline, (statement) => session.rows(statement), dialect);
  expect([...instants.keys()]).toEqual(["app.accounts", "app.entries"]);
}

/** Rules that published rows were not judged by, and a scan whose broken rule is looked for. */
async function lookAtRules(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const changed = withRules(pipeline, "app.entries", (rules) =>
    rules.map((rule) => (rule.kind === "range" ? { ...rule, fingerprint: "another" } : rule)),
  );
  const another = withRules(changed, "app.entries", (rules) =>
    rules.map((rule) => (rule.kind === "unique" ? { ...rule, fingerprint: "another" } : rule)),
  );
  const [, doubled] = await newRulesOverPublished(session, dialect, another);
  expect(doubled).toMatchObject({ feed: "app.entries", publishedBreaking: 0n });
  const model = pipeline.models.get("entry") ?? expect.fail();
  const judged = judgedBy(small(), memoOnce, ...model.contract.rules)(pipeline);
  expect(await newCuratedRules(session, dialect, judged)).toMatchObject([{ rule: "small" }, { rule: "memo_once" }]);
  const broken = await newRulesOverPublished(session, dialect, changed);
  expect(broken).toMatchObject([{ feed: "app.entries", rule: "amount.range", publishedBreaking: 0n }]);
  const compared = await newRulesOverPublished(session, dialect, withDependencies(dependency({ majority: true }))(pipeline));
  expect(compared).toMatchObject([{ feed: "app.entries", rule: "memo_by_currency", publishedBreaking: 0n }]);
  const feed = pipeline.feeds.get("app.entries") ?? expect.fail();
  const input = {
    feed,
    plan: planChecks(feed.contract),
    batchId: "b_x",
    seq: 1n,
    byValue: false,
    asked: null,
    hasPool: false,
    absences: NOTHING_ABSENT,
    net: null,
  };
  expect(await bisectRules(session, dialect, input)).toEqual([]);
}

/** What a whole read says of rows below the cursor, and of rows that it does not have although they cannot go. */
async function lookAtWholeRead(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const feed = pipeline.feeds.get("app.entries") ?? expect.fail();
  const plan = planChecks(feed.contract);
  const input = {
    feed,
    plan,
    batchId: "b_x",
    seq: 2n,
    byValue: true,
    asked: null,
    hasPool: false,
    absences: NOTHING_ABSENT,
    net: null,
  };
  await session.run(labelScan(dialect, input, pipeline.currencies));
  const none = "SELECT CAST(NULL AS BIGINT) AS _row, CAST(NULL AS VARCHAR) AS _class";
  await session.run({ name: "test.keys", sql: dialect.createWork("keys_app_entries", "SELECT CAST(3 AS BIGINT) AS id") });
  await session.run({ name: "test.verdict", sql: dialect.createWork("verdict_app_entries", none) });
  const missed = countMissed(dialect, [{ input, column: "id", bound: "10", type: "integer" }]);
  const complete = { of: "feed", by: "rows" } as const;
  const departures = { feed: { ...feed, absence: "incomplete" as const }, seq: 2n, hasOpen: false, complete, deletes: null };
  const absent = countAbsent(dialect, [{ ...departures, isReplay: false }]) ?? expect.fail();
  const restated = countRestated(dialect, [input]) ?? expect.fail();
  const answer = await ask(session, { dialect, name: "whole-read" }, [missed, absent, restated]);
  expect(answer("missed")).toEqual([{ feed: "app.entries", inserted: "1", updated: "0" }]);
  expect(answer("restated")).toEqual([]);
  expect(answer("absent")).toEqual([{ feed: "app.entries", row_count: "1" }]);
}

const STAMP: Column = { name: "_stamp", type: { kind: "timestamp" }, pii: false, mayBeNull: false } as unknown as Column;

const withStamp = (contract: Contract): Contract => ({ ...contract, columns: [...contract.columns, STAMP] });

/** The keys of breaks, as a source lands them that does not land them as the warehouse shows them. */
async function lookAtBreaks(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const dated = withFeed(pipeline, "app.entries", (feed) => ({
    ...feed,
    sourceKey: ["_stamp"],
    contract: withStamp(feed.contract),
  }));
  const broken = {
    ...{
      id: "brk_1",
      leg: "R1",
      of: "app.entries",
      compares: "",
      keyText: "2026-11-01 00:00:00+00",
      class: "amount",
      key: { at: "x" },
    },
    ...{ isOpen: true, extent: null, scope: null },
  } as unknown as Break;
  const beside = { ...broken, id: "brk_2", leg: "R4", compares: MONEY_COMPARES, class: "tampered", keyText: "1|e1" } as Break;
  const asked = { readByKey: new Set(["app.entries"]), reason: null, ticket: null };
  await planHeal(session, dialect, { ...asked, pipeline, breaks: [beside] });
  const { requests } = await planHeal(session, dialect, { ...asked, pipeline: dated, breaks: [broken] });
  expect(requests.map(({ keys }) => keys)).toEqual([[{ feed: "app.entries", keys: [["2026-11-01 00:00:00+00"]] }]]);
}

/** A curated table that an older version has left under its plain name. */
async function moveFormer(session: Session, dialect: Dialect): Promise<void> {
  await session.run({ name: "test.former", sql: "CREATE TABLE curated.former AS FROM curated.entry__rows" });
  await moveCurated(session, dialect);
}

async function look(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  await lookAtLedger(session, dialect, pipeline);
  await lookAtRetyped(session, dialect, pipeline);
  await moveFormer(session, dialect);
  await lookAtWaitingRows(session, dialect);
  await project(session, dialect, pipeline);
  await lookBack(session, dialect, pipeline);
  await lookAtRules(session, dialect, pipeline);
  await lookAtWholeRead(session, dialect, pipeline);
  await lookAtBreaks(session, dialect, pipeline);
  const entries = pipeline.feeds.get("app.entries") ?? expect.fail();
  const query = { column: "currency", values: ["USD", "it's"], at: "_deleted_at" };
  expect(await readPublishedKeys(session, dialect, { feed: entries, query })).toEqual([{ key: "1", at: null }]);
  await rawRelations(session);
  for (const isView of [true, false]) await session.run(dropRaw(dialect, { name: isView ? "left_view" : "left", isView }));
}

beforeAll(async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": [entry(1, "e1"), BROKEN] } });
  const session = await desk.open();
  try {
    await desk.write(session, { feed: "app.entries", batchId: "b_x", rows: [entry(3, "e3")] });
    await writeBoth(written, session, (on, dialect) => look(on, dialect, desk.pipeline));
  } finally {
    await session.close();
  }
  // Upgrades run in tests/upkeep/upgrade.test.ts, from states of released versions.
  for (const [name, dialect] of [
    ["duckdb", duckdbDialect],
    ["snowflake", snowflakeDialect],
  ] as const) {
    const steps = opsUpgrade(dialect, 1).map(({ sql }, i) => ({ name: `upgrade.${i + 1}`, sql }));
    keep(written, name, { statements: steps });
  }
  keep(written, "snowflake", { statements: [snowflakeCost.query(7)] });
});

test.each(DIALECTS)("%s: every statement of whoever looks stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "looks", name), written[name]);
});

test("the Snowflake text keeps the house rules", () => expectHouseRules(written));
