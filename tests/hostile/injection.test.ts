import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { type Hour, openDesk, type Row } from "../support/desk.ts";
import { type HostileTable, openHostileHouse, writeHostilePipeline } from "../support/hostile-house.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

/** A word that must never stand outside a literal or a quoted name. */
const MARK = "zz_injected";

const PAYLOADS = [
  `' OR '${MARK}'='`,
  `'; DROP TABLE curated.thing; SELECT ${MARK}; --`,
  `"; DROP TABLE curated.thing; SELECT ${MARK}; --`,
  `\\'; SELECT ${MARK}; --`,
  `\\"; SELECT ${MARK}; --`,
  `'' ${MARK} ''`,
  `"" ${MARK} ""`,
  `*/ ${MARK} /*`,
  `$$ ${MARK} $$`,
  `\n; SELECT ${MARK}\n--`,
  `) ${MARK} (`,
  `${MARK}\\`,
  `{object} ${MARK} {column}`,
  `\u2019 ${MARK} \u02bc \uff07`,
  `%s ${MARK} $1 ? :1`,
];

const dependency = (columns: readonly string[], determines: readonly string[]) => ({
  rule: "functional_dependency",
  columns,
  determines,
});

/** Every text that a contract or a source may hold, set to one payload. */
function hostile(payload: string): HostileTable {
  const text = { logicalType: "string", physicalType: "text" };
  const rule = (id: string, implementation: object) => ({
    id,
    type: "custom",
    engine: "ledgerloop",
    implementation,
    severity: "error",
  });
  return {
    version: payload,
    columns: [
      { name: payload, type: "text", contract: { ...text, required: true, description: payload } },
      {
        name: "allowed",
        type: "text",
        contract: {
          ...text,
          quality: [rule(`accepted ${payload}`, { rule: "accepted", values: [payload, "x"], nulls: "pass" })],
        },
      },
      { name: "secret", type: "text", contract: { ...text, classification: "pii" } },
    ],
    quality: [
      rule(`key ${payload}`, { rule: "unique", columns: [payload], survivor: { order: "newest", by: payload } }),
      { ...rule(`dependency ${payload}`, dependency(["allowed"], [payload])), severity: "warning" },
      { ...rule(`majority ${payload}`, { ...dependency([payload], ["secret"]), majority: true }), severity: "warning" },
    ],
  };
}

function hours(payload: string): Hour[] {
  const row = (id: number, more: Row): Row => ({ id, [payload]: `${payload} ${id}`, allowed: payload, secret: payload, ...more });
  const rows = [
    row(1, {}),
    row(2, { allowed: "other" }),
    row(3, { [payload]: null }),
    row(4, {}),
    row(5, { [payload]: `${payload} 4` }),
  ];
  return [
    { rows: { "app.things": rows } },
    { rows: { "app.things": [row(1, { allowed: "x" }), row(2, { allowed: "other" }), row(5, {})] }, whole: ["app.things"] },
  ];
}

async function played(payload: string): Promise<{ duckdb: Statement[]; snowflake: Statement[] }> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-injection-"));
  const written = { duckdb: [] as Statement[], snowflake: [] as Statement[] };
  try {
    writeHostilePipeline(directory, hostile(payload));
    await using desk = openDesk("hostile", directory);
    await using again = openDesk("hostile", directory);
    for (const hour of hours(payload)) {
      const recorded: Recorded[] = [];
      const session = await desk.open();
      try {
        const { outcome } = await desk.play(hour, { session: recording(session, recorded), dialect: duckdbDialect });
        expect(outcome.outcome).toBe("published");
      } finally {
        await session.close();
      }
      written.duckdb.push(...recorded);
      await again.play(hour, { session: replaying(recorded, written.snowflake), dialect: snowflakeDialect });
    }
    expect(await desk.query(`select id from curated.thing order by id`)).toEqual([{ id: "1" }, { id: "5" }]);
    return written;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Pieces of SQL by each engine's lexical rules: Snowflake reads a backslash in a literal as an escape, DuckDB does not. */
const LEXICAL = {
  duckdb:
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<comment>--|\/\*)|(?<dollar>\$\$)|(?<open>['"])|(?<end>;)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|[\s\S]/gu,
  snowflake:
    /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|(?<comment>--|\/\*|\/\/)|(?<dollar>\$\$)|(?<open>['"])|(?<end>;)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|[\s\S]/gu,
};

/** What of a payload stands where an engine would act on it. */
function escaped(engine: keyof typeof LEXICAL, sql: string): string[] {
  return [...sql.matchAll(LEXICAL[engine])].flatMap(({ groups }) => {
    const { comment, dollar, open, end, word } = groups ?? {};
    return [comment, dollar, open, end, word === MARK ? word : undefined].filter((found) => found !== undefined);
  });
}

describe.each(PAYLOADS)("%j", (payload) => {
  test("in every text of a contract: executed on DuckDB without effect, inside literals and quoted names on both engines", async () => {
    const written = await played(payload);
    for (const engine of ["duckdb", "snowflake"] as const) {
      expect(written[engine].length).toBeGreaterThan(40);
      expect(written[engine].some((s) => s.sql.includes(MARK))).toBe(true);
      for (const statement of written[engine]) expect(escaped(engine, statement.sql), statement.name).toEqual([]);
    }
  });
});

test("the lexer of this test sees what escapes", () => {
  expect(escaped("duckdb", `select '\\'; ${MARK}`)).toEqual([";", MARK]);
  expect(escaped("snowflake", `select '\\'; ${MARK}`)).toEqual(["'", "'", ";", MARK]);
  expect(escaped("snowflake", `select 'it''s' -- ${MARK}`)).toEqual(["--", MARK]);
});

test("values, reasons, tickets and actors that look like SQL are kept as they are", async () => {
  await using house = await openHostileHouse({ columns: [{ name: "a", type: "text", contract: { logicalType: "string" } }] });
  for (const [i, payload] of PAYLOADS.entries()) await house.source.query("insert into app.things values ($1, $2)", [i, payload]);
  const text = PAYLOADS.join("");
  const { report } = await house.run({ full: true, reason: text, ticket: text }, { actor: text, codeVersion: text });
  expect(report).toMatchObject({ outcome: "published", feeds: [{ inserted: PAYLOADS.length }] });
  expect((await house.query("select a from curated.thing order by id")).map((row) => row["a"])).toEqual(PAYLOADS);
  expect(await house.query("select reason, ticket, actor, code_version from ops.publication")).toEqual([
    { reason: text, ticket: text, actor: text, code_version: text },
  ]);
});
