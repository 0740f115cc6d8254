import { expect, test } from "vitest";
import { account, entry } from "../sources/conformance-subject.ts";
import { openTwoFolders } from "../support/two-folders.ts";

test("a cursor that falls is accepted by a whole read with a reason, and by no other run with one", async () => {
  await using folders = await openTwoFolders();
  const { house, accounts, entries } = folders;
  accounts.put([account(1)]);
  entries.put([entry(1)]);
  const ahead = { clock: { now: () => new Date(Date.now() + 3_600_000) } };
  expect((await house.run({}, ahead)).report?.outcome).toBe("published");
  for (const choice of [{}, { reason: "the clock was ahead" }, { full: true }]) {
    const { failure } = await house.run(choice);
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "run.horizon_lowered"]);
  }
  expect((await house.run({ full: true, reason: "the clock was ahead" })).report?.outcome).toBe("published");
  expect((await house.run()).report?.outcome).toBe("published");
});
