export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A Monday. The calendar lies in the past of the real clock, since windows must not end in its future. */
export const STORY_START = Date.UTC(2026, 9, 5);
