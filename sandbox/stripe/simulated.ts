import {
  bornBefore,
  type FaultAsked,
  liveUntilShown,
  NotDone,
  newSecret,
  oftenOf,
  type Simulated,
  type SimulatedAs,
  steered,
} from "../simulator/simulated.ts";
import type { FaultName, Faults } from "./faults.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { seededLife } from "./life/life.ts";
import { HAPPENINGS } from "./life/living.ts";
import { type Stripe, startStripe } from "./start-stripe.ts";

/** Weeks of life that lie behind the account. */
const WEEKS = 5;

/** What a fault takes, under the names that the simulator has for it. */
function optionsOf({ name, more }: FaultAsked): Readonly<Record<string, unknown>> {
  const { seconds, ...others } = more;
  if (seconds === undefined || name === "clock_skew") return more;
  return { ...others, ...(name === "slow_body" ? { pauseMs: Number(seconds) * 1000 } : { retryAfter: seconds }) };
}

function switchOn({ store, faults }: Stripe, asked: FaultAsked) {
  const id = asked.more["id"];
  if (id !== undefined && !store.find(String(id))) throw new NotDone(`the account has no object ${id}`);
  const where = { ...(asked.match === null ? {} : { match: asked.match }), ...oftenOf(asked) };
  return faults.on(asked.name as FaultName, { ...where, ...optionsOf(asked) } as Parameters<Faults["on"]>[1]);
}

/** Starts an account in test mode with some weeks of life in it. */
export async function startSimulated({ seed, port }: SimulatedAs): Promise<Simulated> {
  const account = `acct_1Sandbox${String(seed).padStart(9, "0")}`;
  const key = `sk_test_${newSecret()}`;
  const stripe = await startStripe({ seed, port, account, now: bornBefore(WEEKS), keys: [{ secret: key }] });
  const { store, clock, faults, requests, url } = stripe;
  const life = seededLife(stripe, seed);
  liveUntilShown(life, WEEKS);
  const countOf = (kind: Kind) => store.between(kind, 0, Number.POSITIVE_INFINITY).filter(({ deleted }) => !deleted).length;
  return steered({
    ...{ url, account, seed, clock, life, requests },
    env: { STRIPE_URL: url, STRIPE_API_KEY: key },
    happenings: HAPPENINGS,
    objects: () => KINDS.map((kind) => ({ kind, objects: countOf(kind) })),
    switchOn: (asked) => switchOn(stripe, asked),
    switchOff: (name) => faults.off(...(name === null ? [] : [name as FaultName])),
    close: () => stripe.close(),
  });
}
