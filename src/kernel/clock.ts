import { setTimeout as sleep } from "node:timers/promises";

/** Time, randomness and identity are passed in, so that tests and the sandbox decide them. */
export interface Clock {
  /** The current instant. */
  now(): Date;
}

/** Makes run ids: unique, sortable by start. */
export interface Ids {
  next(prefix: string): string;
}

/** Milliseconds of a day of 24 hours. */
export const DAY_MS = 86_400_000;

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

/** The day of an instant in UTC, ISO 8601. */
export const isoDay = (at: Date): string => at.toISOString().slice(0, 10);

/** An instant of ISO 8601 to the minute, for people. */
export const minuteOf = (instant: string): string => instant.slice(0, 16).replace("T", " ");

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Measures and passes time, in milliseconds since an instant of its own; it never goes back, as the wall clock may. */
export interface Timer {
  now(): number;
  /** Resolves after that time; rejects with the signal's reason as soon as it aborts. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds, 24.8 days: Node (20.20) takes a timeout above it for one of a millisecond. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The machine's own time. */
export const systemTimer: Timer = {
  now: () => performance.now(),
  pause: async (milliseconds, signal) => {
    signal?.throwIfAborted();
    for (let left = milliseconds; ; left -= LONGEST_TIMEOUT) {
      await sleep(Math.min(left, LONGEST_TIMEOUT), undefined, signal ? { signal } : {}).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
      if (left <= LONGEST_TIMEOUT) return;
    }
  },
};
