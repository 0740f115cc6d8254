import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { strictDuckdb, TooLax } from "../support/strict.ts";

let folder: string;
let session: Session;
const run = (sql: string) => session.run({ name: "it", sql });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledgerloop-strict-"));
  session = await strictDuckdb({ path: join(folder, "s.duckdb"), memoryLimit: "256MB" }).open({ purpose: "test" });
  await run("CREATE TABLE staging.t (id BIGINT, v VARCHAR)");
  await run("INSERT INTO staging.t SELECT 1, 'a' UNION ALL SELECT 2, 'b'");
});

afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

const update = (source: string) => `UPDATE staging.t SET v = s.v\nFROM (${source}) s\nWHERE staging.t.id = s.id`;

test("two new rows for one old one are refused, one for each of two are not", async () => {
  await expect(run(update("SELECT 1 AS id, 'x' AS v UNION ALL SELECT 1, 'y'"))).rejects.toThrow(TooLax);
  expect(await session.rows({ name: "it", sql: "SELECT v FROM staging.t ORDER BY id" })).toEqual([{ v: "a" }, { v: "b" }]);
  expect(await run(update("SELECT 1 AS id, 'x' AS v UNION ALL SELECT 2, 'y'"))).toBe(2n);
});

test.each([
  ["a MERGE", "MERGE INTO staging.t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE"],
  ["an UPDATE … FROM of another shape", "UPDATE staging.t SET v = 'z' FROM staging.t s WHERE staging.t.id = s.id"],
  ["a text with a length", "CREATE TABLE staging.l (v VARCHAR(3))"],
  ["a column with a length", "ALTER TABLE staging.t ADD COLUMN w VARCHAR(3)"],
  ["a key", "CREATE TABLE staging.k (id BIGINT PRIMARY KEY)"],
])("%s is refused", (_, sql) => expect(run(sql)).rejects.toThrow(TooLax));

test("an UPDATE without FROM, and names and texts that look like more, pass", async () => {
  expect(await run("UPDATE staging.t SET v = 'FROM' WHERE id IN (SELECT id FROM staging.t)")).toBe(2n);
  await run(`CREATE TABLE staging.n ("UNIQUE" VARCHAR)`);
});

test("DDL in a transaction is refused", async () => {
  const work = () => session.transaction(() => run("CREATE TABLE staging.u (id BIGINT)"));
  await expect(work()).rejects.toMatchObject({ kind: "internal" });
});
