import { expect, test } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { warehouseDdl } from "../../src/schema/layout.ts";
import { checkPublished } from "../../src/upkeep/deep-check.ts";
import type { UpkeepEngine } from "../../src/upkeep/engine.ts";
import { type RenameRequest, renameFeed } from "../../src/upkeep/rename.ts";
import { UnknownOutcome } from "../../src/warehouse/warehouse.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { openCopy } from "../support/crashing.ts";
import { withFeed, withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { aroundWarehouse, atMoment } from "../support/fuse.ts";
import { inForce, renamed as renamedIn, without, withSelect } from "../support/in-force.ts";
import { readPublished } from "../support/published.ts";
import { upkeepOf } from "../support/upkeep.ts";

const WAS = "app.entries";
const NOW = "app.lines";

const renamed = (pipeline: Pipeline, [was, now]: readonly [string, string] = [WAS, NOW]) =>
  renamedIn(pipeline, { was, now, table: "entry" });

function request(more: Partial<RenameRequest> = {}): RenameRequest {
  return { feed: NOW, was: WAS, reason: "called so now", ticket: "FIN-2", ...more };
}

const upkeep = (house: House, pipeline: Pipeline) => upkeepOf(house, 0, { pipeline });

const refusal = (engine: UpkeepEngine, asked: RenameRequest = request()) =>
  renameFeed(engine, asked).then(
    () => null,
    (error: unknown) =>
      error instanceof Failure ? [error.exitCode, ...error.problems.map(({ code }) => code)] : expect.fail(String(error)),
  );

/** Two hours: entries that are published, held, quarantined and gone. */
async function published(): Promise<House> {
  const house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'Z', 3, 'USD'), (4, 'e4', 'A', -4, 'USD'), (5, 'e5', 'A', 5, 'USD')",
  );
  await house.run();
  await house.source.query("delete from app.entries where id = 5");
  expect((await house.run({ keys: true })).failure?.message).toBeUndefined();
  return house;
}

const OPEN = `select row_id, feed, kind, unique_only, batch_id, seq, file, position, source_key, business_key, row_hash, copies, currency, minor, reasons,
  fingerprints, payload, payload_pii, opened_at, contract_version, scope from ops.open_quarantine order by source_key`;

test("the rows, the cursor and the waiting rows of a former name are the new one's, and nothing is read again", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  const engine = upkeep(house, pipeline);
  const rows = await house.query("select * from staging.app_entries__rows order by id");
  const waiting = await house.query(OPEN);
  const stock =
    "select feed, currency, row_count, minor from ops.flow where class = 'closing_stock' and number = (select max(number) from ops.publication) order by all";
  const closed = await house.query(stock);
  expect([rows.length, waiting.length]).toEqual([3, 2]);

  const { failure } = await house.run({}, inForce(pipeline));
  expect(failure?.problems[0]).toMatchObject({
    code: "schema.feed_gone",
    next: 'where it only has another name now, `ledgerloop feed rename app.lines --was app.entries --reason "…"` keeps its rows, and models that read it count as unchanged; else bring it back, or leave its rows where they are: `ledgerloop feed retire app.entries --reason "…"`',
  });
  expect(await renameFeed(engine, request())).toEqual({
    ...{ feed: NOW, was: WAS, group: "desk", outcome: "renamed", publicationId: "desk-3", rows: 2n, waiting: 2n },
  });
  expect(await renameFeed(engine, request())).toMatchObject({ outcome: "already", publicationId: "desk-3", rows: null });

  expect(await house.query("select * from staging.app_lines__rows order by id")).toEqual(rows);
  expect(await house.query("select * from staging.app_entries__rows")).toEqual([]);
  const moved = waiting.map((row) => ({ ...row, feed: NOW, row_id: `${row["row_id"]}:3` }));
  expect(await house.query(OPEN)).toEqual(moved);
  expect(await house.query("select feed, event, class, number from ops.quarantine_event")).toEqual(
    [1, 2].map(() => ({ feed: WAS, event: "renamed", class: null, number: "3" })),
  );
  expect(await house.query(stock)).toEqual(closed.map((line) => ({ ...line, feed: line["feed"] === WAS ? NOW : line["feed"] })));
  expect(
    await house.query("select number, base_head, kind, actor, reason, ticket from ops.publication order by number desc limit 1"),
  ).toEqual([{ number: "3", base_head: "2", kind: "rename", actor: "cleaner", reason: "called so now", ticket: "FIN-2" }]);
  expect(await house.query("select event, subject from ops.audit_event where event_id like 'rename%' order by all")).toEqual([
    { event: "feed.renamed", subject: WAS },
    { event: "key.declared", subject: "staging.app_lines__rows" },
    { event: "model.declared", subject: "entry" },
  ]);

  // The parent of the held row arrives, a row is new, one is corrected at the source; nothing else is read.
  await house.source.query("insert into app.accounts (id, account_id, name) values (9, 'Z', 'z')");
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (6, 'e6', 'A', 6, 'USD')",
  );
  await house.source.query("update app.entries set amount = 4, chg = pg_current_xact_id() where id = 4");
  const { report, failure: stopped } = await house.run({}, inForce(pipeline));
  expect(stopped?.message).toBeUndefined();
  expect(report?.gates.filter((g) => g.verdict !== "pass")).toEqual([]);
  expect(report?.feeds.find((f) => f.feed === NOW)).toMatchObject({
    extracted: 2,
    inserted: 2,
    pool: { opening: 1, closing: 0 },
  });
  expect(await house.query("select entry_id from curated.entry order by 1")).toEqual(
    ["e1", "e2", "e3", "e4", "e6"].map((entry_id) => ({ entry_id })),
  );
  expect(await house.query("select * from ops.open_quarantine")).toEqual([]);
  const whole = await house.run({ full: true, reason: "proof" }, inForce(pipeline));
  expect(whole.report?.feeds.find((f) => f.feed === NOW)).toMatchObject({ extracted: 5, unchanged: 5 });
  expect(whole.report?.gates.filter((g) => g.verdict !== "pass")).toEqual([]);
});

