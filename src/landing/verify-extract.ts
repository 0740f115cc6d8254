import { Failure, type Problem } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { filesOf, type Manifest } from "./manifest.ts";
import { fileChanged, fileMissing, fileResized } from "./problems.ts";

async function faultOf(objects: ObjectStore, file: Manifest["extract"]["files"][number]): Promise<Problem | null> {
  const found = await objects.digest(file.key);
  if (found === null) return fileMissing(file.key);
  if (found.bytes !== file.bytes) return fileResized(file.key, file.bytes, found.bytes);
  return found.sha256 === file.sha256 ? null : fileChanged(file.key);
}

/**
 * Reads every landed file of an extract again and compares it with the manifest, before its rows are judged.
 * @throws Failure `incomplete` that names each file that is missing, has another size or other bytes.
 */
export async function verifyExtract(objects: ObjectStore, manifest: Manifest): Promise<void> {
  const faults: Problem[] = [];
  for (const file of filesOf(manifest.extract)) {
    const fault = await faultOf(objects, file);
    if (fault) faults.push(fault);
  }
  if (faults.length > 0) throw new Failure("incomplete", faults);
}
