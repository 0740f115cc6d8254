import { expect, test } from "vitest";
import type { RestatedRows } from "../../src/checks/restated.ts";
import type { Account } from "../../src/publish/accounts.ts";
import type { Gate } from "../../src/publish/gate.ts";
import { healGates } from "../../src/publish/heal-gates.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { keyParts, keyText } from "../../src/warehouse/sql-text.ts";
import { type Desk, type Hour, openDesk } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { HEALED_HOURS, HEALING } from "../support/healed-hours.ts";
import { LINKED_HOURS } from "../support/linked-hours.ts";

const ENTRIES = "app.entries";

/** Changes what stands by another hand. */
async function byHand(desk: Desk, ...statements: readonly string[]): Promise<void> {
  const session = await desk.open();
  try {
    for (const sql of statements) await session.run({ name: "test.by-hand", sql });
  } finally {
    await session.close();
  }
}

async function played(desk: Desk, hours: readonly Hour[]) {
  let last = await desk.play(hours[0] as Hour);
  for (const hour of hours.slice(1)) last = await desk.play(hour);
  return last;
}

const notPassed = ({ outcome }: Awaited<ReturnType<Desk["play"]>>) =>
  outcome.gates
    .filter(({ verdict }: Gate) => verdict !== "pass")
    .map(({ name, verdict, observed }: Gate) => `${name} ${verdict}: ${observed}`);

async function live(desk: Desk): Promise<string[]> {
  const rows = await desk.query("SELECT id, amount, _minor FROM staging.app_entries__rows WHERE _deleted_at IS NULL ORDER BY id");
  return rows.map((row) => `${row["id"]} ${row["amount"]} ${row["_minor"]}`);
}

test("of the keys that are asked for the rows are all there are, and of no other key anything is said", async () => {
  await using desk = openDesk("linked");
  const { outcome, classes } = await played(desk, HEALED_HOURS);
  expect(outcome.outcome).toBe("published");
  expect([...classes.values()]).toEqual(["updated"]);
  expect(await live(desk)).toEqual(["1 30 30", "4 100 100", "5 100 100"]);
  const [gone] = await desk.query("SELECT count(*) AS n FROM staging.app_entries__rows WHERE id = 3 AND _deleted_at IS NOT NULL");
  expect(gone?.["n"]).toBe("1");
  const settled = await desk.query(
    "SELECT entry_id, _publication FROM curated.settled__rows WHERE deleted_at IS NULL ORDER BY entry_id",
  );
  // The named key is written again, though nothing of it changed.
  expect(settled.map((row) => `${row["entry_id"]} ${row["_publication"]}`)).toEqual(["e1 5", "e4 3", "e5 5"]);
});

test("a heal moves no cursor, and is judged on its own rows", async () => {
  await using desk = openDesk("linked");
  await played(desk, HEALED_HOURS);
  const rows = await desk.query(
    "SELECT number, cursor_kind, batch_id FROM ops.feed_horizon WHERE feed = 'app.entries' ORDER BY number",
  );
  expect(rows.at(-1)).toEqual({ number: "5", cursor_kind: null, batch_id: null });
});

test("rows of these keys that another hand has changed are published again, whatever their stored hashes say", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  await byHand(
    desk,
    "UPDATE staging.app_entries__rows SET amount = 99, _minor = 99 WHERE id = 1",
    "UPDATE staging.app_entries__rows SET _minor = 7 WHERE id = 4",
    "DELETE FROM staging.app_entries__rows WHERE id = 5",
  );
  const rows = [
    entry(1, "e1", { memo: "m1" }),
    entry(4, "e4", { account_id: "B", memo: "m3" }),
    entry(5, "e5", { account_id: "C" }),
  ];
  const heal = { keys: { [ENTRIES]: [{ id: 1 }, { id: 4 }, { id: 5 }] }, rows: [], reason: null };
  const one = await desk.play({ rows: { [ENTRIES]: rows.slice(0, 1) }, heal: { ...heal, keys: { [ENTRIES]: [{ id: 1 }] } } });
  expect(one.outcome.outcome).toBe("blocked");
  expect(notPassed(one)[0]).toMatch(
    /^restated fail: 1 published row was changed by another hand; beside what is healed the table differs from the ledger by USD: -1 rows, -193 minor units; heal what else/,
  );
  const all = await desk.play({ rows: { [ENTRIES]: rows }, heal });
  expect([all.outcome.outcome, [...all.classes.values()]]).toEqual(["published", ["updated", "updated", "inserted"]]);
  expect(notPassed(all)).toEqual(["restated warn: 2 published rows were changed by another hand"]);
  expect(await live(desk)).toEqual(["1 100 100", "3 100 100", "4 100 100", "5 100 100"]);
});

