import { deriveFile } from "./derive-file.ts";
import type { FileSpec } from "./layout.ts";

const [QUOTE, COMMA, LINE_FEED] = ['"', ",", "\n"];
/** Cells before the keys, in a row file that says nothing of its file: position, fault, payload, names of unconverted columns. */
const [FAULT, BEFORE_KEYS] = [1, 4];

/** Where cells of a line of a row file begin; quotes in quoted cells are doubled, so each of them changes whether commas part cells. */
function cellStarts(line: string, wanted: number): number[] {
  const starts = [0];
  let isQuoted = false;
  for (let i = 0; i < line.length && starts.length <= wanted; i += 1) {
    if (line[i] === QUOTE) isQuoted = !isQuoted;
    else if (line[i] === COMMA && !isQuoted) starts.push(i + 1);
  }
  return starts;
}

/** The lines of a row file, as texts of its bytes. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let [pending, isQuoted] = ["", false];
  for await (const chunk of bytes) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    let from = 0;
    for (let i = 0; i < text.length; i += 1) {
      if (text[i] === QUOTE) isQuoted = !isQuoted;
      if (text[i] !== LINE_FEED || isQuoted) continue;
      yield pending + text.slice(from, i);
      [pending, from] = ["", i + 1];
    }
    pending += text.slice(from);
  }
}

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
