import type { Json } from "../../kernel/json.ts";
import { bytesAt } from "../bytes-at.ts";
import type { Deriver, EvidenceToRead } from "../deriver.ts";
import { landedText } from "../landed-text.ts";
import { gunzipped } from "../unpacked.ts";
import { deriveFile } from "./scan/derive-file.ts";
import type { FileSpec, Layout } from "./scan/layout.ts";
import { type OnlyKeys, onlyRows } from "./scan/only-rows.ts";

/** What decides the rows of all files of an extract beside their bytes. */
export type SharedSpec = Pick<FileSpec, "columns" | "amount"> & {
  /** The column that names each record of a file; null where declared columns do. */
  readonly record: string | null;
};

/** One piece of evidence as it is derived. */
export interface DerivedEvidence {
  /** The file's path below the location: its `_scope`. */
  readonly path: string;
  readonly packing: FileSpec["packing"];
  /** Where the file stands among the others; null where they have no order. */
  readonly order: string | null;
  /** The place of its layout among the parameters'. */
  readonly layout: number;
  /** The rows of these keys are taken, and no others; absent where all are. */
  readonly only?: OnlyKeys;
}

/** What decides the row files of an extract beside its evidence. */
export interface CsvParameters extends SharedSpec {
  readonly layouts: readonly Layout[];
  /** One for each piece of evidence; null for a file of which no row is taken, kept for whoever asks why. */
  readonly files: readonly (DerivedEvidence | null)[];
  /** Files of which the extract brings everything. */
  readonly scopes: readonly string[];
}

/** All that decides the rows of one file. */
export function specOf(
  { columns, amount, record }: SharedSpec,
  file: Pick<DerivedEvidence, "path" | "packing" | "order">,
  layout: Layout,
): FileSpec {
  const { path, packing, order } = file;
  const named = record === null ? {} : { record: { column: record, file: path } };
  return { layout, columns, packing, scope: path, amount, ...(order === null ? {} : { order }), ...named };
}

/** The name under which the rows of the nth taken file land. */
export const partName = (nth: number) => `part-${String(nth).padStart(5, "0")}.csv`;

/** The name of the row file that says of which files everything is there. */
export const SCOPES_NAME = "scopes-000.csv";

/** What the extract is complete of. */
export const scopesText = (scopes: readonly string[]) =>
  landedText(
    ["_scope"],
    scopes.map((path) => [path]),
  );

/** How a file is packed, which its name says. */
export const packingOf = (path: string): FileSpec["packing"] => (path.toLowerCase().endsWith(".gz") ? "gzip" : null);

/** What a `_position` says of a record: its number from 1, and where it is in the unpacked file, in bytes; null for what is none. */
export function placeOf(position: string): { readonly record: number; readonly offset: number; readonly length: number } | null {
  const [, record, offset, length] = /^(\d+)@(\d+)\+(\d+)$/.exec(position) ?? [];
  return length === undefined ? null : { record: Number(record), offset: Number(offset), length: Number(length) };
}

/** The bytes of a file, unpacked. */
const unpacked = ({ name, open }: EvidenceToRead) => (packingOf(name) === null ? open() : gunzipped(open(), () => undefined));

/** A row file for each taken file, then the files of which everything is there. */
export const csvDeriver: Deriver = {
  name: "csv",
  version: "1",
  place: async (evidence, { part, position }) => {
    const [piece, record] = [evidence.find(({ name }) => name === part), placeOf(position)];
    return piece && record ? { piece: piece.name, file: record } : null;
  },
  record: async (evidence, { part, position }) => {
    const [piece, record] = [evidence.find(({ name }) => name === part), placeOf(position)];
    return piece && record ? bytesAt(unpacked(piece), record) : null;
  },
  async *derive(evidence, parameters: Json) {
    const shared = parameters as unknown as CsvParameters;
    let nth = 0;
    for (const [i, piece] of evidence.entries()) {
      const file = shared.files[i];
      const layout = file && shared.layouts[file.layout];
      if (!(file && layout)) continue;
      const derived = deriveFile(piece.open(), specOf(shared, file, layout));
      const some = file.only && onlyRows(derived, file.only);
      yield { name: partName(nth), bytes: (some ?? derived).bytes, rows: () => some?.found().length ?? derived.facts().records };
      nth += 1;
    }
    if (shared.scopes.length > 0) yield { name: SCOPES_NAME, ...scopesText(shared.scopes) };
  },
};
