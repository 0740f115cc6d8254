import { expect, test } from "vitest";
import { type RetireRequest, retire } from "../../src/upkeep/retire.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { inForce, withModel, without } from "../support/in-force.ts";
import { upkeepOf } from "../support/upkeep.ts";

const ENTRIES = { feed: "app.entries", table: "entry" };

function request(kind: "feed" | "table", does: "retire" | "return", more: Partial<RetireRequest> = {}): RetireRequest {
  const name = kind === "feed" ? ENTRIES.feed : ENTRIES.table;
  return { kind, does, name, reason: "no longer needed", ticket: "FIN-1", ...more };
}

const problemsOf = async (ended: ReturnType<House["run"]>) => {
  const { failure } = await ended;
  return [failure?.exitCode, failure?.problems.map(({ code, says, next }) => ({ code, says, next }))];
};

const rows = (house: House) =>
  house.query(`select 'staging' as place, entry_id from staging.app_entries
    union all select 'curated', entry_id from curated.entry union all select q.kind, q.source_key from ops.open_quarantine q order by all`);

/** One hour with a row that waits. */
async function published(): Promise<House> {
  const house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'Z', 3, 'USD'), (4, 'e4', 'A', -4, 'USD')",
  );
  await house.run();
  return house;
}

test("a feed and a table that left the configuration stop runs until they are retired; their rows stay, and nothing counts them", async () => {
  await using house = await published();
  const less = without(house.pipeline, ENTRIES);
  const engine = upkeepOf(house, 0, { pipeline: less });
  const before = await rows(house);
  expect(await problemsOf(house.run({}, inForce(less)))).toEqual([
    10,
    [
      {
        code: "schema.feed_gone",
        says: "feed app.entries has 2 published rows and 2 waiting ones in this group and is not in the configuration any more",
        next: 'bring it back, or leave its rows where they are: `ledgerloop feed retire app.entries --reason "…"`',
      },
      {
        code: "schema.table_gone",
        says: "curated.entry is published, and no model of the configuration makes it any more: its rows would stay as they are",
        next: 'bring the model back, or leave its rows where they are: `ledgerloop table retire entry --reason "…"`',
      },
    ],
  ]);
  expect(await retire(engine, request("feed", "retire"))).toEqual({
    ...{ kind: "feed", name: "app.entries", group: "desk", outcome: "retired", rows: 2n, waiting: 2n },
  });
  expect(await retire(engine, request("feed", "retire"))).toMatchObject({ outcome: "already" });
  expect((await problemsOf(house.run({}, inForce(less))))[1]).toMatchObject([{ code: "schema.table_gone" }]);
  expect(await retire(engine, request("table", "retire"))).toEqual({
    ...{ kind: "table", name: "entry", group: "desk", outcome: "retired", rows: null, waiting: null },
  });
  expect(
    await house.query(
      "select event, subject, run_group, actor, reason, ticket from ops.audit_event where event like '%.retired' order by 1",
    ),
  ).toEqual(
    [
      { event: "feed.retired", subject: "app.entries" },
      { event: "table.retired", subject: "entry" },
    ].map((event) => ({ ...event, run_group: "desk", actor: "cleaner", reason: "no longer needed", ticket: "FIN-1" })),
  );

  await house.source.query("insert into app.accounts (id, account_id, name) values (3, 'C', 'c')");
  for (const choice of [{}, {}, { full: true, reason: "t" }]) {
    const { report, failure } = await house.run(choice, inForce(less));
    expect(failure?.message).toBeUndefined();
    expect(report?.outcome).toBe("published");
    expect(report?.feeds.map(({ feed }) => feed)).toEqual(["app.accounts"]);
    expect(report?.gates.filter((g) => g.verdict !== "pass")).toEqual([]);
  }
  expect(await rows(house)).toEqual(before);
});

test("what is still configured, not retired, never published or has no reason is refused, and so is anything while a run goes on", async () => {
  await using house = await published();
  const here = upkeepOf(house);
  const less = upkeepOf(house, 0, { pipeline: without(house.pipeline, ENTRIES) });
  const refused = (engine: typeof here, asked: RetireRequest) =>
    retire(engine, asked).then(
      () => null,
      (error: { exitCode: number; problems: { code: string; next: string }[] }) => [error.exitCode, error.problems[0]?.code],
    );
  expect(await refused(here, request("feed", "retire"))).toEqual([2, "upkeep.still_configured"]);
  expect(await refused(here, request("table", "retire"))).toEqual([2, "upkeep.still_configured"]);
  expect(await refused(here, request("feed", "return"))).toEqual([2, "upkeep.not_retired"]);
  expect(await refused(less, request("feed", "return"))).toEqual([2, "upkeep.not_back"]);
  expect(await refused(less, request("feed", "retire", { reason: null }))).toEqual([2, "upkeep.reason"]);
  expect(await refused(less, request("feed", "retire", { name: "app.entry" }))).toEqual([2, "upkeep.not_published"]);
  expect(await refused(less, request("table", "retire", { name: "entries" }))).toEqual([2, "upkeep.not_published"]);
  expect(await house.query("select event from ops.audit_event where event like '%retire%'")).toEqual([]);
});

