import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Dialect, Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

export const DIALECTS = ["duckdb", "snowflake"] as const;

/** Statement name → its text, by dialect. */
export type Written = Record<(typeof DIALECTS)[number], Map<string, string>>;

export function nothingWritten(): Written {
  return { duckdb: new Map(), snowflake: new Map() };
}

/** What a test itself asks has a name that says so. */
export const isOurs = (name: string) => !name.startsWith("test.");

/** Ids of batches are made of what was read, which has the numbers of the server's own transactions. */
const withoutIds = (sql: string) => sql.replaceAll(/\bb_[0-9a-f]{16}\b/g, "b_0123456789abcdef");

/** Keeps the statements that are wanted, the last of each name. */
export function keep(
  written: Written,
  dialect: keyof Written,
  { statements, wanted = isOurs }: { statements: readonly Statement[]; wanted?: (name: string) => boolean },
): void {
  for (const { name, sql } of statements) if (wanted(name)) written[dialect].set(name, `${withoutIds(sql)};\n`);
}

/**
 * Does work on DuckDB while its statements are recorded, and again in the other dialect, where each is answered as DuckDB has
 * answered the one of its name.
 */
export async function writeBoth(
  written: Written,
  session: Session,
  work: (session: Session, dialect: Dialect) => Promise<void>,
): Promise<void> {
  const [statements, others]: [Recorded[], Statement[]] = [[], []];
  await work(recording(session, statements), duckdbDialect);
  await work(replaying(statements, others), snowflakeDialect);
  keep(written, "duckdb", { statements });
  keep(written, "snowflake", { statements: others });
}

/** Compares statements with the files of a folder, which hold these and no others; `UPDATE_GOLDEN` writes them. */
export function expectGolden(folder: string, files: ReadonlyMap<string, string>): void {
  if (process.env["UPDATE_GOLDEN"]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [statement, sql] of files) writeFileSync(join(folder, `${statement}.sql`), sql);
  }
  const found = existsSync(folder) ? readdirSync(folder) : [];
  expect(found.sort()).toEqual([...files.keys()].map((s) => `${s}.sql`).sort());
  for (const [statement, sql] of files) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
}

/** The Snowflake text has no casts by ::, no FILTER, no anti join, and no keyword in lower case: it was not copied from elsewhere. */
export function expectHouseRules(written: Written): void {
  for (const [statement, sql] of written.snowflake) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|\b(select|from|where|join|insert|delete)\b/);
  }
}
