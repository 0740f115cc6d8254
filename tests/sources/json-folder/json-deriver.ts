import type { DerivedFile, Deriver, EvidenceToRead } from "../../../src/sources/deriver.ts";
import { type CellRow, landedText } from "../../../src/sources/landed-text.ts";
import { type JsonFile, parseFile } from "./json-file.ts";

/** What decides the row files beside the evidence. */
export interface FolderParameters {
  /** Of the row files of rows, `_position` and `_scope` among them. */
  readonly columns: readonly string[];
  readonly sourceKey: readonly string[];
  /** Files of which the extract brings everything; null where it says nothing of that kind. */
  readonly scopes: readonly string[] | null;
  /** Whether the extract has every file, and is asked for their keys. */
  readonly keys: boolean;
}

async function textOf({ open }: EvidenceToRead): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of open()) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

/** The files as they were received, with their names. */
export async function readAll(evidence: readonly EvidenceToRead[]): Promise<(JsonFile & { readonly name: string })[]> {
  return Promise.all(evidence.map(async (piece) => ({ ...parseFile(await textOf(piece)), name: piece.name })));
}

const text = (value: string | number | null | undefined) => (value === null || value === undefined ? null : String(value));

function rowsOf({ name, rows }: JsonFile & { readonly name: string }, columns: readonly string[]): CellRow[] {
  return rows.map((row, i) =>
    columns.map((column) => {
      if (column === "_position") return `${name}#${i + 1}`;
      return column === "_scope" ? name : text(row[column]);
    }),
  );
}

function file(name: string, columns: readonly string[], rows: readonly CellRow[]): DerivedFile {
  return { name, ...landedText(columns, rows) };
}

/** A row file of each file, then what the extract is complete of, what was deleted, and the keys. */
export const jsonDeriver: Deriver = {
  name: "json_folder",
  version: "1",
  async *derive(evidence, parameters) {
    const { columns, sourceKey, scopes, keys } = parameters as unknown as FolderParameters;
    const files = await readAll(evidence);
    for (const [i, of] of files.entries()) {
      yield file(`part-${String(i).padStart(3, "0")}.csv`, columns, rowsOf(of, columns));
    }
    if (scopes !== null) {
      const named = scopes.map((name) => [name]);
      yield file("scopes-000.csv", ["_scope"], named);
    }
    const deleted = files.flatMap((of) => of.deleted.map(({ id, stamp }) => [String(id), String(stamp)]));
    if (deleted.length > 0) yield file("deletes-000.csv", [...sourceKey, "_stamp"], deleted);
    if (keys) {
      const rows = files.flatMap((of) => of.rows.map((row) => sourceKey.map((name) => text(row[name]))));
      yield file("keys-000.csv", sourceKey, rows);
    }
  },
};
