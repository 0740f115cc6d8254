import type { Timer } from "../../src/kernel/clock.ts";

/** A timer on which time is up, for what waits last, when somebody says so. */
export function deadlineTimer(): { readonly timer: Timer; up(): void } {
  let last: () => void = () => undefined;
  const pause: Timer["pause"] = (_ms, signal) =>
    new Promise((resolve, reject) => {
      last = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
  return { timer: { now: () => 0, pause }, up: () => last() };
}
