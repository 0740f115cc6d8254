import { expect, test } from "vitest";
import { type Desk, type Hour, openDesk, type Row } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { withLimits } from "../support/in-force.ts";

const ENTRIES = "app.entries";
const lacking = (id: number, parent: string, more: Row = {}) => entry(id, `e${id}`, { account_id: parent, ...more });

async function missing(desk: Desk, hour: Hour) {
  const { judgement, outcome } = await desk.play(hour);
  expect(outcome.outcome).toBe("published");
  const found = judgement.missingParents.find((line) => line.feed === ENTRIES);
  return [found?.ofBatch, found?.ofDay];
}

const rows = (...of: Row[]): Hour => ({ rows: { [ENTRIES]: of } });

test("each parent that held rows lack is counted once, those of the day's publications while they still lack it", async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] } });
  expect(await missing(desk, rows(entry(1, "e1")))).toEqual([0n, 0n]);
  expect(await missing(desk, rows(lacking(2, "B"), lacking(3, "B"), lacking(4, "C"), lacking(4, "C")))).toEqual([2n, 2n]);
  // Its own, and those that wait on.
  expect(await missing(desk, rows(lacking(5, "C"), lacking(6, "D")))).toEqual([2n, 3n]);
  // Rows that are seen again are not newly held, and still lack their parents.
  expect(await missing(desk, rows(lacking(2, "B"), lacking(4, "C")))).toEqual([0n, 3n]);
  // A row that another version of it took the place of lacks nothing.
  expect(await missing(desk, rows(lacking(6, "A")))).toEqual([0n, 2n]);
  expect(await missing(desk, { rows: { "app.accounts": [account(2, "B")], [ENTRIES]: [lacking(7, "E")] } })).toEqual([1n, 2n]);
  // The day is over.
  expect(await missing(desk, { ...rows(lacking(8, "F")), at: "2026-11-03T00:00:00Z" })).toEqual([1n, 1n]);
});

test("parents that wait are missing; a bad row, and one without a parent, lacks none", async () => {
  await using desk = openDesk("claims");
  const hour = rows(lacking(1, "B"), lacking(2, "C", { amount: -1 }), lacking(3, "D"));
  expect(await missing(desk, { rows: { "app.accounts": [account(1, "B", { name: null })], ...hour.rows } })).toEqual([2n, 2n]);
});

test("a parent whose feed is absent from the run is not missing", async () => {
  await using desk = openDesk("claims");
  await desk.play(rows(lacking(1, "A")));
  expect(await missing(desk, { ...rows(lacking(2, "B")), leftOut: ["app.accounts"] })).toEqual([undefined, undefined]);
  expect(await missing(desk, rows(lacking(3, "A")))).toEqual([1n, 2n]);
});

/** The gate as a run meets it: limits of the pipeline file, and a day of small batches. */
test("a small batch that is bad all through is blocked, and so is one that lacks a parent for each row; one missing parent is not", async () => {
  await using desk = openDesk("claims");
  const outcome = async (hour: Hour) => {
    const { outcome: found } = await desk.play(hour);
    return [found.outcome, ...found.gates.filter((gate) => gate.verdict === "fail").map((gate) => gate.name)];
  };
  const ten = Array.from({ length: 10 }, (_, i) => i + 10);
  expect(
    await outcome({ rows: { "app.accounts": [account(1, "A")] }, adjust: withLimits({ validShare: 0.999, heldShare: 0.01 }) }),
  ).toEqual(["published"]);
  expect(await outcome(rows(...ten.map((id) => entry(id, `e${id}`, { amount: -1 }))))).toEqual(["blocked", "valid_share"]);
  expect(await outcome(rows(...ten.map((id) => lacking(id, `Z${id}`))))).toEqual(["blocked", "held_share"]);
  expect(await outcome(rows(...ten.map((id) => lacking(id, "Z"))))).toEqual(["published"]);
});
