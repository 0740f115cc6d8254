import { newCustomer, newSubscription, phoneNumber } from "../../cast/new-facts.ts";
import { chargeable } from "../money.ts";
import { billSubscription } from "./bills.ts";
import { type Act, drawn, type Guest, type Living, type Subscribed, taken } from "./living.ts";

/** The simulator's prices know no three months: what the cast agrees on by the quarter is paid by the month. */
const INTERVALS = { month: "month", quarter: "month", year: "year" } as const;

function subscribe(living: Living, guest: Guest, at: Date): void {
  const { books, store, company, stage } = living;
  const fact = newSubscription(company, guest.fact);
  const currency = fact.currency.toLowerCase();
  const trialEnd = fact.trialEnd === null ? {} : { trialEnd: new Date(fact.trialEnd) };
  const { id } = books.subscriptions.create(
    {
      customer: guest.id,
      currency,
      items: [{ quantity: fact.quantity, unitAmountDecimal: String(chargeable(fact.amount, currency)) }],
      interval: INTERVALS[fact.interval],
      status: fact.status,
      collection: fact.collection ?? "charge_automatically",
      metadata: { plan: fact.plan },
      ...trialEnd,
    },
    { at },
  );
  const end = Number(store.parts(id, "subscription_item")[0]?.object["current_period_end"]) * 1000;
  const subscribed: Subscribed = { id, fact, guest, until: fact.trialEnd ?? end };
  stage.subscriptions.push(subscribed);
  if (fact.trialEnd === null) billSubscription(living, subscribed, { at, reason: "subscription_create" });
}

/** Somebody becomes a customer and subscribes. */
export const arrive: Act = (living, at) => {
  const { books, company, stage, tell } = living;
  const fact = newCustomer(company);
  const { legalName: name, email, phone, country, segment } = fact;
  const metadata = segment === null ? {} : { segment };
  const currency = fact.currency.toLowerCase();
  const { id } = books.customers.create({ name, email, phone, country, currency, metadata }, { at });
  const guest = { id, fact };
  stage.guests.push(guest);
  tell("new customer");
  subscribe(living, guest, at);
};

/** A customer changes its phone number, or what is noted about it. */
export const change: Act = (living, at) => {
  const { books, random, stage, tell } = living;
  const guest = drawn(living, stage.guests);
  if (!guest) return;
  const fields = random.chance(0.5) ? { phone: phoneNumber(random) } : { description: `Account ${random.code(6)}` };
  books.customers.update(guest.id, fields, { at });
  tell("changed customer");
};

/** A subscription ends. */
export const cancel: Act = (living, at) => {
  const { books, stage, tell } = living;
  const subscribed = taken(living, stage.subscriptions);
  if (!subscribed) return;
  books.subscriptions.cancel(subscribed.id, { at });
  tell("canceled subscription");
};

/** A customer is deleted; its subscriptions end with it, its invoices stay as they are. */
export const remove: Act = (living, at) => {
  const { books, store, stage, tell } = living;
  const guest = taken(living, stage.guests);
  if (!guest) return;
  books.customers.remove(guest.id, { at });
  const isOthers = (invoice: string) => store.find(invoice)?.object["customer"] !== guest.id;
  stage.subscriptions.splice(0, Number.POSITIVE_INFINITY, ...stage.subscriptions.filter((one) => one.guest !== guest));
  stage.drafts.splice(0, Number.POSITIVE_INFINITY, ...stage.drafts.filter(isOthers));
  stage.open.splice(0, Number.POSITIVE_INFINITY, ...stage.open.filter(isOthers));
  tell("deleted customer");
};
