/** Some bytes of many. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** So many bytes from an offset on; fewer where they end before. All are read: only behind the last is it known that they are those that were kept. */
export async function bytesAt(bytes: AsyncIterable<Uint8Array>, { offset, length }: Span): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of bytes) {
    const part = chunk.subarray(Math.max(offset - at, 0), Math.max(offset + length - at, 0));
    if (part.length > 0) parts.push(part);
    at += chunk.length;
  }
  return Buffer.concat(parts);
}
