import fc from "fast-check";
import { expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { cases } from "../support/cases.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { expectFull } from "../support/expect-full.ts";
import { aroundWarehouse } from "../support/fuse.ts";
import { OTHER_SELECTS, RECOMPUTED_HOURS } from "../support/linked-hours.ts";

const [ACCOUNTS, ENTRIES] = ["app.accounts", "app.entries"];

const anyAccount = fc.record({ id: fc.integer({ min: 1, max: 3 }), name: fc.constantFrom("x", "y", "z") });
/** Bad where the amount is negative, held where its account is not there yet. */
const anyEntry = fc.record({
  id: fc.integer({ min: 1, max: 5 }),
  parent: fc.constantFrom("K1", "K2", "K3"),
  memo: fc.option(fc.constantFrom("m1", "m2")),
  amount: fc.constantFrom(100, 250, -1),
  currency: fc.constantFrom("USD", "JPY"),
});
const anyTable = fc.constantFrom("link", "settled", "memo_total");
/** Beside rows: a table whose SELECT is another one from now on, or the first one again. */
const anyHour = fc.record({
  accounts: fc.uniqueArray(anyAccount, { selector: ({ id }) => id, maxLength: 2 }),
  entries: fc.uniqueArray(anyEntry, { selector: ({ id }) => id, maxLength: 4 }),
  left: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 })),
  other: fc.option(anyTable, { freq: 3 }),
  recompute: fc.option(anyTable, { freq: 5 }),
});

/** Tables whose SELECTs are other ones, in hours that may each change one of them. */
function otherTables(hours: readonly { readonly other: string | null }[]): string[][] {
  const now = new Set<string>();
  return hours.map(({ other }) => {
    if (other !== null && !now.delete(other)) now.add(other);
    return [...now];
  });
}

test("tables over tables are, by their touched keys and whatever their SELECTs become, what these give over everything before them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHour, { minLength: 2, maxLength: 5 }), async (hours) => {
      await using desk = openDesk("linked");
      const asWritten = desk.pipeline;
      const others = otherTables(hours);
      for (const [v, { accounts, entries, left, recompute }] of hours.entries()) {
        const adjust = () =>
          (others[v] ?? []).reduce((pipeline, table) => OTHER_SELECTS[table]?.(pipeline) ?? pipeline, asWritten);
        if (recompute !== null && v > 0) {
          expect((await desk.play({ rows: {}, recompute: [recompute], adjust })).outcome.outcome).toBe("published");
          await expectFull(desk);
        }
        const present = [1, 2, 3, 4, 5].filter((id) => !left?.includes(id) || entries.some((one) => one.id === id));
        const played = await desk.play({
          adjust,
          rows: {
            [ACCOUNTS]: accounts.map(({ id, name }) => account(id, `K${id}`, { name, v: v + 1 })),
            [ENTRIES]: entries.map(({ id, parent, ...more }) => entry(id, `e${id}`, { account_id: parent, ...more })),
          },
          ...(left === null ? {} : { keys: { [ENTRIES]: present.map((id) => ({ id })) } }),
        });
        expect(played.outcome.outcome).toBe("published");
        await expectFull(desk);
      }
    }),
    { numRuns: cases(5) },
  );
}, 900_000);

test("models are made in the order of what they read, whatever order the group lists them in", async () => {
  await using desk = openDesk("linked");
  expect(desk.pipeline.groups.get("desk")?.models).toEqual(["account", "link", "settled", "memo_total"]);
});

test.each([
  ["an hour", 1],
  ["an hour with another SELECT", 4],
])(
  "%s that is broken off at any statement of theirs publishes nothing of any table, and repeated publishes all",
  async (_, nth) => {
    await using desk = openDesk("linked");
    const hour = RECOMPUTED_HOURS[nth] ?? expect.fail();
    for (const before of RECOMPUTED_HOURS.slice(0, nth)) await desk.play(before);
    const published = async () => [
      await desk.query("select * from curated.settled__rows order by all"),
      await desk.query("select * from curated.memo_total__rows order by all"),
      await desk.query("select * from history.settled order by all"),
      await desk.query("select * from curated.link__rows order by all"),
      await desk.query("select * from ops.audit_event where event = 'model.recomputed' order by all"),
    ];
    const before = await published();
    /** Plays the hour up to one of those statements. @returns what it ended with, and how many of them were executed. */
    const play = async (upTo: number) => {
      let executed = 0;
      const after = (_: unknown, what: string) => {
        if (!/^(touched|made|computed|differing|curated|history)/.test(what)) return;
        executed += 1;
        if (executed === upTo) throw new Error(`broken off behind ${what}`);
      };
      const whole = await desk.open();
      const opening = { dialect: duckdbDialect, open: async () => whole };
      const session = await aroundWarehouse(opening, { before: () => undefined, after }).open({ purpose: "hour" });
      const again = { ...hour, at: "2026-11-02T00:00:00Z" };
      const ended = await desk.play(again, { session, dialect: duckdbDialect }).catch((error: Error) => error.message);
      await whole.close();
      return { ended: typeof ended === "string" ? ended : ended.outcome.outcome, executed };
    };
    let upTo = 1;
    for (; ; upTo += 1) {
      const { ended, executed } = await play(upTo);
      if (executed < upTo) {
        expect(ended).toBe("published");
        break;
      }
      expect(ended).toMatch(/^broken off behind/);
      expect(await published()).toEqual(before);
    }
    expect(upTo).toBeGreaterThan(15);
    expect(await published()).not.toEqual(before);
    await expectFull(desk);
  },
);
