import { deriveFile } from "./derive-file.ts";
import type { FileSpec } from "./layout.ts";
import { cellStarts, linesOf } from "./row-lines.ts";

const COMMA = ",";
/** Cells before the keys, in a row file that says nothing of its file: position, fault, payload, names of unconverted columns. */
const [FAULT, BEFORE_KEYS] = [1, 4];

/**
 * The keys of a file's readable records, each as the one text that it has in row files. For files that are read a second time
 * because keys have left another: a text for each record is too dear for every file of every hour.
 */
export async function keysOfFile(bytes: AsyncIterable<Uint8Array>, spec: FileSpec, key: readonly string[]): Promise<Set<string>> {
  const columns = key.flatMap((name) => spec.columns.filter((column) => column.name === name));
  const { layout, packing } = spec;
  const derived = deriveFile(bytes, { layout, packing, columns, scope: null, amount: null });
  const keys = new Set<string>();
  let isHeader = true;
  for await (const line of linesOf(derived.bytes)) {
    const starts = cellStarts(line, BEFORE_KEYS);
    const isFaulty = line[starts[FAULT] ?? 0] !== COMMA;
    if (!(isHeader || isFaulty)) keys.add(line.slice(starts[BEFORE_KEYS]));
    isHeader = false;
  }
  return keys;
}
