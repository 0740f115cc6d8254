import { createHash } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../object-store.ts";
import type { Bucket } from "./bucket.ts";

/** No session reads a copy for a day, and no upload takes one: what is older was left behind by a process that died. */
const ABANDONED_MS = 24 * 3_600_000;

async function removeAbandoned(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && now.getTime() - found.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Makes the folder for temporary files; they hold what the source holds, so nobody else may read them. */
export async function prepareFolder({ temporary, now }: Bucket["options"]): Promise<void> {
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeAbandoned(temporary, now());
}

/** Writes a file anew while its bytes pass by a hash. */
export async function writeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash("sha256");
  const file = await open(path, "w", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
}
