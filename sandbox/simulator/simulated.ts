import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import type { FaultName } from "../stripe/faults.ts";
import { KINDS, type Kind } from "../stripe/kinds.ts";
import { type LivedHour, seededLife } from "../stripe/life/life.ts";
import { HAPPENINGS } from "../stripe/life/living.ts";
import { startStripe } from "../stripe/start-stripe.ts";
import type { ActiveFault } from "./switchboard.ts";

/** Hours that lie behind the account when it is first shown: five weeks, up to nine o'clock on the story's first Monday. */
const BEHIND = 5 * 7 * 24 + 9;

/** What a fault is switched on with; null is "nothing said", and for `times` that it strikes until it is switched off. */
export interface FaultAsked {
  readonly name: string;
  readonly match: string | null;
  readonly times: number | null;
  readonly after: number;
  readonly chance: number;
  readonly more: Readonly<Record<string, string | number | boolean>>;
}

/** A request that the simulator does not do, in a sentence. */
export class NotDone extends Error {}

/** The account and its life, as whoever steers them sees them. Documents are JSON. */
export interface Simulated {
  readonly url: string;
  advance(hours: number): object;
  fault(asked: FaultAsked): object;
  /** Switches faults off: those of a name, or all. */
  off(name: string | null): object;
  status(): object;
  close(): Promise<void>;
}

interface Switched {
  readonly asked: FaultAsked;
  readonly active: ActiveFault;
}

const isoOf = (at: Date) => at.toISOString().replace(".000Z", "Z");

/** What a fault takes, under the names that the simulator has for it. */
function optionsOf({ name, more }: FaultAsked): Readonly<Record<string, unknown>> {
  const { seconds, ...others } = more;
  if (seconds === undefined || name === "clock_skew") return more;
  return { ...others, ...(name === "slow_body" ? { pauseMs: Number(seconds) * 1000 } : { retryAfter: seconds }) };
}

function faultDocument({ asked, active }: Switched): object {
  const { name, match, times, after, chance, more } = asked;
  const isOver = times !== null && active.hits >= times;
  return { name, match, times, after, chance, with: more, hits: active.hits, over: isOver };
}

function hourDocument({ from, until, happened }: LivedHour): object {
  const names = Object.keys(HAPPENINGS) as (keyof typeof HAPPENINGS)[];
  const told = names.flatMap((name) => {
    const times = happened[name];
    return times === undefined ? [] : [{ what: times === 1 ? name : HAPPENINGS[name], times }];
  });
  return { from: isoOf(from), until: isoOf(until), happened: told };
}

/** Starts an account with some weeks of life in it, which goes on when it is told to. */
export async function startSimulated(how: { seed: number; port: number; key: string }): Promise<Simulated> {
  const { seed, port, key } = how;
  const account = `acct_1Sandbox${String(seed).padStart(9, "0")}`;
  const now = new Date(STORY_START - (BEHIND - 9) * HOUR_MS);
  const stripe = await startStripe({ seed, port, account, now, keys: [{ secret: key }] });
  const { store, clock, faults, requests } = stripe;
  const life = seededLife(stripe, seed);
  for (let hour = 0; hour < BEHIND; hour += 1) life.hour();
  let switched: readonly Switched[] = [];
  const faultsNow = () => ({ faults: switched.map(faultDocument) });
  const countOf = (kind: Kind) => store.between(kind, 0, Number.POSITIVE_INFINITY).filter(({ deleted }) => !deleted).length;
  return {
    url: stripe.url,
    advance: (hours) => {
      const lived = Array.from({ length: hours }, () => hourDocument(life.hour()));
      return { hours: lived, clock: isoOf(clock.now()) };
    },
    fault: (asked) => {
      const id = asked.more["id"];
      if (id !== undefined && !store.find(String(id))) throw new NotDone(`the account has no object ${id}`);
      const { match, times, after, chance } = asked;
      const where = { ...(match === null ? {} : { match }), times: times ?? Number.POSITIVE_INFINITY, after, chance };
      const active = faults.on(asked.name as FaultName, { ...where, ...optionsOf(asked) } as Parameters<typeof faults.on>[1]);
      switched = [...switched, { asked, active }];
      return faultsNow();
    },
    off: (name) => {
      faults.off(...(name === null ? [] : [name as FaultName]));
      switched = name === null ? [] : switched.filter(({ asked }) => asked.name !== name);
      return faultsNow();
    },
    status: () => {
      const all = requests.all();
      const statuses = [...new Set(all.map(({ status }) => status))].sort((a, b) => a - b);
      const counted = statuses.map((status) => ({ status, requests: all.filter((one) => one.status === status).length }));
      return {
        account,
        seed,
        clock: isoOf(clock.now()),
        objects: KINDS.map((kind) => ({ kind, objects: countOf(kind) })),
        ...faultsNow(),
        requests: counted,
      };
    },
    close: () => stripe.close(),
  };
}
