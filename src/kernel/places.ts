/** So many may be inside at once; who comes when all places are taken waits in turn. */
export interface Places {
  /**
   * Waits for a place.
   * @returns what gives it to the next one; to be called once.
   * @throws the signal's reason when it aborts; no place is taken then.
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** `count` places, all of them free. */
export function places(count: number): Places {
  let free = count;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (free > 0) {
          free -= 1;
          return resolve(leave);
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal.reason);
        };
        const admit = () => {
          signal.removeEventListener("abort", giveUp);
          resolve(leave);
        };
        signal.addEventListener("abort", giveUp, { once: true });
        waiting.push(admit);
      }),
  };
}
