/** Whether every moment is tried, as `CRASH=all` asks, or those of the day. */
export const IS_WHOLE = process.env["CRASH"] === "all";

/** Days since 1970, in UTC; `LEDGERLOOP_DAY` repeats the sample of another day. */
export const DAY = Number(process.env["LEDGERLOOP_DAY"] ?? Math.floor(Date.now() / 86_400_000));

/**
 * One of so many moments is tried a day, so that as many days in a row try all of them. Files have their turn too (`.ci/run`), every seventh day:
 * a prime number lets each of them meet all moments.
 */
const STRIDE = 31;

/** The moments from 1 on that are tried: all, or one of `STRIDE` from one that the day gives. */
export function* moments(): Generator<number, never> {
  const [first, step] = IS_WHOLE ? [1, 1] : [1 + (DAY % STRIDE), STRIDE];
  for (let at = first; ; at += step) yield at;
}

/** One of so many lines of the fault matrix is played a day; files have their turn every sixth day. */
const FAULT_STRIDE = 5;

/** The lines of the fault matrix that are played: every fifth, another one each day; all with `FAULTS=all`, and where the page is written. */
export function ofToday<T>(lines: readonly T[]): readonly T[] {
  if (process.env["FAULTS"] === "all" || process.env["UPDATE_GOLDEN"] === "1") return lines;
  return lines.filter((_, i) => i % FAULT_STRIDE === DAY % FAULT_STRIDE);
}

/** `whole` seeds, or a thirty-first of them, those of the day. */
export function seeds(whole: number): number[] {
  const count = IS_WHOLE ? whole : Math.ceil(whole / STRIDE);
  const first = IS_WHOLE ? 0 : DAY * count;
  return Array.from({ length: count }, (_, i) => first + i + 1);
}
