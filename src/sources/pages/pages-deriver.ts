import type { Json } from "../../kernel/json.ts";
import type { Deriver, EvidenceToRead } from "../deriver.ts";
import { type Cell, type CellRow, landedText } from "../landed-text.ts";
import { jsonRecordAt, pagesOf, placeInPages } from "./kept-pages.ts";
import { pointerOf, type RowsSpec, rowsOfPages } from "./page-rows.ts";

/** What decides the row files of an extract beside its pages. */
export interface PagesParameters extends RowsSpec {
  /** Keys that the source says it has deleted, and when, in the text of the feed's version or without. */
  readonly deletes: readonly (readonly [key: string, stamp: string | null])[];
  /** Parents of which no record is left, beside those that the pages show; null for a feed without parents. */
  readonly emptied: readonly string[] | null;
  /** Of nets: keys, or parents, that changed since the published horizon, and the column that they are of. */
  readonly underway?: { readonly column: string; readonly keys: readonly string[] };
}

/** Rows in a row file: a file is read in pieces by one engine, and split by cores by the other. */
const ROWS = 20_000;

/** The row files beside the rows: parents that are complete, keys that are gone, keys that changed since the published horizon. */
export const SCOPES_NAME = "scopes-000.csv";
export const DELETES_NAME = "deletes-000.csv";
export const UNDERWAY_NAME = "underway-000.csv";

async function* rowsOf(
  evidence: readonly EvidenceToRead[],
  spec: RowsSpec,
  scopes: Set<string>,
): AsyncGenerator<readonly CellRow[]> {
  const rows = rowsOfPages(spec, { scopes });
  for await (const { page, number } of pagesOf(evidence)) yield rows(page, number);
}

/** Deals the rows of pages out into files of so many at most; a page is not cut. */
function partsOf(pages: AsyncGenerator<readonly CellRow[]>) {
  let next: readonly CellRow[] | null = null;
  const ahead = async () => {
    while (next === null || next.length === 0) {
      const { done, value } = await pages.next();
      if (done) return false;
      next = value;
    }
    return true;
  };
  async function* part(): AsyncGenerator<CellRow> {
    for (let rows = 0; rows < ROWS && (await ahead()); ) {
      const taken = next ?? [];
      next = null;
      rows += taken.length;
      yield* taken;
    }
  }
  return { ahead, part };
}

/** Where the record of a row stands. */
const placeIn: NonNullable<Deriver["place"]> = (evidence, { position, parameters }) => {
  const { routes } = parameters as unknown as PagesParameters;
  return placeInPages(evidence, position, (url, at) => ({ pointer: pointerOf(routes, url, at), record: null }));
};

/** Row files of pages of JSON: the rows, then the parents that are complete, then what was deleted. */
export const pagesDeriver: Deriver = {
  name: "json_pages",
  version: "1",
  place: placeIn,
  record: (evidence, asked) => jsonRecordAt(evidence, asked, placeIn),
  async *derive(evidence, parameters: Json) {
    const { deletes, emptied, underway, ...spec } = parameters as unknown as PagesParameters;
    const scopes = new Set<string>();
    const { ahead, part } = partsOf(rowsOf(evidence, spec, scopes));
    for (let nth = 0; await ahead(); nth += 1) {
      yield { name: `part-${String(nth).padStart(5, "0")}.csv`, ...landedText(spec.columns, part()) };
    }
    const complete: Cell[] = [...scopes, ...(emptied ?? []).filter((key) => !scopes.has(key))];
    if (emptied !== null && complete.length > 0)
      yield file(
        SCOPES_NAME,
        ["_scope"],
        complete.map((scope) => [scope]),
      );
    if (deletes.length > 0) yield file(DELETES_NAME, [spec.key, "_stamp"], deletes);
    if (underway !== undefined && underway.keys.length > 0) {
      yield file(
        UNDERWAY_NAME,
        [underway.column],
        underway.keys.map((key) => [key]),
      );
    }
  },
};

function file(name: string, columns: readonly string[], rows: readonly CellRow[]) {
  return { name, ...landedText(columns, rows) };
}
