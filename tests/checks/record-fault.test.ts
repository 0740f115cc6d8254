import { describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { type Desk, openDesk, type Played, type Row } from "../support/desk.ts";
import { account, entry, withRules } from "../support/desk-rows.ts";
import { withLanded } from "../support/landing-feed.ts";

const ENTRIES = "app.entries";
const lands = (pipeline: Pipeline) => withLanded(pipeline, ENTRIES);

/** A record that could not be read, of which nothing could. */
const broken = (text: string, more: Row = {}): Row => ({ _fault: "width", _payload: `utf8:${text}`, ...more });

async function deskOf(adjust: (pipeline: Pipeline) => Pipeline = lands): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust });
  return desk;
}

async function play(desk: Desk, entries: readonly Row[]): Promise<Played> {
  const played = await desk.play({ rows: { [ENTRIES]: entries } });
  expect(played.outcome.outcome).toBe("published");
  return played;
}

/** In the order of the positions. */
const classesOf = (played: Played) => [...played.classes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, c]) => c);

const waiting = (desk: Desk) =>
  desk.query(
    "select kind, source_key, reasons, copies, currency, minor, payload, payload_pii from ops.open_quarantine order by row_id",
  );

describe("a record that could not be read", () => {
  test("is unreadable, breaks `record` and nothing else, and is kept with its fault and apart from it its payload", async () => {
    await using desk = await deskOf();
    expect(classesOf(await play(desk, [entry(1, "e1"), broken('2,"e2')]))).toEqual(["inserted", "unreadable"]);
    const [row, ...others] = await waiting(desk);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      kind: "unreadable",
      source_key: "",
      reasons: '["record"]',
      copies: "1",
      currency: "-",
      minor: "0",
    });
    expect(JSON.parse(row?.["payload"] ?? "")).toEqual({
      ...{ _fault: "width", id: null, entry_id: null, account_id: null, amount: null, currency: null, memo: null },
    });
    expect(JSON.parse(row?.["payload_pii"] ?? "")).toEqual({ _payload: 'utf8:2,"e2' });
  });

  test("breaks no rule on what could be read of it, and has none of its money", async () => {
    await using desk = await deskOf();
    const played = await play(desk, [broken("x", { id: 1, entry_id: "e1", account_id: "A", amount: -5, currency: "EUR" })]);
    expect(await waiting(desk)).toMatchObject([{ source_key: "1", reasons: '["record"]', currency: "-", minor: "0" }]);
    expect(played.judgement.tally).toMatchObject([{ class: "unreadable", currency: "-", rows: 1n, minor: 0n }]);
  });

  test("is no copy of another one without a key", async () => {
    await using desk = await deskOf();
    const rows = [
      broken("one"),
      broken("two"),
      broken("one"),
      broken("one", { _fault: "encoding" }),
      broken("", { _payload: null }),
    ];
    expect(classesOf(await play(desk, rows))).toEqual(rows.map(() => "unreadable"));
    expect((await waiting(desk)).map((row) => row["copies"]).sort()).toEqual(["1", "1", "1", "2"]);
  });

  test("that comes again is seen again; a good row of its key closes it", async () => {
    await using desk = await deskOf();
    const forbidden = { id: 1, entry_id: "e1", _fault: "forbidden" };
    await play(desk, [forbidden, broken("one")]);
    const again = await play(desk, [forbidden, broken("one")]);
    expect(again.judgement.tally).toMatchObject([{ class: "unreadable", seenAgain: true, rows: 2n }]);
    expect(await waiting(desk)).toHaveLength(2);
    expect(classesOf(await play(desk, [entry(1, "e1")]))).toEqual(["inserted"]);
    expect(await waiting(desk)).toMatchObject([{ source_key: "" }]);
  });

  test("leaves the published row of its key, though its texts are the same or break what never changes", async () => {
    const fixed: Rule = {
      ...{ id: "account_id.immutable", kind: "immutable", columns: ["account_id"], owner: "desk", fingerprint: "f" },
      ...{ severity: "quarantine", nulls: "fail" },
    };
    await using desk = await deskOf((pipeline) => lands(withRules(pipeline, ENTRIES, (rules) => [...rules, fixed])));
    await play(desk, [entry(1, "e1"), entry(2, "e2")]);
    const played = await play(desk, [
      { ...entry(1, "e1"), _fault: "width" },
      { ...entry(2, "e2"), account_id: null, _fault: "width" },
    ]);
    expect(classesOf(played)).toEqual(["unreadable", "unreadable"]);
    expect((await waiting(desk)).map((row) => row["reasons"])).toEqual(['["record"]', '["record"]']);
    expect(await desk.query("select count(*) as n from staging.app_entries")).toEqual([{ n: "2" }]);
  });

  test("a feed without money has it unreadable too", async () => {
    await using desk = openDesk("claims");
    const played = await desk.play({
      rows: { "app.accounts": [account(1, "A"), broken("x")] },
      adjust: (pipeline) => withLanded(pipeline, "app.accounts", ["_fault", "_payload"]),
    });
    expect(classesOf(played)).toEqual(["inserted", "unreadable"]);
  });
});

