import { endsMonth } from "../cast/hours.ts";

/** What is special about an hour; the same each simulated day, but for the end of a month. */
export interface HourPlan {
  /** Nothing at all changes. */
  readonly empty: boolean;
  /** A column is retyped until the next hour. */
  readonly retyped: boolean;
  /** A large share of one table is deleted until the next hour. */
  readonly massDelete: boolean;
  /** The company removes physical copies of its rows. */
  readonly tidy: boolean;
  /** A month ends: what is billed by the month is billed now. */
  readonly monthEnd: boolean;
  /** A transaction begins that commits so many hours later. */
  readonly longTransaction: number | null;
  /** How the hour's run reads the source. */
  readonly run: "increment" | "keys" | "full";
}

const LONG: Readonly<Record<number, number>> = { 4: 2, 7: 1, 10: 1, 18: 2, 21: 1 };

/** The plan of hour `hour` of the story. */
export function planOf(hour: number): HourPlan {
  const at = hour % 24;
  return {
    empty: at === 9 || at === 17,
    retyped: at === 12,
    massDelete: at === 15,
    longTransaction: LONG[at] ?? null,
    tidy: at === 3,
    monthEnd: endsMonth(hour),
    // The key pass of hour 15 is stopped, by the mass delete, by copies and by rows that no increment could see; the full read of hour 16
    // finds everything restored.
    run: at === 3 || at === 15 ? "keys" : at === 2 || at === 16 ? "full" : "increment",
  };
}

/** Whether a long transaction is open when the hour's run reads. */
export function isLongOpen(hour: number): boolean {
  return Object.entries(LONG).some(([begin, hours]) => Number(begin) <= hour % 24 && hour % 24 < Number(begin) + hours);
}
