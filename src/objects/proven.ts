import { createReadStream } from "node:fs";
import { Failure, hasCode } from "../kernel/problem.ts";
import { digester } from "./digest.ts";
import type { Digest } from "./object-store.ts";
import { pieceOf } from "./pieces.ts";
import { objectChanged, objectMissing } from "./problems.ts";

/**
 * The bytes of a file in which an object lies, compared with what was written as they pass: who reads them to the end has read
 * those and no others.
 * @throws Failure `incomplete` when the file is gone, and at its end when it holds other bytes.
 */
export async function* proven(
  path: string,
  { key, bytes, sha256 }: Digest & { readonly key: string },
): AsyncGenerator<Uint8Array> {
  const passed = digester();
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: pieceOf(bytes) })) {
      passed.update(chunk);
      yield chunk;
    }
  } catch (error) {
    throw hasCode(error, "ENOENT") ? new Failure("incomplete", objectMissing(key), { cause: error }) : error;
  }
  const found = passed.digest();
  if (found.bytes !== bytes || found.sha256 !== sha256) throw new Failure("incomplete", objectChanged(key));
}
