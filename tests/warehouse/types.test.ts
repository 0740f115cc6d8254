import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ColumnType } from "../../src/contract/contract.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-types-"));
let session: Session;
beforeAll(async () => {
  session = await duckdbWarehouse({ path: join(folder, "t.duckdb"), memoryLimit: "256MB" }).open({ purpose: "test" });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

async function misread(text: string | null, type: ColumnType): Promise<boolean> {
  const typed = d.tryCast("s.t", type);
  const sql = `select case when ${d.isMisread({ text: "s.t", typed, type })} then 1 else 0 end as bad from (select cast(${d.literal(text)} as varchar) as t) s`;
  return (await session.rows({ name: "t", sql }))[0]?.["bad"] === "1";
}

const CASES: readonly [ColumnType, readonly (string | null)[], readonly string[]][] = [
  [
    { kind: "integer", bits: 64 },
    ["0", "5", "-5", "9223372036854775807", "-9223372036854775808", null],
    ["10.505", "10.0", "0x10", "1e3", "1_000", " 5 ", "+5", "05", "-0", "", "NaN", "Infinity", "9223372036854775808", "٣"],
  ],
  [{ kind: "integer", bits: 16 }, ["32767", "-32768"], ["32768", "-32769"]],
  [{ kind: "integer", bits: 32 }, ["2147483647"], ["2147483648"]],
  [
    { kind: "decimal", precision: 6, scale: 2 },
    ["0", "1.5", "1.50", "-0.05", "9999.99", null],
    ["10.505", "10000", "1e2", "NaN", "Infinity", "-Infinity", " 1", "1,5", ".5", "5.", "0x1"],
  ],
  [{ kind: "boolean" }, ["t", "f", "true", "false", null], ["yes", "1", "0", "T", "", "on"]],
  [
    { kind: "date" },
    ["2026-02-28", "0001-01-01", "9999-12-31", null],
    [
      "2026-02-30",
      "infinity",
      "-infinity",
      "epoch",
      "2026-2-1",
      "20260201",
      "10000-01-01",
      "0001-01-01 BC",
      "2026-02-28 00:00:00",
      "",
    ],
  ],
  [
    { kind: "timestamp" },
    [
      "2026-11-01 10:00:00+00",
      "2026-11-01 10:00:00.123456+00",
      "2026-11-01 10:00:00",
      "2026-11-01T10:00:00Z",
      "9999-12-31 23:59:59.999999+00",
      null,
    ],
    [
      "2026-11-01",
      "epoch",
      "infinity",
      "-infinity",
      "2026-11-01 10:00:00.1234567+00",
      "2026-11-01 10:00:00+02",
      "2026-11-01 10:00",
      "0044-03-15 00:00:00+00 BC",
      "10000-01-01 00:00:00+00",
      "2026-11-01 25:00:00+00",
      "",
      "now",
    ],
  ],
];

describe.each(CASES)("%o", (type, good, bad) => {
  test.each(good)("%s is read", async (text) => expect(await misread(text, type)).toBe(false));
  test.each(bad)("%s is not what a lenient cast makes of it", async (text) => expect(await misread(text, type)).toBe(true));
});

test("both dialects know every type, and neither stores money or time as a float", () => {
  for (const [type] of CASES) {
    for (const dialect of [d, snowflakeDialect]) {
      expect(dialect.columnType(type)).not.toMatch(/DOUBLE|FLOAT|REAL/);
      expect(dialect.isMisread({ text: "t", typed: dialect.tryCast("t", type), type })).toContain("t");
    }
  }
});
