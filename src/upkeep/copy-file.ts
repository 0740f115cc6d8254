import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a new file durably while its bytes pass by a hash. The folder above is made if it is missing. */
export async function writeFileWithDigest(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash("sha256");
  const file = await open(path, "wx", 0o600);
  let size = 0;
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes: size, sha256: hash.digest("hex") };
}

/** Copies a file durably. @returns what was read. */
export function copyWithDigest(from: string, to: string): Promise<Digest> {
  return writeFileWithDigest(to, createReadStream(from, { highWaterMark: 1 << 20 }));
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
