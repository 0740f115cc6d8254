import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/contract/rule.ts";
import { type Desk, openDesk, type Played, type Row } from "../support/desk.ts";
import { account, entry, withFeed, withRules } from "../support/desk-rows.ts";

const ACCOUNTS = "app.accounts";
const ENTRIES = "app.entries";

/** Plays entries under the account `A`, which the first hour brings. */
async function play(desk: Desk, entries: readonly Row[], more: Partial<Parameters<Desk["play"]>[0]> = {}): Promise<Played> {
  const played = await desk.play({ ...more, rows: { [ENTRIES]: entries, ...more.rows } });
  if (played.outcome.outcome !== "published")
    throw new Error(JSON.stringify(played.outcome, (_k, v) => (typeof v === "bigint" ? `${v}` : v)));
  return played;
}

async function withAccount(): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { [ACCOUNTS]: [account(1, "A")] } });
  return desk;
}

/** Classes of the entries, in the order of their positions. */
function classesOf(played: Played, feed = ENTRIES): string[] {
  return [...played.classes]
    .filter(([key]) => key.startsWith(feed))
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([, c]) => c);
}

async function openRows(desk: Desk): Promise<Record<string, string | null>[]> {
  return desk.query("select kind, source_key, reasons, copies, unique_only from ops.open_quarantine order by source_key, row_id");
}

async function events(desk: Desk): Promise<string[]> {
  const rows = await desk.query(
    "select row_id, event, coalesce(class, '') as class, number from ops.quarantine_event order by number, row_id",
  );
  return rows.map((r) => `${r["number"]} ${r["event"]} ${r["class"]}`.trim());
}

describe("1. superseded inside the batch", () => {
  test("older versions are set aside, however broken, and a failing newest one does not release them", async () => {
    await using desk = openDesk("claims");
    const played = await desk.play({
      rows: {
        [ACCOUNTS]: [
          account(1, "A", { v: 1, name: null }),
          account(1, "A", { v: 3, name: null }),
          account(1, "A", { v: 2 }),
          account(2, "B", { v: 1 }),
          account(2, "B", { v: 2 }),
        ],
      },
    });
    expect(classesOf(played, ACCOUNTS)).toEqual(["superseded", "quarantined", "superseded", "superseded", "inserted"]);
    expect(await openRows(desk)).toMatchObject([{ source_key: "1", reasons: '["name.required"]' }]);
  });
});

describe("2. unchanged", () => {
  test("a row equal to its live staging row is unchanged, a further copy is a duplicate", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1")]);
    expect(classesOf(await play(desk, [entry(1, "e1"), entry(1, "e1")]))).toEqual(["unchanged", "duplicate"]);
  });

  test("whatever rules it breaks: they are counted as published_breaking and do not quarantine it", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1"), entry(2, "e2", { memo: "ok" })]);
    const memo: Rule = {
      id: "memo.required",
      kind: "required",
      columns: ["memo"],
      severity: "quarantine",
      nulls: "fail",
      owner: "desk",
      fingerprint: "f",
    };
    const played = await play(desk, [entry(1, "e1"), entry(3, "e3")], {
      adjust: (p) => withRules(p, ENTRIES, (rules) => [...rules, memo]),
    });
    expect(classesOf(played)).toEqual(["unchanged", "quarantined"]);
    const rule = played.judgement.feeds.find((f) => f.input.feed.id === ENTRIES)?.rules.find((r) => r.id === "memo.required");
    expect(rule).toEqual({ id: "memo.required", broken: 1n, publishedBreaking: 1n, groups: null });
  });
});

describe("3. unreadable", () => {
  test.each([
    ["no number", { amount: "ten" }],
    ["excess scale", { amount: "10.50" }],
    ["NaN", { amount: "NaN" }],
    ["lenient hexadecimal", { amount: "0x10" }],
    ["lenient exponent", { amount: "1e3" }],
    ["lenient underscore", { amount: "1_000" }],
    ["blanks", { amount: " 5 " }],
    ["beyond 64 bits", { amount: "9223372036854775808" }],
    ["a required NULL", { amount: null }],
    ["a required currency that is NULL", { currency: null }],
  ])("an amount with %s cannot be read", async (_name, more) => {
    await using desk = await withAccount();
    expect(classesOf(await play(desk, [entry(1, "e1", more)]))).toEqual(["unreadable"]);
    expect(await openRows(desk)).toMatchObject([{ kind: "unreadable", unique_only: "false" }]);
  });

  test("an unknown currency is readable where no exponent is needed", async () => {
    await using desk = await withAccount();
    expect(classesOf(await play(desk, [entry(1, "e1", { currency: "XXX" })]))).toEqual(["inserted"]);
  });

  test("NULL in an amount that is not required counts as 0", async () => {
    await using desk = await withAccount();
    const optional = (p: Desk["pipeline"]) =>
      withFeed(p, ENTRIES, (feed) => ({
        ...feed,
        contract: {
          ...feed.contract,
          columns: feed.contract.columns.map((c) => (c.name === "amount" ? { ...c, required: false } : c)),
          rules: feed.contract.rules.filter((r) => r.id !== "amount.required"),
        },
      }));
    // The curated contract still requires an amount, so only the class is asked for.
    const played = await desk.play({ rows: { [ENTRIES]: [entry(1, "e1", { amount: null })] }, adjust: optional });
    expect(classesOf(played)).toEqual(["inserted"]);
  });
});

