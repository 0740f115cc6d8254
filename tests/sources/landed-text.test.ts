import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gzipped } from "../../src/landing/gzipped.ts";
import {
  booleanCell,
  type Cell,
  type CellRow,
  instantOfIso,
  instantOfSeconds,
  isLandable,
  LONGEST_ROW,
  landedText,
  PAYLOAD_BYTES,
  payloadCell,
  unconvertedCell,
} from "../../src/sources/landed-text.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { packParquet } from "../../src/warehouse/duckdb/pack-parquet.ts";
import { rawView } from "../../src/warehouse/duckdb/raw-view.ts";
import { CSV_FORMAT } from "../../src/warehouse/snowflake/load-sql.ts";
import type { RawBatch, RawFile, Session } from "../../src/warehouse/warehouse.ts";
import { cases } from "../support/cases.ts";
import { bytesOf, landedBytes, rawFile } from "../support/raw-file.ts";
import { strictDuckdb } from "../support/strict.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-landed-"));
let session: Session;
beforeAll(async () => {
  session = await strictDuckdb({ path: join(folder, "t.duckdb"), memoryLimit: "512MB" }).open({ purpose: "test" });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

/** Texts made of what readers of CSV stumble over. */
const NASTY = [
  "",
  '"',
  '""',
  ",",
  "\n",
  "\r",
  "\r\n",
  "\\",
  "\\N",
  "NULL",
  " ",
  "\t",
  "\ufeff",
  "ü",
  "🧾",
  "\u2028",
  "\u0001",
  "'",
  "a",
  "0",
  "-",
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...NASTY) }),
  fc.string({ unit: "binary" }).filter(isLandable),
  fc.integer({ min: 1, max: 40_000 }).map((n) => 'x"\n'.repeat(n)),
);
const cell: fc.Arbitrary<Cell> = fc.option(text, { freq: 4 });
const file = fc
  .record({ width: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 0, max: 12 }) })
  .chain(({ width, count }) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: count, maxLength: count }),
  )
  .map((cells) => cells.map((row, i): CellRow => [String(i).padStart(3, "0"), ...row]));

const columnsOf = (rows: readonly CellRow[]) =>
  (rows[0] ?? ["0", "1"]).map((_, i) => (i === 0 ? "_position" : `Column "${i}", x`));

function batchOf(columns: readonly string[], ...files: RawFile[]): RawBatch {
  return { feed: "app.things", relation: "app__things", batchId: "b_1", columns, files };
}

/** Texts travel as hex: the driver (1.5.5-r.5) leaves out a byte order mark at the beginning of a text that it hands over. */
const hex = (expression: string, i: number) => `hex(encode(${expression})) AS c${i}`;
const unhexed = (value: unknown): Cell => (typeof value === "string" ? Buffer.from(value, "hex").toString() : null);

async function readBack(batch: RawBatch): Promise<CellRow[]> {
  await session.loadRaw(batch);
  const list = batch.columns.map((name, i) => hex(d.identifier(name), i)).join(", ");
  const sql = `SELECT ${list} FROM ${d.table("raw", batch.relation)} ORDER BY c0`;
  return (await session.rows({ name: "test", sql })).map((row) => batch.columns.map((_, i) => unhexed(row[`c${i}`])));
}

