import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../kernel/problem.ts";
import type { Digest, LocalFile } from "../object-store.ts";
import { objectChanged, objectMissing } from "../problems.ts";
import type { Bucket } from "./bucket.ts";
import { readObject } from "./read.ts";

/** No session reads a copy for a day: what is older was left behind by a process that died. */
const ABANDONED_MS = 24 * 3_600_000;

async function removeAbandoned(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && now.getTime() - found.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Makes the folder for copies; copies hold what the source holds, so nobody else may read them. */
export async function prepareFolder({ temporary, now }: Bucket["options"]): Promise<void> {
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await removeAbandoned(temporary, now());
}

async function writeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<Digest> {
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

/** Copies an object into a file of its own folder, under its own name: an engine tells by the ending how to read it. */
export async function download(bucket: Bucket, key: string, written: Digest): Promise<LocalFile> {
  bucket.at(key);
  const folder = await mkdtemp(join(bucket.options.temporary, "object-"));
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, key.slice(key.lastIndexOf("/") + 1));
    const copied = await readObject(bucket, key, (chunks) => writeFile(path, chunks));
    if (copied === null) throw new Failure("incomplete", objectMissing(key));
    if (copied.sha256 !== written.sha256) throw new Failure("incomplete", objectChanged(key));
    return { path, release };
  } catch (error) {
    await release();
    throw error;
  }
}
