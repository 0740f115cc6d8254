import { expect, test } from "vitest";
import { openSite } from "../support/crashing.ts";
import { expectInterleaved } from "../support/expect-interleaved.ts";
import { SECOND } from "../support/hours.ts";

const SEEDS = 200;

test("runs of one hour at once, interleaved by 200 seeds: published once, and repeated the clean run", async () => {
  await using site = await openSite(SECOND);
  const endings = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    for (const ending of await expectInterleaved(site, seed)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }
  // The seeds meet every way in which such a run can end.
  expect([...endings.keys()].sort()).toEqual(["already_published", "crashed", "exit 30", "exit 40", "published"]);
});
