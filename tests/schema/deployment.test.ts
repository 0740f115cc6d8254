import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app/app.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { applyDeployment, deploymentFacts, isAdditive } from "../../src/schema/deployment.ts";
import type { DdlFile } from "../../src/warehouse/deployment.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { stem } from "../../src/warehouse/relations.ts";
import { snowflakeDeployment } from "../../src/warehouse/snowflake/deployment/deployment.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { openDesk } from "../support/desk.ts";
import { account, withFeed } from "../support/desk-rows.ts";

const GOLDEN = "tests/golden/snowflake";
let pipeline: Pipeline;
let files: DdlFile[];

beforeAll(async () => {
  ({ pipeline } = await createApp({}).pipeline({ directory: "pipeline", environment: "local" }));
  files = snowflakeDeployment(
    deploymentFacts(snowflakeDialect, pipeline, { database: "LEDGERLOOP", landing: "s3://bucket/landing" }),
  );
});

const fileOf = (name: string) => files.find((file) => file.name === name)?.statements.map(({ sql }) => sql) ?? [];

test("files are numbered in the order in which they are applied, and every statement only adds", () => {
  expect(files.map(({ name }) => Number.parseInt(name, 10))).toEqual(
    files.map(({ name }) => Number.parseInt(name, 10)).sort((a, b) => a - b),
  );
  for (const { name, statements } of files) {
    expect(statements.length, name).toBeGreaterThan(0);
    for (const statement of statements) expect(isAdditive(statement), statement.sql).toBe(true);
  }
});

test.each([
  "DROP TABLE CURATED.INVOICE",
  "CREATE OR REPLACE TABLE CURATED.INVOICE (id NUMBER)",
  "CREATE TABLE CURATED.INVOICE AS SELECT 1 AS id",
  "ALTER TABLE CURATED.INVOICE DROP COLUMN memo",
  "ALTER TABLE CURATED.INVOICE ADD COLUMN a NUMBER, DROP COLUMN memo",
  "ALTER TABLE CURATED.INVOICE RENAME TO OLD",
  "ALTER TABLE CURATED.INVOICE SWAP WITH WORK.INVOICE",
  "TRUNCATE TABLE OPS.PUBLICATION",
  "DELETE FROM OPS.PUBLICATION",
  "INSERT OVERWRITE INTO OPS.PUBLICATION SELECT 1",
  "INSERT INTO T SELECT 1; DROP TABLE T",
  "UPDATE STAGING.T SET a = 1",
  "UPDATE STAGING.T SET a = 1 WHERE b IS NULL",
  "UPDATE STAGING.T SET a = 1, b = 2 WHERE a IS NULL",
  "UPDATE STAGING.T SET a = 1 WHERE a IS NULL OR TRUE",
  "UPDATE STAGING.T SET a = 1 WHERE a IS NULL; DROP TABLE T",
  "REVOKE SELECT ON CURATED.INVOICE FROM ROLE AUDITOR",
  "EXECUTE IMMEDIATE 'DROP TABLE T'",
])("%s is not additive", (sql) => {
  expect(isAdditive({ name: "x", sql })).toBe(false);
});

test("a value for a column that has none is additive", () => {
  const sql = `UPDATE STAGING."A = B" SET _form = SUBSTR(MD5(LOWER(STAGING."A = B"."K")), 1, 16) WHERE _form IS NULL`;
  expect(isAdditive({ name: "x", sql })).toBe(true);
});

test("words that take away count inside quotes and in granted rights as what they are: texts and names", () => {
  for (const sql of [
    "CREATE TABLE IF NOT EXISTS T (\"DROP\" VARCHAR(3)) COMMENT = 'no DELETE here'",
    "GRANT INSERT, DELETE ON TABLE T TO ROLE R",
  ])
    expect(isAdditive({ name: "x", sql }), sql).toBe(true);
});

const ORIGIN = { id: "apply_1", group: null, actor: "tester", reason: null, ticket: null, codeVersion: "test", at: new Date(0) };

test("applying refuses a file that takes something away, before it is sent", async () => {
  await using desk = openDesk("billing", "tests/fixtures/pipelines/billing");
  const session = await desk.open();
  try {
    const bad: DdlFile = { name: "000_bad", about: "", statements: [{ name: "bad", sql: "DROP SCHEMA ops CASCADE" }] };
    const applying = applyDeployment(session, duckdbDialect, { pipeline, files: [bad], origin: ORIGIN, onFile: () => undefined });
    await expect(applying).rejects.toMatchObject({ kind: "internal", problems: [{ says: expect.stringContaining("bad") }] });
  } finally {
    await session.close();
  }
});