describe("4. quarantined", () => {
  test("a broken row rule; identical broken copies are all counted and stored once with a copy count", async () => {
    await using desk = await withAccount();
    expect(classesOf(await play(desk, [entry(1, "e1", { amount: -1 }), entry(1, "e1", { amount: -1 }), entry(2, null)]))).toEqual(
      ["quarantined", "quarantined", "quarantined"],
    );
    expect(await openRows(desk)).toMatchObject([
      { source_key: "1", reasons: '["amount.range"]', copies: "2" },
      { source_key: "2", reasons: '["entry_id.required"]', copies: "1" },
    ]);
  });

  test("a text that breaks its type has no value: other rules neither see its rounding nor blame it", async () => {
    await using desk = await withAccount();
    const bounds = (p: Desk["pipeline"]) =>
      withRules(p, ENTRIES, (rules) => [
        ...rules,
        {
          id: "not_eleven",
          kind: "expression",
          expression: "amount <> 11",
          columns: ["amount"],
          severity: "quarantine",
          nulls: "pass",
          owner: "desk",
          fingerprint: "f",
        },
      ]);
    await play(desk, [entry(1, "e1", { amount: "10.505" }), entry(2, "e2", { amount: "11" })], { adjust: bounds });
    expect((await openRows(desk)).map((r) => r["reasons"])).toEqual(['["amount.type"]', '["not_eleven"]']);
  });

  test("a row that breaks a rule and lacks its parent has both reasons and is not retried", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { amount: -1, account_id: "B" })]);
    expect(await openRows(desk)).toMatchObject([{ kind: "quarantined", reasons: '["amount.range","account_id.foreign_key"]' }]);
    await play(desk, [], { rows: { [ACCOUNTS]: [account(2, "B")] } });
    expect(await openRows(desk)).toHaveLength(1);
  });

  test("a foreign key under `quarantine` quarantines an unknown parent, and holds one that waits itself", async () => {
    await using desk = await withAccount();
    const strict = (p: Desk["pipeline"]) =>
      withRules(p, ENTRIES, (rules) =>
        rules.map((r) => (r.kind === "foreign_key" ? { ...r, action: "quarantine" as const } : r)),
      );
    const rows = { [ACCOUNTS]: [account(2, "B", { name: null })] };
    const played = await play(desk, [entry(1, "e1", { account_id: "Z" }), entry(2, "e2", { account_id: "B" })], {
      rows,
      adjust: strict,
    });
    expect(classesOf(played)).toEqual(["quarantined", "held"]);
  });

  test("a changed immutable column of a published key", async () => {
    await using desk = await withAccount();
    const fixed: Rule = {
      id: "currency.immutable",
      kind: "immutable",
      columns: ["currency"],
      severity: "quarantine",
      nulls: "pass",
      owner: "desk",
      fingerprint: "f",
    };
    await play(desk, [entry(1, "e1")], { adjust: (p) => withRules(p, ENTRIES, (rules) => [...rules, fixed]) });
    expect(classesOf(await play(desk, [entry(1, "e1", { currency: "JPY" }), entry(2, "e2", { currency: "JPY" })]))).toEqual([
      "quarantined",
      "inserted",
    ]);
    expect(await openRows(desk)).toMatchObject([{ reasons: '["currency.immutable"]' }]);
    expect(await desk.query("select currency from curated.entry where entry_id = 'e1'")).toEqual([{ currency: "USD" }]);
  });
});

