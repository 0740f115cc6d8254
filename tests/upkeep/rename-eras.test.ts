import { expect, test } from "vitest";
import type { Pipeline, Touch } from "../../src/config/pipeline.ts";
import { withRelation } from "../../src/sql/tokens.ts";
import { renameFeed } from "../../src/upkeep/rename.ts";
import { retire } from "../../src/upkeep/retire.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { inForce, renamed, withModel, withSelect } from "../support/in-force.ts";
import { upkeepOf } from "../support/upkeep.ts";

const NAMES = { was: "app.entries", now: "app.lines", table: "entry" };
const REQUEST = { feed: NAMES.now, was: NAMES.was, reason: "called so now", ticket: null };

test.each([
  ["select * from staging.app_b", "select * from staging.app_a"],
  ['select app_b.id from "staging"."app_b"', 'select app_a.id from "staging"."app_a"'],
  ["select staging.app_b.id from Staging.APP_B -- app_b", "select staging.app_a.id from Staging.app_a -- app_b"],
  ["select 'staging.app_b', app_b from curated.app_b", "select 'staging.app_b', app_b from curated.app_b"],
  ["select app_bb.id, x.app_b from staging.app_bb", "select app_bb.id, x.app_b from staging.app_bb"],
])("a relation has another name where it is one: %s", (sql, other) => {
  expect(withRelation(sql, "staging", { from: "app_b", to: "app_a" })).toBe(other);
});

const BY_ENTRIES: Touch = {
  feed: "app.accounts",
  columns: ["entry_id"],
  through: [{ to: { feed: NAMES.was }, on: [{ own: "account_id", other: "account_id" }] }],
};

test.each<[string, (pipeline: Pipeline) => Pipeline]>([
  ["", (pipeline) => pipeline],
  [
    ", which other rows reach through it,",
    (pipeline) => withModel(pipeline, NAMES.table, ({ touches }) => ({ touches: [...touches, BY_ENTRIES] })),
  ],
])(
  "in a warehouse in which no run has declared a SELECT, a model that differs in the name of a feed%s alone is the one that made its rows",
  async (_, adjust) => {
    await using house = await open();
    const before = adjust(house.pipeline);
    await house.run({}, inForce(before));
    const session = await house.engine.warehouse.open({ purpose: "test" });
    await session.run({ name: "t", sql: "delete from ops.audit_event where event = 'model.declared'" });
    await session.close();
    const pipeline = renamed(before, NAMES);
    await renameFeed(upkeepOf(house, 0, { pipeline }), REQUEST);
    const { report, failure } = await house.run({}, inForce(pipeline));
    expect(failure?.message).toBeUndefined();
    expect(report?.gates.filter((g) => g.verdict !== "pass")).toEqual([]);
  },
);

test("what made the rows stays known, whatever the feed is called", async () => {
  await using house = await open();
  await house.run();
  const upper = withSelect(house.pipeline, "entry", (select) => select.replace("memo", "upper(memo) as memo"));
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', 3, 'USD')",
  );
  await house.run({}, inForce(upper));
  const pipeline = renamed(upper, NAMES);
  await renameFeed(upkeepOf(house, 0, { pipeline }), REQUEST);
  const { report, failure } = await house.run({}, inForce(pipeline));
  expect(failure?.message).toBeUndefined();
  expect(report?.gates.filter((g) => g.name === "recomputed")).toEqual([]);
  // Back to the first SELECT, under the new name: rows of the second are there.
  const first = await house.run({}, inForce(renamed(house.pipeline, NAMES)));
  expect(first.report?.gates.find((g) => g.name === "recomputed")?.observed).toMatch(/another SELECT$/);
});

test("a retired feed is not renamed: nobody has looked for what changed meanwhile", async () => {
  await using house = await open();
  await house.run();
  const engine = upkeepOf(house, 0, { pipeline: renamed(house.pipeline, NAMES) });
  await retire(engine, { kind: "feed", name: NAMES.was, does: "retire", reason: "r", ticket: null });
  await expect(renameFeed(engine, REQUEST)).rejects.toMatchObject({
    exitCode: 2,
    problems: [{ code: "upkeep.rename_of_retired" }],
  });
});
