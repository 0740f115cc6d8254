import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { seededRandom } from "../../sandbox/random.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { killRewrite, seedRewrite, stateOfRewrite, WHOLE } from "../support/rewriting.ts";
import { IS_WHOLE, seeds } from "../support/sampled.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-commit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 300_000;
const SEEDS = seeds(48);

function copy(from: string, name: string): string {
  const to = join(folder, name);
  for (const suffix of ["", ".wal"]) {
    rmSync(`${to}${suffix}`, { force: true });
    if (existsSync(`${from}${suffix}`)) copyFileSync(`${from}${suffix}`, `${to}${suffix}`);
  }
  return to;
}

/** The state that an opener finds, or the code of the problem by which it is refused. */
async function openedAs(path: string, readOnly: boolean): Promise<string> {
  return stateOfRewrite(path, readOnly).catch((error: unknown) => {
    if (error instanceof Failure) return error.problems[0]?.code ?? "no problem";
    throw error;
  });
}

/** Opens copies of a file with its log cut at an offset, to read and to write. */
async function cutAt(path: string, length: number): Promise<string[]> {
  const found: string[] = [];
  for (const readOnly of [true, false]) {
    const cut = copy(path, "cut.duckdb");
    truncateSync(`${cut}.wal`, length);
    found.push(await openedAs(cut, readOnly));
  }
  return found;
}

test("killed at many moments inside COMMIT and CHECKPOINT, the file is wholly old or wholly new, and so with what is left of its log", async () => {
  const seeded = join(folder, "seeded.duckdb");
  await seedRewrite(seeded, ROWS);
  const seen = new Set<string>();
  for (const seed of SEEDS) {
    const random = seededRandom(seed);
    const delay = random.int(0, 30) * random.int(0, 30);
    const what = `killed ${delay} ms after the last statement (seed ${seed})`;
    const path = copy(seeded, "killed.duckdb");
    await killRewrite(path, { rows: ROWS, delay });
    rmSync(`${path}.lock`, { force: true });
    const left = existsSync(`${path}.wal`) ? readFileSync(`${path}.wal`).length : 0;
    const state = await openedAs(copy(path, "looked-at.duckdb"), false);
    expect(WHOLE, what).toContain(state);
    for (let length = 0; length < left; length += 1) {
      for (const cut of await cutAt(path, length)) expect(WHOLE, `${what}, log cut at ${length}`).toContain(cut);
    }
    seen.add(state);
  }
  if (IS_WHOLE) expect([...seen].sort()).toEqual(WHOLE);
});

test("a committed log that another program left, whole or cut at any offset, is refused or makes no difference", async () => {
  const seeded = join(folder, "foreign.duckdb");
  await seedRewrite(seeded, 2_000);
  const instance = await DuckDBInstance.create(seeded);
  const connection = await instance.connect();
  await connection.run("set checkpoint_threshold = '1GB'");
  await connection.run("begin");
  for (const t of ["a", "b"]) {
    await connection.run(`delete from ops.${t} where id % 2 = 0`);
    await connection.run(`insert into ops.${t} select range, 'new', 2000 from range(1000)`);
  }
  await connection.run("insert into ops.ledger values (1)");
  await connection.run("commit");
  const path = copy(seeded, "logged.duckdb");
  connection.closeSync();
  instance.closeSync();
  const log = readFileSync(`${path}.wal`);
  expect(log.length).toBeGreaterThan(1_000);
  const offsets = [
    ...Array(80).keys(),
    ...[...Array(40).keys()].map((i) => log.length - i),
    ...[...Array(60).keys()].map((i) => Math.floor((log.length * i) / 60)),
  ];
  const seen = new Set<string>();
  for (const offset of offsets) {
    for (const found of await cutAt(path, offset)) {
      expect([WHOLE[0], "warehouse.foreign_wal"], `log cut at ${offset} of ${log.length}`).toContain(found);
      seen.add(found);
    }
  }
  expect(seen.size).toBe(2);
  writeFileSync(`${path}.wal`, log);
  expect(await openedAs(path, true)).toBe("warehouse.foreign_wal");
});