test("a former name is taken until its rows are renamed back; then the feed goes on as before", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  await renameFeed(upkeep(house, pipeline), request());
  expect((await house.run({}, inForce(pipeline))).report?.outcome).toBe("published");
  const { failure } = await house.run();
  expect([failure?.exitCode, failure?.problems.map(({ code }) => code)]).toEqual([
    10,
    ["schema.feed_gone", "schema.feed_renamed"],
  ]);
  expect(failure?.problems[0]?.next).toContain("`ledgerloop feed rename app.entries --was app.lines");
  const back = await renameFeed(upkeep(house, house.pipeline), request({ feed: WAS, was: NOW }));
  expect(back).toMatchObject({ outcome: "renamed", rows: 2n, waiting: 2n });
  const { report } = await house.run({ full: true, reason: "proof" });
  expect(report?.feeds.find((f) => f.feed === WAS)).toMatchObject({
    extracted: 4,
    unchanged: 2,
    pool: { opening: 1, closing: 1 },
  });
  expect(report?.gates.filter((g) => g.verdict !== "pass" && g.name !== "held_total")).toEqual([]);
  const other = renamed(house.pipeline, [WAS, "app.parts"]);
  expect(await renameFeed(upkeep(house, other), request({ feed: "app.parts" }))).toMatchObject({ outcome: "renamed" });
  // Names follow each other: the first one's rows are the last one's.
  expect(await refusal(upkeep(house, other), request({ feed: "app.parts", was: NOW }))).toBeNull();
  expect(await refusal(upkeep(house, renamed(house.pipeline)), request())).toEqual([2, "upkeep.renamed_elsewhere"]);
});

