import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/contract/rule.ts";
import { type Desk, openDesk, type Played, type Row } from "../support/desk.ts";
import { account, entry, withRules } from "../support/desk-rows.ts";

const ENTRIES = "app.entries";

async function deskWith(entries: readonly Row[]): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")], [ENTRIES]: entries } });
  return desk;
}

function classesOf(played: Played): string[] {
  return [...played.classes]
    .filter(([key]) => key.startsWith(ENTRIES))
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([, c]) => c);
}

async function next(desk: Desk, entries: readonly Row[], more: Partial<Parameters<Desk["play"]>[0]> = {}): Promise<string[]> {
  const played = await desk.play({ ...more, rows: { [ENTRIES]: entries, ...more.rows } });
  expect(played.outcome.outcome).toBe("published");
  return classesOf(played);
}

const liveKeys = async (desk: Desk) =>
  (await desk.query("select id || ' ' || entry_id as k from staging.app_entries order by id")).map((r) => r["k"]);

const newest = (p: Desk["pipeline"]) =>
  withRules(p, ENTRIES, (rules) =>
    rules.map(
      (r): Rule =>
        r.kind === "unique" && r.columns.includes("entry_id") ? { ...r, survivor: { order: "newest", by: "memo" } } : r,
    ),
  );

describe("nobody holds the key", () => {
  test("one claim enters; its identical copies are the same claim", async () => {
    await using desk = await deskWith([]);
    expect(await next(desk, [entry(1, "e1"), entry(1, "e1")])).toEqual(["inserted", "duplicate"]);
  });

  test("two or more claims are all quarantined", async () => {
    await using desk = await deskWith([]);
    expect(await next(desk, [entry(1, "e1"), entry(2, "e1"), entry(3, "e1"), entry(4, "e4")])).toEqual([
      "quarantined",
      "quarantined",
      "quarantined",
      "inserted",
    ]);
  });

  test("a survivor is chosen among unpublished claims, whatever their order", async () => {
    for (const order of [
      [1, 2],
      [2, 1],
    ] as const) {
      await using desk = await deskWith([]);
      const rows = order.map((id) => entry(id, "e1", { memo: `m${id}` }));
      await next(desk, rows, { adjust: newest });
      expect(await liveKeys(desk)).toEqual(["2 e1"]);
    }
  });

  test("a survivor of the same source key stays until a later extract brings the key again", async () => {
    await using desk = await deskWith([]);
    const adjust = (p: Desk["pipeline"]) =>
      withRules(p, ENTRIES, (rules) =>
        rules.map((r): Rule => (r.kind === "unique" ? { ...r, survivor: { order: "newest", by: "memo" } } : r)),
      );
    const memos = async () => (await desk.query("select memo from staging.app_entries")).map((r) => r["memo"]);
    const contents = [entry(1, "e1", { memo: "v2" }), entry(1, "e1", { memo: "v1" })];
    expect(await next(desk, contents, { adjust })).toEqual(["inserted", "quarantined"]);
    for (let hour = 0; hour < 2; hour += 1) {
      expect(await next(desk, [], { adjust })).toEqual([]);
      expect(await memos()).toEqual(["v2"]);
    }
    expect(await desk.query("select reasons from ops.open_quarantine")).toHaveLength(1);
    expect(await next(desk, [entry(1, "e1", { memo: "v3" })], { adjust })).toEqual(["updated"]);
    expect(await memos()).toEqual(["v3"]);
    expect(await desk.query("select reasons from ops.open_quarantine")).toEqual([]);
  });

  test("two contents of one source key with different business keys: neither can be right", async () => {
    await using desk = await deskWith([]);
    expect(await next(desk, [entry(1, "e1"), entry(1, "e2")])).toEqual(["quarantined", "quarantined"]);
  });

  test("a row with another quarantining reason claims nothing", async () => {
    await using desk = await deskWith([]);
    expect(await next(desk, [entry(1, "e1", { amount: -1 }), entry(2, "e1")])).toEqual(["quarantined", "inserted"]);
  });

  test("a row without its parent claims: both wait", async () => {
    await using desk = await deskWith([]);
    expect(await next(desk, [entry(1, "e1", { account_id: "B" }), entry(2, "e1")])).toEqual(["quarantined", "quarantined"]);
  });
});

