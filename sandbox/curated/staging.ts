import type { Cell, FeedId, Row } from "../feed.ts";

/** Live rows of a feed, as they should be published. */
export type Staging = (feed: FeedId) => readonly Row[];

/** A value of a row that may not be there. */
export function cellIn(row: Row | undefined, column: string): Cell {
  return row?.[column] ?? null;
}

/** The same as text, empty where there is none. */
export function textIn(row: Row | undefined, column: string): string {
  return cellIn(row, column) ?? "";
}

/** Rows by the value of a column; those without one are left out. */
export function rowsBy(rows: Iterable<Row>, column: string): ReadonlyMap<string, readonly Row[]> {
  const by = new Map<string, Row[]>();
  for (const row of rows) {
    const value = row[column] ?? null;
    if (value === null) continue;
    const those = by.get(value);
    if (those) those.push(row);
    else by.set(value, [row]);
  }
  return by;
}

/** The row of each value of a column that has no second one. */
export function rowBy(rows: Iterable<Row>, column: string): ReadonlyMap<string, Row> {
  const single = [...rowsBy(rows, column)].filter(([, those]) => those.length === 1);
  return new Map(single.flatMap(([value, [row]]) => (row ? [[value, row] as const] : [])));
}
