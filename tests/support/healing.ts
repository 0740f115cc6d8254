import { expect } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import { type HealPlan, planHeal } from "../../src/reconcile/heal.ts";
import { type Break, breaksIn, readEvents } from "../../src/reconcile/kept-breaks.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import { provingTools } from "./compared-house.ts";
import type { SourcelessHouse } from "./engine.ts";
import { expectEnded } from "./same-as-account.ts";

/** Compares everything with its landing and keeps that. @returns the breaks that are open, by class, feed and key. */
export async function night(house: SourcelessHouse): Promise<Break[]> {
  const tools = { ...provingTools(house), hasContents: () => false };
  const { dialect } = tools.warehouse;
  const asked = { only: null, legs: new Set(["R1", "R2", "R4"] as const), tiers: new Set(["all"] as const), budget: null };
  const telling = { signal: new AbortController().signal, tell: () => undefined, onRead: () => undefined };
  return reconcile(tools, { ...asked, ...telling, keep: { reason: "test" } }, async (session) =>
    breaksIn(await readEvents(session, dialect, {})).filter(({ isOpen }) => isOpen),
  );
}

/** Breaks by class, feed and key. */
export const told = (breaks: readonly Break[]) =>
  breaks.map(({ class: is, of, key }) => [is, of, ...Object.values(key)].join(" ")).sort();

/** What a heal of breaks would do. */
export async function planned(
  house: SourcelessHouse,
  breaks: readonly Break[],
  readsByKey: (feed: Feed) => boolean,
): Promise<HealPlan> {
  const { pipeline, engine } = house;
  const readByKey = new Set([...pipeline.feeds.values()].filter(readsByKey).map(({ id }) => id));
  const session = await engine.warehouse.open({ purpose: "test", readOnly: true });
  try {
    const asked = { pipeline, readByKey, reason: "by hand", ticket: null, breaks };
    return await planHeal(session, engine.warehouse.dialect, asked);
  } finally {
    await session.close();
  }
}

/** Heals all that can be healed, and compares again. */
export async function healed(
  house: SourcelessHouse,
  breaks: readonly Break[],
  readsByKey: (feed: Feed) => boolean,
): Promise<void> {
  const { requests, notHealed } = await planned(house, breaks, readsByKey);
  expect(notHealed.filter(({ broken }) => broken.class !== "unexplained").map(({ why }) => why)).toEqual([]);
  for (const request of requests) expectEnded(await house.perform(request), "published");
  expect(told(await night(house))).toEqual([]);
}

/** Breaks beside the source, told. */
export const atSource = (breaks: readonly Break[]) =>
  told(breaks.filter(({ leg, class: is }) => leg === "R1" && is !== "unexplained"));

/** Of a few rows one that goes is a large share. */
export const mayGo = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  groups: new Map([...pipeline.groups].map(([name, group]) => [name, { ...group, gates: { ...group.gates, vanishedShare: 1 } }])),
});
