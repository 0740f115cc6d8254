import fc from "fast-check";
import { expect, test } from "vitest";
import { bankHour, movementOf, orderOf } from "../support/bank-hours.ts";
import { cases } from "../support/cases.ts";
import { openDesk } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";

const number = fc.integer({ min: 1, max: 4 });
const name = fc.constantFrom("m1", "m2", "m3", "m4", "m5");
const amount = fc.constantFrom(100, -100, 80);

const order = fc.record({ no: number, moved: fc.option(name), returned: fc.option(name), isBad: fc.boolean() });
const movement = fc.record({ id: name, no: fc.option(number), amount });
const hour = fc.record({
  orders: fc.uniqueArray(order, { selector: ({ no }) => no, maxLength: 4 }),
  movements: fc.uniqueArray(movement, { selector: ({ id }) => id, maxLength: 5 }),
  gone: fc.option(fc.uniqueArray(number, { maxLength: 2 })),
});

/** No movement differs for good here: the rule would stop what is looked at. */
const told = (moved: string | null, returned: string | null) => ({
  ...(moved === null ? {} : { moved }),
  ...(returned === null || returned === moved ? {} : { returned }),
});

test("a table that joins several feeds is, by its touched keys, what its SELECT gives over all of staging", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hour, { minLength: 2, maxLength: 5 }), async (hours) => {
      await using desk = openDesk("bank");
      for (const [v, { orders, movements, gone }] of hours.entries()) {
        const rows = orders.map(({ no, moved, returned, isBad }) => ({
          ...orderOf({ no, v: v + 1, ...told(moved, returned) }),
          ...(isBad ? { amount: -1 } : {}),
        }));
        const present = [1, 2, 3, 4].filter((no) => !gone?.includes(no) || orders.some((one) => one.no === no));
        const played = await desk.play({
          ...bankHour(
            rows,
            movements.map(({ no, ...one }) => movementOf({ ...one, v: v + 1, ...(no === null ? {} : { no }) })),
          ),
          ...(gone === null ? {} : { keys: { "bank.orders": present.map((no) => ({ desk: "A|1\\", order_no: no })) } }),
          adjust: (pipeline) => ({
            ...pipeline,
            models: new Map(
              [...pipeline.models].map(([table, model]) => [table, { ...model, contract: { ...model.contract, rules: [] } }]),
            ),
          }),
        });
        expect(played.outcome.outcome).toBe("published");
        await expectFull(desk);
      }
    }),
    { numRuns: cases(3) },
  );
});