async function unpacked(path: string, columns: readonly string[]): Promise<CellRow[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const list = columns.map((_, i) => hex(`c${i + 2}`, i)).join(", ");
    const reader = await connection.runAndReadAll(`SELECT ${list} FROM ${d.literal(path)} ORDER BY 1`);
    return reader.getRows().map((row) => row.map(unhexed));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe("a row file", () => {
  test("is read by the embedded warehouse as what was written, plain and packed", async () => {
    await fc.assert(
      fc.asyncProperty(file, async (rows) => {
        const columns = columnsOf(rows);
        const plain = await landedBytes(columns, rows);
        const packed = await bytesOf(gzipped(landedText(columns, rows).bytes));
        const both = [
          rawFile(folder, "part.csv", { text: plain, rows: rows.length }),
          rawFile(folder, "part.csv.gz", { text: packed, rows: rows.length }),
        ];
        for (const one of both) expect(await readBack(batchOf(columns, one))).toEqual(rows);
      }),
      { numRuns: cases(60) },
    );
  });

  test("is packed for an upload to Snowflake without a change", async () => {
    await fc.assert(
      fc.asyncProperty(file, async (rows) => {
        const columns = columnsOf(rows);
        const landed = rawFile(folder, "packed.csv", { text: await landedBytes(columns, rows), rows: rows.length });
        const packed = await packParquet(batchOf(columns, landed), landed);
        try {
          expect(await unpacked(packed.path, columns)).toEqual(rows);
        } finally {
          await packed.release();
        }
      }),
      { numRuns: cases(15) },
    );
  });

  test("is bare only where no reader has an idea of its own", async () => {
    const bytes = await landedBytes(
      ["a", "b c"],
      [
        ["x_1.5:+-", null],
        [" x", ""],
        ['q"', "NULL\n"],
      ],
    );
    expect(bytes.toString()).toBe('a,"b c"\nx_1.5:+-,\n" x",""\n"q""","NULL\n"\n');
  });

  test("of many rows leaves in few chunks, rows are taken as bytes are, and counted", async () => {
    let taken = 0;
    async function* rows() {
      for (; taken < 100_000; taken += 1) yield [String(taken), "some text"];
    }
    const { bytes, rows: written } = landedText(["a", "b"], rows());
    await bytes.next();
    expect(taken).toBeLessThan(20_000);
    let chunks = 1;
    for await (const chunk of bytes) chunks += chunk.length > 0 ? 1 : 0;
    expect(chunks).toBeLessThan(15);
    expect(written()).toBe(100_000);
  });

  test.each<[string, CellRow]>([
    ["has 1 cells for 2 columns", ["1"]],
    ["has 3 cells for 2 columns", ["1", "2", "3"]],
    ['its column "b"', ["1", "x\0secret"]],
    ['its column "b"', ["1", "\ud800secret"]],
    ['its column "a"', ["\udc00", "secret"]],
    [`longer than ${LONGEST_ROW}`, ["1", "x".repeat(LONGEST_ROW)]],
  ])("takes no row that %s", async (says, row) => {
    const failure = await landedBytes(["a", "b"], [row]).then(
      () => expect.fail(),
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ kind: "internal", problems: [{ code: "source.row", says: expect.stringContaining(says) }] });
    expect(String(failure)).not.toContain("secret");
  });

  test("has rows of the length that it promises", async () => {
    const longest = "ü".repeat((LONGEST_ROW - '1,""\n'.length) / 2);
    const rows = [
      ["1", longest],
      ["2", null],
    ];
    const landed = rawFile(folder, "long.csv", { text: await landedBytes(["a", "b"], rows), rows: 2 });
    expect(await readBack(batchOf(["a", "b"], landed))).toEqual(rows);
  });
});

describe("docs/landed-text.md", () => {
  const blocks = [...readFileSync("docs/landed-text.md", "utf8").matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, block]) => block);

  test("states the options that the readers have", () => {
    const [embedded = "", snowflake] = blocks;
    const view = rawView(batchOf(["a"]), ["a.csv"], { inPieces: true, lineBytes: 16 * 1024 * 1024 }).replaceAll(/\s+/g, " ");
    for (const option of embedded.split(/, (?=[a-z_]+ = )/)) expect(view).toContain(option);
    expect(snowflake).toBe(CSV_FORMAT);
  });
});

async function isRead(text: Cell, type: { kind: "timestamp" } | { kind: "boolean" }): Promise<boolean> {
  const typed = d.tryCast("s.t", type);
  const sql = `SELECT CASE WHEN ${d.isMisread({ text: "s.t", typed, type })} THEN 'no' ELSE 'yes' END AS read FROM (SELECT CAST(${d.literal(text)} AS VARCHAR) AS t) s`;
  return (await session.rows({ name: "test", sql }))[0]?.["read"] === "yes";
}

