import fc from "fast-check";
import { expect, test } from "vitest";
import { warehouseDdl } from "../../src/schema/layout.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { FORM } from "../../src/warehouse/key-form.ts";
import { cases } from "../support/cases.ts";
import { type Desk, type Hour, openDesk } from "../support/desk.ts";

const ENTRIES = "app.entries";
const byKey: Dialect = { ...duckdbDialect, can: { ...duckdbDialect.can, rowsByNumber: false } };

/** Keys of which several have one form. */
const key = fc.constantFrom("e1", "E1", " e1", "1", "01", "1.0", "caf\u00e9", "cafe\u0301", "e2", "e3");
const row = fc
  .record({ entry_id: key, amount: fc.integer({ min: 0, max: 2 }) })
  .map((of) => ({ ...of, account_id: "A", currency: "USD", memo: null }));
const hour = fc.record({
  rows: fc.uniqueArray(row, { maxLength: 6, selector: ({ entry_id }) => entry_id }),
  gone: fc.option(key),
  unformed: fc.boolean(),
});
type Drawn = typeof hour extends fc.Arbitrary<infer T> ? T : never;

/** Plays an hour whose source has lost a key, over a table whose rows may have no forms. */
async function played(desk: Desk, { rows, gone, unformed }: Drawn, dialect: Dialect) {
  const session = await desk.open();
  try {
    for (const statement of warehouseDdl(dialect, desk.pipeline)) await session.run(statement);
    const live = await session.rows({
      name: "test.live",
      sql: "SELECT entry_id FROM staging.app_entries__rows WHERE _deleted_at IS NULL",
    });
    if (unformed) await session.run({ name: "test.unformed", sql: `UPDATE staging.app_entries__rows SET ${FORM} = NULL` });
    const keys = [...new Set([...live.map((one) => one["entry_id"] ?? ""), ...rows.map(({ entry_id }) => entry_id)])];
    const left = keys.filter((one) => one !== gone).map((entry_id) => ({ entry_id }));
    const of: Hour = {
      rows: { "app.accounts": [{ account_id: "A", name: "a" }], [ENTRIES]: rows.filter(({ entry_id }) => entry_id !== gone) },
      keys: { [ENTRIES]: left },
    };
    const { outcome, classes } = await desk.play(of, { session, dialect });
    return { outcome: outcome.outcome, classes: [...classes].sort() };
  } finally {
    await session.close();
  }
}

test("rows are matched by the forms of their keys as they are by the keys themselves, spelled alike or not, with a form or without", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hour, { minLength: 2, maxLength: 5 }), async (hours) => {
      await using forms = openDesk("viewed");
      await using keys = openDesk("viewed");
      for (const drawn of hours) {
        expect(await played(forms, drawn, duckdbDialect)).toEqual(await played(keys, drawn, byKey));
        const [one, other] = await Promise.all(
          [forms, keys].map((desk) =>
            desk.query(
              "SELECT * EXCLUDE (_form, _deleted_at), _deleted_at IS NULL AS live FROM staging.app_entries__rows ORDER BY ALL",
            ),
          ),
        );
        expect(one).toEqual(other);
      }
    }),
    { numRuns: cases(3) },
  );
}, 300_000);
