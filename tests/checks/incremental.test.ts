import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { openDesk } from "../support/desk.ts";
import { expectFull } from "../support/expect-full.ts";
import { BOOKS, loanOf } from "../support/library-hours.ts";

const loan = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    branch: fc.constantFrom("NORTH", "SOUTH", "EAST", "WEST"),
    returned: fc.constantFrom(null, "2026-11-20", "2026-11-21"),
    state: fc.constantFrom("lent", "returned", "eaten"),
  })
  .map(({ id, branch, returned, state }) => {
    const shown = returned === null && state === "returned" ? "lent" : state;
    return loanOf({ id, branch_code: branch, state: shown, returned_on: returned });
  });

const hour = fc.record({
  loans: fc.uniqueArray(loan, { selector: (row) => row["row_no"], maxLength: 6 }),
  gone: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  keys: fc.boolean(),
});

test("recomputing touched keys gives what the models give over all of staging, aggregates and tombstones included", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hour, { minLength: 2, maxLength: 4 }), async (hours) => {
      await using desk = openDesk("library");
      for (const { loans, gone, keys } of hours) {
        const present = [1, 2, 3, 4, 5, 6].filter((id) => !gone.includes(id) || loans.some((row) => row["row_no"] === id));
        const played = await desk.play({
          rows: { "catalog.books": BOOKS, "catalog.loans": loans },
          ...(keys ? { keys: { "catalog.loans": present.map((id) => ({ row_no: id })) } } : {}),
        });
        expect(played.outcome.outcome).toBe("published");
        await expectFull(desk);
      }
    }),
    { numRuns: cases(4) },
  );
});
