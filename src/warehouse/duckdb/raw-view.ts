import type { RawBatch } from "../warehouse.ts";
import { duckdbDialect as d } from "./dialect.ts";
import type { LandedShape } from "./landed-shape.ts";

const SMALLEST_BUFFER = 32 * 1024 * 1024;

/** An extract without files: nothing was there, or nothing had changed. */
function emptyView(batch: RawBatch): string {
  const columns = ["_batch_id", "_file", ...batch.columns].map((name) => `CAST(NULL AS VARCHAR) AS ${d.identifier(name)}`);
  return `CREATE OR REPLACE VIEW ${d.table("raw", batch.relation)} AS\nSELECT ${columns.join(", ")} WHERE FALSE`;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** The key of the file that a row was read from, as an expression of its path. */
function keyOfPath(keys: readonly string[], paths: readonly string[]): string {
  const folders = new Set(keys.map((key) => key.slice(0, key.length - nameOf(key).length)));
  const [folder = ""] = folders;
  // A case for each of many files is looked through for each of them: 10,000 took a minute.
  const isNamed = folders.size === 1 && keys.every((key, i) => nameOf(key) === nameOf(paths[i] ?? ""));
  if (isNamed) return `concat(${d.literal(folder)}, parse_filename("_path"))`;
  const cases = keys.map((key, i) => `WHEN ${d.literal(paths[i] ?? "")} THEN ${d.literal(key)}`);
  return `CASE "_path" ${cases.join(" ")} END`;
}

/**
 * A view of one batch's landed CSV files, found under the given local paths, all columns text. Nothing is sniffed and nothing is skipped: a malformed file is an
 * error. NULL is the bare empty field, so `""` stays an empty string. DuckDB gives no line number for CSV rows; the position
 * column that the source wrote leads back to the record. A file is an ENUM: its name costs a byte a row and not its length.
 * DuckDB 1.5.5 would reserve 16 times the longest row per thread for its buffers, so their size is given too. Several
 * threads lose rows where a buffer is not twice as long as a row; one thread does not, and needs half the memory.
 */
export function rawView(batch: RawBatch, paths: readonly string[], { inPieces, lineBytes }: LandedShape): string {
  if (paths.length === 0) return emptyView(batch);
  const files = paths.map(d.literal).join(", ");
  const columns = batch.columns.map((name) => `${d.literal(name)}: 'VARCHAR'`).join(", ");
  const keys = batch.files.map(({ key }) => key);
  const key = `CAST(${keyOfPath(keys, paths)} AS ENUM (${keys.map(d.literal).join(", ")}))`;
  return `CREATE OR REPLACE VIEW ${d.table("raw", batch.relation)} AS
SELECT ${d.literal(batch.batchId)} AS "_batch_id", ${key} AS "_file", ${batch.columns.map(d.identifier).join(", ")}
FROM read_csv([${files}], auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', new_line = '\\n',
  nullstr = '', allow_quoted_nulls = false, null_padding = false, max_line_size = ${lineBytes}, buffer_size = ${inPieces ? 2 * lineBytes : Math.max(lineBytes, SMALLEST_BUFFER)}, parallel = ${inPieces}, filename = '_path',
  columns = {${columns}})`;
}
