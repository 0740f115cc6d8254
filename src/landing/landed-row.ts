import type { ObjectStore } from "../objects/object-store.ts";
import type { StoredFile } from "./extract-files.ts";
import type { Manifest } from "./manifest.ts";
import { contentOf } from "./row-file.ts";

/** A row as a row file has it. */
export interface LandedRow {
  readonly file: StoredFile;
  /** Where its line begins in the unpacked file. */
  readonly offset: number;
  /** The line without its end. */
  readonly bytes: Uint8Array;
}

/** A landed row that is looked for: by its `_position`, or by its source key where it has none. */
export interface WantedRow {
  readonly position: string;
  readonly sourceKey: string;
  /** The columns of the source key. */
  readonly keyColumns: readonly string[];
}

const [QUOTE, LF] = [34, 10];

/** Finds ends of lines in pieces of landed text: a line break in quotes is none. */
function lineEnds() {
  let isQuoted = false;
  return (bytes: Uint8Array, from: number): number[] => {
    const ends: number[] = [];
    for (let at = from; at < bytes.length; at += 1) {
      if (bytes[at] === QUOTE) isQuoted = !isQuoted;
      else if (bytes[at] === LF && !isQuoted) ends.push(at);
    }
    return ends;
  };
}

/** The lines of landed text, and where they begin. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  const endsIn = lineEnds();
  let [held, offset] = [Buffer.alloc(0), 0];
  for await (const chunk of chunks) {
    const looked = held.length;
    held = Buffer.concat([held, chunk]);
    let begin = 0;
    for (const end of endsIn(held, looked)) {
      yield { offset: offset + begin, bytes: held.subarray(begin, end) };
      begin = end + 1;
    }
    held = held.subarray(begin);
    offset += begin;
  }
  if (held.length > 0) yield { offset, bytes: held };
}

/** The cells of a line, NULL as null. */
function cellsOf(line: string): (string | null)[] {
  const cells = [...`,${line}`.matchAll(/,(?:"([^"]*(?:""[^"]*)*)"|([^",]*))/g)];
  return cells.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? (bare === "" ? null : (bare ?? null)));
}

const escaped = (part: string) => part.replaceAll("\\", "\\\\").replaceAll("|", "\\|");

/** The text of a key as the warehouse writes it; null where a part is NULL. */
function keyOf(cells: readonly (string | null)[], places: readonly number[]): string | null {
  const parts = places.map((nth) => cells[nth] ?? null);
  if (parts.some((part) => part === null)) return null;
  return parts.length === 1 ? (parts[0] ?? null) : parts.map((part) => escaped(part ?? "")).join("|");
}

function isWanted({ position, sourceKey, keyColumns }: WantedRow, columns: readonly string[]): (line: Buffer) => boolean {
  if (position !== "") {
    const begins = [`"${position}",`, `${position},`].map((text) => Buffer.from(text));
    return (line) => begins.some((text) => line.subarray(0, text.length).equals(text));
  }
  const places = keyColumns.map((name) => columns.indexOf(name));
  return (line) => keyOf(cellsOf(line.toString("utf8")), places) === sourceKey;
}

/**
 * The line of a row among the row files of an extract; null where none, or where a key has several.
 * @throws Failure `incomplete` where a file is gone or has other bytes.
 */
export async function landedRow(
  objects: ObjectStore,
  { files, columns }: Pick<Manifest["extract"], "files" | "columns">,
  wanted: WantedRow,
): Promise<LandedRow | null> {
  const fits = isWanted(wanted, columns);
  const found: LandedRow[] = [];
  for (const file of files) {
    for await (const { offset, bytes } of linesOf(contentOf(objects, file))) {
      if (offset > 0 && fits(bytes)) found.push({ file, offset, bytes: Uint8Array.from(bytes) });
    }
    if (found.length > 0 && wanted.position !== "") break;
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}
