import { expect, test } from "vitest";
import type { FeedChange } from "../../src/publish/staging.ts";
import { collectTouched } from "../../src/publish/touched.ts";
import { mentionsIn } from "../../src/sql/tokens.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { openDesk } from "../support/desk.ts";

/** How often staging is read for the touched keys of `movement_tie` when a feed's rows change. */
async function readsOfStaging(feed: string, rows: Pick<FeedChange, "hasUpdated" | "hasVanished">): Promise<number[]> {
  await using desk = openDesk("bank");
  const { feeds, models } = desk.pipeline;
  const model = models.get("movement_tie") ?? expect.fail();
  const change = { input: { feed: feeds.get(feed) ?? expect.fail() }, ...rows } as unknown as FeedChange;
  return [duckdbDialect, snowflakeDialect].map(
    (dialect) =>
      [...mentionsIn(collectTouched(dialect, model, { feeds: [change], tables: [], named: [] }).sql, "staging")].length,
  );
}

test("replaced rows are read for the keys that they had, but where the key is their source key", async () => {
  expect(await readsOfStaging("bank.movements", { hasUpdated: true, hasVanished: false })).toEqual([0, 0]);
  expect(await readsOfStaging("bank.movements", { hasUpdated: true, hasVanished: true })).toEqual([1, 1]);
  // Orders name the movements that they are: which, an update may change. Each of two columns leads to keys.
  expect(await readsOfStaging("bank.orders", { hasUpdated: true, hasVanished: false })).toEqual([2, 2]);
  expect(await readsOfStaging("bank.orders", { hasUpdated: true, hasVanished: true })).toEqual([4, 4]);
});
