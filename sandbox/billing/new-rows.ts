import type { Row } from "../feed.ts";
import type { Random } from "../random.ts";
import { DAY_MS, day, HOUR_MS, instant } from "./instants.ts";
import type { WorldState } from "./state.ts";

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

/** A new customer. */
export function newCustomer(state: WorldState): Row {
  const { random } = state;
  const id = state.nextId("billing.customers");
  const [country, currency] = random.pick(COUNTRIES);
  const name = `${random.pick(NAMES)} ${random.pick(KINDS)}`;
  const at = instant(state.now());
  return {
    id,
    customer_id: `cus_${id.padStart(6, "0")}${random.code(4)}`,
    legal_name: `${name} Ltd`,
    display_name: random.chance(0.2) ? null : name,
    email: random.chance(0.05) ? null : `billing@${random.code(8)}.example`,
    phone: random.chance(0.3) ? null : `+${random.int(1, 99)} ${random.int(100_000, 999_999)}`,
    country,
    currency,
    tax_exempt: random.pick(["t", "f", "f", "f", null]),
    billing_address: `${random.int(1, 200)} Main St,\n${country}`,
    vat_number: random.chance(0.5) ? null : `${country}${random.int(10_000_000, 99_999_999)}`,
    balance_minor: random.chance(0.7) ? "0" : String(amountIn(random, currency, [-50, 400])),
    delinquent: random.chance(0.03) ? "t" : "f",
    segment: random.pick(["self_serve", "smb", "mid_market", "enterprise", null]),
    row_version: "1",
    created_at: at,
    updated_at: at,
  };
}

/** A new subscription of a customer. */
export function newSubscription(state: WorldState, customer: Row): Row {
  const { random } = state;
  const id = state.nextId("billing.subscriptions");
  const now = state.now();
  const trial = random.chance(0.4);
  const currency = customer["currency"] ?? "USD";
  return {
    id,
    subscription_id: `sub_${id.padStart(6, "0")}${random.code(4)}`,
    customer_id: customer["customer_id"] ?? null,
    plan_id: `${random.pick(PLANS)}_${random.pick(["2024", "2025", "2026"])}`,
    status: trial ? "trialing" : "active",
    currency,
    amount_minor: String(amountIn(random, currency, [5, 900])),
    quantity: String(random.int(1, 40)),
    billing_interval: random.pick(["month", "month", "quarter", "year"]),
    collection_method: random.pick(["charge_automatically", "send_invoice", null]),
    period_start: instant(now),
    period_end: instant(now + 30 * DAY_MS),
    trial_end: trial ? instant(now + 14 * DAY_MS) : null,
    started_on: day(now - random.int(0, 900) * DAY_MS),
    canceled_at: null,
    created_at: instant(now),
    updated_at: instant(now),
  };
}

/** A new draft invoice for a subscription's period. */
export function newInvoice(state: WorldState, subscription: Row): Row {
  const { random } = state;
  const id = state.nextId("billing.invoices");
  const now = state.now();
  const subtotal = Number(subscription["amount_minor"] ?? "0") * Number(subscription["quantity"] ?? "1");
  const tax = Math.floor((subtotal * random.pick([0, 0, 8, 10, 19, 20])) / 100);
  const oneOff = random.chance(0.1);
  return {
    id,
    invoice_id: `in_${id.padStart(7, "0")}${random.code(5)}`,
    invoice_number: random.chance(0.1) ? null : `LL-${2026}-${id.padStart(7, "0")}`,
    customer_id: subscription["customer_id"] ?? null,
    subscription_id: oneOff ? null : (subscription["subscription_id"] ?? null),
    status: "draft",
    billing_reason: oneOff ? "manual" : random.pick(["subscription_cycle", "subscription_create", "subscription_update"]),
    currency: subscription["currency"] ?? "USD",
    subtotal_minor: String(subtotal),
    tax_minor: String(tax),
    amount_due_minor: String(subtotal + tax),
    amount_paid_minor: "0",
    period_start: instant(now),
    period_end: instant(now + 30 * DAY_MS),
    issued_on: day(now),
    due_on: random.chance(0.1) ? null : day(now + 30 * DAY_MS),
    customer_email: random.chance(0.2) ? null : `accounts@${random.code(7)}.example`,
    description: random.pick(DESCRIPTIONS),
    created_at: instant(now),
    updated_at: instant(now),
  };
}

/** A new payment towards an invoice; a refund or dispute takes a negative amount. `updated_at` is left to the database. */
export function newPayment(
  state: WorldState,
  invoice: Row,
  options: { kind: "payment" | "refund" | "dispute"; minor: number },
): Row {
  const { random } = state;
  const id = state.nextId("billing.payments");
  const now = state.now();
  const card = random.chance(0.6);
  return {
    id,
    payment_id: `pay_${id.padStart(7, "0")}${random.code(5)}`,
    invoice_id: invoice["invoice_id"] ?? null,
    customer_id: invoice["customer_id"] ?? null,
    kind: options.kind,
    status: random.pick(["succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "pending", "failed"]),
    method: card ? "card" : random.pick(["bank_transfer", "direct_debit", "wallet", null]),
    currency: invoice["currency"] ?? "USD",
    amount_minor: String(options.kind === "payment" ? options.minor : -options.minor),
    fee_minor: random.chance(0.2) ? null : String(Math.floor(options.minor / 50) % 100_000),
    receipt_email: random.chance(0.3) ? null : `cfo@${random.code(6)}.example`,
    card_last4: card ? String(random.int(0, 9999)).padStart(4, "0") : null,
    description: random.pick(DESCRIPTIONS),
    received_at: instant(now),
    posted_on: day(now - random.int(0, 2) * HOUR_MS),
    created_at: instant(now),
    updated_at: null,
  };
}
