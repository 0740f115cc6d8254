import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { type Desk, type Hour, openDesk, type Row } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { landedBreaks } from "../support/landed-proofs.ts";
import { withLanded } from "../support/landing-feed.ts";
import { readPublished } from "../support/published.ts";

const ENTRIES = "app.entries";

const ACCOUNTS: Hour = { rows: { "app.accounts": [account(1, "A")] } };
const entries = (...rows: Row[]): Hour => ({ rows: { [ENTRIES]: rows } });

/** Hours that take every row to every class, and every waiting row to every end. */
const LIVES: Readonly<Record<string, readonly Hour[]>> = {
  "quarantined, seen again, closed by a good version": [
    entries(entry(1, "e1", { amount: -1 }), entry(2, "e2", { amount: -2 }), entry(3, "e3")),
    entries(entry(1, "e1", { amount: -1 }), entry(2, "e2", { amount: -2 })),
    entries(entry(1, "e1"), entry(2, "e2", { amount: -3 })),
  ],
  "type violations keep the text that was landed": [
    entries(entry(1, "e1", { amount: "1e2" }), entry(2, "e2", { amount: "007" }), { ...entry(3, "e3"), id: "x" }),
    entries(entry(1, "e1"), entry(2, "e2", { amount: "7.0" })),
  ],
  "held and released": [
    entries(entry(1, "e1", { account_id: "B" }), entry(2, "e2", { account_id: "B" }), entry(3, "e3", { account_id: "C" })),
    { rows: { "app.accounts": [account(2, "B")], [ENTRIES]: [entry(2, "e2", { account_id: "B" })] } },
    entries(entry(4, "e4")),
  ],
  "held, its parent bad, and expired": [
    { rows: { "app.accounts": [account(2, "B", { name: null })], [ENTRIES]: [entry(1, "e1", { account_id: "B" })] } },
    { ...entries(entry(2, "e2")), at: "2027-01-01T00:00:00Z" },
    { rows: { "app.accounts": [account(2, "B")], [ENTRIES]: [entry(1, "e1", { account_id: "B" })] }, at: "2027-01-02T00:00:00Z" },
  ],
  "copies of good, bad, held and keyless rows": [
    entries(
      ...[entry(1, "e1"), entry(1, "e1"), entry(2, "e2", { amount: -1 }), entry(2, "e2", { amount: -1 })],
      ...[entry(3, "e3", { account_id: "B" }), entry(3, "e3", { account_id: "B" })],
      ...[entry(null, "e4"), entry(null, "e4"), entry(null, "e5", { amount: "x" }), entry(null, "e5", { amount: "x" })],
    ),
    { rows: { "app.accounts": [account(2, "B")], [ENTRIES]: [entry(null, "e4")] } },
  ],
  "duplicate keys, retried from the pool": [
    entries(entry(1, "e1"), entry(2, "same"), entry(3, "same"), entry(4, "e1")),
    entries(entry(3, "other")),
    entries(entry(5, "e5")),
  ],
  "superseded by a later version, by a replay": [
    entries(entry(1, "e1", { amount: -1 })),
    entries(entry(1, "e1", { amount: -2 })),
    { ...entries(entry(1, "e1", { amount: -1 }), entry(2, "e2", { account_id: "B" })), seq: 2n, replayOf: "b_2_app.entries" },
    entries(entry(1, "e1", { account_id: "B" })),
  ],
  "vanished, with a key and without one": [
    entries(entry(1, "e1"), entry(2, "e2", { amount: -1 }), entry(null, "e3"), entry(4, "e4", { account_id: "B" })),
    { ...entries(entry(1, "e1")), whole: [ENTRIES] },
  ],
  "unreadable money": [
    entries(entry(1, "e1", { currency: null }), entry(2, "e2", { amount: "NaN" }), entry(2, "e2", { amount: "NaN" })),
    entries(entry(1, "e1"), entry(2, "e2", { amount: "NaN" })),
  ],
};

/** Plays a life, with positions or without, and says what is published. */
async function played(hours: readonly Hour[], unplaced: boolean) {
  await using desk = openDesk("claims");
  for (const hour of [ACCOUNTS, ...hours]) {
    const { outcome } = await desk.play({ ...hour, unplaced });
    expect(outcome.outcome, JSON.stringify(outcome.gates.filter((gate) => gate.verdict === "fail"))).toBe("published");
  }
  await everyIdIsOne(desk);
  expect(await landedBreaks(desk)).toEqual([]);
  return await readPublished({ open: () => desk.open() });
}

/** Every stored row has an id of its own, and every event ends a stored row. */
async function everyIdIsOne(desk: Desk): Promise<void> {
  expect(await desk.query("select row_id from ops.quarantine_row where row_id is null")).toEqual([]);
  expect(await desk.query("select row_id from ops.quarantine_row group by row_id having count(*) > 1")).toEqual([]);
  const known = "select row_id from ops.quarantine_row";
  expect(await desk.query(`select row_id from ops.quarantine_event where row_id is null or row_id not in (${known})`)).toEqual(
    [],
  );
}

describe("rows without positions become what rows with positions become", () => {
  test.each(Object.entries(LIVES))("%s", async (_life, hours) => {
    expect(await played(hours, true)).toEqual(await played(hours, false));
  });

  test("whatever comes", async () => {
    const anyEntry = fc
      .record({
        id: fc.constantFrom(null, 1, 2, 3, 4),
        key: fc.constantFrom("e1", "e2", "e3", null),
        amount: fc.constantFrom(100, -1, "NaN", "01"),
        parent: fc.constantFrom("A", "A", "B"),
      })
      .map(({ id, key, amount, parent }) => entry(id, key, { amount, account_id: parent }));
    const anyHour = fc.record({
      rows: fc.array(anyEntry, { minLength: 1, maxLength: 8 }),
      whole: fc.boolean(),
      accounts: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyHour, { minLength: 1, maxLength: 3 }), async (hours) => {
        const life = hours.map(({ rows, whole, accounts }) => ({
          rows: { ...(accounts ? { "app.accounts": [account(2, "B")] } : {}), [ENTRIES]: rows },
          whole: whole ? [ENTRIES] : [],
        }));
        expect(await played(life, true)).toEqual(await played(life, false));
      }),
      { numRuns: cases(4) },
    );
  });
});

test("equal rows of two scopes without a key have two ids, the same ones in every attempt", async () => {
  const row = (scope: string) => entry(null, "e1", { _scope: scope });
  const ids = async (scopes: readonly string[]) => {
    await using desk = openDesk("claims");
    const adjust: NonNullable<Hour["adjust"]> = (pipeline) => withLanded(pipeline, ENTRIES, ["_scope"]);
    await desk.play({ ...entries(...scopes.map(row)), unplaced: true, adjust });
    await everyIdIsOne(desk);
    return await desk.query("select scope, row_id from ops.open_quarantine order by scope");
  };
  const found = await ids(["p1", "p2", "p1"]);
  expect(found.map((line) => line["row_id"]?.replace(/content-[0-9A-F]+/, "content"))).toEqual([
    "b_1_app.entries/content#1",
    "b_1_app.entries/content#2",
  ]);
  expect(await ids(["p2", "p1", "p1"])).toEqual(found);
});