test("what stays behind a heal, other than the ledger left it, is published over with a reason alone", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  await byHand(desk, "UPDATE staging.app_entries__rows SET amount = 99, _minor = 99 WHERE id IN (1, 4)");
  const { outcome } = await desk.play({
    rows: { [ENTRIES]: [entry(1, "e1", { memo: "m1" })] },
    heal: { keys: { [ENTRIES]: [{ id: 1 }] }, rows: [], reason: "4 is known" },
  });
  expect(outcome.outcome).toBe("published");
});

test("rows of keys that nobody asked for stop a heal, and no reason lets them through", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  const rows = [entry(1, "e1", { memo: "m1", amount: 30 }), entry(4, "e4", { account_id: "B", memo: "m3", amount: 40 })];
  const heal = { keys: { [ENTRIES]: [{ id: 1 }] }, rows: [], reason: "it is known" };
  const last = await desk.play({ rows: { [ENTRIES]: rows }, heal });
  expect(last.outcome.outcome).toBe("blocked");
  expect(notPassed(last)).toContain("healed_unasked fail: 1 row of keys that nobody asked for");
  expect((await live(desk)).slice(0, 1)).toEqual(["1 100 100"]);
});

const one = (id: number, amount: number) =>
  `UPDATE staging.app_entries__rows SET amount = ${amount}, _minor = ${amount} WHERE id = ${id}`;
const [E1, E4] = [entry(1, "e1", { memo: "m1" }), entry(4, "e4", { account_id: "B", memo: "m3" })];
const OUT = "DELETE FROM staging.app_entries__rows WHERE id = 4";
const MARKED = "UPDATE staging.app_entries__rows SET _deleted_at = TIMESTAMP '2026-11-01 00:00:00' WHERE id = 4";
const OF_EUROS = "UPDATE staging.app_entries__rows SET currency = 'EUR', _currency = 'EUR' WHERE id = 4";
const INVENTED =
  "INSERT INTO staging.app_entries__rows BY NAME SELECT * REPLACE (99 AS id, 'e99' AS entry_id) FROM staging.app_entries__rows WHERE id = 1";

test.each([
  {
    why: "two hands that even each other out, one of them healed",
    hands: [one(1, 150), one(4, 50)],
    rows: [E1],
    outcome: "blocked",
  },
  {
    why: "two hands that even each other out, both healed",
    hands: [one(1, 150), one(4, 50)],
    rows: [E1, E4],
    outcome: "published",
  },
  { why: "a hand that the source evens out elsewhere", hands: [one(4, 150)], rows: [{ ...E1, amount: 50 }], outcome: "blocked" },
  { why: "a hand, and a change of the source", hands: [one(4, 150)], rows: [{ ...E1, amount: 70 }, E4], outcome: "published" },
  { why: "a row taken out", hands: [OUT], rows: [E4], outcome: "published" },
  { why: "a row taken out, and changed at the source", hands: [OUT], rows: [{ ...E4, amount: 1 }], outcome: "blocked" },
  { why: "a row marked as gone", hands: [MARKED], rows: [E4], outcome: "published" },
  { why: "a row invented", hands: [INVENTED], gone: [99], outcome: "published" },
  { why: "a row invented, beside a row changed", hands: [INVENTED, one(4, 150)], gone: [99], outcome: "blocked" },
  { why: "another currency", hands: [OF_EUROS], rows: [E4], outcome: "published" },
])(
  "what stays of another hand beside a heal blocks it, and nothing else does: $why",
  async ({ hands, rows = [], gone = [], outcome }) => {
    await using desk = openDesk("linked");
    await played(desk, LINKED_HOURS);
    await byHand(desk, ...hands);
    const keys = [...rows.map((row) => row["id"] ?? null), ...gone].map((id) => ({ id }));
    const healed = await desk.play({ rows: { [ENTRIES]: rows }, heal: { keys: { [ENTRIES]: keys }, rows: [], reason: null } });
    expect([healed.outcome.outcome, notPassed(healed)]).toEqual([outcome, [expect.stringMatching(/^restated /)]]);
  },
);