test("a retired feed that comes back is refused until it is read whole with a reason", async () => {
  await using house = await published();
  const less = without(house.pipeline, ENTRIES);
  const engine = upkeepOf(house, 0, { pipeline: less });
  await retire(engine, request("feed", "retire"));
  await retire(engine, request("table", "retire"));
  await house.run({}, inForce(less));
  await house.source.query("delete from app.entries where id = 2");
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (5, 'e5', 'A', 5, 'USD')",
  );
  expect(await problemsOf(house.run())).toEqual([
    10,
    [
      {
        code: "schema.feed_retired",
        says: "feed app.entries is retired and stands in the configuration: what changed at its source meanwhile has not been looked for",
        next: '`ledgerloop run --full --feeds app.entries --reason "…"` reads it whole and takes it back; `ledgerloop feed return app.entries --reason "…"` goes on from its last cursor',
      },
      {
        code: "schema.table_retired",
        says: "curated.entry is retired, and a model makes it: what its source rows became meanwhile has not reached it",
        next: 'give the table another name, or take it back as it is: `ledgerloop table return entry --reason "…"`',
      },
    ],
  ]);
  expect(await retire(upkeepOf(house), request("table", "return"))).toMatchObject({ outcome: "returned" });
  expect((await problemsOf(house.run({ full: true })))[0]).toBe(10);
  expect((await problemsOf(house.run({ full: true, feeds: ["app.accounts"], reason: "t" })))[0]).toBe(10);
  const back = await house.run({ full: true, feeds: ["app.entries"], reason: "needed again" });
  expect(back.failure?.message).toBeUndefined();
  expect(back.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ inserted: 1, unchanged: 1, vanished: 1 });
  expect(back.report?.gates.find((g) => g.name === "recomputed")?.observed).toBe(
    "1 rows new or other, 1 gone: its rows may be as old as its retirement",
  );
  expect((await house.run()).report?.outcome).toBe("published");
});

test("a feed that returns goes on from its cursor, and its waiting rows with it", async () => {
  await using house = await published();
  const less = without(house.pipeline, ENTRIES);
  const engine = upkeepOf(house, 0, { pipeline: less });
  for (const kind of ["feed", "table"] as const) await retire(engine, request(kind, "retire"));
  await house.run({}, inForce(less));
  for (const kind of ["feed", "table"] as const) await retire(upkeepOf(house), request(kind, "return"));
  await house.source.query("insert into app.accounts (id, account_id, name) values (9, 'Z', 'z')");
  const { report, failure } = await house.run();
  expect(failure?.message).toBeUndefined();
  expect(report?.feeds.find((f) => f.feed === "app.entries")?.pool).toMatchObject({ opening: 1, closing: 0 });
  expect(await house.query("select entry_id from curated.entry order by 1")).toEqual(
    ["e1", "e2", "e3"].map((entry_id) => ({ entry_id })),
  );
});

test("a feed under another name is a new feed: the old one is retired, the table that reads the new one is made anew", async () => {
  await using house = await published();
  const entries = house.pipeline.feeds.get("app.entries") ?? expect.fail();
  const moved = { ...entries, id: "app.lines", name: "lines" };
  const less = without(house.pipeline, { feed: "app.entries" });
  const named = {
    ...less,
    feeds: new Map([...less.feeds, ["app.lines", moved]]),
    groups: new Map([...less.groups].map(([name, g]) => [name, { ...g, feeds: [...g.feeds, "app.lines"] }])),
  };
  const renamed = withModel(named, "entry", ({ select }) => ({
    select: select.replace("app_entries", "app_lines"),
    touches: [{ feed: "app.lines", columns: ["entry_id"] }],
  }));
  expect((await problemsOf(house.run({}, inForce(renamed))))[1]).toMatchObject([{ code: "schema.feed_gone" }]);
  await retire(upkeepOf(house, 0, { pipeline: renamed }), request("feed", "retire", { reason: "now app.lines" }));
  const { report, failure } = await house.run({}, inForce(renamed));
  expect(failure?.message).toBeUndefined();
  expect(report?.feeds.find((f) => f.feed === "app.lines")).toMatchObject({ inserted: 2, held: 1, quarantined: 1 });
  expect(report?.gates.filter((g) => g.name === "recomputed")).toMatchObject([{ gate: "recomputed/entry", verdict: "pass" }]);
  expect(await house.query("select entry_id from curated.entry order by 1")).toEqual(
    ["e1", "e2"].map((entry_id) => ({ entry_id })),
  );
});
