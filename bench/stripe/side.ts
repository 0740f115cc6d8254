/**
 * One way of going over packed pages, in a process of its own: `side.ts <way> <folder of the packs> <empty folder>`.
 * `parse` unpacks and reads the JSON as Node does and makes nothing of it, `derive` makes the row files without a place for them,
 * `land` writes them and loads them as the product does.
 */
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import type { Json } from "../../src/kernel/json.ts";
import type { EvidenceToRead } from "../../src/sources/deriver.ts";
import { pagesDeriver } from "../../src/sources/pages/pages-deriver.ts";
import { readWarc } from "../../src/sources/pages/warc.ts";
import { gunzipped } from "../../src/sources/unpacked.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import type { RawFile } from "../../src/warehouse/warehouse.ts";
import { type Marks, playSide } from "../side.ts";
import { parametersOf } from "./data.ts";

const [way = "", from = "", into = ""] = process.argv.slice(2);
const MEMORY = "800MB";

const PACKS: readonly EvidenceToRead[] = readdirSync(from)
  .filter((name) => name.endsWith(".warc.gz"))
  .sort()
  .map((name) => ({ name, open: () => createReadStream(join(from, name), { highWaterMark: 256 * 1024 }) }));

async function parse(): Promise<number> {
  let objects = 0;
  for (const { open } of PACKS) {
    for await (const { body } of readWarc(gunzipped(open(), () => undefined))) {
      objects += JSON.parse(Buffer.from(body).toString("utf8")).data.length;
    }
  }
  return objects;
}

async function derive(): Promise<number> {
  let objects = 0;
  for await (const { bytes, rows } of pagesDeriver.derive(PACKS, parametersOf() as unknown as Json)) {
    for await (const _ of bytes);
    objects += rows();
  }
  return objects;
}

async function land(marks: Marks): Promise<number> {
  const files: RawFile[] = [];
  for await (const { name, bytes, rows } of pagesDeriver.derive(PACKS, parametersOf() as unknown as Json)) {
    const path = join(into, name);
    const out = createWriteStream(path);
    await pipeline(bytes, out);
    const local = async () => ({ path, release: async () => undefined });
    files.push({ key: name, rows: rows(), bytes: out.bytesWritten, url: pathToFileURL(path).href, local });
  }
  marks.end("derive");
  const session = await duckdbWarehouse({ path: join(into, "t.duckdb"), memoryLimit: MEMORY }).open({ purpose: "bench" });
  try {
    const { columns } = parametersOf();
    await session.loadRaw({ feed: "bench.charges", relation: "bench__charges", batchId: "b_1", columns, files });
    await session.run({
      name: "bench",
      sql: `CREATE TABLE staging.charges AS SELECT * FROM ${d.table("raw", "bench__charges")}`,
    });
    const [row] = await session.rows({ name: "bench", sql: "SELECT count(*) AS n FROM staging.charges" });
    return Number(row?.["n"]);
  } finally {
    await session.close();
  }
}

const WAYS: Readonly<Record<string, (marks: Marks) => Promise<number>>> = { parse, derive, land };

await playSide(WAYS[way]);
