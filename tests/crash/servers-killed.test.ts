import { expect, test } from "vitest";
import { type CrashSite, openCopy, openCrashSite, repeatProgram } from "../support/crashing.ts";
import { aroundEngine, atMoment, type Moment } from "../support/fuse.ts";
import { SECOND } from "../support/hours.ts";

/** Runs the hour with something that happens to a server at a moment, mends it, and repeats the command: exit 40, never half, then the clean run. */
async function expectSurvived(
  site: CrashSite,
  moment: Moment,
  harm: { readonly hurt: () => Promise<unknown>; readonly mend: () => Promise<void> },
) {
  const { house } = site;
  using place = await openCopy(site);
  let hurt = false;
  const around = atMoment(moment, async () => {
    hurt = true;
    await harm.hurt();
  });
  const ended = await house.run({ window: site.hour.window }, aroundEngine({ ...house.engine, ...place.engine }, around));
  expect(hurt).toBe(true);
  expect(ended.failure?.exitCode, ended.failure?.message).toBe(40);
  expect([site.before, site.clean]).toContainEqual(await place.published());
  await harm.mend();
  await repeatProgram(site, place);
  expect(await place.published()).toEqual(site.clean);
}

test("the source ends the sessions that copy", async () => {
  await using site = await openCrashSite(SECOND);
  const terminate = () =>
    site.house.source.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'ledgerloop extract%'",
    );
  for (const at of [1, 2]) {
    await expectSurvived(
      site,
      { kind: "objects", what: "put", at, when: "before" },
      { hurt: terminate, mend: async () => undefined },
    );
  }
});

test("the source's server is stopped at once while it is read", async () => {
  await using site = await openCrashSite(SECOND, { ownServers: true });
  const { source } = site.house.servers ?? expect.fail("servers of its own");
  await expectSurvived(
    site,
    { kind: "objects", what: "put", at: 1, when: "before" },
    { hurt: source.crash, mend: source.restart },
  );
});

test.each<Moment>([
  { kind: "warehouse", what: "begin.fence", at: 1, when: "before" },
  { kind: "objects", what: "put", at: 1, when: "before" },
  { kind: "warehouse", what: "raw.app.entries", at: 1, when: "after" },
  { kind: "warehouse", what: "publish.fence", at: 1, when: "after" },
  { kind: "warehouse", what: "ledger.verdict", at: 1, when: "after" },
])("the control store's server is stopped at once: $when $what", async (moment) => {
  await using site = await openCrashSite(SECOND, { ownServers: true });
  const { control } = site.house.servers ?? expect.fail("servers of its own");
  await expectSurvived(site, moment, { hurt: control.crash, mend: control.restart });
});