describe("cells", () => {
  test.each([
    ["2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"],
    ["2026-11-23 10:00:00.120500+00", "2026-11-23T10:00:00.1205Z"],
    ["2026-11-23T10:00:00.000+0000", "2026-11-23T10:00:00Z"],
    ["2026-11-23T00:30:00.123456+02:00", "2026-11-22T22:30:00.123456Z"],
    ["2026-11-23T23:30:00-05:30", "2026-11-24T05:00:00Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["2026-11-23T10:00:00.1234560000Z", "2026-11-23T10:00:00.123456Z"],
    ["2026-11-23T10:00:00.1234567Z", null],
    ["0001-01-01T00:00:00+01:00", null],
    ["9999-12-31T23:59:59-01:00", null],
    ["2026-02-30T10:00:00Z", null],
    ["2026-11-23T24:00:00Z", null],
    ["2026-11-23T10:00:00", null],
    ["2026-11-23T10:00Z", null],
    ["2026-11-23", null],
    ["2026-11-23T10:00:00+99:00", null],
    ["", null],
  ])("the instant %s is %s", (given, instant) => expect(instantOfIso(given)).toBe(instant));

  test("instants and booleans are read by the dialect, and an instant has one text whatever its offset", async () => {
    const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 });
    await fc.assert(
      fc.asyncProperty(seconds, fc.integer({ min: -14, max: 14 }), async (at, hours) => {
        const canonical = instantOfSeconds(at);
        expect(await isRead(canonical, { kind: "timestamp" })).toBe(true);
        const there = new Date((at + hours * 3600) * 1000).toISOString().slice(0, -5);
        const offset = `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
        if (/^\d{4}-/.test(there) && there >= "0001") expect(instantOfIso(`${there}${offset}`)).toBe(canonical);
      }),
      { numRuns: cases(50) },
    );
    for (const value of [true, false]) expect(await isRead(booleanCell(value), { kind: "boolean" })).toBe(true);
    expect([instantOfSeconds(0.5), instantOfSeconds(Number.NaN), instantOfSeconds(1e12)]).toEqual([null, null, null]);
  });

  test("names of unconverted columns are a JSON array, and nothing where there are none", () => {
    expect([unconvertedCell(['a"b', "c"]), unconvertedCell([])]).toEqual(['["a\\"b","c"]', null]);
  });
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Takes a payload apart again. */
function payloadBytes(text: string): Buffer {
  const colon = text.indexOf(":");
  return Buffer.from(text.slice(colon + 1), text.startsWith("utf8") ? "utf8" : "base64");
}

describe("a payload", () => {
  test.each([
    ["text", Buffer.from('a,"b\r\n'), 'utf8:a,"b\r\n'],
    ["nothing", Buffer.from(""), "utf8:"],
    ["a byte order mark", Buffer.from("\ufeffx"), "utf8:\ufeffx"],
    ["what looks like a mark", Buffer.from("base64:x"), "utf8:base64:x"],
    ["Latin-1", Buffer.from([0x66, 0xfc, 0x72]), "base64:Zvxy"],
    ["U+0000", Buffer.from("a\0b"), "base64:YQBi"],
    ["a surrogate's bytes", Buffer.from([0xed, 0xa0, 0x80]), "base64:7aCA"],
  ])("of %s", (_, bytes, written) => expect(payloadCell(bytes)).toBe(written));

  test("of any bytes is landable and gives them back, the first 64 KiB of many", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary" }).map((s) => Buffer.from(s)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(0, PAYLOAD_BYTES - 50, PAYLOAD_BYTES, 3 * PAYLOAD_BYTES), (tail, more) => {
        const record = Buffer.concat([Buffer.alloc(more, "ü🧾"), tail]);
        const written = payloadCell(record);
        expect(isLandable(written)).toBe(true);
        expect(payloadCell({ head: record.subarray(0, PAYLOAD_BYTES), bytes: record.length, sha256: sha256(record) })).toBe(
          written,
        );
        const back = payloadBytes(written);
        expect(back.equals(record.subarray(0, back.length))).toBe(true);
        if (record.length <= PAYLOAD_BYTES) {
          expect(back).toHaveLength(record.length);
          return;
        }
        expect(back.length).toBeGreaterThan(PAYLOAD_BYTES - 4);
        expect(written).toContain(`;bytes=${record.length};sha256=${sha256(record)}:`);
      }),
    );
  });
});
