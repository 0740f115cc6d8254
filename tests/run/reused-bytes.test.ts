import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";

const HOUR = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

/** Runs the hour until it begins to judge what it landed, and dies there. */
async function die(house: House): Promise<void> {
  const emit = (event: { event: string; stage?: string }) => {
    if (event.event === "stage-started" && event.stage === "judge") throw new Error("the process died here");
  };
  await expect(house.run({ window: HOUR }, { emit })).rejects.toThrow("died");
}

function strict(house: House) {
  const groups = [...house.pipeline.groups].map(
    ([name, g]) => [name, { ...g, gates: { ...g.gates, quarantinedMinor: { "*": "1" } } }] as const,
  );
  const pipeline = { ...house.pipeline, groups: new Map(groups) };
  return { pipeline, reread: () => pipeline };
}

const reused = (run: Awaited<ReturnType<House["run"]>>) => run.report?.stages.find((s) => s.stage === "extract")?.skipped ?? null;

test("bytes of a run that died are not used again once a run that used them was blocked: a fix at the source counts", async () => {
  await using house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -5, 'USD')",
  );
  await die(house);
  const blocked = await house.run({ window: HOUR }, strict(house));
  expect(reused(blocked)).toBe("landed before");
  expect(blocked.report?.outcome).toBe("blocked");
  await house.source.query("update app.entries set amount = 5, chg = pg_current_xact_id() where id = 3");
  const repeated = await house.run({ window: HOUR }, strict(house));
  expect(reused(repeated)).toBeNull();
  expect(repeated.report?.outcome).toBe("published");
});

test("bytes that a run refused as incomplete are not used again: the next run reads the source", async () => {
  await using house = await open();
  await house.run();
  const session = await house.engine.warehouse.open({
    purpose: "a cursor ahead of the horizon, as a standby that lags shows it",
  });
  await session.transaction(() =>
    session.run({
      name: "ahead",
      sql: `update ops.feed_horizon set cursor_position = '{"xid":"' || (cast(json_extract_string(cursor_position, '$.xid') as bigint) + 2) || '"}'`,
    }),
  );
  await session.close();
  // The snapshot's xmax has reached the cursor, its xmin not yet.
  const other = new pg.Client({ connectionString: house.env["APP_URL"] });
  await other.connect();
  await other.query("begin; select pg_current_xact_id()");
  for (let i = 0; i < 4; i += 1) await house.source.query("select pg_current_xact_id()");
  expect((await house.run({ window: HOUR })).failure?.exitCode).toBe(20);
  await other.query("commit");
  await other.end();
  const repeated = await house.run({ window: HOUR });
  expect(repeated.failure?.message).toBeUndefined();
  expect(repeated.report?.outcome).toBe("published");
});

test("a landed file that is missing is noticed, and the source is read again", async () => {
  await using house = await open();
  await die(house);
  const folder = join(house.folder, "objects/landing/app/entries");
  rmSync(join(folder, readdirSync(folder)[0] ?? "", "part-000.csv"));
  expect((await house.run({ window: HOUR, sameExtract: true })).failure?.exitCode).toBe(20);
  const repeated = await house.run({ window: HOUR });
  expect(reused(repeated)).toBeNull();
  expect(repeated.report?.outcome).toBe("published");
});

test("attempts that found the group held do not push the landed bytes out of sight", async () => {
  await using house = await open();
  await die(house);
  await acquireLease(house.store, { group: "desk", runId: "other", aboveToken: "0", seconds: 60 });
  for (let i = 0; i < 6; i += 1) expect((await house.run({ window: HOUR })).failure?.exitCode).toBe(40);
  await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
  expect(reused(await house.run({ window: HOUR }))).toBe("landed before");
});
