/** A deterministic stream of choices. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [low, high], both included. */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items. Throws for an empty list. */
  pick<T>(items: readonly T[]): T;
  /** `length` lower-case letters and digits. */
  code(length: number): string;
}

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, passes gjrand; https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The stream of a seed: equal seeds give equal streams on every machine. */
export function seededRandom(seed: number): Random {
  const next = mulberry32(seed);
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
    code: (length) => Array.from({ length }, () => LETTERS[int(0, 35)]).join(""),
  };
}
