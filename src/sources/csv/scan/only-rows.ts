import type { KeyTexts } from "../../contents.ts";
import type { DerivingFile } from "./derive-file.ts";
import { cellStarts, cellText, linesOf } from "./row-lines.ts";

/** Some rows of a file, by the texts of their keys. */
export interface OnlyKeys {
  /** Columns of the key, in its order. */
  readonly key: readonly string[];
  readonly keys: KeyTexts;
}

/** A row file of some rows. */
export interface OnlyRows {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The keys of its rows, each as `keyOf` writes it, once for each row; only after the last of its bytes. */
  readonly found: () => readonly string[];
}

/** One text for a key. */
export const keyOf = (texts: readonly (string | null)[]) => JSON.stringify(texts);

/** Takes the rows of some keys out of a row file, each as it stands there. A row that cannot be read has no key. */
export function onlyRows({ bytes, columns }: Pick<DerivingFile, "bytes" | "columns">, { key, keys }: OnlyKeys): OnlyRows {
  const wanted = new Set(keys.map(keyOf));
  const places = key.map((name) => columns.indexOf(name));
  const upTo = Math.max(...places) + 1;
  const found: string[] = [];
  const textsOf = (line: string) => {
    const starts = cellStarts(line, upTo);
    return places.map((i) => cellText(line, starts[i] ?? line.length, (starts[i + 1] ?? line.length + 1) - 1));
  };
  const isWanted = (line: string) => {
    const own = keyOf(textsOf(line));
    if (wanted.has(own)) found.push(own);
    return wanted.has(own);
  };
  async function* rows(): AsyncGenerator<Uint8Array> {
    let isHeader = true;
    for await (const line of linesOf(bytes)) {
      if (isHeader || isWanted(line)) yield Buffer.from(`${line}\n`, "latin1");
      isHeader = false;
    }
  }
  return { bytes: rows(), found: () => found };
}
