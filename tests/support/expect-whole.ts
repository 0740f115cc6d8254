import { expect } from "vitest";
import type { CrashSite, Repeated } from "./crashing.ts";
import type { SourcelessHouse } from "./engine.ts";
import type { Moment } from "./fuse.ts";
import { moments } from "./sampled.ts";

/** A reader saw the state before or after the publication and nothing else, and repeated the run is the clean run. */
export function expectWhole(site: CrashSite<SourcelessHouse>, run: Repeated, what: string): void {
  expect([site.before, site.clean], `what a reader saw after ${what}`).toContainEqual(run.between);
  expect(run.after, `the run repeated after ${what}`).toEqual(site.clean);
}

/** Breaks runs off at the sampled moments of a kind, until one comes to its end without having met it. */
export async function expectWholeAtEvery(
  site: CrashSite<SourcelessHouse>,
  moment: Omit<Moment, "at">,
  breakOff: (site: CrashSite<SourcelessHouse>, moment: Moment) => Promise<Repeated>,
): Promise<void> {
  expect(site.clean).not.toEqual(site.before);
  for (const at of moments()) {
    const run = await breakOff(site, { ...moment, at });
    expectWhole(site, run, `${breakOff.name} ${moment.when} ${moment.kind} call ${at}`);
    if (run.reached) continue;
    expect(run.repetitions).toBe(0);
    expect(at).toBeGreaterThan(5);
    return;
  }
}
