import { grouped } from "../kernel/grouped.ts";
import type { Stretch } from "./extent.ts";

/** Rows at a place: of a day, or of a publication. */
export interface RowsAt {
  /** Sorts as the places do: `2026-11-02`, `000000000012`. */
  readonly at: string;
  readonly rows: bigint;
}

/** A stretch that is compared as a whole, and how many rows it had. */
export interface Segment extends Stretch {
  readonly rows: bigint;
}

const rowsOf = (places: readonly RowsAt[]) => places.reduce((sum, { rows }) => sum + rows, 0n);

/** Neighbours as one where they have few rows together, from the first on: so what is old keeps its bounds as new rows come. */
function merged(places: readonly RowsAt[], most: bigint): RowsAt[] {
  const found: RowsAt[] = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last.rows + place.rows <= most) found[found.length - 1] = { at: last.at, rows: last.rows + place.rows };
    else found.push(place);
  }
  return found;
}

/** The first and the last are without bound, so that every row is in exactly one. */
function bounded(places: readonly RowsAt[]): Segment[] {
  return places.map(({ at, rows }, i) => ({ from: i === 0 ? null : at, to: places[i + 1]?.at ?? null, rows }));
}

/** Year, month and day of an ISO date. */
const PERIODS = [4, 7, 10] as const;

const firstDay = (period: string) => `${period}-01-01`.slice(0, 10);

function periodsOf(days: readonly RowsAt[], { most, level }: { most: bigint; level: number }): RowsAt[] {
  const length = PERIODS[level];
  if (length === undefined) return [...days];
  return [...grouped(days, ({ at }) => at.slice(0, length))].flatMap(([period, own]) =>
    rowsOf(own) <= most ? [{ at: firstDay(period), rows: rowsOf(own) }] : periodsOf(own, { most, level: level + 1 }),
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Segments by date: years, of those with too many rows months, of these days; neighbours with few rows are one. A day is never cut. Rows without
 * a date, and with dates that are no days of four-digit years, are counted into the first.
 * @param days days in their order; `at` as an ISO date, anything else for other rows.
 */
export function segmentsByDate(days: readonly RowsAt[], most: bigint): Segment[] {
  if (rowsOf(days) <= most) return [{ from: null, to: null, rows: rowsOf(days) }];
  const other = rowsOf(days.filter(({ at }) => !DAY.test(at)));
  const known = days.filter(({ at }) => DAY.test(at)).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const [first, ...rest] = merged(periodsOf(known, { most, level: 0 }), most);
  return bounded([{ at: first?.at ?? "", rows: (first?.rows ?? 0n) + other }, ...rest]);
}

/** Segments of publications: as many as have not too many rows together; the batches of one publication are never cut. */
export function segmentsByPublication(publications: readonly RowsAt[], most: bigint): Segment[] {
  const known = publications.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return bounded(known.length > 0 ? merged(known, most) : [{ at: "", rows: 0n }]);
}
