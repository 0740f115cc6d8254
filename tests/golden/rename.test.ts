import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { stagingDdl } from "../../src/schema/layout.ts";
import { cursorNumber, moveStaging, moveWaiting, type Renaming, renameLedger } from "../../src/publish/rename.ts";
import { carriedFingerprints } from "../../src/schema/rename-declarations.ts";
import { contentProblems, publishedNames, stagingColumns } from "../../src/schema/rename-fit.ts";
import type { Dialect, Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { renamed } from "../support/in-force.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";
import { broken, ENTRIES, filed, hourOf, scopedDesk } from "../support/scoped-desk.ts";

/** The statements of a rename of a scoped feed; the DuckDB ones are executed. */
const written: Record<string, Map<string, string>> = { duckdb: new Map(), snowflake: new Map() };

const NOW = "app.lines";

async function rename(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const feed = pipeline.feeds.get(NOW) ?? expect.fail();
  const group = pipeline.groups.get("desk") ?? expect.fail();
  const names = { feed, was: ENTRIES };
  const writing = { publicationId: "desk-3", group: "desk", number: 3n, now: dialect.timestamp("2026-11-01T12:00:00Z") };
  const renaming: Renaming = { ...names, group, writing };
  expect((await publishedNames(session, dialect)).get(ENTRIES)).toEqual(["desk"]);
  expect([...((await stagingColumns(session, dialect)).get("app_entries") ?? [])]).toContain("_scope");
  const lost = await contentProblems(session, dialect, { asked: { pipeline, ...names }, lost: ["memo", "_scope"] });
  expect(lost.map(({ says }) => says)).toEqual([
    "the rows of app.entries do not fit app.lines: 1 rows hold values in memo, which app.lines does not have",
    "the rows of app.entries do not fit app.lines: 1 rows belong to parts of the feed, which app.lines does not have",
  ]);
  for (const statement of stagingDdl(dialect, feed)) await session.run(statement);
  await session.transaction(async () => {
    const fingerprints = await carriedFingerprints(session, dialect, { ...names, group: "desk", head: 2n });
    expect(fingerprints).toContain(`"feed:${NOW}"`);
    for (const { put, take } of [moveStaging(dialect, renaming) ?? expect.fail(), moveWaiting(dialect, renaming)]) {
      expect([await session.run(put), await session.run(take)]).toEqual([1n, 1n]);
    }
    const cursor = await cursorNumber(session, dialect, { group: "desk", feed: ENTRIES });
    expect(cursor).toBe(2n);
    for (const statement of renameLedger(dialect, renaming, cursor)) await session.run(statement);
  });
}

beforeAll(async () => {
  await using desk = await scopedDesk();
  await desk.play(hourOf([filed(1, "a", 1), broken(2, "a", 1)]));
  const pipeline = renamed(desk.pipeline, { was: ENTRIES, now: NOW, table: "entry" });
  const session = await desk.open();
  const [statements, others]: [Recorded[], Statement[]] = [[], []];
  try {
    await rename(recording(session, statements), duckdbDialect, pipeline);
    await rename(replaying(statements, others), snowflakeDialect, pipeline);
  } finally {
    await session.close();
  }
  for (const { name, sql } of statements) written["duckdb"]?.set(name, `${sql};\n`);
  for (const { name, sql } of others) written["snowflake"]?.set(name, `${sql};\n`);
});

test.each(["duckdb", "snowflake"])("%s: every statement of a rename stands in its golden file", (name) => {
  const folder = join(import.meta.dirname, "rename", name);
  const files = written[name] ?? new Map<string, string>();
  if (process.env["UPDATE_GOLDEN"]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [statement, sql] of files) writeFileSync(join(folder, `${statement}.sql`), sql);
  }
  const found = existsSync(folder) ? readdirSync(folder) : [];
  expect(found.sort()).toEqual([...files.keys()].map((s) => `${s}.sql`).sort());
  for (const [statement, sql] of files) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
});

test("the Snowflake text keeps the house rules", () => {
  for (const [statement, sql] of written["snowflake"] ?? []) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|\b(select|from|where|join|insert|delete)\b/);
  }
});
