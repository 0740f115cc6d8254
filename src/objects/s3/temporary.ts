import { mkdir, open } from "node:fs/promises";
import { removeAbandoned } from "../abandoned.ts";
import type { Digest } from "../object-store.ts";
import { writeHashed } from "../write-hashed.ts";
import type { Bucket } from "./bucket.ts";

/** Makes the folder for temporary files; they hold what the source holds, so nobody else may read them. */
export async function prepareFolder({ temporary, now }: Bucket["options"]): Promise<void> {
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeAbandoned(temporary, now());
}

/** Writes a file anew while its bytes pass by a hash. */
export async function writeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
  const file = await open(path, "w", 0o600);
  try {
    return await writeHashed(file, chunks);
  } finally {
    await file.close();
  }
}
