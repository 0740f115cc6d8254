import { test } from "vitest";
import { killAt, openCrashSite } from "../support/crashing.ts";
import { expectWholeAtEvery } from "../support/expect-whole.ts";
import { SECOND } from "../support/hours.ts";

test("a process killed before its n-th warehouse statement, repeated, is the clean run; readers never see half: for every sampled n", async () => {
  await using site = await openCrashSite(SECOND);
  await expectWholeAtEvery(site, { kind: "warehouse", when: "before" }, killAt);
});
