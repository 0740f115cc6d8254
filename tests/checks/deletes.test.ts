import { describe, expect, test } from "vitest";
import type { Desk, Row } from "../support/desk.ts";
import { account } from "../support/desk-rows.ts";
import {
  broken,
  classesIn,
  deleteOf,
  ENTRIES,
  type EntryHour,
  filed,
  hourOf,
  orphaned,
  scopedDesk,
  vanishedIn,
} from "../support/scoped-desk.ts";

/** Plays an hour that must publish, so that every identity held. */
async function play(desk: Desk, rows: readonly Row[], more: EntryHour = {}) {
  const played = await desk.play(hourOf(rows, more));
  expect(played.outcome.outcome).toBe("published");
  const of = played.outcome.accounts.filter((a) => a.feed === ENTRIES);
  return {
    classes: classesIn(played),
    vanished: vanishedIn(played),
    fromPool: of.reduce((sum, a) => sum + a.pool.vanished.rows, 0n),
  };
}

/** Whether each key in staging is live. */
async function live(desk: Desk): Promise<string[]> {
  const rows = await desk.query(
    "select id || case when _deleted_at is null then '' else ' (gone)' end as s from staging.app_entries__rows order by id",
  );
  return rows.map((row) => row["s"] ?? "");
}

const openRows = (desk: Desk) => desk.query("select source_key from ops.open_quarantine order by 1");

describe("a delete of a published key", () => {
  test("tombstones it, counts as vanished and reaches the curated table", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3), filed(2, "a", 3)]);
    expect((await play(desk, [], { deletes: [deleteOf(1, 4)] })).vanished).toBe(1n);
    expect(await live(desk)).toEqual(["1 (gone)", "2"]);
    expect(await desk.query("select entry_id from curated.entry")).toEqual([{ entry_id: "e2" }]);
  });

  test.each([
    ["of the stamp of its row", 3, ["1 (gone)"]],
    ["without a stamp", null, ["1 (gone)"]],
    ["older than its row", 2, ["1"]],
  ])("%s", async (_name, stamp, expected) => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3)]);
    await play(desk, [], { deletes: [deleteOf(1, stamp)] });
    expect(await live(desk)).toEqual(expected);
  });

  test("once without a stamp and once older than its row: it says both, and goes", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3)]);
    await play(desk, [], { deletes: [deleteOf(1, 2), deleteOf(1, null)] });
    expect(await live(desk)).toEqual(["1 (gone)"]);
  });

  test("of a later extract than the delete's does nothing", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3), broken(2, "a", 3)], { seq: 9n });
    expect((await play(desk, [], { deletes: [deleteOf(1, 9), deleteOf(2, 9)], seq: 8n })).vanished).toBe(0n);
    expect([await live(desk), await openRows(desk)]).toEqual([["1"], [{ source_key: "2" }]]);
  });

  test("counts once, however often it is said and whatever else says that the row is gone", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3)]);
    const twice = { deletes: [deleteOf(1, 4), deleteOf(1, 5)], complete: ["a"] };
    expect((await play(desk, [], twice)).vanished).toBe(1n);
    expect((await play(desk, [], twice)).vanished).toBe(0n);
  });

  test("passes the gate on the share of rows that may vanish", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 3), filed(2, "a", 3)]);
    const groups = (vanishedShare: number) => (p: Desk["pipeline"]) => ({
      ...p,
      groups: new Map([...p.groups].map(([name, g]) => [name, { ...g, gates: { ...g.gates, vanishedShare } }])),
    });
    const played = await desk.play(hourOf([], { deletes: [deleteOf(1, 4)], adjust: groups(0.1) }));
    expect(played.outcome.outcome).toBe("blocked");
    expect(played.outcome.gates.filter((g) => g.verdict === "fail").map((g) => g.name)).toEqual(["vanished_share"]);
  });
});

