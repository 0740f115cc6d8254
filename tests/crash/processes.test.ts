import { expect, test } from "vitest";
import { startProgram } from "../support/child.ts";
import { expireLeases, openCopy, openCrashSite, programArgs, repeatProgram } from "../support/crashing.ts";
import type { Moment } from "../support/fuse.ts";
import { SECOND } from "../support/hours.ts";
import { startPaused } from "../support/paused.ts";

const AFTER_LANDING: Moment = { kind: "objects", what: "size", at: 1, when: "after" };

test("two processes run one window at once: one publishes, the other says by whom, or that the group is held", async () => {
  await using site = await openCrashSite(SECOND);
  using place = await openCopy(site);
  await expireLeases(site.house);
  const runs = [1, 2].map(() => startProgram(programArgs(site), place.env).end);
  const codes = (await Promise.all(runs)).map((end) => end.code).sort();
  expect([
    [0, 0],
    [0, 40],
  ]).toContainEqual(codes);
  expect(await place.published()).toEqual(site.clean);
  expect(await repeatProgram(site, place)).toBe(1);
  expect(await place.published()).toEqual(site.clean);
});

test("two nights compare at once, beside an hourly run: each ends, and nothing differs", async () => {
  await using site = await openCrashSite(SECOND);
  using place = await openCopy(site);
  await expireLeases(site.house);
  const pipeline = ["--pipeline", site.house.pipeline.directory];
  const nights = [1, 2].map(() => startProgram(["reconcile", "run", ...pipeline], place.env).end);
  const [run, ...ended] = await Promise.all([startProgram(programArgs(site), place.env).end, ...nights]);
  expect([0, 40]).toContain(run?.code);
  for (const { code, err } of ended) expect([0, 40], err).toContain(code);
  expect(await repeatProgram(site, place)).toBe(1);
  expect((await startProgram(["reconcile", "run", ...pipeline], place.env).end).code).toBe(0);
});

test("a process that stood still while its lease ran out and another published changes nothing: exit 30", async () => {
  await using site = await openCrashSite(SECOND);
  using place = await openCopy(site);
  await expireLeases(site.house);
  const first = await startPaused(site, place, AFTER_LANDING);
  await expireLeases(site.house);
  expect((await startProgram(programArgs(site), place.env).end).code).toBe(0);
  expect(await place.published()).toEqual(site.clean);
  const late = await first.goOn();
  expect(late.code, late.err).toBe(30);
  expect(await place.published()).toEqual(site.clean);
});

test.each<[string, Moment, number]>([
  ["begin", { kind: "warehouse", what: "begin.fence", at: 1, when: "before" }, 40],
  ["extract", { kind: "objects", what: "put", at: 1, when: "before" }, 40],
  ["verify", AFTER_LANDING, 40],
  ["judge", { kind: "warehouse", what: "raw.app.entries", at: 1, when: "after" }, 40],
  ["publish, before its transaction", { kind: "warehouse", what: "touched.entry", at: 1, when: "after" }, 40],
  ["publish, in its transaction", { kind: "warehouse", what: "publish.fence", at: 1, when: "after" }, 0],
])("a run that is cancelled in %s ends as documented, and the repetition is the clean run", async (_, moment, code) => {
  await using site = await openCrashSite(SECOND);
  using place = await openCopy(site);
  await expireLeases(site.house);
  const run = await startPaused(site, place, moment);
  const pipeline = ["--pipeline", site.house.pipeline.directory];
  expect((await startProgram(["cancel", run.runId, ...pipeline], place.env).end).code).toBe(0);
  const ended = await run.goOn();
  expect(ended.code, ended.err).toBe(code);
  expect(await place.published()).toEqual(code === 0 ? site.clean : site.before);
  expect(await repeatProgram(site, place)).toBe(1);
  expect(await place.published()).toEqual(site.clean);
});
