import type { input } from "zod";
import { LayoutSchema, layoutOf } from "../../../src/sources/csv/layout-schema.ts";
import { deriveFile } from "../../../src/sources/csv/scan/derive-file.ts";
import type { FileFacts } from "../../../src/sources/csv/scan/file-facts.ts";
import type { FileSpec, TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import type { Cell } from "../../../src/sources/landed-text.ts";
import { bytesOf } from "../../support/raw-file.ts";
import { parseLanded } from "./parse-landed.ts";

/** One row of a row file, its cells about the record taken apart. */
export interface DerivedRow {
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  readonly fault: Cell;
  /** The exact bytes of a record with a fault. */
  readonly payload: Buffer | null;
  readonly unconverted: readonly string[];
  readonly cells: readonly Cell[];
}

/** What became of a file. */
export interface Derived {
  readonly rows: readonly DerivedRow[];
  readonly facts: FileFacts;
  /** The row file itself. */
  readonly landed: Buffer;
  readonly columns: readonly string[];
}

/** Columns of type string, by name. */
export function strings(...names: string[]): TargetColumn[] {
  return names.map((name) => ({ name, type: { kind: "string" } }));
}

/** A layout as it is written in YAML, for columns of a contract, as all that decides a file's rows. */
export function specOf(
  written: input<typeof LayoutSchema>,
  columns: readonly TargetColumn[],
  more: Partial<FileSpec> = {},
): FileSpec {
  const layout = layoutOf("partner", LayoutSchema.parse(written), columns);
  return { layout, columns, packing: null, scope: null, amount: null, ...more };
}

/** Bytes in pieces of the given lengths, over and over; in one piece where none is given. */
export function* inPieces(bytes: Uint8Array, lengths: readonly number[] = []): Generator<Uint8Array> {
  for (let [at, nth] = [0, 0]; at < bytes.length; nth += 1) {
    const to = lengths.length === 0 ? bytes.length : at + Math.max(1, lengths[nth % lengths.length] ?? 1);
    yield bytes.subarray(at, to);
    at = to;
  }
}

async function* streamed(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

function payloadOf(text: Cell): Buffer | null {
  if (text === null) return null;
  return Buffer.from(text.slice(text.indexOf(":") + 1), text.startsWith("utf8") ? "utf8" : "base64");
}

function rowOf(cells: readonly Cell[]): DerivedRow {
  const [position, fault = null, payload = null, unconverted = null, ...rest] = cells;
  const [, number, offset, length] = /^(\d+)@(\d+)\+(\d+)$/.exec(position ?? "") ?? [];
  return {
    number: Number(number),
    offset: Number(offset),
    length: Number(length),
    fault,
    payload: payloadOf(payload),
    unconverted: unconverted === null ? [] : (JSON.parse(unconverted) as string[]),
    cells: rest,
  };
}

/** Derives a file that comes in pieces of the given lengths. The spec has no scope. */
export async function derive(content: Uint8Array | string, spec: FileSpec, pieces?: readonly number[]): Promise<Derived> {
  const file = deriveFile(streamed(inPieces(Buffer.from(content), pieces)), spec);
  const landed = await bytesOf(file.bytes);
  const [, ...rows] = parseLanded(landed.toString());
  return { rows: rows.map(rowOf), facts: file.facts(), landed, columns: file.columns };
}
