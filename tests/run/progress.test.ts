import { expect, test } from "vitest";
import type { Json } from "../../src/kernel/json.ts";
import type { Engine } from "../../src/run/engine.ts";
import { account, adjusted, entry, withSource } from "../sources/conformance-subject.ts";
import { aroundStore, atMoment } from "../support/fuse.ts";
import { openTwoFolders, type TwoFolders } from "../support/two-folders.ts";

class Died extends Error {}

/** A house with accounts in one file and entries in three, and what the reader of entries is given to go on from. */
async function opened() {
  const folders = await openTwoFolders();
  folders.accounts.put([account(1)]);
  for (const id of [1, 2, 3]) folders.entries.put([entry(id)]);
  const given: Json[] = [];
  const readerOf: Engine["readerOf"] = async (source) => {
    const reader = await folders.house.engine.readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        if (source.id === "late") given.push(await request.progress("late.entries").read());
        return reader.extract(request);
      },
    };
  };
  return { folders, given, readerOf };
}

const released = ({ house }: TwoFolders) => house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");

test("what an instalment was resumed from is no part of the next, also when its run died as soon as it had landed", async () => {
  const { folders, given, readerOf } = await opened();
  await using _ = folders;
  const { house } = folders;
  const small = { ...adjusted(house, withSource({ budget: { requests: 1, seconds: null } })), readerOf };
  expect((await house.run({}, small)).report?.outcome).toBe("published");
  const forgetting = "delete from ledgerloop.progress where run_group".slice(0, 40);
  const dying = atMoment({ kind: "store", what: forgetting, at: 1, when: "before" }, () => {
    throw new Died("landed");
  });
  const choice = { feeds: ["late.entries"] };
  await expect(house.run(choice, { ...small, store: aroundStore(house.store, dying) })).rejects.toThrow(Died);
  expect(await house.store.ask("select feed from ledgerloop.progress")).not.toEqual([]);
  await released(folders);
  const again = await house.run(choice, small);
  expect(again.report?.stages.find((s) => s.stage === "extract")?.skipped).toBe("landed before");
  expect(await house.store.ask("select feed from ledgerloop.progress")).toEqual([]);
  expect((await house.run({}, small)).report?.outcome).toBe("published");
  expect(given).toEqual([null, null, null]);
  expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "3" }]);
});

test("a token belongs to what was asked for: a run with keys does not go on from one without", async () => {
  const { folders, given, readerOf } = await opened();
  await using _ = folders;
  const { house } = folders;
  const breaking: Engine["readerOf"] = async (source) => {
    const reader = await readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        if (source.id !== "late") return reader.extract(request);
        given.push(await request.progress("late.entries").read());
        await request.progress("late.entries").keep("so far");
        throw new Died("extract");
      },
    };
  };
  for (const choice of [{}, {}, { keys: true }, { keys: true }]) {
    await expect(house.run(choice, { readerOf: breaking })).rejects.toThrow(Died);
    await released(folders);
  }
  expect(given).toEqual([null, "so far", null, "so far"]);
});
