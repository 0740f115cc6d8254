import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { publishedFeeds } from "../../src/ledger/published-feeds.ts";
import { lookAtPublished } from "../../src/schema/in-force.ts";
import { NOTHING_RECORDED, readRecorded } from "../../src/ledger/recorded.ts";
import { waitingByRule } from "../../src/quarantine/may-enter.ts";
import type { Dialect, Statement } from "../../src/warehouse/dialect.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { ask } from "../../src/warehouse/questions.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { withSelect } from "../support/in-force.ts";
import { type Recorded, recording, replaying } from "../support/recorded.ts";

/** The statements that compare the configuration in force with what is published; the DuckDB ones are executed. */
const written: Record<string, Map<string, string>> = { duckdb: new Map(), snowflake: new Map() };

async function look(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const group = pipeline.groups.get("desk") ?? expect.fail();
  const rest = { pipeline, group, head: 2n, accept: [], returning: [], added: [], suspects: null, count: true };
  // A warehouse in which no run has declared a SELECT, as an older version leaves it.
  const addedColumns = [
    { relation: "staging.app_entries__rows", column: "memo", after: 1n },
    { relation: "curated.entry", column: "memo", after: 1n },
  ];
  const found = await lookAtPublished(session, dialect, { ...rest, recorded: { ...NOTHING_RECORDED, addedColumns } });
  expect(found.behind.mixed).toMatchObject([{ table: "entry", live: 2n, others: [{ rows: 2n }] }]);
  expect(found.behind.unfilled).toMatchObject([
    { feed: "app.entries", rows: 1n },
    { table: "entry", rows: 1n },
  ]);
  expect((await readRecorded(session, dialect, "desk")).eras.get("entry")).toHaveLength(1);
  expect(await publishedFeeds(session, dialect, null)).toMatchObject([
    { feed: "app.accounts", rows: 1n },
    { feed: "app.entries", group: "desk", rows: 2n, waiting: 1n },
  ]);
  const answer = await ask(session, { dialect, name: "plan.may-enter" }, [waitingByRule(dialect, "desk")]);
  expect(answer("waiting-by-rule")).toHaveLength(1);
}

beforeAll(async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": [entry(1, "e1"), entry(3, "e3", { amount: -1 })] } });
  await desk.play({ rows: { "app.entries": [entry(2, "e2")] } });
  const changed = withSelect(desk.pipeline, "entry", (select) => select.replace("memo", "upper(memo) as memo"));
  const session = await desk.open();
  const [statements, others]: [Recorded[], Statement[]] = [[], []];
  try {
    await look(recording(session, statements), duckdbDialect, changed);
    await look(replaying(statements, others), snowflakeDialect, changed);
  } finally {
    await session.close();
  }
  for (const { name, sql } of statements) written["duckdb"]?.set(name, `${sql};\n`);
  for (const { name, sql } of others) written["snowflake"]?.set(name, `${sql};\n`);
});

test.each(["duckdb", "snowflake"])("%s: every statement of the comparison stands in its golden file", (name) => {
  const folder = join(import.meta.dirname, "in-force", name);
  const files = written[name] ?? new Map<string, string>();
  if (process.env["UPDATE_GOLDEN"]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [statement, sql] of files) writeFileSync(join(folder, `${statement}.sql`), sql);
  }
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].map((s) => `${s}.sql`).sort());
  for (const [statement, sql] of files) expect(readFileSync(join(folder, `${statement}.sql`), "utf8"), statement).toBe(sql);
});

test("the Snowflake text keeps the house rules, the SELECTs of models apart", () => {
  for (const [statement, sql] of written["snowflake"] ?? []) {
    const own = sql.replace(/'(?:[^']|'')*'/g, "''");
    expect(own, statement).not.toMatch(/::|\bFILTER\b|\bANTI JOIN\b|\browid\b|\b(select|from|where|join)\b/);
  }
});
