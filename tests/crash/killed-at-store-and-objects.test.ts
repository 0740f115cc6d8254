import { test } from "vitest";
import { killAt, openCrashSite } from "../support/crashing.ts";
import { expectWholeAtEvery } from "../support/expect-whole.ts";
import { FIRST, SECOND } from "../support/hours.ts";

test.each([
  ["store", FIRST],
  ["store", SECOND],
  ["objects", FIRST],
  ["objects", SECOND],
] as const)(
  "a process killed before its n-th %s call, repeated, is the clean run; readers never see half: for every sampled n",
  async (kind, hour) => {
    await using site = await openCrashSite(hour);
    await expectWholeAtEvery(site, { kind, when: "before" }, killAt);
  },
);
