import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbInMemory } from "../../src/warehouse/duckdb/memory.ts";
import { keyForm } from "../../src/warehouse/key-form.ts";
import { openDesk } from "../support/desk.ts";

/**
 * Warehouses keep hashes, and rows are matched by them (docs/adr/0063-rows-matched-by-forms.md). Where this test fails with another version of
 * the engine, or with other normal forms, the upgrade takes the forms of states from before away, since rows without one are matched by their keys, and
 * fills them (`fillForms`); where row hashes are others, rows will be seen as changed.
 */
test("the engine's hashes and the forms of keys are those that stand in warehouses", async () => {
  await using desk = openDesk("viewed");
  const feed = desk.pipeline.feeds.get("app.entries") ?? expect.fail();
  const { open } = duckdbInMemory({ memoryLimit: "128MB", spill: join(tmpdir(), "ledgerloop-hashes") });
  const session = await open({ purpose: "test" });
  try {
    const keys = ["e1", " E1 ", "in_0000000042", "0017.0", "cafe\u0301", ""].map((key) => `(${duckdbDialect.literal(key)})`);
    const rows = await session.rows({
      name: "test",
      sql: `SELECT entry_id AS key, CAST(${keyForm(duckdbDialect, feed, "t")} AS VARCHAR) AS form,
  CAST(${duckdbDialect.rowHash(["t.entry_id", "NULL", "'12'"])} AS VARCHAR) AS hash FROM (VALUES ${keys.join(", ")}) t (entry_id)`,
    });
    expect(rows.map(({ key, form, hash }) => [key, form, hash])).toEqual([
      ["e1", "7402258288727656823", "296332701138230887699664513979817938174"],
      [" E1 ", "7402258288727656823", "13076504447338420745324626055484575388"],
      ["in_0000000042", "5608075888524984657", "171730124747004479484288474037811955131"],
      ["0017.0", "527510911780773735", "109455535066663460150321189246544529155"],
      ["cafe\u0301", "237451195115978431", "249678800020011507182773654143371533172"],
      ["", "2552464114275192544", "270132480719710242300286213788633021297"],
    ]);
  } finally {
    await session.close();
  }
});
