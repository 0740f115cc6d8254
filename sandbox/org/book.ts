import { type Hearing, hear } from "../beside/hearing.ts";
import { afterQuiet } from "../beside/quiet.ts";
import type { Company } from "../cast/company.ts";
import type { Customer, Invoice, Subscription } from "../cast/facts.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { type Random, seededRandom } from "../random.ts";
import type { Salesforce } from "../salesforce/start-salesforce.ts";
import { type Agenda, newAgenda } from "../world/agenda.ts";
import type { Book, OpenBook } from "../world/book.ts";

/** The org, as far as the company's life is written in it. */
export type Kept = Pick<Salesforce, "books" | "clock">;

/** The share of the company's customers that the sales team knows. */
const KNOWN = 0.85;

/** The share of their subscriptions, in a currency of the org, that were ordered there. */
const ORDERED = 0.3;

/** The share of their invoices, in such a currency, that the sales team ordered. */
const INVOICED = 0.2;

/** In this hour of the day somebody raises an order that is invoiced, and so many hours later it is put right. */
const EDITED = 0;
const EDITED_FOR = 6;

/** Every so many hours somebody makes an account of a customer that has one, and so many hours later both are merged. */
const DOUBLED_EVERY = 3;
const MERGED_AFTER = 2;

/** Currencies of the org; accounts of others are in the first. */
export const ORG_CURRENCIES = ["EUR", "USD", "GBP"] as const;

/** What a customer's name says of what it does, as the org has it. */
const INDUSTRIES: readonly (readonly [word: string, industry: string])[] = [
  ["Energy", "Energy"],
  ["Foods", "Retail"],
  ["Analytics", "Technology"],
  ["Robotics", "Technology"],
];

/** What the org has of the company's life. */
interface Desk extends Kept, Agenda<(desk: Desk) => void> {
  /** A stream of chance of its own: what the org has changes nothing in what the company does. */
  readonly random: Random;
  hour(): number;
  /** Sets the clock to when the org hears of what happened at an instant (ms). */
  hears(instant: number): void;
  /** Some instant of the hour, in ms. */
  sometime(): number;
  /** The account of each customer, by its id in billing. */
  readonly accounts: Map<string, string>;
  /** Orders of invoices. */
  readonly orders: string[];
}

function newDesk(company: Pick<Company, "hour">, { books, clock }: Kept, seed: number): Desk {
  const random = seededRandom(seed + 7);
  const hour = () => company.hour();
  return {
    ...{ books, clock, random, hour },
    hears: (instant) => clock.set(afterQuiet(hour(), instant)),
    sometime: () => STORY_START + hour() * HOUR_MS + random.int(0, HOUR_MS / 1000 - 1) * 1000,
    ...newAgenda<(desk: Desk) => void>({ hour }),
    accounts: new Map(),
    orders: [],
  };
}

const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/** Minor units as an amount of the org, whose currencies have two decimals. */
const major = (minor: number) => (minor / 100).toFixed(2);

function industryOf({ legalName }: Customer): string | null {
  return INDUSTRIES.find(([word]) => legalName.includes(word))?.[1] ?? null;
}

function currencyOf({ currency }: Customer): string {
  return ORG_CURRENCIES.find((one) => one === currency) ?? ORG_CURRENCIES[0];
}

/** Most customers have an account, whose number is billing's id. */
function beginCustomer(desk: Desk, customer: Customer): void {
  const { books, random, accounts } = desk;
  if (!random.chance(KNOWN)) return;
  desk.hears(customer.createdAt);
  const made = books.create("Account", {
    AccountNumber: customer.id,
    Name: customer.legalName,
    Type: "Customer - Direct",
    Industry: industryOf(customer),
    Phone: customer.phone,
    CurrencyIsoCode: currencyOf(customer),
  });
  accounts.set(customer.id, made);
}

/** The sales team notes another phone number, and sometimes writes a name as it is spoken. */
function changeCustomer({ books, random, accounts, ...desk }: Desk, customer: Customer): void {
  const id = accounts.get(customer.id);
  const isRenamed = random.chance(0.3);
  if (id === undefined) return;
  const { phone, displayName, legalName } = customer;
  const account = books.find(id);
  const Name = isRenamed ? random.pick([legalName, displayName ?? `${legalName}.`]) : account?.["Name"];
  if (account?.["Phone"] === phone && account["Name"] === Name) return;
  desk.hears(customer.changedAt);
  books.update(id, { Phone: phone, Name: String(Name) });
}

