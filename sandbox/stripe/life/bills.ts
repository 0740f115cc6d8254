import { newInvoice } from "../../cast/new-facts.ts";
import { numberIn, objectIn, textIn } from "../json.ts";
import { CURRENCIES, chargeable, payable } from "../money.ts";
import type { LineFields } from "../shapes/invoice.ts";
import { type Act, drawn, type Living, type Subscribed, taken } from "./living.ts";

const DAY_MS = 86_400_000;
const DAYS_UNTIL_DUE = 14;

/** Asks the card for what an invoice comes to. One in twelve says no, and the invoice stays open. */
function collect(living: Living, invoice: string, at: Date): void {
  const { books, store, random, stage, tell } = living;
  const failure = random.chance(1 / 12) ? random.pick(["card_declined", "insufficient_funds", "expired_card"]) : null;
  books.invoices.pay(invoice, failure === null ? {} : { failure }, { at });
  if (failure !== null) {
    tell("declined payment");
    stage.open.push(invoice);
    return;
  }
  tell("payment");
  const charge = store.find(String(store.find(invoice)?.aside["charge"]));
  if (charge) {
    const { id, object } = charge;
    stage.received.push({ charge: id, invoice, amount: numberIn(object, "amount"), currency: textIn(object, "currency") });
  }
}

/** Bills the period of a subscription that begins now. */
export function billSubscription(living: Living, { id, fact, guest }: Subscribed, how: { at: Date; reason: string }): void {
  const { books, store, stage, tell } = living;
  const { at, reason } = how;
  const lines = store.parts(id, "subscription_item").map((item): LineFields => {
    const [quantity, unit] = [numberIn(item.object, "quantity"), textIn(objectIn(item.object, "price"), "unit_amount_decimal")];
    const bought = { quantity, unitAmountDecimal: unit, subscriptionItem: item.id };
    return { ...bought, amount: Number(unit) * quantity, description: `${quantity} × ${fact.plan}` };
  });
  const isSent = fact.collection === "send_invoice";
  const bySending = { collection: "send_invoice", dueDate: new Date(at.getTime() + DAYS_UNTIL_DUE * DAY_MS) } as const;
  const fields = { customer: guest.id, currency: fact.currency.toLowerCase(), lines, subscription: id, reason };
  const invoice = books.invoices.create({ ...fields, ...(isSent ? bySending : {}) }, { at }).id;
  tell("bill");
  if (isSent) {
    books.invoices.finalize(invoice, { at });
    stage.open.push(invoice);
  } else collect(living, invoice, at);
}

/** The period of a subscription is over: its trial ends, or it goes on by one interval. */
export function renewal(subscribed: Subscribed): Act {
  return (living, at) => {
    const { books, store, stage } = living;
    const status = store.find(subscribed.id)?.object["status"];
    if (status === "canceled") {
      stage.subscriptions.splice(0, Number.POSITIVE_INFINITY, ...stage.subscriptions.filter((one) => one !== subscribed));
      return;
    }
    if (status === "trialing") books.subscriptions.update(subscribed.id, { status: "active" }, { at });
    else books.subscriptions.renew(subscribed.id, { at });
    const end = Number(store.parts(subscribed.id, "subscription_item")[0]?.object["current_period_end"]) * 1000;
    subscribed.until = end;
    billSubscription(living, subscribed, { at, reason: "subscription_cycle" });
  };
}

/** Lines of a single sale that add up to about its sum; one in fifteen has more than an invoice shows at once. */
function linesOf({ random }: Living, sale: { subtotal: number; tax: number; currency: string }): LineFields[] {
  const { subtotal, tax, currency } = sale;
  const count = random.chance(1 / 15) ? random.int(11, 25) : random.int(1, 3);
  return Array.from({ length: count }, (_, at) => ({
    amount: chargeable(subtotal / count, currency),
    tax: payable(tax / count, currency),
    description: `Item ${at + 1}`,
  }));
}

/** A customer buys something once. Most pay at once, some invoices stay drafts for a while. */
export const sell: Act = (living, at) => {
  const { books, random, company, stage, tell } = living;
  const subscribed = drawn(living, stage.subscriptions);
  if (!subscribed) return;
  const { currency: upper, subtotal, tax, description } = newInvoice(company, subscribed.fact);
  const currency = upper.toLowerCase();
  const lines = linesOf(living, { subtotal, tax, currency });
  const invoice = books.invoices.create({ customer: subscribed.guest.id, currency, lines, description }, { at }).id;
  tell("bill");
  if (random.chance(0.15)) stage.drafts.push(invoice);
  else collect(living, invoice, at);
};

/** Somebody who is no customer pays by card, without an invoice. */
export const sellWithoutInvoice: Act = ({ books, random, stage, tell }, at) => {
  const currency = random.pick(CURRENCIES);
  const amount = chargeable(random.int(500, 90_000), currency);
  const { id } = books.charges.create({ amount, currency }, { at });
  stage.received.push({ charge: id, invoice: null, amount, currency });
  tell("payment");
};

/** A draft is sent. */
export const finalize: Act = (living, at) => {
  const { books, stage, tell } = living;
  const invoice = taken(living, stage.drafts);
  if (invoice === undefined) return;
  books.invoices.finalize(invoice, { at });
  stage.open.push(invoice);
  tell("invoice sent");
};

/** An open invoice is paid after all, by bank, or given up. */
export const pursue: Act = (living, at) => {
  const { books, store, random, stage, tell } = living;
  const invoice = taken(living, stage.open);
  if (invoice === undefined || store.find(invoice)?.object["status"] !== "open") return;
  if (random.chance(0.75)) return collect(living, invoice, at);
  if (random.chance(0.4)) {
    books.invoices.pay(invoice, { outOfBand: true }, { at });
    return tell("payment");
  }
  if (random.chance(0.5)) books.invoices.void(invoice, { at });
  else books.invoices.markUncollectible(invoice, { at });
  tell("invoice given up");
};
