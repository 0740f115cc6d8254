import { afterQuiet, endOf } from "../beside/quiet.ts";
import type { Company } from "../cast/company.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { type Random, seededRandom } from "../random.ts";
import type { Stripe } from "../stripe/start-stripe.ts";
import { type Agenda, newAgenda } from "../world/agenda.ts";
import type { Crossing } from "./crossings.ts";

/** The account, as far as the company's life is written in it. */
export type Kept = Pick<Stripe, "books" | "store" | "clock">;

/** A card payment that came in, and what can go back of it. */
export interface Received {
  readonly charge: string;
  readonly currency: string;
  /** Minor units that are neither refunded nor disputed. */
  left: number;
}

/** Something that the account does in a later hour. */
export type Errand = (desk: Desk) => void;

/** What the account has of the company's life: ids at Stripe by what billing calls the same fact. */
export interface Desk extends Kept, Agenda<Errand> {
  /** A stream of chance of its own: what the account has changes nothing in what the company does. */
  readonly random: Random;
  hour(): number;
  /** When Stripe hears of what happened at an instant (ms); not before it had the objects that it is of. */
  at(instant: number, ...of: readonly string[]): { readonly at: Date };
  /** Some instant of the hour, in ms. */
  sometime(): number;
  /** Moves the account's clock to the end of the hour, which no write may be after. */
  openHour(): void;
  readonly customers: Map<string, string>;
  readonly subscriptions: Map<string, string>;
  readonly invoices: Map<string, string>;
  /** By the invoice's id in billing. */
  readonly received: Map<string, Received[]>;
  /** How the next payments that allow it are charged, otherwise than billing has them. */
  readonly crossings: Set<Crossing>;
  /** Refunds that have not arrived, by the payment's id in billing. */
  readonly returning: Map<string, string>;
}

/** The desk of an account that knows nothing of the company yet. */
export function newDesk(company: Pick<Company, "hour">, { books, store, clock }: Kept, seed: number): Desk {
  const random = seededRandom(seed + 6);
  const hour = () => company.hour();
  const began = (id: string) => (store.find(id)?.created ?? 0) * 1000;
  return {
    ...{ books, store, clock, random, hour },
    at: (instant, ...of) => ({ at: new Date(Math.max(afterQuiet(hour(), instant).getTime(), ...of.map(began))) }),
    sometime: () => STORY_START + hour() * HOUR_MS + random.int(0, HOUR_MS / 1000 - 1) * 1000,
    openHour: () => clock.set(new Date(Math.max(clock.now().getTime(), endOf(hour())))),
    ...newAgenda<Errand>({ hour }),
    customers: new Map(),
    subscriptions: new Map(),
    invoices: new Map(),
    received: new Map(),
    crossings: new Set(),
    returning: new Map(),
  };
}
