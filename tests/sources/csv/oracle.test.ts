import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Layout } from "../../../src/sources/csv/scan/layout.ts";
import type { Cell } from "../../../src/sources/landed-text.ts";
import { duckdbDialect as d } from "../../../src/warehouse/duckdb/dialect.ts";
import type { RawFile, Session } from "../../../src/warehouse/warehouse.ts";
import { cases } from "../../support/cases.ts";
import { rawFile } from "../../support/raw-file.ts";
import { strictDuckdb } from "../../support/strict.ts";
import { type Derived, derive } from "./deriving.ts";
import { mutatedFile } from "./mutations.ts";
import { type Extent, oracle, type Told } from "./oracle.ts";
import { charactersOf } from "./oracle-values.ts";
import { parseLanded } from "./parse-landed.ts";

/** Whether a file was read to where it stopped, so that its rows can be compared. */
const isRead = ({ stopped }: Told) => stopped === null || stopped === "bad_share" || stopped === "two_tables";

function counted(words: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) if (word !== null) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function expectAsTold({ rows, facts }: Derived, told: Told): void {
  const { records, extents, stopped } = told;
  expect(facts.stopped?.reason ?? null).toBe(stopped);
  if (!isRead(told)) return;
  expect(rows.map(({ payload, ...row }) => row)).toEqual(records);
  expect(facts).toMatchObject({
    records: records.length,
    malformed: counted(records.map(({ fault }) => fault)),
    unconverted: counted(records.flatMap(({ unconverted }) => unconverted)),
  });
  if (stopped !== "two_tables") expect(facts.blankLines).toBe(extents.filter(({ is }) => is === "blank").length);
}

/** Every record with a fault has the bytes that its position says. */
function expectExactBytes({ rows }: Derived, bytes: Buffer): void {
  for (const { payload, fault, offset, length } of rows) {
    if (fault === null) expect(payload).toBeNull();
    else expect(payload?.equals(bytes.subarray(offset, offset + length))).toBe(true);
  }
}

test("a file that went wrong anywhere has the records, places, faults and texts that reading it slowly gives", async () => {
  await fc.assert(
    fc.asyncProperty(mutatedFile, async ({ spec, bytes, pieces }) => {
      const derived = await derive(bytes, spec, pieces);
      expectAsTold(derived, oracle(bytes, spec));
      expectExactBytes(derived, bytes);
    }),
    { numRuns: cases(5000) },
  );
});

test("it is of no matter how the bytes of a file are cut", async () => {
  await fc.assert(
    fc.asyncProperty(mutatedFile, async ({ spec, bytes, pieces }) => {
      const whole = await derive(bytes, spec);
      for (const lengths of [pieces, [1], [3, 1, 64]]) {
        const cut = await derive(bytes, spec, lengths);
        expect(cut.facts).toEqual(whole.facts);
        expect(cut.landed.toString()).toBe(whole.landed.toString());
      }
    }),
    { numRuns: cases(2000) },
  );
});

const LINE_ENDS = { any: /\r\n|\n|\r/g, lf: /\n/g, crlf: /\r\n/g, cr: /\r/g };

/** How many line ends characters are; null where there is anything else. */
function lineEnds(characters: string, { lineEnd }: Layout): number | null {
  const found = characters.match(LINE_ENDS[lineEnd]) ?? [];
  return found.join("") === characters ? found.length : null;
}

describe("every byte of a file that is taken", () => {
  test("is of one record, or of a line end, or stands before the first record or is the footer", async () => {
    await fc.assert(
      fc.asyncProperty(mutatedFile, async ({ spec, bytes, pieces }) => {
        const { layout } = spec;
        const { rows, facts } = await derive(bytes, spec, pieces);
        if (facts.stopped !== null || rows.length === 0) return;
        const { extents } = oracle(bytes, spec);
        const begin = extents.find(({ is }) => is === "record")?.from ?? 0;
        const end = layout.footer === undefined ? bytes.length : (extents.findLast(({ is }) => is === "record")?.from ?? 0);
        const isBigEndian = layout.encoding === "utf-16be" || (bytes[0] === 0xfe && bytes[1] === 0xff);
        const stretches = rows.map(({ offset, length }, i) => {
          const next = rows[i + 1]?.offset ?? end;
          return lineEnds(charactersOf(bytes.subarray(offset + length, next), layout.encoding, isBigEndian), layout);
        });
        expect(rows[0]?.offset).toBe(begin);
        expect(stretches).not.toContain(null);
        const blank = stretches.reduce<number>((sum, found) => sum + Math.max(0, (found ?? 0) - 1), 0);
        const isBetween = ({ is, from }: Extent) => is === "blank" && from > begin && from < end;
        expect(blank).toBe(extents.filter(isBetween).length);
      }),
      { numRuns: cases(2000) },
    );
  });

  test("is found by the oracle in one extent after the other", () => {
    fc.assert(
      fc.property(mutatedFile, ({ spec, bytes }) => {
        const { extents, stopped } = oracle(bytes, spec);
        if (stopped !== null) return;
        expect(extents.map(({ from }) => from)).toEqual([0, ...extents.map(({ to }) => to)].slice(0, extents.length));
        expect(extents.at(-1)?.to).toBe(bytes.length);
      }),
      { numRuns: cases(500) },
    );
  });
});

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-csv-"));
let session: Session;
beforeAll(async () => {
  session = await strictDuckdb({ path: join(folder, "t.duckdb"), memoryLimit: "512MB" }).open({ purpose: "test" });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

/** The texts of all rows of files, as hex: the driver leaves out a byte order mark at the beginning of a text. */
async function loadedRows(files: readonly RawFile[], columns: readonly string[]): Promise<Cell[][]> {
  await session.loadRaw({ feed: "app.things", relation: "app__things", batchId: "b_1", columns, files });
  const list = columns.map((name, i) => `hex(encode(${d.identifier(name)})) AS c${i}`).join(", ");
  const sql = `SELECT CAST(_file AS VARCHAR) AS file, ${list} FROM ${d.table("raw", "app__things")}`;
  const rows = await session.rows({ name: "test", sql });
  const text = (value: unknown): Cell => (typeof value === "string" ? Buffer.from(value, "hex").toString() : null);
  return rows.map((row) => [String(row["file"]), ...columns.map((_, i) => text(row[`c${i}`]))]);
}

test("the warehouse loads from row files what stands in them, row by row and text by text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutatedFile, { minLength: 20, maxLength: 20 }), async (all) => {
      const derived = await Promise.all(all.map(({ bytes, spec, pieces }) => derive(bytes, spec, pieces)));
      const files = derived.map(({ landed, facts }, i) => rawFile(folder, `${i}.csv`, { text: landed, rows: facts.records }));
      const written = derived.flatMap(({ landed }, i) => {
        const [, ...rows] = parseLanded(landed.toString());
        return rows.map((row) => [`${i}.csv`, ...row]);
      });
      const loaded = await loadedRows(files, derived[0]?.columns ?? []);
      const inOrder = (rows: readonly Cell[][]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(inOrder(loaded)).toEqual(inOrder(written));
    }),
    { numRuns: cases(25) },
  );
});
