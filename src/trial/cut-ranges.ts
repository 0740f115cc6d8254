/** A part of a stream of bytes. */
export interface Range {
  readonly begins: number;
  readonly bytes: number;
}

/** The parts of a stream that ranges name, in their order, which is that of the stream; they do not overlap. Reads it to its end. */
export async function* cutRanges(bytes: AsyncIterable<Uint8Array>, ranges: AsyncIterator<Range>): AsyncGenerator<Uint8Array> {
  let next = await ranges.next();
  let at = 0;
  for await (const chunk of bytes) {
    const end = at + chunk.length;
    while (!next.done && next.value.begins < end) {
      const { begins, bytes: length } = next.value;
      yield chunk.subarray(Math.max(begins, at) - at, Math.min(begins + length, end) - at);
      if (begins + length > end) break;
      next = await ranges.next();
    }
    at = end;
  }
}

const GATHERED = 256 * 1024;

/** The same bytes in few and large pieces. They are copied: a small piece would hold the whole chunk that it was cut from. */
export async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [held, bytes] = [Buffer.allocUnsafe(GATHERED), 0];
  for await (const piece of pieces) {
    if (bytes > 0 && bytes + piece.length > GATHERED) {
      yield held.subarray(0, bytes);
      [held, bytes] = [Buffer.allocUnsafe(GATHERED), 0];
    }
    if (piece.length > GATHERED) yield piece;
    else {
      held.set(piece, bytes);
      bytes += piece.length;
    }
  }
  if (bytes > 0) yield held.subarray(0, bytes);
}
