import { afterAll } from "vitest";
import { sourceConformance } from "../sources/conformance.ts";
import { STRIPE_ABILITIES, stripeSubjectOn } from "../sources/stripe/stripe-subject.ts";
import { BEGINNING, type StripeWorld, startStripeWorld } from "./support/stripe-world.ts";
import { asked } from "./support/world-house.ts";

let world: Promise<StripeWorld> | null = null;
let accounts = 0;

afterAll(async () => (await world)?.[Symbol.asyncDispose]());

const LISTS = { accounts: "customers", entries: "invoices" } as const;

/** Texts as the API takes them: an empty one takes a name away. */
const sent = (metadata: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, value ?? ""]));

sourceConformance(
  "stripe, in an account of Stripe World",
  async () => {
    world ??= startStripeWorld();
    accounts += 1;
    const account = await (await world).account(`conformance-${accounts}`);
    let now = BEGINNING.getTime();
    return stripeSubjectOn({
      ...asked(account),
      createAccount: async (metadata) => (await account.post("customers", { metadata: sent(metadata) })).id,
      // An invoice of Stripe World 0.3.0 begins without the metadata that it is made with (2026-11-26).
      createEntry: async (metadata, customer) => {
        const { id } = await account.post("invoices", { customer, currency: "usd" });
        return (await account.post(`invoices/${id}`, { metadata: sent(metadata) })).id;
      },
      change: async (feed, id, metadata) => void (await account.post(`${LISTS[feed]}/${id}`, { metadata: sent(metadata) })),
      remove: async (feed, id) => void (await account.remove(`${LISTS[feed]}/${id}`)),
      pass: () => {
        now += 600_000;
        return account.moveClock(new Date(now));
      },
      close: async () => undefined,
    });
  },
  STRIPE_ABILITIES,
);