/** Some subscriptions were sold by the sales team: what the first period costs is an order. */
function beginSubscription(desk: Desk, subscription: Subscription): void {
  const { books, random, accounts } = desk;
  const account = accounts.get(subscription.customer);
  const { currency, amount, quantity, createdAt } = subscription;
  const isSold = random.chance(ORDERED) && ORG_CURRENCIES.some((one) => one === currency);
  if (account === undefined || !isSold) return;
  desk.hears(createdAt);
  books.create("Order", {
    AccountId: account,
    Status: "Activated",
    EffectiveDate: dayOf(createdAt),
    TotalAmount: major(amount * quantity),
    CurrencyIsoCode: currency,
  });
}

/** Some invoices are of an order, which names them and is of what they come to before tax. */
function beginInvoice(desk: Desk, invoice: Invoice): void {
  const { books, random, accounts, orders } = desk;
  const account = accounts.get(invoice.customer);
  const { id, currency, subtotal, createdAt } = invoice;
  const isSold = random.chance(INVOICED) && ORG_CURRENCIES.some((one) => one === currency);
  if (account === undefined || !isSold) return;
  desk.hears(createdAt);
  const order = { Status: "Activated", EffectiveDate: dayOf(createdAt), OrderReferenceNumber: id };
  orders.push(books.create("Order", { ...order, AccountId: account, TotalAmount: major(subtotal), CurrencyIsoCode: currency }));
}

/** Somebody raises an order after it was invoiced, and sees some hours later that it was another one. */
function edit(desk: Desk): void {
  const { books, random, orders } = desk;
  if (orders.length === 0) return;
  const order = random.pick(orders);
  const amount = Number(books.find(order)?.["TotalAmount"]);
  desk.hears(desk.sometime());
  books.update(order, { TotalAmount: (amount + 100).toFixed(2) });
  desk.later(EDITED_FOR, (then) => {
    then.hears(then.sometime());
    books.update(order, { TotalAmount: amount.toFixed(2) });
  });
}

/** Two accounts of one customer become one; three times in ten it is the newer one that stays. */
function mergeDoubled(
  { books, random, accounts, ...desk }: Desk,
  { customer, newer }: { customer: string; newer: string },
): void {
  const older = accounts.get(customer);
  if (older === undefined) return;
  const [winner, loser] = random.chance(0.3) ? [newer, older] : [older, newer];
  desk.hears(desk.sometime());
  books.merge(winner, loser);
  accounts.set(customer, winner);
}

/** Somebody who does not find a customer's account makes another one. */
function double(desk: Desk): void {
  const { books, random } = desk;
  const [customer, older] = random.pick([...desk.accounts]);
  const { Name = null, Type = null, CurrencyIsoCode = null } = books.find(older) ?? {};
  desk.hears(desk.sometime());
  const newer = books.create("Account", { AccountNumber: customer, Name: `${Name} (2)`, Type, CurrencyIsoCode });
  desk.later(MERGED_AFTER, (then) => mergeDoubled(then, { customer, newer }));
}

const HEARING: Hearing<Desk> = {
  customer: { begin: beginCustomer, change: changeCustomer },
  subscription: { begin: beginSubscription },
  invoice: { begin: beginInvoice },
};

function kept(desk: Desk): OpenBook {
  return {
    write: async (act) => hear(HEARING, desk, act),
    beginHour: async ({ empty }) => {
      if (empty) return [];
      for (const errand of desk.due()) errand(desk);
      if (desk.hour() % DOUBLED_EVERY === 0 && desk.accounts.size > 0) double(desk);
      return [];
    },
    endHour: async ({ empty }) => {
      if (!empty && desk.hour() % 24 === EDITED) edit(desk);
      return [];
    },
    retyped: () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/**
 * What an org at Salesforce has of the company's life: accounts, whose `AccountNumber` names billing's customer, and orders of these, some of which name the invoice that they are on. It has no feeds of the
 * books and tells the truth nothing: what is expected of the org is read from the org itself.
 */
export function salesforceBook(org: Kept, seed: number): Book {
  return { feeds: [], open: async (company) => kept(newDesk(company, org, seed)) };
}
