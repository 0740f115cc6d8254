import { type Company, PAST_HOURS } from "./company.ts";
import type { Act, Customer, Deed, Facts, Invoice, Kind, Payment, Subscription } from "./facts.ts";
import { DAY_MS } from "./hours.ts";
import { amountIn, newCustomer, newInvoice, newPayment, newSubscription, phoneNumber, settling } from "./new-facts.ts";

/** `count` at scale 1, at least 1. */
function scaled({ scale }: Company, count: number): number {
  return Math.max(1, Math.round(count * scale));
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

function taken<K extends Kind>(
  company: Company,
  kind: K,
  options: { count: number; accept?: (fact: Facts[K]) => boolean },
): Facts[K][] {
  return times(options.count, () => company.take(kind, options.accept)).filter((fact) => fact !== null);
}

/** Lets deeds happen: from now on life goes on with their facts. */
function done(company: Company, deeds: Act): Act {
  for (const { kind, facts } of deeds) company.enter(kind, facts);
  return deeds;
}

function customersMove(company: Company): Deed {
  const { random } = company;
  const facts = taken(company, "customer", { count: scaled(company, random.int(6, 14)) }).map(
    (customer): Customer => ({
      ...customer,
      balance: amountIn(random, customer.currency, [-50, 500]),
      phone: random.chance(0.3) ? phoneNumber(random) : customer.phone,
      delinquent: random.chance(0.05),
      changedAt: company.now(),
    }),
  );
  return { does: "change", kind: "customer", facts };
}

function subscriptionStep(company: Company, subscription: Subscription): Subscription {
  const { random } = company;
  const now = company.now();
  const same = { ...subscription, changedAt: now };
  if (random.chance(0.3)) {
    return { ...same, plan: `team_${random.int(2024, 2026)}`, amount: amountIn(random, subscription.currency, [5, 900]) };
  }
  switch (subscription.status) {
    case "trialing":
      return { ...same, status: "active", trialEnd: now };
    case "active":
      return random.chance(0.7) ? { ...same, periodStart: now, periodEnd: now + 30 * DAY_MS } : { ...same, status: "past_due" };
    case "past_due":
      return random.chance(0.5) ? { ...same, status: "active" } : { ...same, status: "canceled", canceledAt: now };
    default:
      return { ...same, quantity: random.int(1, 40) };
  }
}

function subscriptionsMove(company: Company): Deed {
  const facts = taken(company, "subscription", { count: scaled(company, company.random.int(8, 18)) });
  return { does: "change", kind: "subscription", facts: facts.map((subscription) => subscriptionStep(company, subscription)) };
}

/** The next state of an invoice and the payments that come with it. */
function invoiceStep(company: Company, before: Invoice): { invoice: Invoice; payments: Payment[] } {
  const { random } = company;
  const invoice = { ...before, changedAt: company.now() };
  const { due, paid } = invoice;
  if (invoice.status === "draft") return { invoice: { ...invoice, status: "open" }, payments: [] };
  if (invoice.status !== "open" || due <= paid)
    return { invoice: { ...invoice, description: "Corrected wording" }, payments: [] };
  if (random.chance(0.06)) return { invoice: { ...invoice, status: random.pick(["void", "uncollectible"]) }, payments: [] };
  const amount = random.chance(0.25) ? Math.max(1, Math.floor((due - paid) / 2)) : due - paid;
  return {
    invoice: { ...invoice, status: paid + amount === due ? "paid" : "open", paid: paid + amount },
    payments: [newPayment(company, settling(invoice), { purpose: "payment", amount })],
  };
}

/** Invoices go their way, and money comes in for them. */
function invoicesMove(company: Company, count: number): Act {
  const steps = taken(company, "invoice", { count: scaled(company, count) }).map((invoice) => invoiceStep(company, invoice));
  return [
    { does: "change", kind: "invoice", facts: steps.map((s) => s.invoice) },
    { does: "begin", kind: "payment", facts: steps.flatMap((s) => s.payments) },
  ];
}

/** Refunds and disputes of earlier payments, and payments that settle late. */
function paymentsMove(company: Company): Act {
  const { random } = company;
  const settled = taken(company, "payment", { count: scaled(company, random.int(4, 10)) }).map(
    (payment): Payment => ({ ...payment, status: "succeeded" }),
  );
  const returned = taken(company, "payment", { count: random.int(1, 4), accept: ({ purpose }) => purpose === "payment" });
  const back = returned.map((payment) =>
    newPayment(company, payment, {
      purpose: random.pick(["refund", "refund", "dispute"]),
      amount: Math.ceil(payment.amount / random.int(1, 3)),
    }),
  );
  return [
    { does: "change", kind: "payment", facts: settled },
    { does: "begin", kind: "payment", facts: back },
  ];
}

function newSubscriptions(company: Company, count: number): Deed {
  const facts = times(scaled(company, count), () => newSubscription(company, company.look("customer")));
  return { does: "begin", kind: "subscription", facts };
}

function newCustomers(company: Company, count: number): Deed {
  return { does: "begin", kind: "customer", facts: times(scaled(company, count), () => newCustomer(company)) };
}

function newInvoices(company: Company, count: number): Deed {
  const facts = times(scaled(company, count), () => newInvoice(company, company.look("subscription")));
  return { does: "begin", kind: "invoice", facts };
}

/** What the company has behind it when the story begins. Each act has happened when it is yielded. */
export function* past(company: Company): Generator<Act, void, undefined> {
  yield done(company, [newCustomers(company, 400)]);
  yield done(company, [newSubscriptions(company, 600)]);
  yield done(company, [newInvoices(company, 700)]);
  for (let hour = 0; hour < PAST_HOURS; hour += 1) {
    company.advance();
    yield done(company, invoicesMove(company, 180));
  }
}

/** So many times as many invoices as in another hour are written in the last hour of a month. */
const MONTH_END = 30;

/** One hour of life. Each act has happened when it is yielded. */
export function* hourOfLife(company: Company, { monthEnd }: { readonly monthEnd: boolean }): Generator<Act, void, undefined> {
  const { random } = company;
  yield done(company, [customersMove(company), newCustomers(company, random.int(3, 7))]);
  yield done(company, [subscriptionsMove(company), newSubscriptions(company, random.int(5, 10))]);
  yield done(company, invoicesMove(company, random.int(35, 70)));
  yield done(company, [newInvoices(company, random.int(20, 40) * (monthEnd ? MONTH_END : 1))]);
  yield done(company, paymentsMove(company));
}
