import type { Timer } from "./clock.ts";

export interface TokenBucketOptions {
  readonly timer: Timer;
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens that can be saved up, and those at the beginning; at least 1. */
  readonly burst: number;
}

export interface Taking {
  /** The instant of the timer up to which it is worth waiting. */
  readonly until?: number;
  readonly signal?: AbortSignal;
}

/** Lets things happen at a rate; who comes first is served first. */
export interface TokenBucket {
  /**
   * Takes a token, waiting for it.
   * @returns false, without waiting, where it would come only after `until`.
   * @throws the signal's reason when it aborts; the token is then not taken, or lost to everybody: never used twice.
   */
  take(taking?: Taking): Promise<boolean>;
  /** Gives no token for so many milliseconds, and has saved up none then: the other side has said that it is too much. */
  hold(milliseconds: number): Promise<void>;
}

/** A full bucket. */
export function tokenBucket({ timer, perSecond, burst }: TokenBucketOptions): TokenBucket {
  const perMs = perSecond / 1000;
  /** Below zero: tokens that are promised to those who wait. */
  let tokens = burst;
  let filledAt = timer.now();
  let heldUntil = filledAt;

  const fill = () => {
    const now = timer.now();
    if (now <= filledAt) return;
    tokens = Math.min(burst, tokens + (now - filledAt) * perMs);
    filledAt = now;
  };

  return {
    take: async ({ until = Number.POSITIVE_INFINITY, signal } = {}) => {
      signal?.throwIfAborted();
      fill();
      tokens -= 1;
      let due = Math.max(filledAt + Math.max(0, -tokens) / perMs, heldUntil);
      try {
        while (due > timer.now()) {
          if (due > until) {
            tokens += 1;
            return false;
          }
          await timer.pause(due - timer.now(), signal);
          // Meanwhile somebody else may have been told to wait.
          due = Math.max(due, heldUntil);
        }
        return true;
      } catch (error) {
        tokens += 1;
        throw error;
      }
    },
    hold: async (milliseconds) => {
      fill();
      heldUntil = Math.max(heldUntil, timer.now() + milliseconds);
      tokens = Math.min(tokens, 0);
      filledAt = heldUntil;
    },
  };
}
