import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextRowStart } from "../../src/kernel/row-start.ts";
import { landedShape } from "../../src/warehouse/duckdb/landed-shape.ts";
import { areShorter, longestOf } from "../../src/warehouse/duckdb/longest-row.ts";
import { endsOften } from "../../src/warehouse/duckdb/row-ends.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { landedBytes, rawFile } from "../support/raw-file.ts";

/** A text as APIs print it, of many lines. */
const PRINTED = JSON.stringify({ id: 1, lines: Array.from({ length: 40 }, (_, i) => ({ amount: i, memo: 'a, "b"' })) }, null, 2);

test("texts of many lines are read back from a plain file that is large enough to be read in pieces", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-lines-"));
  try {
    const count = Math.ceil((40 * 1024 * 1024) / PRINTED.length);
    const rows = Array.from({ length: count }, (_, i) => [`(0,${i})`, PRINTED]);
    const file = rawFile(folder, "part.csv", { text: await landedBytes(["_position", "text"], rows), rows: count });
    const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" }).open({ purpose: "test" });
    await session.loadRaw({
      feed: "app.things",
      relation: "things",
      batchId: "b",
      columns: ["_position", "text"],
      files: [file],
    });
    const found = await session.rows({
      name: "t",
      sql: 'SELECT count(*) AS n, count(DISTINCT "text") AS texts, max(length("text")) AS longest FROM raw.things',
    });
    await session.close();
    expect(found).toEqual([{ n: String(count), texts: "1", longest: String(PRINTED.length) }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a table in as many files as there are threads is read by a thread each, and its texts of many lines with it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-spread-"));
  try {
    const count = Math.ceil((17 * 1024 * 1024) / PRINTED.length);
    const rows = Array.from({ length: count }, (_, i) => [`(0,${i})`, PRINTED]);
    const text = await landedBytes(["_position", "text"], rows);
    const names = Array.from({ length: Math.max(4, availableParallelism()) }, (_, i) => `part-${i}.csv`);
    const files = names.map((name) => rawFile(folder, name, { text, rows: count }));
    const batch = { feed: "app.things", relation: "things", batchId: "b", columns: ["_position", "text"], files };
    const paths = names.map((name) => join(folder, name));
    expect(await landedShape(batch, paths)).toMatchObject({ inPieces: false, lineBytes: 16 * 1024 * 1024 });
    const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" }).open({ purpose: "test" });
    await session.loadRaw(batch);
    const sql = 'SELECT count(*) AS n, count(DISTINCT "text") AS texts FROM raw.things';
    const found = await session.rows({ name: "t", sql });
    await session.close();
    expect(found).toEqual([{ n: String(names.length * count), texts: "1" }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** As COPY writes it: the writer of other readers takes no row of this length. */
const csv = (rows: readonly (readonly [string, string])[]) =>
  ["_position,text", ...rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(",")), ""].join("\n");

async function loaded(rows: readonly (readonly [string, string])[], limit = "700MB") {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-long-"));
  try {
    const file = rawFile(folder, "part.csv", { text: csv(rows), rows: rows.length });
    const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: limit }).open({ purpose: "test" });
    try {
      const columns = ["_position", "text"];
      await session.loadRaw({ feed: "app.things", relation: "things", batchId: "b", columns, files: [file] });
      const sql = 'SELECT count(*) AS n, sum(length("text")) AS length FROM raw.things';
      return (await session.rows({ name: "t", sql }))[0];
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const MB = 1_000_000;

test.each([17, 33, 60])("a text of %i MB is read, wherever it stands among others", async (size) => {
  const long = "z".repeat(size * MB);
  const short = ["(0,1)", "x".repeat(8 * MB)] as const;
  for (const rows of [[short, ["(0,2)", long]] as const, [["(0,1)", long], short, short] as const]) {
    const length = rows.reduce((sum, [, text]) => sum + text.length, 0);
    expect(await loaded(rows)).toEqual({ n: String(rows.length), length: String(length) });
  }
});

test("a text that is too long stops with feed, column, position and limit, before DuckDB meets it", async () => {
  const reading = loaded([
    ["(0,1)", "short"],
    ["(7,2)", 'a,"\n'.repeat(17 * MB)],
  ]);
  await expect(reading).rejects.toMatchObject({
    kind: "incomplete",
    problems: [
      {
        code: "warehouse.row_too_long",
        says: expect.stringMatching(/app\.things: the row at \(7,2\).* 68000000 of them in the column text.* 67108864 bytes/),
      },
    ],
  });
  await expect(reading).rejects.not.toThrow(/again/);
});

test("memory that is used up is told as a setting, not as something to repeat", async () => {
  const rows = Array.from({ length: 4 }, (_, i) => [`(0,${i})`, "z".repeat(50 * MB)] as const);
  await expect(loaded(rows, "60MB")).rejects.toMatchObject({ kind: "incomplete", problems: [{ code: "warehouse.memory" }] });
});

test("the longest row and text of a file are found by its quotes, in chunks of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "é", "") }), fc.string({ maxLength: 9 })), {
        minLength: 1,
        maxLength: 9,
      }),
      fc.integer({ min: 1, max: 7 }),
      async (cells, size) => {
        const rows = cells.map(([a, b], i): [string, string, string] => [`(0,${i})`, a, b.replace(/[\0\ud800-\udfff]/g, "")]);
        const bytes = Buffer.from(await landedBytes(["_position", "a", "b"], rows));
        async function* chunks() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        const { row, text } = await longestOf(chunks());
        const all = [["_position", "a", "b"], ...rows].flat().map((cell) => Buffer.byteLength(cell));
        expect(text.textBytes).toBe(Math.max(...all));
        const shorter = await Promise.all(
          Array.from({ length: 80 }, async (_, limit) => ((await areShorter(chunks(), limit)) ? [limit] : [])),
        );
        const [least = 80] = shorter.flat();
        // Never too low, and no more too high than by what cannot be known of rows that begin in the middle of a piece.
        expect(least).toBeGreaterThan(row.bytes);
        expect(least).toBeLessThanOrEqual(Math.min(80, row.bytes + size + 1));
      },
    ),
  );
});

const Cell = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "(", "\r"), maxLength: 6 }));

/** Where rows end, by the state of each quote from the first byte on. */
function rowEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  let isInside = false;
  for (const [at, byte] of bytes.entries()) {
    if (byte === 34) isInside = !isInside;
    if (byte === 10 && !isInside) ends.push(at);
  }
  return ends;
}

test("an end of a row is seen in the middle of a file only where one is, and a file that is said to have short rows has", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-ends-"));
  let [seen, often] = [0, 0];
  try {
    const path = join(folder, "part.csv");
    const property = fc.asyncProperty(
      fc.array(fc.tuple(Cell, Cell), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 3, max: 30 }),
      async (rows, step, window) => {
        const bytes = await landedBytes(["a", "b"], rows);
        const ends = rowEnds(bytes);
        for (let at = 0; at < bytes.length; at += 1) {
          if (nextRowStart(bytes.subarray(at, at + window), 0) < 0) continue;
          seen += 1;
          expect(ends.some((end) => end >= at && end < at + window)).toBe(true);
        }
        writeFileSync(path, bytes);
        if (!(await endsOften(path, bytes.length, { step, window }))) return;
        often += 1;
        expect((await longestOf(chunksOf(bytes))).row.bytes).toBeLessThanOrEqual(step + window);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(Math.min(seen, often)).toBeGreaterThan(0);
});

async function* chunksOf(bytes: Buffer) {
  yield bytes;
}
