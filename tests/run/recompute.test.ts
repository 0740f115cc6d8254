import { expect, test } from "vitest";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { inForce, withSelect } from "../support/in-force.ts";

const horizons = (house: House, number: number) =>
  house.query(
    `select feed, horizon, as_of, batch_id is null as is_carried from ops.feed_horizon where number = ${number} order by feed`,
  );

test("tables that are asked for are computed from what is published: no source is read, no feed row changes its class", async () => {
  await using house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (7, 'e7', 'not yet', 5, 'USD')",
  );
  await house.run();
  const waiting = await house.query("select * from ops.open_quarantine order by all");
  expect(waiting).toHaveLength(1);
  // The parent is at the source, and a run that judged would let its row enter.
  await house.source.query("insert into app.accounts (id, account_id, name) values (9, 'not yet', 'n')");
  const session = await house.engine.warehouse.open({ purpose: "another hand" });
  await session.run({ name: "t", sql: "update curated.entry__rows set amount = amount + 1 where entry_id = 'e1'" });
  await session.close();

  const { report, failure } = await house.run({ recompute: ["entry"], reason: "a hand was in it", ticket: "FIN-2" });
  expect(failure?.message).toBeUndefined();
  expect(report?.stages.map(({ stage }) => stage)).toEqual(["begin", "judge", "audit", "publish"]);
  expect(report?.gates.filter((g) => g.name === "recomputed").map(({ observed }) => observed)).toEqual([
    "1 rows new or other, 0 gone: it was asked for",
  ]);
  expect(await house.query("select entry_id, amount from curated.entry order by 1")).toEqual([
    { entry_id: "e1", amount: "100" },
    { entry_id: "e2", amount: "200" },
  ]);
  expect(await house.query("select amount from history.entry")).toEqual([{ amount: "101" }]);
  expect(await house.query("select * from ops.open_quarantine order by all")).toEqual(waiting);
  expect(await house.query("select kind, reason, ticket from ops.publication where number = 2")).toEqual([
    { kind: "recompute", reason: "a hand was in it", ticket: "FIN-2" },
  ]);
  expect(await horizons(house, 2)).toEqual((await horizons(house, 1)).map((horizon) => ({ ...horizon, is_carried: "true" })));
  expect(await house.query("select * from ops.batch where number = 2")).toEqual([]);
  // The next hour goes on from the cursors of the one before.
  const next = await house.run();
  expect(next.report?.feeds.find(({ feed }) => feed === "app.accounts")).toMatchObject({ inserted: 1 });
  expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "3" }]);
});

test("where nothing differs nothing is written, and the gate passes", async () => {
  await using house = await open();
  await house.run();
  const { report } = await house.run({ recompute: ["entry"] });
  expect(report?.gates.filter((g) => g.name === "recomputed")).toMatchObject([
    { gate: "recomputed/entry", verdict: "pass", observed: "0 rows new or other, 0 gone: it was asked for" },
  ]);
  expect(await house.query("select distinct _publication from curated.entry__rows")).toEqual([{ _publication: "1" }]);
});

test("other tables that are due are computed with those that are asked for", async () => {
  await using house = await open();
  await house.run();
  const changed = withSelect(house.pipeline, "account", (select) => select.replace("name", "upper(name) as name"));
  const { report } = await house.run({ recompute: ["entry"] }, inForce(changed));
  expect(report?.gates.filter((g) => g.name === "recomputed").map(({ gate }) => gate)).toEqual([
    "recomputed/account",
    "recomputed/entry",
  ]);
});

test("tables that there are not, and a group that has published nothing, are refused", async () => {
  await using house = await open();
  const early = await house.run({ recompute: ["entry"] });
  expect([early.failure?.exitCode, early.failure?.problems[0]]).toMatchObject([
    2,
    { code: "run.nothing_published", next: "`ledgerloop run` loads it" },
  ]);
  await house.run();
  const unknown = await house.run({ recompute: ["entry", "entrie"] });
  expect([unknown.failure?.exitCode, unknown.failure?.problems]).toMatchObject([
    2,
    [
      {
        ...{ code: "run.table_unknown", says: "group desk has no curated table entrie" },
        next: "name one of account, entry",
      },
    ],
  ]);
  expect((await house.run()).report?.publication_id).toBe("desk-2");
});