describe("5. held", () => {
  test("nothing but an unknown parent; released when it arrives, in the run that brings it", async () => {
    await using desk = await withAccount();
    expect(classesOf(await play(desk, [entry(1, "e1", { account_id: "B" })]))).toEqual(["held"]);
    expect(await openRows(desk)).toMatchObject([{ kind: "held", reasons: '["account_id.foreign_key"]' }]);
    await play(desk, [], { rows: { [ACCOUNTS]: [account(2, "B")] } });
    expect(await events(desk)).toEqual(["3 released inserted"]);
    expect(await desk.query("select entry_id from curated.entry")).toEqual([{ entry_id: "e1" }]);
  });

  test.each([
    ["quarantined", { name: null }],
    ["of a type that cannot be read", { v: "x" }],
  ])("the parent's only row is %s", async (_name, more) => {
    await using desk = openDesk("claims");
    const played = await desk.play({
      rows: { [ACCOUNTS]: [account(1, "B", more)], [ENTRIES]: [entry(1, "e1", { account_id: "B" })] },
    });
    expect(classesOf(played)).toEqual(["held"]);
    const rows = await desk.query("select reasons from ops.open_quarantine where feed = 'app.entries'");
    expect(rows).toEqual([{ reasons: '["account_id.parent_quarantined"]' }]);
  });

  test("a published parent counts even while a newer version of it waits", async () => {
    await using desk = await withAccount();
    const rows = { [ACCOUNTS]: [account(1, "A", { v: 2, name: null })] };
    expect(classesOf(await play(desk, [entry(1, "e1")], { rows }))).toEqual(["inserted"]);
    const stale = await desk.query("select feed, business_key, stale_because from ops.stale_key");
    expect(stale).toEqual([{ feed: ACCOUNTS, business_key: "A", stale_because: '["name.required"]' }]);
  });

  test("a tombstoned parent is known; the children that enter are reported", async () => {
    await using desk = await withAccount();
    await play(desk, [], { rows: { [ACCOUNTS]: [] }, keys: { [ACCOUNTS]: [] } });
    const played = await play(desk, [entry(1, "e1")]);
    expect(classesOf(played)).toEqual(["inserted"]);
    expect(played.judgement.deletedParents).toEqual([{ feed: ENTRIES, rule: "account_id.foreign_key", rows: 1n }]);
  });

  test("a held row that waits too long expires into quarantine with its reason", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { account_id: "B" })], { at: "2026-11-01T00:00:00Z" });
    await play(desk, [], { at: "2026-11-20T00:00:00Z" });
    expect(await openRows(desk)).toMatchObject([
      { kind: "quarantined", reasons: '["account_id.foreign_key"]', unique_only: "false" },
    ]);
    expect(await events(desk)).toEqual(["3 expired quarantined"]);
  });
});

describe("6. duplicate, superseded, updated, inserted", () => {
  test("identical copies of a good row: one enters, the others are duplicates", async () => {
    await using desk = await withAccount();
    expect(classesOf(await play(desk, [entry(1, "e1"), entry(1, "e1"), entry(1, "e1")]))).toEqual([
      "inserted",
      "duplicate",
      "duplicate",
    ]);
  });

  test("a version older than the published one is superseded", async () => {
    await using desk = openDesk("claims");
    await desk.play({ rows: { [ACCOUNTS]: [account(1, "A", { v: 5 })] } });
    const played = await desk.play({ rows: { [ACCOUNTS]: [account(1, "A", { v: 4, name: "older" })] } });
    expect(classesOf(played, ACCOUNTS)).toEqual(["superseded"]);
  });

  test("bytes of an earlier extract never replace later ones", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1")]);
    await play(desk, [entry(1, "e1", { amount: 200 })]);
    expect(classesOf(await play(desk, [entry(1, "e1"), entry(2, "e2")], { seq: 2n }))).toEqual(["superseded", "inserted"]);
    expect(await desk.query("select amount from curated.entry where entry_id = 'e1'")).toEqual([{ amount: "200" }]);
  });

  test("a live key is updated; a tombstoned one is lifted", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1"), entry(2, "e2")]);
    expect(classesOf(await play(desk, [entry(1, "e1", { amount: 7 })]))).toEqual(["updated"]);
    await play(desk, [], { keys: { [ENTRIES]: [{ id: 2 }] } });
    expect(await desk.query("select deleted_at is null as live from curated.entry__rows where entry_id = 'e1'")).toEqual([
      { live: "false" },
    ]);
    expect(classesOf(await play(desk, [entry(1, "e1", { amount: 7 })]))).toEqual(["updated"]);
    expect(await desk.query("select deleted_at is null as live from curated.entry__rows where entry_id = 'e1'")).toEqual([
      { live: "true" },
    ]);
  });
});

