import type { Random } from "../random.ts";
import type { Facts, Kind } from "./facts.ts";
import { HOUR_MS } from "./hours.ts";

/** Hours that lie behind the company when the story begins. */
export const PAST_HOURS = 8;

/** The company: its clock, and the facts that its life goes on with. A fact that a book has spoilt is off the stage until it is put right. */
export interface Company {
  readonly random: Random;
  /** 1 is 400 customers and some 150 changes an hour. */
  readonly scale: number;
  /** A simulated instant within the current hour, in ms. */
  now(): number;
  /** The current hour of the story; its past has negative ones. */
  hour(): number;
  advance(): void;
  nextOrdinal(kind: Kind): number;
  /** Facts that life may change and refer to from now on; one that is on stage already becomes what is given. */
  enter<K extends Kind>(kind: K, facts: readonly Facts[K][]): void;
  leave(kind: Kind, ordinal: number): void;
  /** Draws a fact that nothing else changes in this hour; null when none is accepted. */
  take<K extends Kind>(kind: K, accept?: (fact: Facts[K]) => boolean): Facts[K] | null;
  /** Draws a fact to refer to. Throws when there is none. */
  look<K extends Kind>(kind: K): Facts[K];
}

const TRIES = 60;

/** The facts of one kind that are on stage, and a fair draw from them. */
function stageOf<T extends { readonly ordinal: number }>(random: Random) {
  const ordinals: number[] = [];
  const places = new Map<number, number>();
  const facts = new Map<number, T>();
  return {
    enter: (fact: T) => {
      if (!places.has(fact.ordinal)) places.set(fact.ordinal, ordinals.push(fact.ordinal) - 1);
      facts.set(fact.ordinal, fact);
    },
    leave: (ordinal: number) => {
      const place = places.get(ordinal);
      if (place === undefined) return;
      const last = ordinals.pop();
      places.delete(ordinal);
      facts.delete(ordinal);
      if (last === undefined || last === ordinal) return;
      ordinals[place] = last;
      places.set(last, place);
    },
    draw: (): T | undefined => (ordinals.length === 0 ? undefined : facts.get(random.pick(ordinals))),
  };
}

/** The facts of all kinds that are on stage, and which of them the current hour has changed. */
function newStages(random: Random) {
  const stages: { readonly [K in Kind]: ReturnType<typeof stageOf<Facts[K]>> } = {
    customer: stageOf(random),
    subscription: stageOf(random),
    invoice: stageOf(random),
    payment: stageOf(random),
  };
  const touched = new Set<string>();
  return {
    touched,
    enter: <K extends Kind>(kind: K, facts: readonly Facts[K][]): void => {
      for (const fact of facts) stages[kind].enter(fact);
    },
    leave: (kind: Kind, ordinal: number): void => stages[kind].leave(ordinal),
    take: <K extends Kind>(kind: K, accept: (fact: Facts[K]) => boolean = () => true): Facts[K] | null => {
      for (let i = 0; i < TRIES; i += 1) {
        const fact = stages[kind].draw();
        if (!fact || touched.has(`${kind}|${fact.ordinal}`) || !accept(fact)) continue;
        touched.add(`${kind}|${fact.ordinal}`);
        return fact;
      }
      return null;
    },
    look: <K extends Kind>(kind: K): Facts[K] => {
      const fact = stages[kind].draw();
      if (!fact) throw new Error(`the company has no ${kind} to refer to`);
      return fact;
    },
  };
}

/** A company at the begin of its past, before any fact exists. `start` is when the story begins, in ms. */
export function newCompany(options: { random: Random; start: number; scale: number }): Company {
  const { random, start, scale } = options;
  const { touched, enter, leave, take, look } = newStages(random);
  const ordinals = new Map<Kind, number>();
  let hour = -PAST_HOURS;
  return {
    random,
    scale,
    now: () => start + hour * HOUR_MS + random.int(0, HOUR_MS / 1000 - 1) * 1000 + (random.chance(0.3) ? random.int(0, 999) : 0),
    hour: () => hour,
    advance: () => {
      hour += 1;
      touched.clear();
    },
    nextOrdinal: (kind) => {
      const ordinal = (ordinals.get(kind) ?? 0) + 1;
      ordinals.set(kind, ordinal);
      return ordinal;
    },
    enter,
    leave,
    take,
    look,
  };
}
