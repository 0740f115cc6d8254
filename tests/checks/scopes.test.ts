import { describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { Failure } from "../../src/kernel/problem.ts";
import type { Desk, Row } from "../support/desk.ts";
import { account, entry, withFeed } from "../support/desk-rows.ts";
import {
  broken,
  classesIn,
  deleteOf,
  ENTRIES,
  type EntryHour,
  filed,
  hourOf,
  orphaned,
  scoped,
  scopedDesk,
  vanishedIn,
} from "../support/scoped-desk.ts";

/** Plays an hour that must publish, so that every identity held. */
async function play(desk: Desk, rows: readonly Row[], more: EntryHour = {}) {
  const played = await desk.play(hourOf(rows, more));
  const failed = played.outcome.gates.filter((gate) => gate.verdict === "fail");
  expect({ outcome: played.outcome.outcome, failed }).toEqual({ outcome: "published", failed: [] });
  return { classes: classesIn(played), vanished: vanishedIn(played) };
}

/** `id scope` of live rows, `id scope (gone)` of tombstones. */
async function staged(desk: Desk): Promise<string[]> {
  const rows = await desk.query(
    "select id || ' ' || coalesce(_scope, '-') || case when _deleted_at is null then '' else ' (gone)' end as s from staging.app_entries__rows order by id",
  );
  return rows.map((row) => row["s"] ?? "");
}

async function open(desk: Desk): Promise<string[]> {
  const rows = await desk.query("select kind || ' ' || source_key || ' ' || scope as o from ops.open_quarantine order by 1");
  return rows.map((row) => row["o"] ?? "");
}

async function events(desk: Desk): Promise<string[]> {
  const rows = await desk.query("select number || ' ' || event as e from ops.quarantine_event order by number, event");
  return rows.map((row) => row["e"] ?? "");
}

const absent = (absence: "incomplete" | "nothing") => (pipeline: Pipeline) =>
  withFeed(scoped(pipeline), ENTRIES, (feed) => ({ ...feed, absence }));

describe("what an extract is complete of", () => {
  test("a key pass: the feed, whatever the scopes of its rows are", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1), filed(2, "b", 1)]);
    expect((await play(desk, [], { keys: [{ id: 2 }] })).vanished).toBe(1n);
    expect(await staged(desk)).toEqual(["1 a (gone)", "2 b"]);
  });

  test("a whole read: the feed, listed scopes or not", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1), filed(2, "b", 1)]);
    expect((await play(desk, [filed(2, "b", 1)], { whole: true, complete: ["b"] })).vanished).toBe(1n);
    expect(await staged(desk)).toEqual(["1 a (gone)", "2 b"]);
  });

  test("a replaced file: a key that left it vanishes, rows of other files stay", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1), filed(2, "a", 1), filed(3, "b", 1)]);
    const played = await play(desk, [filed(2, "a", 1)], { complete: ["a"] });
    expect(played).toEqual({ classes: ["unchanged"], vanished: 1n });
    expect(await staged(desk)).toEqual(["1 a (gone)", "2 a", "3 b"]);
  });

  test("a file that is empty now: all its keys vanish", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1), filed(2, "b", 1)]);
    expect((await play(desk, [], { complete: ["a"] })).vanished).toBe(1n);
    expect(await staged(desk)).toEqual(["1 a (gone)", "2 b"]);
  });

  test("a key that moved to another file of the same extract stays, and leaves with that one", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)]);
    const moved = await play(desk, [filed(1, "b", 1)], { complete: ["a", "b"] });
    expect(moved).toEqual({ classes: ["unchanged"], vanished: 0n });
    expect(await staged(desk)).toEqual(["1 b"]);
    expect((await play(desk, [], { complete: ["a"] })).vanished).toBe(0n);
    expect((await play(desk, [], { complete: ["b"] })).vanished).toBe(1n);
  });

  test("a key whose row is broken in its new file has moved too: its published row is still at the source", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)]);
    await play(desk, [broken(1, "b", 2)], { complete: ["b"] });
    expect((await play(desk, [], { complete: ["a"] })).vanished).toBe(0n);
    expect([await staged(desk), await open(desk)]).toEqual([["1 b"], ["quarantined 1 b"]]);
    expect((await play(desk, [], { complete: ["b"] })).vanished).toBe(1n);
    expect([await staged(desk), await open(desk)]).toEqual([["1 b (gone)"], []]);
  });

  test("a parent's children are listed again: those that are not listed vanish, another parent's stay", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "inv_1", 1), filed(2, "inv_1", 1), filed(3, "inv_2", 1)], { complete: ["inv_1", "inv_2"] });
    await play(desk, [filed(2, "inv_1", 2), filed(4, "inv_1", 1)], { complete: ["inv_1"] });
    expect(await staged(desk)).toEqual(["1 inv_1 (gone)", "2 inv_1", "3 inv_2", "4 inv_1"]);
  });

  test("rows of a file that is not listed as complete add to it", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)]);
    expect((await play(desk, [filed(2, "a", 1)])).vanished).toBe(0n);
  });

  test("a row from a later extract than the batch does not vanish", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1), broken(2, "a", 1)], { seq: 9n });
    expect((await play(desk, [], { complete: ["a"], seq: 8n })).vanished).toBe(0n);
    expect((await play(desk, [], { keys: [], seq: 8n })).vanished).toBe(0n);
    expect([await staged(desk), await open(desk)]).toEqual([["1 a"], ["quarantined 2 a"]]);
    expect((await play(desk, [], { complete: ["a"], seq: 9n })).vanished).toBe(1n);
    expect([await staged(desk), await open(desk)]).toEqual([["1 a (gone)"], []]);
  });

  test("a replayed batch says nothing of what it does not bring, nor of where keys are now", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)], { complete: ["a"] });
    await play(desk, [filed(1, "b", 1), filed(2, "a", 1)], { complete: ["a", "b"] });
    const replay = { complete: ["a"], deletes: [deleteOf(2, 9)], whole: true, replayOf: "b_2", seq: 2n };
    expect(await play(desk, [filed(1, "a", 1)], replay)).toEqual({ classes: ["unchanged"], vanished: 0n });
    expect(await staged(desk)).toEqual(["1 b", "2 a"]);
  });
});

