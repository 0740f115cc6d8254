import type { Timer } from "../../src/kernel/clock.ts";

/** A timer whose time passes at once, from pause to pause. */
export interface FakeTimer extends Timer {
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: readonly number[];
}

/** Time begins at 0 and stands still unless somebody waits; who waits shortest goes on first. */
export function fakeTimer(): FakeTimer {
  let time = 0;
  let waiting: { at: number; wake: () => void }[] = [];
  const pauses: number[] = [];
  const passOn = () => {
    const next = waiting.toSorted((a, b) => a.at - b.at)[0];
    if (!next) return;
    waiting = waiting.filter((one) => one !== next);
    time = Math.max(time, next.at);
    next.wake();
  };
  return {
    pauses,
    now: () => time,
    pause: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        pauses.push(milliseconds);
        const one = { at: time + milliseconds, wake: resolve };
        waiting.push(one);
        signal?.addEventListener("abort", () => {
          waiting = waiting.filter((other) => other !== one);
          reject(signal.reason);
        });
        setImmediate(passOn);
      }),
  };
}
