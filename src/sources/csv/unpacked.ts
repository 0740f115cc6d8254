import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** What zlib itself says of bytes that it cannot unpack; whatever else fails is the reader's. */
function isZlib(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
}

/** Passes bytes on and keeps in mind where the last byte other than zero was. */
function watched(bytes: AsyncIterable<Uint8Array>) {
  const seen = { bytes: 0, behindLast: 0 };
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      let last = chunk.length;
      while (last > 0 && chunk[last - 1] === 0) last -= 1;
      if (last > 0) seen.behindLast = seen.bytes + last;
      seen.bytes += chunk.length;
      yield chunk;
    }
  }
  return { seen, passed: pass() };
}

/**
 * Unpacks gzip: one member or several, and zeros behind the last. Node's own stream ends without a word where zeros are followed by
 * something else (20.20), so what it took is compared with what there was.
 * @param fault told once, in words, of bytes that are no such file; what was unpacked before has been given already.
 */
export async function* gunzipped(bytes: AsyncIterable<Uint8Array>, fault: (says: string) => void): AsyncGenerator<Uint8Array> {
  const { seen, passed } = watched(bytes);
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const fed = pipeline(Readable.from(passed), gunzip);
  // A reader that leaves early ends the pipe too; what it ended with is the reader's own error.
  fed.catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
    await fed;
  } catch (error) {
    if (!isZlib(error)) throw error;
    return fault("it is no whole gzip file: cut off, damaged, or followed by other bytes");
  }
  if (seen.behindLast > gunzip.bytesWritten) fault("its gzip content is followed by other bytes");
}