describe("waiting rows of a complete scope", () => {
  test("of absent keys close as vanished, held ones and those without a key too; those of other scopes wait on", async () => {
    await using desk = await scopedDesk();
    const rows = [broken(1, "a", 1), orphaned(2, "a", 1), filed(null, "a", 1)];
    const others = [broken(3, "b", 1), orphaned(4, "b", 1), filed(null, "b", 1)];
    await play(desk, [...rows, ...others]);
    await play(desk, [], { complete: ["a"] });
    expect(await events(desk)).toEqual(["3 vanished", "3 vanished", "3 vanished"]);
    expect(await open(desk)).toEqual(["held 4 b", "quarantined  b", "quarantined 3 b"]);
  });

  test("that come again in their scope are seen again", async () => {
    await using desk = await scopedDesk();
    const rows = [broken(1, "a", 1), orphaned(2, "a", 1), filed(null, "a", 1)];
    await play(desk, rows);
    await play(desk, rows, { complete: ["a"] });
    expect([await events(desk), (await open(desk)).length]).toEqual([[], 3]);
  });

  test("that come again in another scope wait there", async () => {
    await using desk = await scopedDesk();
    const rows = (scope: string) => [broken(1, scope, 1), orphaned(2, scope, 1), filed(null, scope, 1)];
    await play(desk, rows("a"));
    await play(desk, rows("b"), { complete: ["a", "b"] });
    expect(await open(desk)).toEqual(["held 2 b", "quarantined  b", "quarantined 1 b"]);
    await play(desk, [], { complete: ["b"] });
    expect(await open(desk)).toEqual([]);
  });

  test("a held row is released when its parent comes, and leaves with its scope", async () => {
    await using desk = await scopedDesk();
    await play(desk, [orphaned(1, "a", 1)]);
    await desk.play({ rows: { "app.accounts": [account(2, "Z")] } });
    expect(await staged(desk)).toEqual(["1 a"]);
    expect((await play(desk, [], { complete: ["a"] })).vanished).toBe(1n);
  });

  test("a vanished holder gives its business key free in that run", async () => {
    await using desk = await scopedDesk();
    await play(desk, [{ ...filed(1, "a", 1), entry_id: "x" }]);
    const played = await play(desk, [{ ...filed(2, "a", 1), entry_id: "x" }], { complete: ["a"] });
    expect(played).toEqual({ classes: ["inserted"], vanished: 1n });
  });
});

