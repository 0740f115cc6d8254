/**
 * One way of going over packed pages, in a process of its own: `side.ts <subject> <way> <folder of the packs> <empty folder>`.
 * `parse` unpacks and reads them as Node does and makes nothing of it, `derive` makes the row files without a place for them,
 * `land` writes them and loads them as the product does.
 */
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import type { Json } from "../../src/kernel/json.ts";
import type { EvidenceToRead } from "../../src/sources/deriver.ts";
import { readWarc } from "../../src/sources/pages/warc.ts";
import { gunzipped } from "../../src/sources/unpacked.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import type { RawFile } from "../../src/warehouse/warehouse.ts";
import { type Marks, playSide } from "../side.ts";
import { type PagesSubject, SUBJECTS } from "./subjects.ts";

const [subject = "", way = "", from = "", into = ""] = process.argv.slice(2);
const { deriver, parameters, read } = SUBJECTS[subject] as PagesSubject;
const MEMORY = "800MB";

const PACKS: readonly EvidenceToRead[] = readdirSync(from)
  .filter((name) => name.endsWith(".warc.gz"))
  .sort()
  .map((name) => ({ name, open: () => createReadStream(join(from, name), { highWaterMark: 256 * 1024 }) }));

async function parse(): Promise<number> {
  let records = 0;
  for (const { open } of PACKS) {
    for await (const page of readWarc(gunzipped(open(), () => undefined))) records += read(page);
  }
  return records;
}

async function derive(): Promise<number> {
  let records = 0;
  for await (const { bytes, rows } of deriver.derive(PACKS, parameters() as unknown as Json)) {
    for await (const _ of bytes);
    records += rows();
  }
  return records;
}

async function land(marks: Marks): Promise<number> {
  const files: RawFile[] = [];
  for await (const { name, bytes, rows } of deriver.derive(PACKS, parameters() as unknown as Json)) {
    const path = join(into, name);
    const out = createWriteStream(path);
    await pipeline(bytes, out);
    const local = async () => ({ path, release: async () => undefined });
    files.push({ key: name, rows: rows(), bytes: out.bytesWritten, url: pathToFileURL(path).href, local });
  }
  marks.end("derive");
  const session = await duckdbWarehouse({ path: join(into, "t.duckdb"), memoryLimit: MEMORY }).open({ purpose: "bench" });
  try {
    const { columns } = parameters();
    await session.loadRaw({ feed: "bench.records", relation: "bench__records", batchId: "b_1", columns, files });
    await session.run({
      name: "bench",
      sql: `CREATE TABLE staging.records AS SELECT * FROM ${d.table("raw", "bench__records")}`,
    });
    const [row] = await session.rows({ name: "bench", sql: "SELECT count(*) AS n FROM staging.records" });
    return Number(row?.["n"]);
  } finally {
    await session.close();
  }
}

const WAYS: Readonly<Record<string, (marks: Marks) => Promise<number>>> = { parse, derive, land };

await playSide(WAYS[way]);
