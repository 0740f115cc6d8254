import type { Cell } from "../../../src/sources/landed-text.ts";

/** A cell of landed text and what stands behind it. */
const CELL = /(?:"((?:[^"]|"")*)"|([A-Za-z0-9_.:+-]*))([,\n])/y;

/**
 * Reads a row file as docs/landed-text.md states it, and nothing more lax than that.
 * @throws Error for a text that has another form, or rows of unequal length.
 */
export function parseLanded(text: string): Cell[][] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const at = CELL.lastIndex;
    const found = CELL.exec(text);
    if (found === null) throw new Error(`no landed text at ${at}: ${JSON.stringify(text.slice(at, at + 80))}`);
    const [, quoted, bare, behind] = found;
    row.push(quoted === undefined ? bare || null : quoted.replaceAll('""', '"'));
    if (behind === ",") continue;
    rows.push(row);
    row = [];
  }
  if (rows.some(({ length }) => length !== rows[0]?.length)) throw new Error("rows of unequal length");
  return rows;
}