test("applying a new column notes the last publication without it, before the column is there", async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] } });
  const column = {
    name: "tier",
    type: { kind: "string" },
    required: false,
    pii: false,
    at: { file: "t", line: 1, column: 1 },
  } as const;
  const changed = withFeed(desk.pipeline, "app.accounts", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: [...feed.contract.columns, column] },
  }));
  const session = await desk.open();
  try {
    const applied = await applyDeployment(session, duckdbDialect, {
      pipeline: changed,
      files: [],
      origin: ORIGIN,
      onFile: () => undefined,
    });
    expect(applied).toMatchObject([{ file: "045_changes", outcome: "applied", statements: 2 }]);
  } finally {
    await session.close();
  }
  expect(
    await desk.query("select event, subject, run_group, detail, actor from ops.audit_event where event = 'column.added'"),
  ).toEqual([
    { event: "column.added", subject: "staging.app_accounts__rows.tier", run_group: "desk", detail: "1", actor: "tester" },
  ]);
});

describe("privacy", () => {
  test("every personal column of staging, curated and history carries the tag, and the quarantine's personal payload too", () => {
    const tagged = fileOf("070_privacy").filter((sql) => sql.includes("MODIFY COLUMN"));
    for (const { columns, table } of [
      ...[...pipeline.feeds.values()].map((f) => ({ columns: f.contract.columns, table: `"${stem(f)}__rows"` })),
      ...[...pipeline.models.values()].flatMap((m) => [{ columns: m.contract.columns, table: `"${m.table}"` }]),
    ])
      for (const { name } of columns.filter((c) => c.pii)) {
        const of = tagged.filter((sql) => sql.includes(`${table.toUpperCase()} MODIFY COLUMN "${name.toUpperCase()}"`));
        expect(of.length, `${table}.${name}`).toBeGreaterThan(0);
      }
    expect(tagged.join()).toContain('"PAYLOAD_PII"');
  });
});

describe("rights of the role that runs", () => {
  /** Every group has one, and the hours of the golden files are those of one group. */
  const aFence = (table: string | undefined) => table?.replace(/"FENCE__\w+"/, "a fence");

  const rights = (): Set<string> => {
    const found = new Set<string>();
    for (const sql of fileOf("100_grants")) {
      const grant = /^GRANT (.+?) ON (?:ALL TABLES IN SCHEMA (\w+)|TABLE (\S+)) TO ROLE LEDGERLOOP_LOADER/.exec(sql);
      if (!grant) continue;
      for (const right of (grant[1] ?? "").split(", ")) found.add(`${right} ${grant[2] ?? aFence(grant[3])}`);
    }
    return found;
  };

  /** What the statements of a run do to lasting tables; work tables have no schema. */
  const done = (): Set<string> => {
    const found = new Set<string>();
    for (const file of readdirSync(GOLDEN)) {
      const sql = readFileSync(join(GOLDEN, file), "utf8");
      for (const [, verb, schema, table] of sql.matchAll(
        /\b(INSERT INTO|DELETE FROM|UPDATE) (STAGING|CURATED|HISTORY|OPS)\.("\w+")/g,
      ))
        found.add(`${verb?.split(" ")[0]} ${verb === "UPDATE" && schema === "OPS" ? aFence(`OPS.${table}`) : schema}`);
    }
    return found;
  };

  test("it may do what a run's statements do, and change nothing else", () => {
    const writing = [...rights()].filter((right) => !right.startsWith("SELECT")).sort();
    expect(done().size).toBeGreaterThan(5);
    expect(writing).toEqual([...done()].sort());
  });

  test("it owns nothing, and creates nothing but the stage of its session", () => {
    const grants = fileOf("100_grants").filter((sql) => sql.endsWith("ROLE LEDGERLOOP_LOADER"));
    expect(grants.filter((sql) => /OWNERSHIP|ALL PRIVILEGES/.test(sql))).toEqual([]);
    expect(grants.filter((sql) => /\bCREATE\b/.test(sql))).toEqual([
      "GRANT CREATE STAGE ON SCHEMA WORK TO ROLE LEDGERLOOP_LOADER",
    ]);
  });
});