describe("what absence means", () => {
  test("incomplete: absent rows end the run, naming feed and count; explained and waiting ones do not", async () => {
    await using desk = await scopedDesk(absent("incomplete"));
    await play(desk, [filed(1, "a", 1), filed(2, "a", 1), broken(3, "a", 1)]);
    const refused = desk.play(hourOf([], { complete: ["a"], deletes: [deleteOf(2, 2)] }));
    await expect(refused).rejects.toThrowError(Failure);
    await expect(refused).rejects.toMatchObject({ kind: "incomplete", problems: [{ code: "run.rows_absent" }] });
    await expect(refused).rejects.toThrow(/app\.entries .* 1 published rows .*\n.*`ledgerloop run`/);
    expect(await staged(desk)).toEqual(["1 a", "2 a"]);
    await play(desk, [filed(1, "a", 1)], { complete: ["a"], deletes: [deleteOf(2, 2)] });
    expect([await staged(desk), await open(desk)]).toEqual([["1 a", "2 a (gone)"], ["quarantined 3 a"]]);
  });

  test.each([
    ["a key pass", { keys: [] }],
    ["a whole read", { whole: true }],
    ["a replaced file", { complete: ["a"] }],
  ])("nothing: absent rows of %s stay", async (_name, more) => {
    await using desk = await scopedDesk(absent("nothing"));
    await play(desk, [filed(1, "a", 1), broken(2, "a", 1), filed(null, "a", 1)]);
    expect((await play(desk, [], more)).vanished).toBe(0n);
    expect([await staged(desk), (await open(desk)).length]).toEqual([["1 a"], 2]);
  });
});

describe("tombstones", () => {
  test("bytes of the extract that found a row gone, or of an earlier one, do not bring it back; later ones do", async () => {
    await using desk = await scopedDesk();
    await play(desk, [filed(1, "a", 1)]);
    await play(desk, [], { complete: ["a"] });
    const replay = (seq: bigint, v: number) => play(desk, [filed(1, "a", v)], { seq, replayOf: "b_2" });
    expect((await replay(2n, 1)).classes).toEqual(["superseded"]);
    expect((await replay(2n, 2)).classes).toEqual(["superseded"]);
    expect((await replay(3n, 1)).classes).toEqual(["superseded"]);
    expect(await staged(desk)).toEqual(["1 a (gone)"]);
    expect((await play(desk, [filed(1, "a", 1)])).classes).toEqual(["updated"]);
    expect(await staged(desk)).toEqual(["1 a"]);
  });

  test("a feed without scopes: replay of the batch before a key pass", async () => {
    await using desk = await scopedDesk((pipeline) => pipeline);
    await play(desk, [entry(1, "e1"), entry(2, "e2")]);
    await play(desk, [], { keys: [{ id: 2 }] });
    const replayed = await play(desk, [entry(1, "e1"), entry(2, "e2")], { seq: 2n, replayOf: "b_2" });
    expect(replayed).toEqual({ classes: ["superseded", "unchanged"], vanished: 0n });
  });
});
