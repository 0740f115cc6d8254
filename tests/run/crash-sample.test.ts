import { expect, test } from "vitest";
import { openCrashHouse } from "../support/crash-data.ts";
import { failAt } from "../support/crashing.ts";

/** Some of what `npm run test:crash` does for every call. */
test.each([
  ["warehouse", [3, 40, 61, 75, 88, 100, 112]],
  ["store", [2, 9, 15]],
  ["objects", [1, 4, 8]],
] as const)("a run that fails at some %s calls, repeated, is the clean run", async (kind, calls) => {
  await using house = await openCrashHouse();
  const clean = await failAt(house, kind, 0);
  for (const n of calls) expect((await failAt(house, kind, n)).projection, `call ${n}`).toEqual(clean.projection);
});
