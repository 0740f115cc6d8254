import { eachAtOnce } from "../kernel/at-once.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { type StoredFile, storedFiles } from "./extract-files.ts";
import type { Manifest } from "./manifest.ts";
import { fileChanged, fileMissing, fileResized } from "./problems.ts";

/** Objects that are read at once. */
const AT_ONCE = 16;

async function faultOf(objects: ObjectStore, file: StoredFile): Promise<Problem | null> {
  const found = await objects.digest(file.key);
  if (found === null) return fileMissing(file.key);
  if (found.bytes !== file.bytes) return fileResized(file.key, file.bytes, found.bytes);
  return found.sha256 === file.sha256 ? null : fileChanged(file.key);
}

/**
 * Reads every landed file of an extract, its evidence included, again and compares it with the manifest, before its rows are judged.
 * @throws Failure `incomplete` that names each file that is missing, has another size or other bytes.
 */
export async function verifyExtract(objects: ObjectStore, manifest: Manifest): Promise<void> {
  const found = await eachAtOnce(storedFiles(manifest.extract), AT_ONCE, (file) => faultOf(objects, file));
  const faults = found.filter((fault) => fault !== null);
  if (faults.length > 0) throw new Failure("incomplete", faults);
}
