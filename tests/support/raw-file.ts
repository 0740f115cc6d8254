import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RawFile } from "../../src/warehouse/warehouse.ts";

/** Writes a text as a landed file, under a key that is its path below the folder. */
export function rawFile(folder: string, key: string, content: { text: string; rows: number }): RawFile {
  const path = join(folder, key);
  writeFileSync(path, content.text);
  return {
    key,
    rows: content.rows,
    bytes: Buffer.byteLength(content.text),
    url: pathToFileURL(path).href,
    local: async () => ({ path, release: async () => undefined }),
  };
}
