import { test } from "vitest";
import { openSite } from "../support/crashing.ts";
import { expectInterleaved } from "../support/expect-interleaved.ts";
import { SECOND } from "../support/hours.ts";

/** Some of what `npm run test:crash` does for 200 seeds. */
test("runs of one hour at once, however their calls fall between each other: published once, and repeated the clean run", async () => {
  await using site = await openSite(SECOND);
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) await expectInterleaved(site, seed);
});
