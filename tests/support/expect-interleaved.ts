import { expect } from "vitest";
import type { CrashSite } from "./crashing.ts";
import { interleave } from "./interleaving.ts";

const DOCUMENTED = ["published", "already_published", "exit 30", "exit 40", "crashed"];

/** However the calls of several runs fall between each other: one of them publishes at most, readers see all or nothing, and repeated it is the clean run. */
export async function expectInterleaved(site: CrashSite, seed: number): Promise<readonly string[]> {
  const what = `seed ${seed}`;
  const run = await interleave(site, seed);
  expect(DOCUMENTED, what).toEqual(expect.arrayContaining([...run.endings]));
  expect(run.endings.filter((e) => e === "published").length, what).toBeLessThanOrEqual(1);
  for (const seen of run.seen) expect([site.before, site.clean], `what a reader saw, ${what}`).toContainEqual(seen);
  expect(run.after, `the run repeated, ${what}`).toEqual(site.clean);
  return run.endings;
}
