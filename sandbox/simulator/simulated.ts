import { randomBytes } from "node:crypto";
import { HOUR_MS } from "../cast/hours.ts";
import type { Clock } from "./clock.ts";
import type { HourOf, LifeOf } from "./hourly.ts";
import type { ActiveFault, Where } from "./switchboard.ts";

/** What a fault is switched on with; null is "nothing said", and for `times` that it strikes until it is switched off. */
export interface FaultAsked {
  readonly name: string;
  /** The beginning of the path. */
  readonly match: string | null;
  /** What the request is about, where a system has words for that. */
  readonly about: string | null;
  readonly times: number | null;
  readonly after: number;
  readonly chance: number;
  readonly more: Readonly<Record<string, string | number | boolean>>;
}

/** A request that the simulator does not do, in a sentence. */
export class NotDone extends Error {}

/** A simulator and its life, as whoever steers them sees them. Documents are JSON. */
export interface Simulated {
  readonly url: string;
  /** Variables by which a pipeline finds it. */
  readonly env: Readonly<Record<string, string>>;
  advance(hours: number): object;
  fault(asked: FaultAsked): object;
  /** Switches faults off: those of a name, or all. */
  off(name: string | null): object;
  status(): object;
  close(): Promise<void>;
}

/** What a simulator is started as. */
export interface SimulatedAs {
  readonly seed: number;
  /** 0 for one that is free. */
  readonly port: number;
}

/** What a system brings of its own. */
export interface Steerable extends Pick<Simulated, "url" | "env" | "close"> {
  /** The id of the account or org. */
  readonly account: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly life: LifeOf<string>;
  /** What can happen in an hour, and what several of it are called. */
  readonly happenings: Readonly<Record<string, string>>;
  readonly requests: { all(): readonly { readonly status: number }[] };
  /** How many there are of each kind; deleted ones are not counted. */
  objects(): readonly { readonly kind: string; readonly objects: number }[];
  /** @throws NotDone where the fault would strike nothing that there is. */
  switchOn(asked: FaultAsked): ActiveFault;
  switchOff(name: string | null): void;
}

interface Switched {
  readonly asked: FaultAsked;
  readonly active: ActiveFault;
}

/** A Monday, and the hour of it at which simulators are first shown. */
const MONDAY = Date.UTC(2026, 9, 5);
const SHOWN_AT = 9;
const WEEK_HOURS = 7 * 24;

/** When a life begins that has so many weeks behind it when it is first shown. */
export function bornBefore(weeks: number): Date {
  return new Date(MONDAY - weeks * WEEK_HOURS * HOUR_MS);
}

/** Lives all that lies behind a simulator when it is first shown. */
export function liveUntilShown(life: LifeOf<string>, weeks: number): void {
  for (let hour = 0; hour < weeks * WEEK_HOURS + SHOWN_AT; hour += 1) life.hour();
}

/** A secret that is made anew. */
export function newSecret(): string {
  return randomBytes(16).toString("hex");
}

/** How often a fault strikes, as switchboards have it. */
export function oftenOf({ times, after, chance }: FaultAsked): Where {
  return { times: times ?? Number.POSITIVE_INFINITY, after, chance };
}

const isoOf = (at: Date) => at.toISOString().replace(".000Z", "Z");

function faultDocument({ asked, active }: Switched): object {
  const { more, ...told } = asked;
  const isOver = asked.times !== null && active.hits >= asked.times;
  return { ...told, with: more, hits: active.hits, over: isOver };
}

function hourDocument({ from, until, happened }: HourOf<string>, happenings: Steerable["happenings"]): object {
  const told = Object.entries(happenings).flatMap(([name, several]) => {
    const times = happened[name];
    return times === undefined ? [] : [{ what: times === 1 ? name : several, times }];
  });
  return { from: isoOf(from), until: isoOf(until), happened: told };
}

/** A system as it is steered: its life goes on when it is told to, and its faults are remembered as they were asked for. */
export function steered(system: Steerable): Simulated {
  const { url, env, account, seed, clock, life, happenings, requests } = system;
  let switched: readonly Switched[] = [];
  const faultsNow = () => ({ faults: switched.map(faultDocument) });
  return {
    url,
    env,
    advance: (hours) => {
      const lived = Array.from({ length: hours }, () => hourDocument(life.hour(), happenings));
      return { hours: lived, clock: isoOf(clock.now()) };
    },
    fault: (asked) => {
      switched = [...switched, { asked, active: system.switchOn(asked) }];
      return faultsNow();
    },
    off: (name) => {
      system.switchOff(name);
      switched = name === null ? [] : switched.filter(({ asked }) => asked.name !== name);
      return faultsNow();
    },
    status: () => {
      const all = requests.all();
      const statuses = [...new Set(all.map(({ status }) => status))].sort((a, b) => a - b);
      const counted = statuses.map((status) => ({ status, requests: all.filter((one) => one.status === status).length }));
      return { account, seed, clock: isoOf(clock.now()), objects: system.objects(), ...faultsNow(), requests: counted };
    },
    close: system.close,
  };
}