test("a rename to what has rows of its own, from what is not gone, or of rows that do not fit is refused, and nothing is written", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  const before = await house.query(
    "select (select count(*) from ops.publication) as p, (select count(*) from ops.audit_event) as a, (select max(token) from ops.fence_token) as t",
  );
  const declared = (change: (feed: Feed) => Partial<Feed>) =>
    upkeep(
      house,
      withFeed(pipeline, NOW, (feed) => ({ ...feed, ...change(feed) })),
    );
  const columns = (change: (columns: Feed["contract"]["columns"]) => Feed["contract"]["columns"]) =>
    declared(({ contract }) => ({ contract: { ...contract, columns: change(contract.columns) } }));
  const says = async (engine: UpkeepEngine) => {
    const error: unknown = await renameFeed(engine, request()).catch((thrown: unknown) => thrown);
    if (!(error instanceof Failure)) throw new Error("not refused");
    return [error.exitCode, ...error.problems.map((problem) => problem.says)];
  };
  const unfit = "the rows of app.entries do not fit app.lines:";

  expect(await refusal(upkeep(house, pipeline), request({ reason: null }))).toEqual([2, "upkeep.reason"]);
  expect(await refusal(upkeep(house, without(house.pipeline, { feed: WAS })))).toEqual([2, "upkeep.rename_not_configured"]);
  expect(await refusal(upkeep(house, house.pipeline), request({ feed: "app.accounts" }))).toEqual([2, "upkeep.still_configured"]);
  expect(await refusal(upkeep(house, pipeline), request({ was: "app.entrys" }))).toEqual([2, "upkeep.not_published"]);
  expect(await refusal(upkeep(house, without(house.pipeline, { feed: WAS })), request({ feed: "app.accounts" }))).toEqual([
    2,
    "upkeep.rename_taken",
  ]);
  const moved = { ...withFeed(pipeline, NOW, (feed) => ({ ...feed, group: "night" })) };
  const night = { ...(pipeline.groups.get("desk") ?? expect.fail()), name: "night", feeds: [NOW], models: [] };
  expect(await refusal(upkeep(house, { ...moved, groups: new Map([...pipeline.groups, ["night", night]]) }))).toEqual([
    2,
    "upkeep.rename_other_group",
  ]);

  expect(await says(declared(() => ({ sourceKey: ["entry_id"] })))).toEqual([
    2,
    expect.stringContaining(
      `${unfit} the rows of staging.app_entries__rows were published by source key (id), business key (entry_id), the configuration now says source key (entry_id)`,
    ),
  ]);
  expect((await says(declared(() => ({ businessKey: ["id"] }))))[1]).toContain("business key (id)");
  expect(await says(declared(() => ({ scoped: true })))).toEqual([2, `${unfit} its rows belong to no part of the feed`]);
  expect(await says(columns((all) => [...all, { ...(all[0] ?? expect.fail()), name: "more" }]))).toEqual([
    2,
    `${unfit} its rows have no column more`,
  ]);
  expect((await says(columns((all) => all.map((c) => (c.name === "memo" ? { ...c, type: { kind: "date" } } : c)))))[1]).toBe(
    `${unfit} staging.app_entries__rows.memo holds VARCHAR, the contract now says DATE`,
  );
  expect(await says(columns((all) => all.filter((c) => c.name !== "currency")))).toEqual([
    2,
    `${unfit} 2 live rows have other money by what app.lines declares as money`,
    `${unfit} 3 rows hold values in currency, which app.lines does not have`,
  ]);
  expect(await says(declared(() => ({ money: { amount: "amount", currency: "currency", unit: "major" } })))).toEqual([
    2,
    `${unfit} 2 live rows have other money by what app.lines declares as money`,
  ]);
  expect(
    await house.query(
      "select (select count(*) from ops.publication) as p, (select count(*) from ops.audit_event) as a, (select max(token) from ops.fence_token) as t",
    ),
  ).toEqual(before);

  // A column that nobody filled is no loss.
  expect(await refusal(columns((all) => all.filter((c) => c.name !== "memo")))).toBeNull();
});

test("a batch of the former name is replayed as one of the feed; the published window of an hour is its window", async () => {
  await using house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (4, 'e4', 'A', -4, 'USD')",
  );
  const window = { start: new Date("2026-11-01T10:00:00Z"), end: new Date("2026-11-01T11:00:00Z") };
  await house.run({ window });
  const [batch] = await house.query("select batch_id from ops.batch where feed = 'app.entries'");
  const replay = batch?.["batch_id"] ?? "";
  const pipeline = renamed(house.pipeline);
  const early = await house.run({ replay }, inForce(without(pipeline, { feed: NOW, table: "entry" })));
  expect(early.failure?.problems.map(({ code }) => code)).toEqual(["schema.feed_gone", "schema.table_gone"]);
  await renameFeed(upkeep(house, pipeline), request());
  expect((await house.run({ window }, inForce(pipeline))).report?.outcome).toBe("already_published");
  const relaxed = withRules(pipeline, NOW, (rules) => rules.filter((rule) => rule.id !== "amount.range"));
  const { report, failure } = await house.run({ replay, reason: "rule was wrong" }, inForce(relaxed));
  expect(failure?.message).toBeUndefined();
  expect(report?.feeds.find((f) => f.feed === NOW)).toMatchObject({ extracted: 3, unchanged: 2, inserted: 1 });
  expect(await house.query("select entry_id from curated.entry")).toHaveLength(3);
  expect(await house.query("select * from ops.open_quarantine")).toEqual([]);
  expect(await house.query("select feed, replay_of from ops.batch where replay_of is not null")).toEqual([
    { feed: NOW, replay_of: replay },
  ]);
  expect((await house.run({}, inForce(relaxed))).report?.outcome).toBe("published");
  const engine = { ...house.engine, derivers: new Map() };
  const deep = await checkPublished(
    { ...engine, objects: house.engine.objects },
    { limit: null, derivers: new Map(), onProgress: () => undefined },
  );
  expect(deep.map(({ state }) => state)).toEqual(deep.map(() => "whole"));
  expect(new Set(deep.map(({ batch: { id } }) => id)).size).toBe(deep.length);
});

