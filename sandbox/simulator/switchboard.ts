import type { Random } from "../random.ts";

/** Where and how often a fault strikes. */
export interface Where {
  /** The beginning of the path, or what path and query match. Left out: everywhere that the fault has a meaning. */
  readonly match?: string | RegExp;
  /** How many answers it strikes; 1 where nothing is said. */
  readonly times?: number;
  /** How many answers that it could strike it lets pass first. */
  readonly after?: number;
  /** The chance of each answer after that, by the seed. */
  readonly chance?: number;
}

/** A fault that is switched on. */
export interface ActiveFault {
  /** How many answers it struck. */
  readonly hits: number;
  off(): void;
}

/** Where a request goes. */
export interface Place {
  readonly path: string;
  readonly query: string;
}

/** A fault of some that strikes an answer. */
export type StrikeOf<Options> = { [N in keyof Options]: { readonly name: N; readonly options: Options[N] } }[keyof Options];

/** A switchboard of faults, whose options stand under their names. */
export interface Switchboard<Options, Target extends Place> {
  on<N extends keyof Options>(name: N, options?: Options[N] & Where): ActiveFault;
  /** Switches off all faults of a name, or all. */
  off(name?: keyof Options): void;
  /** What strikes this answer; it counts as struck. */
  strike(target: Target): StrikeOf<Options>[];
}

/** What a switchboard has to know of its faults. */
export interface FaultRules<Options, Target extends Place> {
  /** Faults that are an answer of their own: of these at most one strikes. */
  readonly answers: ReadonlySet<keyof Options>;
  readonly hasMeaning: (strike: StrikeOf<Options>, target: Target) => boolean;
}

interface Switched<Options> {
  readonly strike: StrikeOf<Options>;
  readonly where: Where;
  hits: number;
  passed: number;
}

/** Whether a path begins so, or path and query match. */
export function isThere(match: string | RegExp | undefined, { path, query }: Place): boolean {
  if (match === undefined) return true;
  return typeof match === "string" ? path.startsWith(match) : match.test(query === "" ? path : `${path}?${query}`);
}

/** A switchboard on which all is off; what is left to chance comes from the stream. */
export function openSwitchboard<Options, Target extends Place>(
  random: Random,
  { answers, hasMeaning }: FaultRules<Options, Target>,
): Switchboard<Options, Target> {
  const switched = new Set<Switched<Options>>();
  const strikes = (one: Switched<Options>, target: Target): boolean => {
    const { match, times = 1, after = 0, chance = 1 } = one.where;
    if (one.hits >= times || !isThere(match, target) || !hasMeaning(one.strike, target)) return false;
    if (one.passed < after) {
      one.passed += 1;
      return false;
    }
    return chance >= 1 || random.chance(chance);
  };
  return {
    on: (name, options) => {
      const { match, times, after, chance, ...own } = (options ?? {}) as Where;
      const where = { match, times, after, chance } as Where;
      const one = { strike: { name, options: own } as unknown as StrikeOf<Options>, where, hits: 0, passed: 0 };
      switched.add(one);
      return {
        get hits() {
          return one.hits;
        },
        off: () => void switched.delete(one),
      };
    },
    off: (name) => {
      for (const one of switched) if (name === undefined || one.strike.name === name) switched.delete(one);
    },
    strike: (target) => {
      const struck: StrikeOf<Options>[] = [];
      for (const one of switched) {
        if (answers.has(one.strike.name) && struck.some(({ name }) => answers.has(name))) continue;
        if (!strikes(one, target)) continue;
        one.hits += 1;
        struck.push(one.strike);
      }
      return struck;
    },
  };
}

/** The options of a fault, where it strikes. */
export function struckBy<S extends { readonly name: PropertyKey; readonly options: unknown }, N extends S["name"]>(
  strikes: readonly S[],
  name: N,
): Extract<S, { readonly name: N }>["options"] | undefined {
  return strikes.find((one) => one.name === name)?.options;
}
