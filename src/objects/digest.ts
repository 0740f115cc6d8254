import { createHash } from "node:crypto";
import type { Digest } from "./object-store.ts";

/** Measures bytes as they pass. */
export interface Digester {
  update(chunk: Uint8Array): void;
  /** Bytes so far. */
  size(): number;
  /** Of all that passed; asked once, at the end. */
  digest(): Digest;
}

export function digester(): Digester {
  const hash = createHash("sha256");
  let bytes = 0;
  return {
    update: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    },
    size: () => bytes,
    digest: () => ({ bytes, sha256: hash.digest("hex") }),
  };
}

/** Size and SHA-256 of bytes, by reading them to their end. */
export async function digestOfBytes(chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const measured = digester();
  for await (const chunk of chunks) measured.update(chunk);
  return measured.digest();
}