test("broken off anywhere nothing or everything has another name, and the same command completes it", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  const clock = { now: () => new Date("2026-12-01T00:00:00Z") };
  const before = await readPublished(house.engine.warehouse);
  const renameOn = (warehouse: UpkeepEngine["warehouse"]) =>
    renameFeed(upkeepOf(house, 0, { pipeline, clock, warehouse }), request());
  using site = await openCopy({ house });
  await renameOn(site.engine.warehouse);
  const clean = await site.published();
  expect(clean).not.toEqual(before);
  const moments = [
    ["ddl.staging.app.lines", "before"],
    ["begin.fence-token", "after"],
    ["publish.head", "before"],
    ["ledger.publication", "after"],
    ["rename.staging", "after"],
    ["rename.staging-left", "after"],
    ["rename.waiting", "after"],
    ["rename.batch", "before"],
    ["rename.adapter-state", "after"],
    ["transaction", "before"],
    ["transaction", "after"],
  ] as const;
  for (const [i, [what, when]] of moments.entries()) {
    using place = await openCopy({ house });
    // The second transaction is the publication; the first one raises the fence.
    const fuse = atMoment({ kind: "warehouse", what, when, at: what === "transaction" ? 2 : 1 }, () => {
      throw new Error("broken off");
    });
    await expect(renameOn(aroundWarehouse(place.engine.warehouse, fuse)), what).rejects.toThrow("broken off");
    const isLast = i === moments.length - 1;
    expect(await place.published(), `${when} ${what}`).toEqual(isLast ? clean : before);
    expect((await renameOn(place.engine.warehouse)).outcome).toBe(isLast ? "already" : "renamed");
    expect(await place.published(), `repeated after ${what}`).toEqual(clean);
  }
});

test("an answer to COMMIT that was lost is looked up", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  const losing = (when: "before" | "after") =>
    aroundWarehouse(
      house.engine.warehouse,
      atMoment({ kind: "warehouse", what: "transaction", when, at: 2 }, () => {
        throw new UnknownOutcome(new Error("no answer"));
      }),
    );
  const engine = (when: "before" | "after") => upkeepOf(house, 0, { pipeline, warehouse: losing(when) });
  expect(await refusal(engine("before"))).toEqual([40, "upkeep.rename_not_committed"]);
  expect(await renameFeed(engine("after"), request())).toMatchObject({ outcome: "renamed", publicationId: "desk-3", rows: 2n });
  expect(await renameFeed(upkeep(house, pipeline), request())).toMatchObject({ outcome: "already" });
});

test("no rename beside a run that is alive; a run that was thought dead publishes nothing after it", async () => {
  await using house = await published();
  const pipeline = renamed(house.pipeline);
  const { readerOf } = house.engine;
  let seen: unknown[] | null = null;
  const late = await house.run(
    {},
    {
      readerOf: async (source) => {
        if (seen === null) {
          seen = [await refusal(upkeep(house, pipeline))];
          await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
          seen.push((await renameFeed(upkeep(house, pipeline), request())).outcome);
        }
        return readerOf(source);
      },
    },
  );
  expect(seen).toEqual([[40, "run.group_held"], "renamed"]);
  expect(late.failure?.kind).toBe("lost");
  expect((await house.run({}, inForce(pipeline))).report?.outcome).toBe("published");
});

