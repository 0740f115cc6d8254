import type { ObjectInventory, ObjectStore, StoredObject } from "../objects/object-store.ts";
import { proven } from "../objects/proven.ts";
import type { EvidenceSink } from "../sources/source.ts";
import type { StoredFile } from "./extract-files.ts";
import { EVIDENCE, evidenceKey } from "./layout.ts";

/** Keeps bytes as they were received, never packed, under the key that they give themselves. */
export function evidenceSink(objects: ObjectStore): EvidenceSink {
  return async (name, bytes) => ({ name, ...(await objects.putByDigest(evidenceKey, bytes)) });
}

/**
 * The bytes of a stored object, compared with its manifest as they pass.
 * @throws Failure `incomplete` when it is gone, and at its end at the latest when it holds other bytes.
 */
export async function* readStored(objects: ObjectStore, written: StoredFile): AsyncGenerator<Uint8Array> {
  const file = await objects.local(written.key, written);
  try {
    yield* proven(file.path, written);
  } finally {
    await file.release();
  }
}

/** Every object of evidence, whoever names it. */
export function listEvidence(store: ObjectInventory): Promise<StoredObject[]> {
  return store.inventory(EVIDENCE);
}
