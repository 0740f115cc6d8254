import { isThere, type Place } from "./switchboard.ts";

/** All requests since the start, or since the log was emptied. */
export interface RequestLog<Logged extends Place> {
  all(): readonly Logged[];
  /** How many have a path that begins so, or match. */
  count(match?: string | RegExp): number;
  clear(): void;
}

/** A log, and the hand that writes into it. */
export function openLog<Logged extends Place>(): {
  readonly log: RequestLog<Logged>;
  readonly write: (request: Logged) => void;
} {
  let all: Logged[] = [];
  return {
    log: {
      all: () => [...all],
      count: (match) => all.filter((one) => isThere(match, one)).length,
      clear: () => {
        all = [];
      },
    },
    write: (request) => void all.push(request),
  };
}
