import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CellRow, landedText } from "../../src/sources/landed-text.ts";
import type { RawFile } from "../../src/warehouse/warehouse.ts";

/** All bytes of a stream. */
export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return Buffer.concat(found);
}

/** A whole row file, as a source's reader writes it. */
export function landedBytes(columns: readonly string[], rows: Iterable<CellRow>): Promise<Buffer> {
  return bytesOf(landedText(columns, rows).bytes);
}

/** Writes a text or bytes as a landed file, under a key that is its path below the folder. */
export function rawFile(folder: string, key: string, content: { text: string | Uint8Array; rows: number }): RawFile {
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
