import { expect, test } from "vitest";
import type { Desk, Row } from "../support/desk.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";

const ENTRIES = "app.entries";

async function deskWith(...entries: Row[]): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")], [ENTRIES]: entries } });
  return desk;
}

/** Plays a pass over all keys, beside rows of the same hour. */
async function passed(desk: Desk, keys: readonly (string | number)[], rows: readonly Row[] = []) {
  const played = await desk.play({ rows: { [ENTRIES]: rows }, keys: { [ENTRIES]: keys.map((id) => ({ id })) } });
  const { gates } = played.outcome as { gates: readonly { name: string; feed?: string; verdict: string; observed: string }[] };
  const of = (name: string) => gates.find((g) => g.name === name && g.feed === ENTRIES);
  return { missing: of("missing_keys"), twice: of("duplicate_source_keys"), outcome: played.outcome.outcome };
}

const live = async (desk: Desk) =>
  (await desk.query("select id from staging.app_entries__rows where _deleted_at is null order by 1")).map((row) => row["id"]);

test("keys that nobody knows are counted and named; those of the hour, live ones and waiting ones are known", async () => {
  await using desk = await deskWith(entry(1, "e1"), entry(2, "e2", { currency: "nothing" }), entry(3, "e3"));
  const { missing, twice } = await passed(desk, [1, 2, 3, 4, 5, 6], [entry(4, "e4")]);
  expect(missing).toMatchObject({
    verdict: "warn",
    observed: expect.stringMatching(
      /^2 keys of the source are neither published nor waiting \(id 5; id 6\): `ledgerloop run --full/,
    ),
  });
  expect(twice).toMatchObject({ verdict: "pass", observed: "6 keys" });
  expect((await passed(desk, [1, 2, 3, 4])).missing).toMatchObject({ verdict: "pass", observed: "0 keys" });
});

test("a text that only a lenient cast takes for a key is none: the key that it seems to be leaves, and nothing is missing", async () => {
  await using desk = await deskWith(entry(7, "e7"));
  const { missing } = await passed(desk, ["07"]);
  expect(missing).toMatchObject({ verdict: "pass" });
  expect(await live(desk)).toEqual([]);
});

test("keys that repeat block; what is no key is told apart by its text", async () => {
  await using desk = await deskWith(entry(1, "e1"));
  expect(await passed(desk, [1, 1])).toMatchObject({ outcome: "blocked", twice: { verdict: "fail", observed: /^1 of 2/ } });
  expect((await passed(desk, ["1", "x", "y"])).twice).toMatchObject({ verdict: "pass", observed: "3 keys" });
});
