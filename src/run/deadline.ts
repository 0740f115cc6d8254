import type { Timer } from "../kernel/clock.ts";
import { Failure, type Problem } from "../kernel/problem.ts";

/** How long work may take. */
export interface Deadline {
  readonly timer: Timer;
  /** Null for as long as it takes. */
  readonly milliseconds: number | null;
  /** Aborts the work whatever time is left. */
  readonly signal: AbortSignal;
  /** What is told when it was not done in time. */
  readonly late: () => Problem;
}

/**
 * Does work with a signal that aborts when its time is up.
 * @throws Failure `retryable` when it then failed; what else it throws stays itself.
 */
export async function beforeDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timer, milliseconds, signal, late } = deadline;
  if (milliseconds === null) return work(signal);
  const [up, done] = [new AbortController(), new AbortController()];
  const waiting = timer.pause(milliseconds, done.signal).then(
    () => up.abort(),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, up.signal]));
  } catch (error) {
    if (up.signal.aborted && !signal.aborted) throw new Failure("retryable", late(), { cause: error });
    throw error;
  } finally {
    done.abort();
    await waiting;
  }
}
