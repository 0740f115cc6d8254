import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { landedBytes, rawFile } from "../support/raw-file.ts";

/** A text as APIs print it, of many lines. */
const PRINTED = JSON.stringify({ id: 1, lines: Array.from({ length: 40 }, (_, i) => ({ amount: i, memo: 'a, "b"' })) }, null, 2);

test("texts of many lines are read back from a plain file that is large enough to be read in pieces", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-lines-"));
  try {
    const count = Math.ceil((40 * 1024 * 1024) / PRINTED.length);
    const rows = Array.from({ length: count }, (_, i) => [`(0,${i})`, PRINTED]);
    const file = rawFile(folder, "part.csv", { text: await landedBytes(["_position", "text"], rows), rows: count });
    const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" }).open({ purpose: "test" });
    await session.loadRaw({
      feed: "app.things",
      relation: "things",
      batchId: "b",
      columns: ["_position", "text"],
      files: [file],
    });
    const found = await session.rows({
      name: "t",
      sql: 'SELECT count(*) AS n, count(DISTINCT "text") AS texts, max(length("text")) AS longest FROM raw.things',
    });
    await session.close();
    expect(found).toEqual([{ n: String(count), texts: "1", longest: String(PRINTED.length) }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