test("rows that stand more than once are one again, equal ones and others", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  const copies = [1, 4].map(
    (id) => `INSERT INTO staging.app_entries__rows SELECT * FROM staging.app_entries__rows WHERE id = ${id}`,
  );
  await byHand(
    desk,
    ...copies,
    "UPDATE staging.app_entries__rows SET amount = 5, _minor = 5 WHERE rowid = (SELECT MAX(rowid) FROM staging.app_entries__rows WHERE id = 4)",
    "INSERT INTO staging.app_entries__rows SELECT * FROM staging.app_entries__rows WHERE id = 1",
  );
  expect((await live(desk)).length).toBe(8);
  const rows = [entry(1, "e1", { memo: "m1" }), entry(4, "e4", { account_id: "B", memo: "m3" })];
  const healed = await desk.play({
    rows: { [ENTRIES]: rows },
    heal: { keys: { [ENTRIES]: [{ id: 1 }, { id: 4 }] }, rows: [], reason: null },
  });
  expect([healed.outcome.outcome, [...healed.classes.values()]]).toEqual(["published", ["updated", "updated"]]);
  expect(await live(desk)).toEqual(["1 100 100", "3 100 100", "4 100 100", "5 100 100"]);
});

test("a waiting row of a key that is gone at the source leaves with it, that of another key stays", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  await desk.play({ rows: { [ENTRIES]: [entry(6, "e6", { account_id: "Z" }), entry(7, "e7", { account_id: "Z" })] } });
  const waits = async () =>
    (await desk.query("SELECT source_key FROM ops.open_quarantine ORDER BY 1")).map((row) => row["source_key"]);
  expect(await waits()).toEqual(["6", "7"]);
  const { outcome } = await desk.play({
    rows: { [ENTRIES]: [] },
    heal: { keys: { [ENTRIES]: [{ id: 6 }] }, rows: [], reason: null },
  });
  expect(outcome.outcome).toBe("published");
  expect(await waits()).toEqual(["7"]);
});

test("a heal says nothing of keys that it was not asked for, whichever of them are gone", async () => {
  await using desk = openDesk("linked");
  await played(desk, LINKED_HOURS);
  await desk.play({ ...HEALING, rows: { [ENTRIES]: [] }, heal: { keys: { [ENTRIES]: [{ id: 9 }] }, rows: [], reason: null } });
  expect(await live(desk)).toEqual(["1 100 100", "3 100 100", "4 100 100", "5 100 100"]);
});

const NO_AMOUNT = { rows: 0n, minor: 0n };

function account(vanished: Account["vanished"], currency = "USD"): Account {
  const stock = { before: NO_AMOUNT, replaced: NO_AMOUNT, updated: NO_AMOUNT, inserted: NO_AMOUNT, after: NO_AMOUNT };
  return { feed: "f", currency, vanished, stock } as Account;
}

const RESTATED: readonly RestatedRows[] = [{ feed: "f", rows: 0n, examples: [] }];

test.each([
  [[account({ rows: 2n, minor: 500n })], "pass"],
  [[account({ rows: 3n, minor: 0n })], "fail"],
  [[account({ rows: 2n, minor: 0n }), account({ rows: 1n, minor: 0n }, "EUR")], "fail"],
  [[account({ rows: 1n, minor: 501n })], "fail"],
  [[account({ rows: 1n, minor: -501n })], "fail"],
  [[account({ rows: 1n, minor: 501n }, "EUR")], "pass"],
])("a heal takes out as much as is declared, in rows and in each currency, and more with a reason (%#)", (accounts, verdict) => {
  const limits = { deletes: 2, deletedMinor: { USD: 500, "*": 9000 }, automatic: [] };
  const facts = { restated: RESTATED, healed: [], recounted: null, accounts, limits };
  const of = (isMeant: boolean) => healGates({ ...facts, isMeant }).find(({ name }) => name === "healed_deletes")?.verdict;
  expect([of(false), of(true)]).toEqual([verdict, "pass"]);
});

test.each([[["a"]], [["a|b"]], [["a|b", "c\\d"]], [["", ""]], [["\\", "|", "\\|"]], [["x", "", "y|"]]])(
  "the text of the key %j is taken apart again",
  async (parts) => {
    await using desk = openDesk("linked");
    const session = await desk.open();
    const texts = parts.map(duckdbDialect.literal);
    const [row] = await session.rows({ name: "test.key", sql: `SELECT ${keyText(duckdbDialect, texts)} AS t` });
    await session.close();
    expect(keyParts(row?.["t"] ?? "", parts.length)).toEqual(parts);
  },
);
