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
