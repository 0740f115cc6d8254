import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../kernel/problem.ts";
import type { Digest, LocalFile } from "../object-store.ts";
import { objectChanged, objectMissing } from "../problems.ts";
import type { Bucket } from "./bucket.ts";
import { readObject } from "./read.ts";
import { writeFile } from "./temporary.ts";

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
