import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { PackedFile, RawBatch, RawFile } from "../warehouse.ts";
import { duckdbDialect as d } from "./dialect.ts";
import { LONGEST_LOADED, landedShape } from "./landed-shape.ts";
import { rawView } from "./raw-view.ts";

/** Small: a file is read and written as a stream. */
const MEMORY_LIMIT = "256MB";
/** A VARCHAR that names no length takes 16 MiB in Snowflake. */
const LIMITS = { row: LONGEST_LOADED, text: 16 * 1024 * 1024 };

/**
 * Packs one landed CSV file of a batch as Parquet: batch id, key and all columns as text, named `c0`, `c1` and so on, read by the
 * same reader as the embedded warehouse's. A text that is empty and a text that is missing stay apart, whatever an engine makes of CSV.
 * @throws Failure `incomplete` for a text over 16 MiB, Error of DuckDB for a file that is no CSV of these columns.
 */
export async function packParquet(batch: RawBatch, file: RawFile): Promise<PackedFile> {
  const path = join(tmpdir(), `ledgerloop-${randomUUID()}.parquet`);
  const local = await file.local();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`SET memory_limit = ${d.literal(MEMORY_LIMIT)}`);
    await connection.run("SET preserve_insertion_order = false");
    await connection.run("CREATE SCHEMA raw");
    const one = { ...batch, files: [file] };
    await connection.run(rawView(one, [local.path], await landedShape(one, [local.path], LIMITS)));
    const columns = ["_batch_id", "_file", ...batch.columns].map((name, i) => `CAST(${d.identifier(name)} AS VARCHAR) AS c${i}`);
    // Snowflake reads no other compression of Parquet.
    await connection.run(
      `COPY (SELECT ${columns.join(", ")} FROM ${d.table("raw", batch.relation)}) TO ${d.literal(path)} (FORMAT parquet, COMPRESSION snappy)`,
    );
    return { path, release: async () => rmSync(path, { force: true }) };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await local.release();
  }
}
