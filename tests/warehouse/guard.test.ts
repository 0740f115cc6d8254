import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { hasForeignLog } from "../../src/warehouse/duckdb/write-ahead-log.ts";
import { UnknownOutcome } from "../../src/warehouse/warehouse.ts";
import { otherOpener as other } from "../support/other-opener.ts";
import { killRewrite, seedRewrite, stateOfRewrite, WHOLE } from "../support/rewriting.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-guard-"));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const fresh = () => {
  made += 1;
  return join(folder, `${made}.duckdb`);
};
const warehouse = (path: string) => duckdbWarehouse({ path, memoryLimit: "256MB" });
const exit = async (work: Promise<unknown>) =>
  work.then(
    () => 0,
    (error: unknown) => (error instanceof Failure ? error.exitCode : 99),
  );

test("one session per process and file; a second is refused, not silently unlocked", async () => {
  const path = fresh();
  const session = await warehouse(path).open({ purpose: "first" });
  expect(await exit(warehouse(path).open({ purpose: "second" }))).toBe(1);
  await session.close();
  await (await warehouse(path).open({ purpose: "third" })).close();
});

test("a session closed twice does not take the lock from the one that holds it then", async () => {
  const path = fresh();
  const first = await warehouse(path).open({ purpose: "first" });
  await first.close();
  const holder = await warehouse(path).open({ purpose: "second" });
  await first.close();
  expect(existsSync(`${path}.lock`)).toBe(true);
  expect(await exit(warehouse(path).open({ purpose: "third" }))).toBe(1);
  await holder.close();
});

test("another process is waited for, and named when the wait is over: exit 40", async () => {
  const path = fresh();
  const holder = other(path, `console.log("open"); await new Promise((r) => setTimeout(r, 30000));`);
  await holder.said;
  const refused = await warehouse(path)
    .open({ purpose: "mine", waitMs: 200 })
    .then(
      () => null,
      (e: Failure) => e,
    );
  expect(refused?.exitCode).toBe(40);
  expect(refused?.message).toMatch(/process \d+ on .* \(other\)/);
  holder.kill();
  await holder.ended;
  // The lock of a dead process is cleared by the next opener.
  await (await warehouse(path).open({ purpose: "mine", waitMs: 5000 })).close();
});

test("the lock of a process of another host is not cleared, but whoever knows that it is gone is told how", async () => {
  const path = fresh();
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: 1, started: "1", host: "a-container-of-yesterday", purpose: "publish" }));
  const open = warehouse(path).open({ purpose: "mine", waitMs: 100 });
  await expect(open).rejects.toMatchObject({
    exitCode: 40,
    message: expect.stringMatching(/process 1 on a-container-of-yesterday[\s\S]*rm .*\.lock/),
  });
  rmSync(`${path}.lock`);
  await (await warehouse(path).open({ purpose: "mine" })).close();
});

test("a reader never creates a warehouse, and writes nothing", async () => {
  const path = fresh();
  expect(await exit(warehouse(path).open({ purpose: "read", readOnly: true }))).toBe(2);
  await (await warehouse(path).open({ purpose: "write" })).close();
  const reader = await warehouse(path).open({ purpose: "read", readOnly: true });
  expect(await exit(reader.run({ name: "t", sql: "create table ops.t (a integer)" }))).toBe(1);
  await reader.close();
});

test("a write-ahead log of somebody else stops the opener", async () => {
  const path = fresh();
  await (await warehouse(path).open({ purpose: "write" })).close();
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("set checkpoint_threshold = '1GB'");
  await connection.run("create table main.stray as select 1 as a");
  const log = readFileSync(`${path}.wal`);
  connection.closeSync();
  instance.closeSync();
  expect(log.length).toBeGreaterThan(0);
  writeFileSync(`${path}.wal`, log);
  expect(await exit(warehouse(path).open({ purpose: "read" }))).toBe(1);
});

test.each([
  "640062650002ffff0c00000000000000e38edf040cf9be636400636500650008ffffffff0500000000000000e7fe7d722fed3d5e640064ffff",
  "640062650002ffff170000000000000007ce7264ebb5560664006365006400808080808080808007650008ffffffff",
  "640062650002ffff",
])("the mark that a killed checkpoint leaves does not", async (hex) => {
  const path = fresh();
  await (await warehouse(path).open({ purpose: "write" })).close();
  writeFileSync(`${path}.wal`, Buffer.from(hex, "hex"));
  expect(hasForeignLog(path)).toBe(false);
});

test("a failing transaction is rolled back; a lost answer is said to be one", async () => {
  const session = await warehouse(fresh()).open({ purpose: "t" });
  await session.run({ name: "t", sql: "create table ops.t (a integer)" });
  await expect(
    session.transaction(async () => {
      await session.run({ name: "t", sql: "insert into ops.t values (1)" });
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(await session.rows({ name: "t", sql: "select count(*) as n from ops.t" })).toEqual([{ n: "0" }]);
  // A connection that is gone when COMMIT is asked for.
  await expect(session.transaction(() => session.close())).rejects.toThrow(UnknownOutcome);
});

test("killed inside COMMIT or CHECKPOINT, the file is wholly old or wholly new", async () => {
  for (const delay of [0, 15, 30, 60, 120]) {
    const path = fresh();
    await seedRewrite(path, 50_000);
    await killRewrite(path, { rows: 50_000, delay });
    expect(WHOLE, `killed after ${delay} ms`).toContain(await stateOfRewrite(path, delay % 2 === 0));
  }
});
