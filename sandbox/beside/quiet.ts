import { HOUR_MS, STORY_START } from "../cast/hours.ts";

/** In so many seconds at the beginning of an hour nothing happens in a system beside the books: a run reads it then. */
export const QUIET_SECONDS = 900;

const QUIET_MS = QUIET_SECONDS * 1000;

/** When an hour of the story ends, in ms. */
export function endOf(hour: number): number {
  return STORY_START + (hour + 1) * HOUR_MS;
}

/**
 * The instant of an hour of the story, in whole seconds, at which a system beside the books knows of what happened at `at` (ms). The
 * hour is pressed together behind its quiet seconds, so that order is kept; what is of another hour happens first or last.
 */
export function afterQuiet(hour: number, at: number): Date {
  const begin = STORY_START + hour * HOUR_MS;
  const share = Math.min(Math.max(0, at - begin), HOUR_MS - 1000) / HOUR_MS;
  const seconds = Math.floor((share * (HOUR_MS - QUIET_MS)) / 1000);
  return new Date(begin + QUIET_MS + seconds * 1000);
}
