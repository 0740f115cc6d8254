import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { openDesk } from "../support/desk.ts";
import { LANDED_HOURS } from "../support/landing-feed.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

/** The statements that read the columns about records, of a feed that lands all of them; the DuckDB ones are executed. */
const READS = ["label.app.entries", "verdict.app.entries", "waiting.app.entries", "quarantine.open"];
const written: Record<string, Map<string, string>> = { duckdb: new Map(), snowflake: new Map() };

beforeAll(async () => {
  await using desk = openDesk("claims");
  await using again = openDesk("claims");
  for (const hour of LANDED_HOURS) {
    const session = await desk.open();
    const statements: Recorded[] = [];
    const played = await desk.play(hour, { session: recording(session, statements), dialect: duckdbDialect });
    await session.close();
    expect(played.outcome.outcome).toBe("published");
    const others: Statement[] = [];
    await again.play(hour, { session: replaying(statements, others), dialect: snowflakeDialect });
    for (const [name, list] of [
      ["duckdb", statements],
      ["snowflake", others],
    ] as const) {
      for (const s of list) if (READS.includes(s.name)) written[name]?.set(s.name, `${s.sql};\n`);
    }
  }
});

test.each(["duckdb", "snowflake"])("%s: every statement that reads them stands in its golden file", (name) => {
  const folder = join(import.meta.dirname, "landed-meta", name);
  const files = written[name] ?? new Map<string, string>();
  if (process.env["UPDATE_GOLDEN"]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [statement, sql] of files) writeFileSync(join(folder, `${statement}.sql`), sql);
  }
  expect(readdirSync(folder).sort()).toEqual(READS.map((s) => `${s}.sql`).sort());
  for (const [statement, sql] of files) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
});
