import { createReadStream } from "node:fs";
import { availableParallelism } from "node:os";
import { createGunzip } from "node:zlib";
import { Failure } from "../../kernel/problem.ts";
import { rowTooLong } from "../problems.ts";
import type { RawBatch, RawFile } from "../warehouse.ts";
import { areShorter, type Longest, type LongRow, longestOf } from "./longest-row.ts";
import { endsOften } from "./row-ends.ts";

const MIB = 1024 * 1024;
const LINE_FEED = 10;
/** The longest row that is read without being looked for. A file up to this size is read in one piece anyway. */
const USUAL_ROW = 16 * MIB;
/** DuckDB 1.5.5 refuses a row of its `max_line_size` less three. */
const SPARE = 4;
/** Deflate makes at most so many bytes of one. */
const MOST_PACKED = 1032;
const CHUNK = MIB;
/** Where a row ends in each of these pieces, rows are no longer than half of what is usual. */
const PROBES = { step: 8 * MIB - 64 * 1024, window: 64 * 1024 };

/** The longest row that is loaded at all: see docs/limits.md for how it was measured. */
export const LONGEST_LOADED = 64 * MIB;

/** How the files of a batch are read. */
export interface LandedShape {
  /** Whether several threads may read one file. */
  readonly inPieces: boolean;
  /** What DuckDB is told of the longest row, in bytes. */
  readonly lineBytes: number;
}

interface Lines {
  readonly areMore: boolean;
  readonly longest: number;
}

/** Whether a plain file has more lines than rows, and its longest line if not. A million rows of 141 MB take 0.1 s. */
async function linesOf({ rows }: RawFile, path: string): Promise<Lines> {
  let [count, longest, begun] = [0, 0, 0];
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      longest = Math.max(longest, begun + at + 1 - from);
      [count, begun, from] = [count + 1, 0, at + 1];
    }
    begun += chunk.length - from;
    if (count > rows + 1) return { areMore: true, longest };
  }
  return { areMore: false, longest: Math.max(longest, begun) };
}

const isPacked = ({ key }: Pick<RawFile, "key">) => key.endsWith(".gz");

function bytesOf(file: RawFile, path: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  if (!isPacked(file)) return stream;
  const unpacked = createGunzip();
  stream.on("error", (error) => unpacked.destroy(error));
  return stream.pipe(unpacked);
}

interface FileShape {
  readonly inPieces: boolean;
  readonly longest: Longest | null;
}

const FITS: FileShape = { inPieces: true, longest: null };

/** One thread types a file of this size in a second. */
const SMALL = 72 * MIB;

/**
 * Whether each of as many threads as there are has a file of a batch to read, and none of them much longer than the others, or than
 * what takes no time: they need not share files.
 */
function isSpread({ files }: RawBatch): boolean {
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const share = Math.max(all / availableParallelism(), files.length > 1 ? SMALL : 0);
  return files.every(({ bytes }) => bytes <= share);
}

/** Whether a file's rows are surely short enough to be read without one of them being looked for. */
async function hasShortRows(file: RawFile, path: string): Promise<boolean> {
  if (!isPacked(file) && (await endsOften(path, file.bytes, PROBES))) return true;
  return areShorter(bytesOf(file, path), USUAL_ROW - SPARE);
}

async function fileShape(file: RawFile, path: string, isShared: boolean): Promise<FileShape> {
  if (file.bytes * (isPacked(file) ? MOST_PACKED : 1) <= USUAL_ROW) return FITS;
  const lines = isPacked(file) || !isShared ? null : await linesOf(file, path);
  if (lines && !lines.areMore && lines.longest <= USUAL_ROW - SPARE) return FITS;
  // Packed files are read in one piece as they are.
  const inPieces = isPacked(file) || (isShared && !lines?.areMore);
  return { inPieces, longest: (await hasShortRows(file, path)) ? null : await longestOf(bytesOf(file, path)) };
}

/** What is loaded at most, in bytes. */
export interface Limits {
  readonly row: number;
  readonly text: number;
}

const LIMITS: Limits = { row: LONGEST_LOADED, text: LONGEST_LOADED };

function checkLongest(batch: RawBatch, file: RawFile, { longest, limits }: { longest: Longest; limits: Limits }): void {
  const refuse = ({ bytes, column, textBytes, first }: LongRow, limit: string) => {
    const name = batch.columns[column] ?? "?";
    const position = batch.columns[0] === "_position" && column !== 0 ? first : null;
    throw new Failure(
      "incomplete",
      rowTooLong({ feed: batch.feed, column: name, position, bytes, textBytes, limit, file: file.key }),
    );
  };
  if (longest.row.bytes > limits.row) refuse(longest.row, `rows of at most ${limits.row} bytes`);
  if (longest.text.textBytes > limits.text) refuse(longest.text, `texts of at most ${limits.text} bytes`);
}

/**
 * Looks the files of a batch over, before DuckDB (1.5.5) meets what it cannot read: it can take a line break inside a cell for the end
 * of a row where several threads read a file, and it refuses a row that is longer than it was told.
 * @throws Failure `incomplete` for a row that is not loaded, which names feed, column, position and limit.
 */
export async function landedShape(batch: RawBatch, paths: readonly string[], limits = LIMITS): Promise<LandedShape> {
  let [inPieces, lineBytes] = [true, USUAL_ROW];
  const isShared = !isSpread(batch);
  for (const [i, file] of batch.files.entries()) {
    const shape = await fileShape(file, paths[i] ?? "", isShared);
    inPieces &&= shape.inPieces;
    if (!shape.longest) continue;
    checkLongest(batch, file, { longest: shape.longest, limits });
    const { bytes } = shape.longest.row;
    if (bytes <= lineBytes - SPARE) continue;
    lineBytes = Math.ceil((bytes + SPARE) / MIB) * MIB;
    inPieces = false;
  }
  return { inPieces, lineBytes };
}
