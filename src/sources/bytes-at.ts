/** Some bytes of many. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** So many bytes from an offset on; fewer where they end before. */
export async function bytesAt(bytes: AsyncIterable<Uint8Array>, { offset, length }: Span): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of bytes) {
    parts.push(chunk.subarray(Math.max(offset - at, 0), Math.max(offset + length - at, 0)));
    at += chunk.length;
    if (at >= offset + length) break;
  }
  return Buffer.concat(parts);
}
