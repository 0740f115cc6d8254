import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ColumnType } from "../../src/contract/contract.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { decimalForm } from "../../src/warehouse/lexical-forms.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { cases } from "../support/cases.ts";

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
    ["0", "1.5", "1.50", "-0.05", "9999.99", "10.5000", "-10.50000", "0.000", `9999.99${"0".repeat(5_000)}`, null],
    [
      "10.505",
      "10.5001",
      `1.5${"0".repeat(300)}1`,
      "10000",
      "10000.00000",
      "1.50 0",
      "1.5e0",
      "1.50000000e0",
      "10.5000x",
      "1.50.00",
      "1e2",
      "NaN",
      "Infinity",
      "-Infinity",
      " 1",
      "1,5",
      ".5",
      "5.",
      "0x1",
    ],
  ],
  [
    { kind: "decimal", precision: 38, scale: 0 },
    ["5", "5.0", `-5.${"0".repeat(100)}`, `${"9".repeat(38)}.00`],
    ["5.5", "5.", "5.01", "1".repeat(39)],
  ],
  [{ kind: "decimal", precision: 2, scale: 2 }, ["0.5", "-0.990", "0"], ["1", "0.999"]],
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

/** Plain decimals with an exact value of their own: digits that count, then zeros. */
const anyDecimal = fc.record({
  sign: fc.constantFrom("", "-"),
  whole: fc.bigInt({ min: 0n, max: 99_999_999n }),
  fraction: fc.string({ unit: fc.constantFrom(..."0123456789".split("")), maxLength: 5 }),
  zeros: fc.nat({ max: 60 }),
});

test("a decimal is read where rounding to its scale changes nothing, and then as that number", async () => {
  const type: ColumnType = { kind: "decimal", precision: 10, scale: 2 };
  await fc.assert(
    fc.asyncProperty(anyDecimal, async ({ sign, whole, fraction, zeros }) => {
      const tail = fraction + "0".repeat(zeros);
      const text = `${sign}${whole}${tail === "" ? "" : `.${tail}`}`;
      const fits = /^\d{0,2}0*$/.test(fraction);
      expect(await misread(text, type)).toBe(!fits);
      const [form] = [new RegExp(`^(?:${decimalForm(10, 2)})$`)];
      // What Snowflake is asked beside the value, which it would round.
      expect(form.test(text)).toBe(fits);
      if (!fits) return;
      const minor = BigInt(`${whole}${tail.slice(0, 2).padEnd(2, "0")}`);
      const sql = `select cast(${d.tryCast(d.literal(text), type)} * 100 as bigint) as minor`;
      const [row] = await session.rows({ name: "t", sql });
      expect(BigInt(row?.["minor"] ?? "")).toBe(sign === "-" ? -minor : minor);
    }),
    { numRuns: cases(200) },
  );
});

test("both dialects know every type, and neither stores money or time as a float", () => {
  for (const [type] of CASES) {
    for (const dialect of [d, snowflakeDialect]) {
      expect(dialect.columnType(type)).not.toMatch(/DOUBLE|FLOAT|REAL/);
      expect(dialect.isMisread({ text: "t", typed: dialect.tryCast("t", type), type })).toContain("t");
    }
  }
});