describe("a published row holds the key", () => {
  test("another source key's claim is quarantined, the holder stays", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(2, "e1", { amount: 999 })])).toEqual(["quarantined"]);
    expect(await liveKeys(desk)).toEqual(["1 e1"]);
  });

  test("a survivor does not take the key from a published holder", async () => {
    await using desk = await deskWith([entry(1, "e1", { memo: "m1" })]);
    expect(await next(desk, [entry(2, "e1", { memo: "m9" })], { adjust: newest })).toEqual(["quarantined"]);
  });

  test("the holder's own update goes on beside a contender", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(1, "e1", { amount: 5 }), entry(2, "e1")])).toEqual(["updated", "quarantined"]);
  });

  test("the holder unchanged beside a second content of its own source key keeps it", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(1, "e1"), entry(1, "e1", { amount: 5 })])).toEqual(["unchanged", "quarantined"]);
    expect(await next(desk, [])).toEqual([]);
    expect(await desk.query("select amount from curated.entry")).toEqual([{ amount: "100" }]);
    expect(await next(desk, [entry(1, "e1", { amount: 5 })])).toEqual(["updated"]);
    expect(await desk.query("select 1 from ops.open_quarantine")).toEqual([]);
  });

  test("two new contents of the holder's source key: both wait, the published one stays", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(1, "e1", { amount: 5 }), entry(1, "e1", { amount: 6 })])).toEqual([
      "quarantined",
      "quarantined",
    ]);
    expect(await desk.query("select amount from curated.entry")).toEqual([{ amount: "100" }]);
  });
});

describe("keys that return and move", () => {
  test("a tombstoned holder claims nothing: the key may return under another source key", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    await next(desk, [], { whole: [ENTRIES] });
    expect(await next(desk, [entry(2, "e1")])).toEqual(["inserted"]);
    expect(await desk.query("select deleted_at is null as live from curated.entry__rows where entry_id = 'e1'")).toEqual([
      { live: "true" },
    ]);
  });

  test("a holder that vanishes in the same pass claims nothing any more", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(2, "e1")], { whole: [ENTRIES] })).toEqual(["inserted"]);
    expect(await liveKeys(desk)).toEqual(["2 e1"]);
  });

  test("a moved key: the old business key becomes a tombstone, the new one a row", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(1, "e2")])).toEqual(["updated"]);
    expect(await desk.query("select entry_id, deleted_at is null as live from curated.entry__rows order by 1")).toEqual([
      { entry_id: "e1", live: "false" },
      { entry_id: "e2", live: "true" },
    ]);
  });

  test("a key that its holder leaves in this run is free from the next run on", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    expect(await next(desk, [entry(1, "e2"), entry(2, "e1")])).toEqual(["updated", "quarantined"]);
    await next(desk, []);
    expect(await liveKeys(desk)).toEqual(["1 e2", "2 e1"]);
  });

  test("a swap of two keys is never published as a duplicate", async () => {
    await using desk = await deskWith([entry(1, "e1"), entry(2, "e2")]);
    expect(await next(desk, [entry(1, "e2"), entry(2, "e1")])).toEqual(["quarantined", "quarantined"]);
    expect(await liveKeys(desk)).toEqual(["1 e1", "2 e2"]);
  });
});

describe("waiting claims", () => {
  test("a held row claims its key", async () => {
    await using desk = await deskWith([entry(1, "e1", { account_id: "B" })]);
    expect(await next(desk, [entry(2, "e1")])).toEqual(["quarantined"]);
  });

  test("rows quarantined only for `unique` claim: a third one waits too", async () => {
    await using desk = await deskWith([entry(1, "e1"), entry(2, "e1")]);
    expect(await next(desk, [entry(3, "e1")])).toEqual(["quarantined"]);
  });

  test("an open row with another reason claims nothing", async () => {
    await using desk = await deskWith([entry(1, "e1", { amount: -1 })]);
    expect(await next(desk, [entry(2, "e1")])).toEqual(["inserted"]);
  });

  test("when only one claim is left it enters by itself", async () => {
    await using desk = await deskWith([entry(1, "e1"), entry(2, "e1"), entry(3, "e1")]);
    await next(desk, [entry(3, "e3")]);
    expect(await liveKeys(desk)).toEqual(["3 e3"]);
    await next(desk, [entry(2, "e2")]);
    expect(await liveKeys(desk)).toEqual(["1 e1", "2 e2", "3 e3"]);
    expect(await desk.query("select count(*) as n from ops.open_quarantine")).toEqual([{ n: "0" }]);
  });

  test("when the published holder vanishes, the one that waits enters", async () => {
    await using desk = await deskWith([entry(1, "e1")]);
    await next(desk, [entry(2, "e1")]);
    await next(desk, [entry(2, "e1")], { keys: { [ENTRIES]: [{ id: 2 }] } });
    expect(await liveKeys(desk)).toEqual(["2 e1"]);
  });

  test("two that wait vanish or one does: the other enters in that pass", async () => {
    await using desk = await deskWith([entry(1, "e1"), entry(2, "e1")]);
    await next(desk, [], { keys: { [ENTRIES]: [{ id: 2 }] } });
    expect(await liveKeys(desk)).toEqual(["2 e1"]);
  });

  test("an extracted row equal to the only waiting claim enters", async () => {
    await using desk = await deskWith([entry(1, "e1"), entry(2, "e1")]);
    expect(await next(desk, [entry(1, "e1"), entry(2, "e2")])).toEqual(["inserted", "updated"].map(() => "inserted"));
    expect(await liveKeys(desk)).toEqual(["1 e1", "2 e2"]);
  });
});
