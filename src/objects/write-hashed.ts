import type { FileHandle } from "node:fs/promises";
import { digester } from "./digest.ts";
import type { Digest } from "./object-store.ts";

const FIRST_PIECE = 1 << 16;
const PIECE = 1 << 20;

/** The same bytes in larger pieces, each of use until the next is asked for. Small objects reserve little. */
async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(FIRST_PIECE);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, piece.length - filled);
      piece.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < piece.length) continue;
      yield piece;
      if (piece.length < PIECE) piece = Buffer.allocUnsafe(PIECE);
      filled = 0;
    }
  }
  yield piece.subarray(0, filled);
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length; ) done += (await file.write(piece, done)).bytesWritten;
}

/**
 * Writes bytes to a file while they pass by a hash, in pieces of a mebibyte: a server sends 8 KiB at a time, and each write is a trip to
 * another thread, which took as long as the hash.
 */
export async function writeHashed(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const passed = digester();
  for await (const piece of inPieces(chunks)) {
    // The system writes while this thread hashes.
    const written = writeAll(file, piece);
    passed.update(piece);
    await written;
  }
  return passed.digest();
}
