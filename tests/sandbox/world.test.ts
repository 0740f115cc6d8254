import type pg from "pg";
import { expect, test } from "vitest";
import { billingBook } from "../../sandbox/billing/book.ts";
import { type BillingFeed, columnNames, FEEDS } from "../../sandbox/billing/tables.ts";
import { createWorld, type World } from "../../sandbox/world/world.ts";
import { freshDatabase } from "../support/postgres.ts";

async function inDatabase(client: pg.Client, feed: BillingFeed): Promise<string[]> {
  const names = columnNames(feed);
  // A boolean prints as in COPY, not as its cast to text.
  const texts = names.map(
    (name) => `case when pg_typeof(${name}) = 'boolean'::regtype then left(${name}::text, 1) else ${name}::text end`,
  );
  const { rows } = await client.query<{ row: string }>(`select json_build_array(${texts.join(", ")})::text as row from ${feed}`);
  return rows.map((r) => JSON.stringify(JSON.parse(r.row))).sort();
}

function inTruth(world: World, feed: BillingFeed, without: readonly string[] = []): string[] {
  const names = columnNames(feed).filter((name) => !without.includes(name));
  const rows = world.sight().rows.get(feed) ?? [];
  return rows.map((row) => JSON.stringify(names.map((name) => row.cells[name] ?? null))).sort();
}

test("the truth equals the database after every hour", async () => {
  await using db = await freshDatabase();
  await using world = await createWorld({ books: [billingBook(db)], seed: 7, scale: 0.3 });
  const client = await db.client();
  await client.query("set timezone = 'UTC'");
  for (let hour = 0; hour < 26; hour += 1) {
    await world.playHour();
    for (const feed of FEEDS) expect(inTruth(world, feed), `${feed} in hour ${hour}`).toEqual(await inDatabase(client, feed));
  }
});

test("equal seeds give equal worlds, other seeds other ones", async () => {
  const play = async (seed: number) => {
    await using db = await freshDatabase();
    await using world = await createWorld({ books: [billingBook(db)], seed, scale: 0.2 });
    for (let hour = 0; hour < 8; hour += 1) await world.playHour();
    return FEEDS.map((feed) => inTruth(world, feed, feed === "billing.payments" ? ["updated_at"] : []));
  };
  const first = await play(11);
  expect(await play(11)).toEqual(first);
  expect(await play(12)).not.toEqual(first);
});

test("every hour but the empty ones changes something, and every fault is planted in a day", async () => {
  await using db = await freshDatabase();
  await using world = await createWorld({ books: [billingBook(db)], seed: 3, scale: 0.2 });
  for (let hour = 0; hour < 24; hour += 1) {
    const before = JSON.stringify(FEEDS.map((feed) => inTruth(world, feed)));
    await world.playHour();
    const same = before === JSON.stringify(FEEDS.map((feed) => inTruth(world, feed)));
    expect(same, `hour ${hour}`).toBe(hour === 9 || hour === 17);
  }
  const planted = new Set(world.sight().tags.values());
  for (const fault of [
    "null_customer_id",
    "duplicate_copy",
    "duplicate_contender",
    "duplicate_across_hours",
    "orphan_heals",
  ] as const) {
    expect(planted).toContain(fault);
  }
  expect(planted.size).toBeGreaterThanOrEqual(15);
});