test("two names of one staging table: its rows stay where they are", async () => {
  await using house = await published();
  const one = renamed(house.pipeline, [WAS, "app.a_b"]);
  await renameFeed(upkeep(house, one), request({ feed: "app.a_b" }));
  const source = { ...(one.sources.get("app") ?? expect.fail()), id: "app_a" };
  const other = renamed({ ...one, sources: new Map([...one.sources, ["app_a", source]]) }, ["app.a_b", "app_a.b"]);
  const rows = await house.query("select * from staging.app_a_b__rows order by id");
  expect(await renameFeed(upkeep(house, other), request({ feed: "app_a.b", was: "app.a_b" }))).toMatchObject({ rows: 2n });
  expect(await house.query("select * from staging.app_a_b__rows order by id")).toEqual(rows);
  expect(rows).toHaveLength(3);
  expect(await renameFeed(upkeep(house, one), request({ feed: "app.a_b", was: "app_a.b" }))).toMatchObject({ rows: 2n });
  const { report, failure } = await house.run({ full: true, reason: "proof" }, inForce(one));
  expect(failure?.message).toBeUndefined();
  expect(report?.feeds.find((f) => f.feed === "app.a_b")).toMatchObject({
    extracted: 4,
    unchanged: 2,
    pool: { opening: 1, closing: 1 },
  });
});

test("an adapter's state goes with the rows, and so does what is known of columns that are newer than they", async () => {
  await using house = await published();
  const session = await house.engine.warehouse.open({ purpose: "test" });
  const state = (number: number, key: string, value: string) => `('p', 'desk', ${number}, 'app.entries', '${key}', ${value})`;
  const values = [state(1, "a", "'1'"), state(2, "a", "'2'"), state(1, "b", "'1'"), state(2, "b", "null")].join(", ");
  await session.run({ name: "t", sql: `insert into ops.adapter_state values ${values}` });
  const added =
    "'t', 'column.added', 'staging.app_entries__rows.memo', 'desk', '1', 'tester', null, null, 'test', timestamp '2026-11-01'";
  await session.run({ name: "t", sql: `insert into ops.audit_event values (${added})` });
  await session.close();
  const pipeline = renamed(house.pipeline);
  await renameFeed(upkeep(house, pipeline), request());
  expect(await house.query("select feed, state_key, state_value from ops.adapter_state where number = 3 order by all")).toEqual([
    { feed: WAS, state_key: "a", state_value: null },
    { feed: NOW, state_key: "a", state_value: "2" },
  ]);
  const { report } = await house.run({}, inForce(pipeline));
  expect(report?.gates.filter((g) => g.name === "new_column")).toMatchObject([
    { feed: NOW, subject: "memo", observed: expect.stringContaining("2 live rows") },
  ]);
});

test("a table whose model changed in more than the name is computed again by the next run", async () => {
  await using house = await published();
  const pipeline = withSelect(renamed(house.pipeline), "entry", (select) => select.replace("memo", "upper(memo) as memo"));
  await renameFeed(upkeep(house, pipeline), request());
  expect(await house.query("select event from ops.audit_event where event_id like 'rename%' and event like 'model%'")).toEqual(
    [],
  );
  const { report } = await house.run({}, inForce(pipeline));
  expect(report?.gates.find((g) => g.name === "recomputed")?.observed).toContain("its rows were made by another SELECT");
});

test("where runs create no tables, a rename creates none: it stops with the command that does", async () => {
  await using house = await published();
  const { warehouse } = house.engine;
  const dialect = { ...warehouse.dialect, can: { ...warehouse.dialect.can, ddl: "by_apply" as const } };
  const pipeline = renamed(house.pipeline);
  const engine = upkeepOf(house, 0, { pipeline, warehouse: { ...warehouse, dialect } });
  const before = await readPublished(warehouse);
  const error: unknown = await renameFeed(engine, request()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    exitCode: 2,
    problems: [{ code: "schema.not_deployed", next: expect.stringContaining("`ledgerloop warehouse apply`") }],
  });
  expect(await readPublished(warehouse)).toEqual(before);
  const session = await warehouse.open({ purpose: "test" });
  for (const statement of warehouseDdl(dialect, pipeline)) await session.run(statement);
  await session.close();
  expect(await renameFeed(engine, request())).toMatchObject({ outcome: "renamed", rows: 2n });
});
