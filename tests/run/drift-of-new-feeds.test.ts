import { expect, test } from "vitest";
import { account, adjusted, entry, withSource } from "../sources/conformance-subject.ts";
import type { Ended } from "../support/engine.ts";
import { openTwoFolders } from "../support/two-folders.ts";

const drifting = ({ report }: Ended) => (report?.gates ?? []).filter((g) => g.name === "drift").map((g) => g.feed);

test("another type of a column stops a feed in the middle of its first load too, also after an hour without it", async () => {
  await using folders = await openTwoFolders({ entries: ", required: false" });
  const { house, accounts, entries } = folders;
  const small = adjusted(house, withSource({ budget: { requests: 1, seconds: null } }));
  accounts.put([account(1)]);
  for (const id of [1, 2, 3]) entries.put([entry(id)]);
  expect((await house.run({}, small)).report?.outcome).toBe("published");
  expect((await house.run({ feeds: ["app.accounts"] }, small)).report?.outcome).toBe("published");
  entries.rewrite((rows) => rows.map((row) => ({ ...row, memo: 1 })));
  expect(drifting(await house.run({}, small))).toEqual(["late.entries"]);
});

test("a feed that had nothing to show of its columns has none that are new", async () => {
  await using folders = await openTwoFolders();
  const { house, accounts, entries } = folders;
  accounts.put([account(1)]);
  expect(drifting(await house.run())).toEqual([]);
  entries.put([entry(1)]);
  expect(drifting(await house.run())).toEqual([]);
  expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "1" }]);
});
