import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";

// DuckDB 1.5.5 held 8 bytes for each row of a vector of which one was deleted, in every process that looked at the table: docs/limits.md.
test("rows that were replaced all over a table hold no memory of those who read it later", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-test-"));
  try {
    const path = join(folder, "warehouse.duckdb");
    const session = await duckdbWarehouse({ path, memoryLimit: "256MB" }).open({ purpose: "test" });
    const run = (sql: string) => session.run({ name: "t", sql });
    await run("create table curated.big as select range as a from range(1000000)");
    expect(await session.transaction(() => run("delete from curated.big where a % 1000 = 7"))).toBe(1000n);
    await session.close();

    const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
    const connection = await instance.connect();
    const value = async (sql: string) => String((await connection.runAndReadAll(sql)).getRowsJson()[0]?.[0]);
    const held = async () => Number(await value("select sum(memory_usage_bytes) from duckdb_memory()"));
    const before = await held();
    expect(await value("select count(*) from curated.big")).toBe("999000");
    expect((await held()) - before).toBeLessThan(1_000_000);
    connection.closeSync();
    instance.closeSync();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
