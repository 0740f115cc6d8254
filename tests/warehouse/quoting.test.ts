import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { asText, keyText } from "../../src/warehouse/sql-text.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";

/** Values and names that have broken other people's SQL. */
const NASTY = [
  "'",
  "''",
  '"',
  '""',
  "\\",
  "\\'",
  "\\\\",
  "a\nb",
  "a\r\nb",
  "\t",
  "%",
  "_",
  ";",
  "--",
  "/*",
  "*/",
  "$$",
  "$" + "{x}",
  "{object}",
  ":1",
  "?",
  "'; drop table curated.invoice; --",
  '"; select 1; --',
  "\\'; select 1; --",
  "é",
  "家",
  "👩‍🚀",
  "\u202e",
  "İ",
  "ß",
  "NULL",
  "",
  " ",
  "select",
  "a'b\"c\\d",
];
const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "grapheme", maxLength: 12 }).filter((s) => !/[\0\ufeff]/.test(s)),
);

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-quoting-"));
let session: Session;
beforeAll(async () => {
  session = await duckdbWarehouse({ path: join(folder, "q.duckdb"), memoryLimit: "256MB" }).open({ purpose: "test" });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

/** Reads a Snowflake string literal by that engine's rules: a backslash and a doubled quote escape. */
function readSnowflakeLiteral(literal: string): string {
  const inner = /^'([\s\S]*)'$/.exec(literal)?.[1];
  if (inner === undefined) throw new Error("not a literal");
  let text = "";
  for (let i = 0; i < inner.length; i += 1) {
    const c = inner[i] ?? "";
    if (c === "\\" || (c === "'" && inner[i + 1] === "'")) {
      i += 1;
      text += inner[i] ?? "";
    } else if (c === "'") throw new Error("the literal ends early");
    else text += c;
  }
  return text;
}

test("any text survives a literal in DuckDB", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nasty, { minLength: 1, maxLength: 5 }), async (texts) => {
      const sql = `select ${texts.map((t, i) => `${duckdbDialect.literal(t)} as c${i}`).join(", ")}`;
      expect(Object.values((await session.rows({ name: "t", sql }))[0] ?? {})).toEqual(texts);
    }),
  );
});

test("any text survives a literal by Snowflake's rules, and never ends it early", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(readSnowflakeLiteral(snowflakeDialect.literal(text))).toBe(text);
    }),
  );
});

test("any name survives as an identifier in DuckDB, and in the keys of a payload", async () => {
  await fc.assert(
    fc.asyncProperty(
      nasty.filter((n) => n !== ""),
      nasty,
      async (name, value) => {
        const d = duckdbDialect;
        const column = d.identifier(name);
        const json = d.jsonObject([
          [name, `t.${column}`],
          ["other", "NULL"],
        ]);
        const sql = `select t.${column} as plain, ${d.jsonText(json, name)} as back, ${d.jsonText(json, "other")} is null as null_kept from (select ${d.literal(value)} as ${column}) t`;
        expect(await session.rows({ name: "t", sql })).toEqual([{ plain: value, back: value, null_kept: "true" }]);
      },
    ),
  );
});

test("a Snowflake identifier is quoted, upper-case and cannot end early", () => {
  fc.assert(
    fc.property(nasty, (name) => {
      const quoted = snowflakeDialect.identifier(name);
      expect(quoted).toMatch(/^"(?:[^"]|"")*"$/);
      expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(name.toUpperCase());
    }),
  );
});

test("key texts of several columns never collide", async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(nasty, nasty), fc.tuple(nasty, nasty), async (a, b) => {
      const key = ([x, y]: readonly [string, string]) =>
        keyText(duckdbDialect, [duckdbDialect.literal(x), duckdbDialect.literal(y)]);
      const [row] = await session.rows({ name: "t", sql: `select ${key(a)} = ${key(b)} as same` });
      expect(row?.["same"]).toBe(String(a[0] === b[0] && a[1] === b[1]));
    }),
  );
});

test("a byte order mark is stored; only the driver's decoder leaves it out of results", async () => {
  const [row] = await session.rows({ name: "t", sql: `select length(${duckdbDialect.literal("\ufeff")}) as n` });
  expect(row).toEqual({ n: "1" });
});

test("NULL and '' hash apart, and shifting a border between columns changes the hash", async () => {
  const hash = (texts: readonly (string | null)[]) =>
    duckdbDialect.rowHash(texts.map((t) => `CAST(${duckdbDialect.literal(t)} AS VARCHAR)`));
  const rows = [
    ["a", "bc"],
    ["ab", "c"],
    ["abc", ""],
    ["abc", null],
    ["", "abc"],
    [null, "abc"],
    ["bc", "a"],
  ];
  const [row] = await session.rows({ name: "t", sql: `select ${rows.map((r, i) => `${asText(hash(r))} as h${i}`).join(", ")}` });
  expect(new Set(Object.values(row ?? {})).size).toBe(rows.length);
});
