import { eachAtOnce } from "../kernel/at-once.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { rowFiles, type StoredFile, storedFiles } from "./extract-files.ts";
import type { Manifest } from "./manifest.ts";
import { fileChanged, fileMissing, fileResized } from "./problems.ts";

/** Objects that are read at once. */
const AT_ONCE = 16;

async function sizeFault(objects: ObjectStore, file: StoredFile): Promise<Problem | null> {
  const found = await objects.size(file.key);
  if (found === null) return fileMissing(file.key);
  return found === file.bytes ? null : fileResized(file.key, file.bytes, found);
}

async function byteFault(objects: ObjectStore, file: StoredFile): Promise<Problem | null> {
  const found = await objects.digest(file.key);
  if (found === null) return fileMissing(file.key);
  if (found.bytes !== file.bytes) return fileResized(file.key, file.bytes, found.bytes);
  return found.sha256 === file.sha256 ? null : fileChanged(file.key);
}

async function verify(files: readonly StoredFile[], faultOf: (file: StoredFile) => Promise<Problem | null>): Promise<void> {
  const faults = (await eachAtOnce(files, AT_ONCE, faultOf)).filter((fault) => fault !== null);
  if (faults.length > 0) throw new Failure("incomplete", faults);
}

/**
 * Reads every landed file of an extract, its evidence included, again and compares it with the manifest, before its rows are judged.
 * @throws Failure `incomplete` that names each file that is missing, has another size or other bytes.
 */
export async function verifyExtract(objects: ObjectStore, { extract }: Manifest): Promise<void> {
  await verify(storedFiles(extract), (file) => byteFault(objects, file));
}

/**
 * The same of an extract that this process has landed just now: its row files, whose bytes were hashed on their way into the store,
 * need only be there in their size; evidence may be older than the extract.
 * @throws Failure as `verifyExtract`.
 */
export async function verifyJustLanded(objects: ObjectStore, { extract }: Manifest): Promise<void> {
  await verify(rowFiles(extract), (file) => sizeFault(objects, file));
  await verify(extract.evidence ?? [], (file) => byteFault(objects, file));
}

/**
 * The same of the row files alone: what a landing has beside them, its evidence, `ledgerloop doctor --deep` derives again.
 * @throws Failure as `verifyExtract`.
 */
export async function verifyRowFiles(objects: ObjectStore, { extract }: Manifest): Promise<void> {
  await verify(rowFiles(extract), (file) => byteFault(objects, file));
}
