import type { Customer, Subscription } from "../cast/facts.ts";
import { chargeable } from "../stripe/money.ts";
import type { Desk } from "./desk.ts";

/** The share of the company's customers that pay by card, and so are customers at Stripe. */
const LINKED = 0.8;

/** The share of their subscriptions that Stripe knows. */
const SUBSCRIBED = 0.35;

/** Stripe's prices know no three months. */
const INTERVALS = { month: "month", quarter: "month", year: "year" } as const;

/** Most customers become customers at Stripe, which name billing's in their metadata. */
export function beginCustomer(desk: Desk, customer: Customer): void {
  if (!desk.random.chance(LINKED)) return;
  const { id, legalName: name, email, phone, country } = customer;
  const fields = { name, email, phone, country, currency: customer.currency.toLowerCase() };
  const made = desk.books.customers.create({ ...fields, metadata: { customer_id: id } }, desk.at(customer.createdAt));
  desk.customers.set(id, made.id);
}

/** Of some customers that change, Stripe learns another address or name. */
export function changeCustomer(desk: Desk, customer: Customer): void {
  const { books, random } = desk;
  const id = desk.customers.get(customer.id);
  if (id === undefined || !random.chance(0.6)) return;
  const { phone, displayName, legalName } = customer;
  const fields = random.chance(0.5)
    ? { email: `billing@${random.code(8)}.example` }
    : { name: random.pick([legalName, displayName]), phone };
  books.customers.update(id, fields, desk.at(customer.changedAt, id));
}

/** Some subscriptions of customers at Stripe are subscriptions there, if Stripe can charge their price. */
export function beginSubscription(desk: Desk, subscription: Subscription): void {
  const { books, random } = desk;
  const customer = desk.customers.get(subscription.customer);
  if (customer === undefined || !random.chance(SUBSCRIBED)) return;
  const { id, amount, quantity, status, createdAt, trialEnd, collection, interval } = subscription;
  const currency = subscription.currency.toLowerCase();
  if (chargeable(amount, currency) !== amount) return;
  const price = { items: [{ quantity, unitAmountDecimal: String(amount) }], interval: INTERVALS[interval] };
  const trial = trialEnd === null ? {} : { trialEnd: new Date(trialEnd) };
  const fields = { customer, currency, ...price, ...trial, status, collection: collection ?? "charge_automatically" };
  const made = books.subscriptions.create({ ...fields, metadata: { subscription_id: id } }, desk.at(createdAt, customer));
  desk.subscriptions.set(id, made.id);
}

/** What becomes of a subscription becomes of the one at Stripe. */
export function changeSubscription(desk: Desk, { id: name, status, changedAt }: Subscription): void {
  const { books, store } = desk;
  const id = desk.subscriptions.get(name);
  const now = store.find(id ?? "")?.object["status"];
  if (id === undefined || now === status || now === "canceled") return;
  const when = desk.at(changedAt, id);
  if (status === "canceled") books.subscriptions.cancel(id, when);
  else books.subscriptions.update(id, { status }, when);
}