describe("the label decides first", () => {
  test("equal to an open quarantined row and still broken: seen again, no new row", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { amount: -1 })]);
    const played = await play(desk, [entry(1, "e1", { amount: -1 })]);
    expect(classesOf(played)).toEqual(["quarantined"]);
    expect(played.judgement.tally.filter((t) => t.seenAgain)).toHaveLength(1);
    expect(await openRows(desk)).toHaveLength(1);
    expect(await events(desk)).toEqual([]);
  });

  test("equal to an open quarantined row that passes now: it takes its class and closes the open row", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { amount: -1 })]);
    const relaxed = (p: Desk["pipeline"]) => withRules(p, ENTRIES, (rules) => rules.filter((r) => r.id !== "amount.range"));
    expect(classesOf(await play(desk, [entry(1, "e1", { amount: -1 })], { adjust: relaxed }))).toEqual(["inserted"]);
    expect(await openRows(desk)).toEqual([]);
    expect(await events(desk)).toEqual(["3 closed_by_newer"]);
  });

  test("equal to a held row and still orphaned: seen again", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { account_id: "B" })]);
    expect(classesOf(await play(desk, [entry(1, "e1", { account_id: "B" })]))).toEqual(["held"]);
    expect(await openRows(desk)).toHaveLength(1);
  });

  test("equal to a held row that passes now: the extracted row takes its class, the pool row leaves as superseded", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { account_id: "B" })]);
    const played = await play(desk, [entry(1, "e1", { account_id: "B" })], { rows: { [ACCOUNTS]: [account(2, "B")] } });
    expect(classesOf(played)).toEqual(["inserted"]);
    expect(await events(desk)).toEqual(["3 superseded"]);
  });

  test("held copies: one enters on release, its copies leave the pool as superseded", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", { account_id: "B" }), entry(1, "e1", { account_id: "B" })]);
    expect(await openRows(desk)).toMatchObject([{ copies: "2" }]);
    const played = await play(desk, [], { rows: { [ACCOUNTS]: [account(2, "B")] } });
    const account2 = played.outcome.outcome === "published" ? played.outcome.accounts.find((a) => a.feed === ENTRIES) : undefined;
    expect(account2?.pool).toMatchObject({
      released: { inserted: { rows: 1n } },
      superseded: { rows: 1n },
      closing: { rows: 0n },
    });
  });

  test("any good row of the key closes its open row, an unchanged one included", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1")]);
    await play(desk, [entry(1, "e1", { amount: -1 })]);
    expect(classesOf(await play(desk, [entry(1, "e1")]))).toEqual(["unchanged"]);
    expect(await openRows(desk)).toEqual([]);
  });

  test.each([
    ["quarantined", { amount: -2 }, { amount: -1 }],
    ["held", { account_id: "B" }, { amount: -1 }],
    ["quarantined", { amount: -1 }, { account_id: "B" }],
    ["held", { account_id: "B" }, { account_id: "C" }],
  ])("a later %s version takes the place of the waiting one", async (kind, later, earlier) => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1", earlier)]);
    expect(classesOf(await play(desk, [entry(1, "e1", later)]))).toEqual([kind]);
    expect(await openRows(desk)).toMatchObject([{ kind }]);
    expect(await events(desk)).toEqual(["3 superseded"]);
  });

  test("a vanished key closes its held and quarantined rows and tombstones its published one", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(1, "e1"), entry(2, "e2", { amount: -1 }), entry(3, "e3", { account_id: "B" }), entry(4, "e4")]);
    await play(desk, [entry(4, "e4")], { whole: [ENTRIES] });
    expect(await events(desk)).toEqual(["3 vanished", "3 vanished"]);
    expect(await desk.query("select entry_id, deleted_at is null as live from curated.entry__rows order by 1")).toEqual([
      { entry_id: "e1", live: "false" },
      { entry_id: "e4", live: "true" },
    ]);
  });

  test("a row without a source key waits until a whole read does not bring its content again", async () => {
    await using desk = await withAccount();
    await play(desk, [entry(null, "e1")]);
    await play(desk, [entry(null, "e1")], { whole: [ENTRIES] });
    expect(await openRows(desk)).toHaveLength(1);
    await play(desk, [entry(7, "e1")], { whole: [ENTRIES] });
    expect(await openRows(desk)).toEqual([]);
    expect(await events(desk)).toEqual(["4 vanished"]);
  });
});
