import fc from "fast-check";
import { expect, test } from "vitest";
import { PART_BYTES } from "../../src/sources/postgres/copy-out.ts";
import { rowParts } from "../../src/sources/postgres/row-parts.ts";
import { freshDatabase } from "../support/postgres.ts";
import { bytesOf, landedBytes } from "../support/raw-file.ts";
import { extracted, feedOf, sourceOf } from "./extracting.ts";

const Cell = fc.oneof(fc.constant(null), fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "(", "\r"), maxLength: 6 }));

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function dealt(bytes: Buffer, { size, most }: { size: number; most: number }) {
  const parts: { text: string; rows: number }[] = [];
  for await (const part of rowParts(chunksOf(bytes, size), most))
    parts.push({ text: (await bytesOf(part.bytes)).toString(), rows: part.rows() });
  return parts;
}

test("parts have the header and whole rows, in their order and none twice, whatever stands in their cells and however they come", async () => {
  let several = 0;
  const property = fc.asyncProperty(
    fc.array(Cell, { maxLength: 10 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 40 }),
    async (cells, size, most) => {
      const columns = ["_position", 'of\n"two" lines'];
      const rows = cells.map((cell, i) => [`(0,${i})`, cell]);
      const lines = await Promise.all(rows.map(async (row) => `${await landedBytes(columns, [row])}`));
      const header = `${await landedBytes(columns, [])}`;
      const parts = await dealt(await landedBytes(columns, rows), { size, most });
      several += parts.length > 2 ? 1 : 0;
      const own = lines.map((line) => line.slice(header.length));
      let from = 0;
      for (const { text, rows: count } of parts) {
        expect(text).toBe(header + own.slice(from, from + count).join(""));
        from += count;
      }
      expect(from).toBe(rows.length);
      const lengths = parts.map(({ text, rows: count }, i) => ({
        bytes: Buffer.byteLength(text) - (i > 0 ? header.length : 0),
        count,
      }));
      for (const { bytes, count } of lengths.slice(0, -1)) expect(bytes >= most || count === 1).toBe(true);
    },
  );
  await fc.assert(property, { numRuns: 500 });
  expect(several).toBeGreaterThan(0);
});

test("a part that nobody reads to its end gives back what it reads from", async () => {
  const given = { back: false };
  async function* source() {
    try {
      for (let i = 0; ; i += 1) yield Buffer.from(`"(0,${i})"\n`);
    } finally {
      given.back = true;
    }
  }
  const reading = async () => {
    for await (const { bytes } of rowParts(source(), 10)) {
      for await (const _ of bytes) throw new Error("the disk is full");
    }
  };
  await expect(reading()).rejects.toThrow("the disk is full");
  expect(given.back).toBe(true);
});

test("what changed comes in several files where it is much, each row in one of them", async () => {
  const db = await freshDatabase();
  const admin = await db.client();
  await admin.query("create table invoices (id text, note text, updated_at timestamptz)");
  const feed = feedOf({ columns: ["id", "note"], cursor: { mode: "updated_at", column: "updated_at", trusted: "a test" } });
  await admin.query("insert into invoices values ('0', 'before', now())");
  const before = await extracted([{ feed }], { source: sourceOf(db.url) });
  const rows = 150_000;
  const length = Math.ceil((2.2 * PART_BYTES) / rows);
  await admin.query(
    "insert into invoices select i::text, repeat('two ' || chr(10) || '\"lines\" ', $1), now() from generate_series(1, $2) i",
    [Math.ceil(length / 14), rows],
  );
  const cursor = before.extracts[0]?.cursor ?? null;
  const { extracts, texts } = await extracted([{ feed, cursor }], { source: sourceOf(db.url) });
  const files = extracts[0]?.files ?? [];
  expect(files.map(({ key }) => key)).toEqual([0, 1, 2].map((nth) => `billing.invoices/part-00${nth}.csv`));
  const ids = files.map(({ key }) => [...(texts.get(key) ?? "").matchAll(/^"\(\d+,\d+\)",(\d+),/gm)].map(([, id]) => id ?? ""));
  expect(ids.map((own) => own.length)).toEqual(files.map((file) => file.rows));
  const read = new Set(ids.flat());
  read.delete("0");
  expect(read.size).toBe(rows);
  expect(files.slice(0, -1).every(({ bytes }) => bytes >= PART_BYTES)).toBe(true);
});
