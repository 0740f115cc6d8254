import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Failure } from "../kernel/problem.ts";
import type { Digest } from "./object-store.ts";
import { objectChanged, objectMissing } from "./problems.ts";

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * The bytes of a file in which an object lies, compared with what was written as they pass: who reads them to the end has read
 * those and no others.
 * @throws Failure `incomplete` when the file is gone, and at its end when it holds other bytes.
 */
export async function* proven(
  path: string,
  { key, bytes, sha256 }: Digest & { readonly key: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw isMissing(error) ? new Failure("incomplete", objectMissing(key), { cause: error }) : error;
  }
  if (size !== bytes || hash.digest("hex") !== sha256) throw new Failure("incomplete", objectChanged(key));
}
