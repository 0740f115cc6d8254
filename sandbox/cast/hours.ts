export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The last day of a month. The calendar lies in the past of the real clock, since windows must not end in its future. */
export const STORY_START = Date.UTC(2026, 8, 30);

const monthOf = (hour: number) => new Date(STORY_START + hour * HOUR_MS).toISOString().slice(0, 7);

/** Whether a month ends with an hour of the story. */
export function endsMonth(hour: number): boolean {
  return monthOf(hour) !== monthOf(hour + 1);
}

/** When the month began that an hour of the story is in, in ms. */
export function monthBegin(hour: number): number {
  return Date.parse(`${monthOf(hour)}-01T00:00:00Z`);
}