describe("a row against a delete of its key in one extract", () => {
  test.each([
    ["an older row", 3, "superseded: 1 (gone)"],
    ["a row of the same stamp", 4, "superseded: 1 (gone)"],
    ["the published row once more", 2, "superseded: 1 (gone)"],
    ["a later row", 5, "updated: 1"],
  ])("%s", async (_name, version, expected) => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 2)]);
    const played = await play(desk, [filed(1, "a", version)], { deletes: [deleteOf(1, 4)] });
    expect(`${played.classes}: ${await live(desk)}`).toBe(expected);
  });

  test("of a key that nobody knew: the row is set aside, nothing vanishes", async () => {
    await using desk = await scopedDesk();
    const played = await play(desk, [filed(1, "a", 3), broken(2, "a", 3)], { deletes: [deleteOf(1, 4), deleteOf(2, 4)] });
    expect(played).toMatchObject({ classes: ["superseded", "superseded"], vanished: 0n });
    expect([await live(desk), await openRows(desk)]).toEqual([[], []]);
  });

  test("a later row that is broken: the delete does nothing, the newer version waits", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 2)]);
    const played = await play(desk, [broken(1, "a", 5)], { deletes: [deleteOf(1, 4)] });
    expect(played).toMatchObject({ classes: ["quarantined"], vanished: 0n });
    expect([await live(desk), await openRows(desk)]).toEqual([["1"], [{ source_key: "1" }]]);
  });

  test("the newest of several versions decides", async () => {
    await using desk = await scopedDesk();
    const rows = [filed(1, "a", 3), filed(1, "a", 5), filed(2, "a", 2), filed(2, "a", 3)];
    const played = await play(desk, rows, { deletes: [deleteOf(1, 4), deleteOf(2, 4)] });
    expect(played.classes).toEqual(["superseded", "inserted", "superseded", "superseded"]);
  });

  test("a deleted key gives its business key free in that run", async () => {
    await using desk = await scopedDesk();
    await play(desk, [{ ...filed(1, "a", 2), entry_id: "x" }]);
    const played = await play(desk, [{ ...filed(2, "a", 1), entry_id: "x" }], { deletes: [deleteOf(1, 4)] });
    expect(played).toMatchObject({ classes: ["inserted"], vanished: 1n });
  });
});

describe("a delete of a key that is not live", () => {
  test("closes its waiting rows as vanished, held ones too, in any scope", async () => {
    await using desk = await scopedDesk();
    await play(desk, [broken(1, "a", 1), orphaned(2, "b", 1), broken(3, "b", 1)]);
    const played = await play(desk, [], { deletes: [deleteOf(1, 1), deleteOf(2, 1)] });
    expect(played).toMatchObject({ vanished: 0n, fromPool: 1n });
    expect(await openRows(desk)).toEqual([{ source_key: "3" }]);
    expect(await desk.query("select distinct event from ops.quarantine_event")).toEqual([{ event: "vanished" }]);
  });

  test("once, where its scope says the same", async () => {
    await using desk = await scopedDesk();
    await play(desk, [broken(1, "a", 1), orphaned(2, "a", 1)]);
    await play(desk, [], { deletes: [deleteOf(1, 1), deleteOf(2, 1)], complete: ["a"] });
    expect(await desk.query("select event from ops.quarantine_event")).toHaveLength(2);
  });

  test("and older than what waits of it does nothing: the newer version waits on, and enters when it can", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 2)]);
    await play(desk, [orphaned(1, "a", 5)]);
    expect((await play(desk, [], { deletes: [deleteOf(1, 4)] })).vanished).toBe(0n);
    await desk.play({ rows: { "app.accounts": [account(2, "Z")] } });
    expect(await desk.query("select memo from staging.app_entries")).toEqual([{ memo: "5" }]);
  });

  test("nor waiting counts nothing; one of a tombstone neither", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)]);
    await play(desk, [], { complete: ["a"] });
    expect(await play(desk, [], { deletes: [deleteOf(1, 9), deleteOf(7, 9)] })).toMatchObject({ vanished: 0n, fromPool: 0n });
    expect(await live(desk)).toEqual(["1 (gone)"]);
  });
});

test("a row that was deleted in its own extract does not come in when that is replayed; no other row leaves with it", async () => {
  await using desk = await scopedDesk();
  await play(desk, [filed(1, "a", 3), filed(2, "a", 3)], { deletes: [deleteOf(1, 4)] });
  await play(desk, [broken(3, "a", 1), orphaned(4, "a", 1)]);
  const replay = { deletes: [deleteOf(1, 4), deleteOf(2, 9), deleteOf(3, 9), deleteOf(4, 9)], seq: 9n, replayOf: "b_2" };
  expect(await play(desk, [filed(1, "a", 3)], replay)).toEqual({ classes: ["superseded"], vanished: 0n, fromPool: 0n });
  expect([await live(desk), await openRows(desk)]).toEqual([["2"], [{ source_key: "3" }, { source_key: "4" }]]);
});

test("the batch before a deletion, replayed, does not bring the row back; a later extract does", async () => {
  await using desk = await scopedDesk();
  await play(desk, [filed(1, "a", 3)]);
  await play(desk, [], { deletes: [deleteOf(1, 3)] });
  expect((await play(desk, [filed(1, "a", 3)], { seq: 2n, replayOf: "b_2" })).classes).toEqual(["superseded"]);
  expect(await live(desk)).toEqual(["1 (gone)"]);
  expect((await play(desk, [filed(1, "a", 3)])).classes).toEqual(["updated"]);
  expect(await live(desk)).toEqual(["1"]);
});
