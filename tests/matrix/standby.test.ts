import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestCluster } from "../support/cluster.ts";
import { ownTestCluster } from "../support/postgres.ts";
import type { Mode } from "./kinds.ts";
import { openWorld, type World } from "./world.ts";

let primary: TestCluster;
let standby: TestCluster;

beforeAll(async () => {
  primary = await ownTestCluster();
  standby = await primary.standby();
});

afterAll(() => standby.stop());

async function answer(cluster: TestCluster, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.url("postgres") });
  await client.connect();
  try {
    const { rows } = await client.query<{ is: string }>(sql);
    return rows[0]?.is ?? "";
  } finally {
    await client.end();
  }
}

/** Waits until the standby shows all that the primary has written so far. */
async function caughtUp(): Promise<void> {
  const written = await answer(primary, "select pg_current_wal_insert_lsn()::text as is");
  const shown = `select (pg_last_wal_replay_lsn() >= '${written}')::text as is`;
  while ((await answer(standby, shown)) !== "true") await sleep(20);
}

const ordinary = `insert into shop.bills (id, bill_id, amount, currency) values (9, 'B9', 900, 'USD');
update shop.bills set amount = 201 where id = 2`;

/** A source that stands on both, read from the one or the other. */
async function openBoth(mode: Mode): Promise<World & { from(cluster: TestCluster): void }> {
  const world = await openWorld({ kind: "table", mode });
  await caughtUp();
  const { database, reader } = world.site;
  const from = (cluster: TestCluster) => world.declare({ url: cluster.url(database, { name: reader, password: "test" }) });
  return { ...world, from };
}

test.each(["xid", "whole"] as const)(
  "%s: what is published is never taken back by a standby that lags; when it has caught up it is read",
  async (mode) => {
    await using world = await openBoth(mode);
    await answer(standby, "select pg_wal_replay_pause()::text as is");
    await world.site.write(ordinary);
    expect(await world.run()).toMatchObject({ exit: 0 });

    world.from(standby);
    for (const choice of [{}, { keys: true }]) {
      const { exit, says } = await world.run(choice);
      expect([exit, says]).toEqual([40, expect.stringMatching(/replays until .*\n.*repeat the same `ledgerloop run`/)]);
      expect(says).not.toMatch(/--full/);
    }
    expect(await world.differences()).toMatchObject({ missing: [], surplus: [] });

    await answer(standby, "select pg_wal_replay_resume()::text as is");
    await world.site.write("insert into shop.bills (id, bill_id, amount, currency) values (10, 'B10', 1, 'USD')");
    await caughtUp();
    expect(await world.run()).toMatchObject({ exit: 0 });
    expect(await world.run({ keys: true })).toMatchObject({ exit: 0 });
    expect(await world.differences()).toEqual({ missing: [], surplus: [], missingKeys: [], surplusKeys: [] });
  },
);

test("xid: a standby is read from the first run on, and the primary after it", async () => {
  await using world = await openBoth("xid");
  world.from(standby);
  expect(await world.run()).toMatchObject({ exit: 0 });
  await world.site.write(ordinary);
  await caughtUp();
  expect(await world.run()).toMatchObject({ exit: 0 });
  expect(await world.differences()).toMatchObject({ missing: [] });
  await world.site.write("update shop.bills set amount = 7 where id = 7");
  world.from(primary);
  expect(await world.run()).toMatchObject({ exit: 0 });
  expect(await world.differences()).toMatchObject({ missing: [], surplus: [] });
});

test("updated_at: a standby knows of no open transaction, so the primary is asked for", async () => {
  await using world = await openBoth("updated_at");
  world.from(standby);
  const { exit, says } = await world.run();
  expect([exit, says]).toEqual([20, expect.stringMatching(/is a standby.*\n.*at the primary/)]);
});
