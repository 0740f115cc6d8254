import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { openDesk } from "../support/desk.ts";
import { HOURS } from "../support/two-hours.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

/**
 * Every statement of a run over LedgerLoop's own pipeline, in both dialects. The DuckDB ones are executed while they are
 * recorded; the Snowflake ones are written by the same code, fed with the answers that DuckDB gave.
 */
const HERE = import.meta.dirname;
const PIPELINE = join(HERE, "../../pipeline");

const IS_OURS = (name: string) => !name.startsWith("test.");

const written: Record<"duckdb" | "snowflake", Map<string, string>> = { duckdb: new Map(), snowflake: new Map() };

/** Statements from the first label scan to COMMIT, per hour. */
const counted: number[] = [];

const keep = (into: Map<string, string>, statements: readonly Statement[]) => {
  for (const s of statements.filter(({ name }) => IS_OURS(name))) into.set(s.name, `${s.sql};\n`);
};

beforeAll(async () => {
  const recorded: Recorded[][] = [];
  await using desk = openDesk("billing", PIPELINE);
  for (const hour of HOURS) {
    const session = await desk.open();
    const statements: Recorded[] = [];
    try {
      const played = await desk.play(hour, { session: recording(session, statements), dialect: duckdbDialect });
      expect(played.outcome.outcome).toBe("published");
    } finally {
      await session.close();
    }
    recorded.push(statements);
    const ours = statements.filter((s) => IS_OURS(s.name));
    counted.push(ours.length - ours.findIndex((s) => s.name.startsWith("label.")));
    keep(written.duckdb, statements);
  }
  await using again = openDesk("billing", PIPELINE);
  for (const [i, hour] of HOURS.entries()) {
    const statements: Statement[] = [];
    await again.play(hour, { session: replaying(recorded[i] ?? [], statements), dialect: snowflakeDialect });
    keep(written.snowflake, statements);
  }
});

describe.each(["duckdb", "snowflake"] as const)("%s", (name) => {
  const folder = join(HERE, name);

  test("every statement of the run stands in its golden file", () => {
    if (process.env["UPDATE_GOLDEN"]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      for (const [statement, sql] of written[name]) writeFileSync(join(folder, `${statement}.sql`), sql);
    }
    const files = existsSync(folder) ? readdirSync(folder) : [];
    expect(files.sort()).toEqual([...written[name].keys()].map((s) => `${s}.sql`).sort());
    for (const [statement, sql] of written[name]) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
  });

  test("between DDL and COMMIT the publish transaction holds DML and queries only", () => {
    const inside = [...written[name]].filter(([s]) => /^(publish|staging-|quarantine|history|curated|ledger|assert|after)/.test(s));
    expect(inside.length).toBeGreaterThan(30);
    for (const [statement, sql] of inside) expect(sql.trimStart(), statement).toMatch(/^(INSERT|UPDATE|DELETE|SELECT)\b/);
  });
});

test("an hour of four feeds takes so many statements: each costs a warehouse its compilation", () => {
  expect(counted).toEqual([40, 65]);
});

test("the Snowflake text keeps the house rules: no casts by ::, no lower-case keywords, no FILTER, no anti join", () => {
  for (const [statement, sql] of written.snowflake) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|TRY_CAST\((?!REGEXP_REPLACE\()|\btemp\./);
    if (!/^(curated-insert|curated-first|label|assert|batch-rules)\b/.test(statement)) expect(own, statement).not.toMatch(/\b(select|from|where|join|insert|update|delete)\b/);
  }
});
