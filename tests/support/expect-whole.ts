import { expect } from "vitest";
import { type CrashSite, killAt, type Repeated } from "./crashing.ts";
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

/** A site, and what closes the simulator that it reads. */
export interface OpenSite {
  readonly site: CrashSite<SourcelessHouse>;
  close(): Promise<void>;
}

/** Plays on a site that is opened for it, and closes all of it. */
export async function onSite(open: Promise<OpenSite>, play: (site: OpenSite["site"]) => Promise<void>): Promise<void> {
  const { site, close } = await open;
  await using _ = site;
  try {
    await play(site);
  } finally {
    await close();
  }
}

/** Where a program that keeps pages may be killed: between two objects that it writes. */
export const KILLS = [
  ["in a pack of pages", "putByDigest"],
  ["in a row file", "put"],
  ["between row files and manifests", "putIfAbsent"],
] as const;

/** The program, killed before and behind the second object of a kind and repeated, is the clean run. */
export async function expectWholeWhenKilled(site: OpenSite["site"], what: string): Promise<void> {
  for (const when of ["before", "after"] as const) {
    const run = await killAt(site, { kind: "objects", what, when, at: 2 });
    expect(run.reached, `${when} ${what}`).toBe(true);
    expect(run.between).toEqual(site.before);
    expect(run.after).toEqual(site.clean);
  }
}
