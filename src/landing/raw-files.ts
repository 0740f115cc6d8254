import type { ObjectStore } from "../objects/object-store.ts";
import type { ExtractedFile } from "../sources/source.ts";
import type { RawFile } from "../warehouse/warehouse.ts";

/** Landed row files as an engine loads them. */
export function rawFiles(objects: ObjectStore, files: readonly ExtractedFile[]): RawFile[] {
  return files.map(({ key, rows, bytes, sha256 }) => ({
    key,
    rows,
    bytes,
    url: objects.url(key),
    local: () => objects.local(key, { bytes, sha256 }),
  }));
}
