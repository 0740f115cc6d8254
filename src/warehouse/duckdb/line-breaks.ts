import { createReadStream } from "node:fs";
import type { RawFile } from "../warehouse.ts";

const LINE_FEED = 10;
/** Files up to this size are read in one piece anyway. */
const ONE_PIECE = 16 * 1024 * 1024;
const CHUNK = 1024 * 1024;

function lineFeeds(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}

/** Whether a plain file has more lines than rows; it stops at the first line too many. A million rows of 141 MB take 0.1 s. */
async function hasMoreLines({ rows }: RawFile, path: string): Promise<boolean> {
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    lines += lineFeeds(chunk as Buffer);
    if (lines > rows + 1) return true;
  }
  return false;
}

/**
 * Whether a cell of any of these files can have a line break in it where several threads would read a file in pieces. DuckDB
 * (1.5.5) can take such a break for the end of a row, and then fails; packed files are read in one piece.
 */
export async function breaksInPieces(files: readonly RawFile[], paths: readonly string[]): Promise<boolean> {
  for (const [i, file] of files.entries()) {
    const path = paths[i] ?? "";
    const inPieces = file.bytes > ONE_PIECE && !file.key.endsWith(".gz");
    if (inPieces && (await hasMoreLines(file, path))) return true;
  }
  return false;
}
