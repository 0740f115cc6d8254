import fc from "fast-check";
import { expect, test } from "vitest";
import { moveStaging } from "../../src/publish/rename.ts";
import { derivedText } from "../../src/warehouse/derived-text.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { cases } from "../support/cases.ts";
import { type Desk, openDesk } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";
import { charge, transfer, UNITED_HOURS } from "../support/united-hours.ts";

const [CHARGES, TRANSFERS] = ["app.charges", "app.transfers"];

const anyCharge = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  number: fc.integer({ min: 1, max: 4 }),
  amount: fc.constantFrom(100, 250, -1),
});
const anyTransfer = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  bank: fc.constantFrom("N", "N:1", "\\"),
  number: fc.constantFrom("1", "1:2", ":2", "2"),
  amount: fc.constantFrom(100, 250, -1),
});
const byId = { selector: ({ id }: { id: number }) => id, maxLength: 3 };
const anyHour = fc.record({
  charges: fc.uniqueArray(anyCharge, byId),
  transfers: fc.uniqueArray(anyTransfer, byId),
  left: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })),
});

test("a table that unites feeds under derived keys is what its SELECT gives, and unlike rows have unlike keys", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyHour, { minLength: 2, maxLength: 4 }), async (hours) => {
      await using desk = openDesk("united");
      for (const { charges, transfers, left } of hours) {
        const present = [1, 2, 3, 4].filter((id) => !left?.includes(id) || transfers.some((one) => one.id === id));
        const played = await desk.play({
          rows: {
            [CHARGES]: charges.map(({ id, number, amount }) => charge(id, number, { amount })),
            [TRANSFERS]: transfers.map(({ id, bank, number, amount }) => transfer(id, [bank, number], { amount })),
          },
          ...(left === null ? {} : { keys: { [TRANSFERS]: present.map((id) => ({ id })) } }),
        });
        expect(played.outcome.outcome).toBe("published");
        await expectFull(desk);
      }
      expect(
        await desk.query(
          "select (select count(*) from curated.payment) = (select count(*) from staging.app_charges) + (select count(*) from staging.app_transfers) as same",
        ),
      ).toEqual([{ same: "true" }]);
    }),
    { numRuns: cases(6) },
  );
}, 900_000);

const keys = (desk: Desk) => desk.query("select payment_id, amount from curated.payment order by 1");

test("keys of the template, with what would end a column marked", async () => {
  await using desk = openDesk("united");
  for (const hour of UNITED_HOURS.slice(0, 2)) await desk.play(hour);
  expect(await keys(desk)).toEqual([
    { payment_id: "bank:N:1", amount: "250" },
    { payment_id: "bank:N:1:2", amount: "250" },
    { payment_id: "bank:N\\:1:2", amount: "250" },
    { payment_id: "card:1", amount: "100" },
    { payment_id: "card:3", amount: "70" },
  ]);
  await desk.play(UNITED_HOURS[2] ?? expect.fail());
  expect(await keys(desk)).toHaveLength(4);
  expect(await desk.query("select amount from curated.received order by source")).toEqual([{ amount: "500" }, { amount: "170" }]);
});

test("a rename makes the text anew", async () => {
  await using desk = openDesk("united");
  const feed = desk.pipeline.feeds.get(TRANSFERS) ?? expect.fail();
  const [derived = expect.fail()] = feed.contract.derived;
  const [group = expect.fail()] = desk.pipeline.groups.values();
  const writing = { publicationId: "desk-2", group: "desk", number: 2n, now: "now()" };
  const move = moveStaging(duckdbDialect, { feed, group, was: "app.wires", writing });
  expect(move?.put.sql).toContain(`${derivedText(duckdbDialect, derived, "s")}, `);
});