describe("a column that could not be converted", () => {
  const named = (names: readonly string[], more: Row = {}) => entry(1, "e1", { _unconverted: JSON.stringify(names), ...more });

  test("breaks its type rule and is kept as the source has it", async () => {
    await using desk = await deskOf();
    await play(desk, [named(["id"], { id: "1" })]);
    expect(await waiting(desk)).toMatchObject([{ kind: "quarantined", source_key: "", reasons: '["id.type"]' }]);
    expect(JSON.parse((await waiting(desk))[0]?.["payload"] ?? "")).toMatchObject({ id: "1", _fault: null });
  });

  test("is unreadable money where it is the amount, though its text looks like one", async () => {
    await using desk = await deskOf();
    const played = await play(desk, [named(["amount"], { amount: "100" })]);
    expect(classesOf(played)).toEqual(["unreadable"]);
    expect(await waiting(desk)).toMatchObject([{ reasons: '["amount.type"]', currency: "USD", minor: "0" }]);
  });

  const CASES: readonly { where: string; row: Row; reasons: string[] }[] = [
    { where: "it is NULL, which is no text", row: named(["amount"], { amount: null }), reasons: ['["amount.required"]'] },
    { where: "only a part of its name is named", row: named(["amoun", "xamount", 'x,"amount']), reasons: [] },
    { where: "nothing is named", row: named([]), reasons: [] },
    { where: "it is one of several", row: named(["memo", "id"]), reasons: ['["id.type"]'] },
  ];

  test.each(CASES)("is told by its whole name: $where", async ({ row, reasons }) => {
    await using desk = await deskOf();
    await play(desk, [row]);
    expect((await waiting(desk)).map((found) => found["reasons"])).toEqual(reasons);
  });
});

describe("all other rows", () => {
  test("of a feed that lands faults are hashed as those of one that does not", async () => {
    await using plain = await deskOf((pipeline) => pipeline);
    await using landing = await deskOf();
    const hashes: unknown[] = [];
    for (const desk of [plain, landing]) {
      await play(desk, [entry(1, "e1"), entry(2, "e2", { memo: "m" })]);
      hashes.push(await desk.query("select id, _hash from staging.app_entries__rows order by id"));
    }
    expect(hashes[1]).toEqual(hashes[0]);
  });

  test("that are held are read back from the pool without faults, and enter with their parent", async () => {
    await using desk = await deskOf();
    expect(classesOf(await play(desk, [entry(1, "e1", { account_id: "B" }), broken("x")]))).toEqual(["held", "unreadable"]);
    const released = await desk.play({ rows: { "app.accounts": [account(2, "B")], [ENTRIES]: [broken("y")] } });
    expect(released.judgement.tally).toContainEqual(expect.objectContaining({ origin: "held", class: "inserted", rows: 1n }));
    expect(await waiting(desk)).toHaveLength(2);
  });
});
