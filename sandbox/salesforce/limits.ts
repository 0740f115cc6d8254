const DAY_MS = 24 * 3600 * 1000;
const MINUTE_MS = 60_000;

/** How many requests may be made in a rolling day; both may be set. */
export interface Limits {
  used: number;
  dailyMax: number;
  /** How many ids getUpdated and getDeleted give at the most. */
  ids: number;
}

/** Counts requests by minutes of the clock. */
export function limitsOf(now: () => number, dailyMax: number): { readonly limits: Limits; readonly count: () => void } {
  const minutes = new Map<number, number>();
  const used = () => {
    let sum = 0;
    for (const [minute, count] of minutes) {
      if (minute * MINUTE_MS <= now() - DAY_MS) minutes.delete(minute);
      else sum += count;
    }
    return sum;
  };
  const add = (count: number) => {
    const minute = Math.floor(now() / MINUTE_MS);
    minutes.set(minute, (minutes.get(minute) ?? 0) + count);
  };
  const limits: Limits = {
    dailyMax,
    ids: 600_000,
    get used() {
      return used();
    },
    set used(count) {
      minutes.clear();
      add(count);
    },
  };
  return { limits, count: () => add(1) };
}
