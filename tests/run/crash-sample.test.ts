import { expect, test } from "vitest";
import { failAt, killAt, openSite } from "../support/crashing.ts";
import { expectWhole } from "../support/expect-whole.ts";
import type { Moment } from "../support/fuse.ts";
import { SECOND } from "../support/hours.ts";

const FAILED: readonly Moment[] = [
  { kind: "warehouse", what: "staging-insert.app.entries", at: 1, when: "before" },
  { kind: "warehouse", what: "ledger.verdict", at: 1, when: "before" },
  { kind: "store", at: 9, when: "before" },
  { kind: "objects", what: "putIfAbsent", at: 2, when: "before" },
];

const KILLED: readonly Moment[] = [
  { kind: "warehouse", what: "ledger.verdict", at: 1, when: "after" },
  { kind: "store", at: 15, when: "before" },
];

/** Some of what `npm run test:crash` does for every call. */
test("a run that fails or is killed at some of its calls, repeated, is the clean run; readers never see half", async () => {
  await using site = await openSite(SECOND);
  expect(site.clean).not.toEqual(site.before);
  for (const [breakOff, moments] of [
    [failAt, FAILED],
    [killAt, KILLED],
  ] as const) {
    for (const moment of moments) {
      const run = await breakOff(site, moment);
      expect(run.reached).toBe(true);
      expectWhole(site, run, `${breakOff.name} ${JSON.stringify(moment)}`);
    }
  }
});
