import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { readStored } from "./evidence.ts";
import type { StoredFile } from "./extract-files.ts";
import { fileChanged } from "./problems.ts";

/** How the key of a row file ends that the store has packed. */
export const PACKED = ".gz";

async function* unpacked(bytes: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const fed = pipeline(Readable.from(bytes), gunzip);
  // A reader that leaves early ends the pipe too; what it ended with is the reader's own error.
  fed.catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
    await fed;
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("incomplete", fileChanged(key), { cause: error });
  }
}

/** What is in a landed row file, however the store has it. */
export function contentOf(objects: ObjectStore, file: StoredFile): AsyncGenerator<Uint8Array> {
  const stored = readStored(objects, file);
  return file.key.endsWith(PACKED) ? unpacked(stored, file.key) : stored;
}
