import { type FileHandle, open } from "node:fs/promises";

const QUOTE = 34;
const COMMA = 44;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** What follows a quote that closes a cell or stands for a quote in it. */
const AFTER_CLOSING: ReadonlySet<number | undefined> = new Set([QUOTE, COMMA, CARRIAGE_RETURN, LINE_FEED, undefined]);

/**
 * Whether a piece from the middle of a row file has a line feed that surely ends a row: one before a quote that opens a cell.
 * Inside a cell such a quote would close it or be one of two, and another byte would follow.
 */
export function hasRowEnd(piece: Buffer): boolean {
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1))
    if (piece[at + 1] === QUOTE && !AFTER_CLOSING.has(piece[at + 2])) return true;
  return false;
}

/** How a file is looked into: at each multiple of `step` bytes, so many bytes. */
export interface Probes {
  readonly step: number;
  readonly window: number;
}

async function pieceAt(file: FileHandle, position: number, window: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(window), 0, window, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * Whether a plain row file surely has no row of more than `step + window` bytes, by the few bytes looked into. False says only that
 * all of them have to be read: rows whose first cell has no quotes around it show no ends.
 */
export async function endsOften(path: string, bytes: number, { step, window }: Probes): Promise<boolean> {
  const file = await open(path, "r");
  try {
    for (let at = step; at + window < bytes; at += step) if (!hasRowEnd(await pieceAt(file, at, window))) return false;
    return true;
  } finally {
    await file.close();
  }
}
