import { test } from "vitest";
import { failAt, openCrashSite } from "../support/crashing.ts";
import { expectWholeAtEvery } from "../support/expect-whole.ts";
import { FIRST, SECOND } from "../support/hours.ts";

const KINDS = ["warehouse", "store", "objects"] as const;

test.each([
  ["into an empty warehouse", FIRST],
  ["over existing data", SECOND],
])("a run %s whose n-th call fails, repeated, is the clean run; readers never see half: for every sampled n", async (_, hour) => {
  await using site = await openCrashSite(hour);
  for (const kind of KINDS) await expectWholeAtEvery(site, { kind, when: "before" }, failAt);
});
