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

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() };

/** Measures and passes time, in milliseconds since an instant of its own; it never goes back, as the wall clock may. */
export interface Timer {
  now(): number;
  /** Resolves after that time; rejects with the signal's reason as soon as it aborts. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemTimer: Timer = {
  now: () => performance.now(),
  pause: async (milliseconds, signal) => {
    signal?.throwIfAborted();
    await sleep(milliseconds, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
};
