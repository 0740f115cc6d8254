import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";
import { account, adjusted, entry, withSource } from "../sources/conformance-subject.ts";
import { openTwoFolders } from "../support/two-folders.ts";

const withoutVanishedLimit = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  groups: new Map([...pipeline.groups].map(([name, g]) => [name, { ...g, gates: { ...g.gates, vanishedShare: 1 } }])),
});

test("an instalment is not all of its feed, also where its adapter says that it reads the feed whole", async () => {
  await using folders = await openTwoFolders();
  const { house, accounts, entries } = folders;
  const small = withSource({ budget: { requests: 1, seconds: null } });
  const changed = adjusted(house, (pipeline) => small(withoutVanishedLimit(pipeline)));
  accounts.put([account(1)]);
  for (const id of [1, 2, 3]) entries.put([entry(id)]);
  const readerOf: Engine["readerOf"] = async (source) => {
    const reader = await house.engine.readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        const given = await reader.extract(request);
        const whole = { from: null, whole: true };
        return { ...given, extracts: given.extracts.map((e) => (e.loading ? { ...e, request: whole } : e)) };
      },
    };
  };
  for (const rows of ["1", "2", "3"]) {
    expect((await house.run({}, { ...changed, readerOf })).report?.outcome).toBe("published");
    expect(await house.query("select count(*) as n from staging.late_entries")).toEqual([{ n: rows }]);
    const newest =
      "select as_of is not null as known from ops.feed_horizon where feed = 'late.entries' order by number desc limit 1";
    expect(await house.query(newest)).toEqual([{ known: String(rows === "3") }]);
  }
});
