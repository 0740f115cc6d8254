import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { digester } from "../objects/digest.ts";
import type { Digest } from "../objects/object-store.ts";

/** Writes a new file durably while its bytes pass by a hash. The folder above is made if it is missing. */
export async function writeFileWithDigest(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  await mkdir(dirname(path), { recursive: true });
  const passed = digester();
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of bytes) {
      passed.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return passed.digest();
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
