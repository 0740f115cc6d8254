import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { openDesk } from "../support/desk.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";
import { UNPLACED_HOURS } from "../support/unplaced-desk.ts";
import { DIALECTS, expectGolden, keep, nothingWritten } from "./golden-files.ts";

/** The statements that ask for the positions of rows, of feeds whose rows have none; the DuckDB ones are executed. */
const READS = ["waiting", "waiting.app.entries", "quarantine.open", "quarantine.close"];
const written = nothingWritten();

beforeAll(async () => {
  await using desk = openDesk("claims");
  await using again = openDesk("claims");
  for (const hour of UNPLACED_HOURS) {
    const session = await desk.open();
    const statements: Recorded[] = [];
    const played = await desk.play(hour, { session: recording(session, statements), dialect: duckdbDialect });
    await session.close();
    expect(played.outcome.outcome).toBe("published");
    const others: Statement[] = [];
    await again.play(hour, { session: replaying(statements, others), dialect: snowflakeDialect });
    const wanted = (name: string) => READS.includes(name);
    keep(written, "duckdb", { statements, wanted });
    keep(written, "snowflake", { statements: others, wanted });
  }
});

test.each(DIALECTS)("%s: every statement that asks for them stands in its golden file", (name) => {
  expect([...written[name].keys()].sort()).toEqual([...READS].sort());
  expectGolden(join(import.meta.dirname, "unplaced", name), written[name]);
});
