import { createGunzip, type Gunzip } from "node:zlib";

/** What zlib itself says of bytes that it cannot unpack; whatever else fails is the reader's. */
function isZlib(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_");
}

/** Packed bytes that have come so far. */
interface Seen {
  bytes: number;
  /** Behind the last one that is not zero. */
  behindLast: number;
  /** Nobody wants more of them. */
  isLeft: boolean;
}

function see(seen: Seen, chunk: Uint8Array): void {
  let last = chunk.length;
  while (last > 0 && chunk[last - 1] === 0) last -= 1;
  if (last > 0) seen.behindLast = seen.bytes + last;
  seen.bytes += chunk.length;
}

/** Waits until a stream takes more, or will never again. */
function roomIn(gunzip: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ["drain", "end", "close"]) gunzip.off(event, go);
      resolve();
    };
    for (const event of ["drain", "end", "close"]) gunzip.on(event, go);
  });
}

/** Gives bytes to a stream while it takes them, and looks at the rest of them. */
async function feed(bytes: AsyncIterable<Uint8Array>, gunzip: Gunzip, seen: Seen): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (seen.isLeft) return;
      see(seen, chunk);
      const isOpen = !gunzip.readableEnded && !gunzip.destroyed;
      if (isOpen && !gunzip.write(chunk)) await roomIn(gunzip);
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * Unpacks gzip: one member or several, and zeros behind the last. Node's own stream ends without a word, and takes nothing more, where
 * a zero follows a member (20.20), so what it took is compared with what there was.
 * @param fault told once, in words, of bytes that are no such file; what was unpacked before has been given already.
 */
export async function* gunzipped(bytes: AsyncIterable<Uint8Array>, fault: (says: string) => void): AsyncGenerator<Uint8Array> {
  const seen: Seen = { bytes: 0, behindLast: 0, isLeft: false };
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const fed = feed(bytes, gunzip, seen);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
    await fed;
  } catch (error) {
    if (!isZlib(error)) throw error;
    if (seen.bytes > 0) fault("it is no whole gzip file: cut off, damaged, or followed by other bytes");
    return;
  } finally {
    seen.isLeft = true;
    gunzip.destroy();
    await fed;
  }
  if (seen.behindLast > gunzip.bytesWritten) fault("its gzip content is followed by other bytes");
}
