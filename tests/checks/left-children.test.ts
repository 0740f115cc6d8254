import { expect, test } from "vitest";
import { type Hour, openDesk, type Row } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";

const [ACCOUNTS, ENTRIES] = ["app.accounts", "app.entries"];

/** Accounts A and B, and two entries of A and one of B. */
async function filledDesk() {
  const desk = openDesk("claims");
  const of = (id: number, parent: string, more: Row = {}) => entry(id, `e${id}`, { account_id: parent, ...more });
  await desk.play({ rows: { [ACCOUNTS]: [account(1, "A"), account(2, "B")], [ENTRIES]: [of(1, "A"), of(2, "A"), of(3, "B")] } });
  const left = async (hour: Partial<Hour>) => {
    const { outcome, judgement } = await desk.play({ rows: { [ACCOUNTS]: [], [ENTRIES]: [] }, ...hour });
    const told = outcome.gates.filter(({ name, verdict }) => name === "parent_deleted" && verdict === "warn");
    expect(outcome.outcome).toBe("published");
    return { rows: judgement.leftChildren.map(({ rows }) => rows), told: told.map(({ observed }) => observed) };
  };
  return { left, of, [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose]() };
}

const keysOf = (...ids: number[]) => ({ [ACCOUNTS]: ids.map((id) => ({ id })) });

test("live rows whose parent leaves stay, and are told of in the run that takes it away, once", async () => {
  await using desk = await filledDesk();
  expect(await desk.left({ keys: keysOf(2) })).toEqual({ rows: [2n], told: ["2 rows stay whose parent goes"] });
  expect((await desk.left({ keys: keysOf(2) })).told).toEqual([]);
});

test("what leaves with its parent, or has another one in the same run, is not left behind; what enters under it is", async () => {
  await using desk = await filledDesk();
  const rows = { [ACCOUNTS]: [], [ENTRIES]: [desk.of(2, "B"), desk.of(4, "A")] };
  const keys = { ...keysOf(2), [ENTRIES]: [2, 3, 4].map((id) => ({ id })) };
  expect(await desk.left({ rows, keys })).toEqual({ rows: [1n], told: ["1 rows stay whose parent goes"] });
});

test("a parent whose key another row has, or gets, is not gone", async () => {
  await using desk = await filledDesk();
  const moved = { [ACCOUNTS]: [account(7, "A")], [ENTRIES]: [] };
  expect(await desk.left({ rows: moved, keys: keysOf(2, 7) })).toEqual({ rows: [0n], told: [] });
});

test("rows under a parent that was gone before are told beside those whose parent goes now", async () => {
  await using desk = await filledDesk();
  await desk.left({ keys: keysOf(2) });
  const rows = { [ACCOUNTS]: [], [ENTRIES]: [desk.of(5, "A")] };
  expect((await desk.left({ rows, keys: keysOf() })).told).toEqual([
    "1 rows enter under a parent that is gone, 1 rows stay whose parent goes",
  ]);
});

test("where no feed with children loses rows, nothing is asked", async () => {
  await using desk = await filledDesk();
  expect((await desk.left({ keys: { [ENTRIES]: [{ id: 1 }] } })).rows).toEqual([]);
});
