import type { Timer } from "./clock.ts";

/** How something that failed is done again. */
export interface RetryOptions {
  readonly timer: Timer;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** How often it is done at most, the first time included. */
  readonly attempts: number;
  /** Milliseconds: the longest wait before the second time; it doubles with each time, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** The instant of the timer after which nothing is begun again. */
  readonly until?: number;
  readonly signal?: AbortSignal;
  /** Whether doing it again can help, and cannot do anything twice. */
  readonly mayRepeat: (error: unknown) => boolean;
  /** Milliseconds that the other side asks to wait; added to the wait, and not bounded by `longestMs`. */
  readonly askedMs?: (error: unknown) => number | undefined;
  /** Milliseconds: who is asked to wait longer gives up at once. Without it nothing that is asked is too long. */
  readonly longestAskedMs?: number;
}

/** Something was not done again although it may be; its `cause` is what it failed with the last time. */
export class GaveUp extends Error {
  readonly why: "attempts" | "deadline" | "asked" | "aborted";
  readonly attempts: number;

  constructor(why: GaveUp["why"], attempts: number, cause: unknown) {
    super(`given up after ${attempts} attempts: ${why}`, { cause });
    this.name = "GaveUp";
    this.why = why;
    this.attempts = attempts;
  }
}

/** Anything up to the bound, so that many who failed at one instant do not come back at one instant. */
function waitMs(error: unknown, attempt: number, options: RetryOptions): number {
  const bound = Math.min(options.longestMs, options.firstMs * 2 ** (attempt - 1));
  return options.random() * bound + (options.askedMs?.(error) ?? 0);
}

async function pauseAfter(error: unknown, attempt: number, options: RetryOptions): Promise<void> {
  const { timer, until = Number.POSITIVE_INFINITY, longestAskedMs = Number.POSITIVE_INFINITY, signal } = options;
  if (attempt >= options.attempts) throw new GaveUp("attempts", attempt, error);
  if ((options.askedMs?.(error) ?? 0) > longestAskedMs) throw new GaveUp("asked", attempt, error);
  const wait = waitMs(error, attempt, options);
  if (timer.now() + wait > until) throw new GaveUp("deadline", attempt, error);
  try {
    await timer.pause(wait, signal);
  } catch (aborted) {
    throw signal?.aborted ? new GaveUp("aborted", attempt, error) : aborted;
  }
}

/**
 * Does work until it succeeds, as often as `options` allow, with waits that grow and are drawn at random ("full jitter").
 * @throws what the work failed with, where it may not be repeated.
 * @throws GaveUp where it might have been, but attempts, time or patience are used up.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!options.mayRepeat(error)) throw error;
      await pauseAfter(error, attempt, options);
    }
  }
}
