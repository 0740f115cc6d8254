/** A simulator's clock. It moves only when it is told to. */
export interface Clock {
  now(): Date;
  /** Sets the clock, backwards too. */
  set(at: Date): void;
  /** Moves the clock on by seconds, fractions included. */
  advance(seconds: number): void;
}

/** A clock that shows `start`. */
export function settableClock(start: Date): Clock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    set: (at) => {
      now = at.getTime();
    },
    advance: (seconds) => {
      now += Math.round(seconds * 1000);
    },
  };
}
