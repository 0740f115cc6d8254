import fc from "fast-check";
import { expect, test } from "vitest";
import { cases } from "../support/cases.ts";
import { openDesk, type Row } from "../support/desk.ts";

const BOOKS: readonly Row[] = ["NORTH", "SOUTH", "EAST"].map((branch) => ({
  branch_code: branch,
  isbn: "9780000000001",
  title: "t",
  copies: 1,
  acquired_on: null,
  on_loan: "f",
  revision: 1,
}));

const loan = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    branch: fc.constantFrom("NORTH", "SOUTH", "EAST", "WEST"),
    returned: fc.constantFrom(null, "2026-11-20", "2026-11-21"),
    state: fc.constantFrom("lent", "returned", "eaten"),
  })
  .map(
    ({ id, branch, returned, state }): Row => ({
      row_no: id,
      loan_code: `L-${id}`,
      branch_code: branch,
      isbn: "9780000000001",
      reader_name: "r",
      state: returned === null && state === "returned" ? "lent" : state,
      fine: null,
      fine_currency: null,
      lent_on: "2026-11-02",
      returned_on: returned,
      changed_at: "2026-11-02 10:00:00+00",
    }),
  );

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
        for (const model of desk.pipeline.models.values()) {
          const columns = model.contract.columns.map((c) => `"${c.name}"`).join(", ");
          const curated = await desk.query(`select ${columns} from curated.${model.table} where deleted_at is null order by all`);
          const full = await desk.query(`select ${columns} from (${model.select}) m order by all`);
          expect(curated, model.table).toEqual(full);
        }
      }
    }),
    { numRuns: cases(4) },
  );
});
