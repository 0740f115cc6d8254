import type { Random } from "../random.ts";
import type { Company } from "./company.ts";
import type { Customer, Invoice, Payment, Subscription } from "./facts.ts";
import { DAY_MS, HOUR_MS } from "./hours.ts";

const COUNTRIES = [
  ["US", "USD"],
  ["DE", "EUR"],
  ["FR", "EUR"],
  ["GB", "GBP"],
  ["JP", "JPY"],
  ["KW", "KWD"],
  ["CH", "CHF"],
  ["SE", "SEK"],
] as const;

const NAMES = [
  "Northwind",
  "Blue Harbor",
  "Kōgyō",
  "Müller & Söhne",
  "Al-Salam",
  "Øresund",
  "Granite",
  "Fjord",
  "Cobalt",
  'Quote"Works',
] as const;
const KINDS = ["Logistics", "Foods", "Analytics", "Robotics", "Studios", "Energy", "Health", "Tools"] as const;
const PLANS = ["starter", "team", "business", "enterprise"] as const;
/** Minor units that one major unit has, relative to cents. */
const SCALE_OF: Readonly<Record<string, number>> = { JPY: 1, KWD: 1000 };

/** Texts that a careless reader of CSV would break. */
const DESCRIPTIONS = [
  null,
  "",
  "Monthly fee",
  "Line one\nline two",
  'He said "ok", twice',
  "Größe, naïve, 請求書",
  "\\N",
  "a,b;c|d",
  "  padded  ",
] as const;

/** An amount in minor units of a currency. */
export function amountIn(random: Random, currency: string, [low, high]: readonly [number, number]): number {
  return random.int(low, high) * (SCALE_OF[currency] ?? 100) + ((SCALE_OF[currency] ?? 100) === 1 ? 0 : random.int(0, 99));
}

/** A phone number somewhere. */
export function phoneNumber(random: Random): string {
  return `+${random.int(1, 99)} ${random.int(100_000, 999_999)}`;
}

/** A new customer. */
export function newCustomer(company: Company): Customer {
  const { random } = company;
  const ordinal = company.nextOrdinal("customer");
  const [country, currency] = random.pick(COUNTRIES);
  const name = `${random.pick(NAMES)} ${random.pick(KINDS)}`;
  const at = company.now();
  return {
    ordinal,
    id: `cus_${String(ordinal).padStart(6, "0")}${random.code(4)}`,
    legalName: `${name} Ltd`,
    displayName: random.chance(0.2) ? null : name,
    email: random.chance(0.05) ? null : `billing@${random.code(8)}.example`,
    phone: random.chance(0.3) ? null : phoneNumber(random),
    country,
    currency,
    taxExempt: random.pick([true, false, false, false, null]),
    address: `${random.int(1, 200)} Main St,\n${country}`,
    vatNumber: random.chance(0.5) ? null : `${country}${random.int(10_000_000, 99_999_999)}`,
    balance: random.chance(0.7) ? 0 : amountIn(random, currency, [-50, 400]),
    delinquent: random.chance(0.03),
    segment: random.pick(["self_serve", "smb", "mid_market", "enterprise", null]),
    createdAt: at,
    changedAt: at,
  };
}

/** A new subscription of a customer. */
export function newSubscription(company: Company, customer: Customer): Subscription {
  const { random } = company;
  const ordinal = company.nextOrdinal("subscription");
  const now = company.now();
  const trial = random.chance(0.4);
  const { currency } = customer;
  return {
    ordinal,
    id: `sub_${String(ordinal).padStart(6, "0")}${random.code(4)}`,
    customer: customer.id,
    plan: `${random.pick(PLANS)}_${random.pick(["2024", "2025", "2026"])}`,
    status: trial ? "trialing" : "active",
    currency,
    amount: amountIn(random, currency, [5, 900]),
    quantity: random.int(1, 40),
    interval: random.pick(["month", "month", "quarter", "year"]),
    collection: random.pick(["charge_automatically", "send_invoice", null]),
    periodStart: now,
    periodEnd: now + 30 * DAY_MS,
    trialEnd: trial ? now + 14 * DAY_MS : null,
    startedAt: now - random.int(0, 900) * DAY_MS,
    canceledAt: null,
    createdAt: now,
    changedAt: now,
  };
}

/** A new draft invoice for a subscription's period. */
export function newInvoice(company: Company, subscription: Subscription): Invoice {
  const { random } = company;
  const ordinal = company.nextOrdinal("invoice");
  const now = company.now();
  const subtotal = subscription.amount * subscription.quantity;
  const tax = Math.floor((subtotal * random.pick([0, 0, 8, 10, 19, 20])) / 100);
  const oneOff = random.chance(0.1);
  return {
    ordinal,
    id: `in_${String(ordinal).padStart(7, "0")}${random.code(5)}`,
    number: random.chance(0.1) ? null : `LL-2026-${String(ordinal).padStart(7, "0")}`,
    customer: subscription.customer,
    subscription: oneOff ? null : subscription.id,
    status: "draft",
    reason: oneOff ? "manual" : random.pick(["subscription_cycle", "subscription_create", "subscription_update"]),
    currency: subscription.currency,
    subtotal,
    tax,
    due: subtotal + tax,
    paid: 0,
    periodStart: now,
    periodEnd: now + 30 * DAY_MS,
    issuedAt: now,
    dueAt: random.chance(0.1) ? null : now + 30 * DAY_MS,
    email: random.chance(0.2) ? null : `accounts@${random.code(7)}.example`,
    description: random.pick(DESCRIPTIONS),
    createdAt: now,
    changedAt: now,
  };
}

/** What a payment is for: the invoice that it settles, or an earlier payment that goes back. */
export type Settled = Pick<Payment, "invoice" | "customer" | "currency">;

/** An invoice as what a payment is for. */
export function settling({ id, customer, currency }: Invoice): Settled {
  return { invoice: id, customer, currency };
}

/** A new payment of an amount above 0; a refund or dispute goes the other way. */
export function newPayment(
  company: Company,
  { invoice, customer, currency }: Settled,
  { purpose, amount }: Pick<Payment, "purpose" | "amount">,
): Payment {
  const { random } = company;
  const ordinal = company.nextOrdinal("payment");
  const now = company.now();
  const card = random.chance(0.6);
  return {
    ordinal,
    id: `pay_${String(ordinal).padStart(7, "0")}${random.code(5)}`,
    invoice,
    customer,
    purpose,
    status: random.pick(["succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "pending", "failed"]),
    method: card ? "card" : random.pick(["bank_transfer", "direct_debit", "wallet", null]),
    currency,
    amount: purpose === "payment" ? amount : -amount,
    fee: random.chance(0.2) ? null : Math.floor(amount / 50) % 100_000,
    receiptEmail: random.chance(0.3) ? null : `cfo@${random.code(6)}.example`,
    cardLast4: card ? String(random.int(0, 9999)).padStart(4, "0") : null,
    description: random.pick(DESCRIPTIONS),
    receivedAt: now,
    postedAt: now - random.int(0, 2) * HOUR_MS,
    createdAt: now,
  };
}
