import { expect, test } from "vitest";
import { failAt, killAt, openSite } from "../support/crashing.ts";
import { expectWhole } from "../support/expect-whole.ts";
import { SECOND } from "../support/hours.ts";

/** Some of what `npm run test:crash` does for every call. */
test("a run that fails or is killed at some of its calls, repeated, is the clean run; readers never see half", async () => {
  await using site = await openSite(SECOND);
  expect(site.clean).not.toEqual(site.before);
  for (const [kind, calls] of [
    ["warehouse", [40, 112]],
    ["store", [9]],
    ["objects", [8]],
  ] as const) {
    for (const at of calls) expectWhole(site, await failAt(site, { kind, at, when: "before" }), `${kind} call ${at} failed`);
  }
  for (const moment of [
    { kind: "warehouse", at: 112, when: "after" },
    { kind: "store", at: 15, when: "before" },
  ] as const) {
    expectWhole(site, await killAt(site, moment), `a kill ${moment.when} ${moment.kind} call ${moment.at}`);
  }
});
