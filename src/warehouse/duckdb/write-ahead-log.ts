import { existsSync, readFileSync } from "node:fs";

/** Entry types of DuckDB's log that carry no data: version, checkpoint mark, flush (verified on 1.5.5). */
const MARKS: ReadonlySet<number> = new Set([98, 99, 100]);
const VERSION_ENTRY_BYTES = 8;
const HEADER_BYTES = 16;
const TYPE_OFFSET = 2;

/**
 * Whether a warehouse file has a write-ahead log with data in it. With `no_wal_writes` none is ever written, but a CHECKPOINT
 * leaves its mark in a log of under 100 bytes until it ends; killed there, the file is right with and without that log.
 */
export function hasForeignLog(path: string): boolean {
  const file = `${path}.wal`;
  if (!existsSync(file)) return false;
  const bytes = readFileSync(file);
  let at = VERSION_ENTRY_BYTES;
  while (at + HEADER_BYTES + TYPE_OFFSET < bytes.length) {
    const type = bytes[at + HEADER_BYTES + TYPE_OFFSET] ?? 0;
    if (!MARKS.has(type)) return true;
    at += HEADER_BYTES + Number(bytes.readBigUInt64LE(at));
  }
  return false;
}
