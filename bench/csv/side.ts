/**
 * One way of going over CSV files, in a process of its own: `side.ts <way> <folder of the files> <empty folder>`.
 * `hash` reads and hashes, `scan` reads and finds records and fields, `derive` is the whole scanner without a place for its rows,
 * `land` writes row files and loads them as the product does, `duckdb` loads the files themselves.
 */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { deriveFile } from "../../src/sources/csv/scan/derive-file.ts";
import { codecOf } from "../../src/sources/csv/scan/encoding.ts";
import { fileWindow } from "../../src/sources/csv/scan/file-window.ts";
import { grammarOf, recordScanner, SCANNED, scanRecord } from "../../src/sources/csv/scan/record-scanner.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import type { RawFile, Session } from "../../src/warehouse/warehouse.ts";
import { type Marks, playSide } from "../side.ts";
import { COLUMNS, SPEC } from "./data.ts";

const [way = "", from = "", into = ""] = process.argv.slice(2);
const PATHS = readdirSync(from)
  .sort()
  .map((name) => join(from, name));
const PIECE = 256 * 1024;
const MEMORY = "800MB";

/** Like the product, reserves no more than a file has. */
const opened = (path: string) =>
  createReadStream(path, { highWaterMark: Math.min(PIECE, statSync(path).size + 1) }) as AsyncIterable<Buffer>;

async function hash(): Promise<number> {
  const sha256 = createHash("sha256");
  for (const path of PATHS) for await (const piece of opened(path)) sha256.update(piece);
  return 0;
}

async function scan(): Promise<number> {
  let records = 0;
  for (const path of PATHS) {
    const window = fileWindow(1, false);
    const scanner = recordScanner(grammarOf(SPEC.layout, codecOf("utf-8")), 64);
    const scanWindow = () => {
      scanner.units = window.units();
      scanner.limit = window.length();
      let at = 0;
      for (; scanRecord(scanner, at) === SCANNED.record; at = scanner.record.next) records += 1;
      window.drop(at);
    };
    for await (const piece of opened(path)) {
      window.add(piece);
      scanWindow();
    }
    scanner.isLast = true;
    scanWindow();
  }
  return records - PATHS.length;
}

async function derive(): Promise<number> {
  let records = 0;
  for (const path of PATHS) {
    const file = deriveFile(opened(path), SPEC);
    for await (const _ of file.bytes);
    records += file.facts().records;
  }
  return records;
}

async function landed(path: string, nth: number): Promise<RawFile> {
  const key = `part-${String(nth).padStart(4, "0")}.csv`;
  const local = join(into, key);
  const file = deriveFile(opened(path), SPEC);
  const out = await open(local, "w");
  let bytes = 0;
  for await (const piece of file.bytes) bytes += (await out.write(piece)).bytesWritten;
  await out.close();
  return {
    key,
    rows: file.facts().records,
    bytes,
    url: pathToFileURL(local).href,
    local: async () => ({ path: local, release: async () => undefined }),
  };
}

async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const session = await duckdbWarehouse({ path: join(into, "t.duckdb"), memoryLimit: MEMORY }).open({ purpose: "bench" });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function loaded(session: Session, source: string): Promise<number> {
  await session.run({ name: "bench", sql: `CREATE TABLE staging.payments AS SELECT * FROM ${source}` });
  const [row] = await session.rows({ name: "bench", sql: "SELECT count(*) AS n FROM staging.payments" });
  return Number(row?.["n"]);
}

async function land(marks: Marks): Promise<number> {
  const files: RawFile[] = [];
  for (const [nth, path] of PATHS.entries()) files.push(await landed(path, nth));
  marks.end("scan");
  const { columns } = deriveFile(Readable.from([]), SPEC);
  return await withSession(async (session) => {
    await session.loadRaw({ feed: "bench.payments", relation: "bench__payments", batchId: "b_1", columns, files });
    return await loaded(session, d.table("raw", "bench__payments"));
  });
}

function duckdb(): Promise<number> {
  const columns = COLUMNS.map(({ name }) => `${d.literal(name)}: 'VARCHAR'`).join(", ");
  const files = PATHS.map(d.literal).join(", ");
  const source = `read_csv([${files}], auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', columns = {${columns}})`;
  return withSession((session) => loaded(session, source));
}

const WAYS: Readonly<Record<string, (marks: Marks) => Promise<number>>> = { hash, scan, derive, land, duckdb };

await playSide(WAYS[way]);
