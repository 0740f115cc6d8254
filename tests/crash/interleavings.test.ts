import { expect, test } from "vitest";
import { openCrashSite } from "../support/crashing.ts";
import { expectInterleaved } from "../support/expect-interleaved.ts";
import { SECOND } from "../support/hours.ts";
import { IS_WHOLE, seeds } from "../support/sampled.ts";

const SEEDS = seeds(200);

test(`runs of one hour at once, interleaved by seeds ${SEEDS[0]} to ${SEEDS.at(-1)}: published once, and repeated the clean run`, async () => {
  await using site = await openCrashSite(SECOND);
  const endings = new Map<string, number>();
  for (const seed of SEEDS) {
    for (const ending of await expectInterleaved(site, seed)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }
  // Together the seeds meet every way in which such a run can end.
  if (IS_WHOLE) expect([...endings.keys()].sort()).toEqual(["already_published", "crashed", "exit 30", "exit 40", "published"]);
});
