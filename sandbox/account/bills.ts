import type { Invoice, Payment } from "../cast/facts.ts";
import type { InvoiceBook } from "../stripe/books/invoices.ts";
import { chargeable, payable } from "../stripe/money.ts";
import type { When } from "../stripe/writing.ts";
import { crossed, undoLater } from "./crossings.ts";
import type { Desk, Received } from "./desk.ts";

/** The share of invoices, of customers at Stripe, that are sent by Stripe. */
const SENT = 0.35;

/** Hours of the day in which no older charge changes: what goes back then is written in the hour after them. */
const CALM = { from: 18, until: 21 };

const DECLINES = ["card_declined", "insufficient_funds", "expired_card"] as const;

const DISPUTES = ["fraudulent", "product_not_received", "duplicate"] as const;

/** What an invoice at Stripe does when the company's goes from one status to another. */
const STEPS: Readonly<Record<string, (invoices: InvoiceBook, id: string, when: When) => void>> = {
  "draft open": (invoices, id, when) => invoices.finalize(id, when),
  // The company settles invoices itself, by charges of its own and by the bank.
  "open paid": (invoices, id, when) => invoices.pay(id, { outOfBand: true }, when),
  "open void": (invoices, id, when) => invoices.void(id, when),
  "open uncollectible": (invoices, id, when) => invoices.markUncollectible(id, when),
};

/** Some invoices of customers at Stripe begin as drafts there, if Stripe can charge their sums. */
export function beginInvoice(desk: Desk, invoice: Invoice): void {
  const { books, random } = desk;
  const customer = desk.customers.get(invoice.customer);
  if (customer === undefined || !random.chance(SENT)) return;
  const { id, subtotal: amount, tax, description, dueAt, createdAt, reason } = invoice;
  const currency = invoice.currency.toLowerCase();
  if (chargeable(amount, currency) !== amount || payable(tax, currency) !== tax) return;
  const subscription = desk.subscriptions.get(invoice.subscription ?? "");
  const sent = dueAt === null ? {} : { collection: "send_invoice" as const, dueDate: new Date(dueAt) };
  const fields = { customer, currency, lines: [{ amount, tax }], description, ...sent };
  const of = subscription === undefined ? { reason: "manual" } : { subscription, reason };
  const objects = subscription === undefined ? [customer] : [customer, subscription];
  const made = books.invoices.create({ ...fields, ...of, metadata: { invoice_id: id } }, desk.at(createdAt, ...objects));
  desk.invoices.set(id, made.id);
}

/** What becomes of an invoice becomes of the one at Stripe. */
export function changeInvoice(desk: Desk, { id: name, status, changedAt }: Invoice): void {
  const { books, store } = desk;
  const id = desk.invoices.get(name);
  if (id === undefined) return;
  STEPS[`${store.find(id)?.object["status"]} ${status}`]?.(books.invoices, id, desk.at(changedAt, id));
}

/** A card payment of a customer at Stripe is a charge, if Stripe can charge its amount; one that failed is a declined one. */
function charge(desk: Desk, payment: Payment): void {
  const { books, random } = desk;
  const { id, invoice, amount, description, createdAt, method, status } = payment;
  const customer = desk.customers.get(payment.customer);
  const currency = payment.currency.toLowerCase();
  if (method !== "card" || customer === undefined || chargeable(amount, currency) !== amount) return;
  const failure = status === "failed" ? { failure: random.pick(DECLINES) } : {};
  const { charges, isCrossed } = crossed(desk, payment, { amount, currency, customer, ...failure });
  const made = charges.map((fields) => {
    const named = { description, metadata: { payment_id: id, invoice_id: invoice } };
    return { ...books.charges.create({ ...fields, ...named }, desk.at(createdAt, fields.customer)), amount: fields.amount };
  });
  undoLater(desk, made);
  // Nothing else goes back of what was charged otherwise than billing has it.
  const [first] = made;
  if (status === "failed" || isCrossed || !first) return;
  desk.received.set(invoice, [...(desk.received.get(invoice) ?? []), { charge: first.id, currency, left: amount }]);
}

/** A charge of the payment's invoice of which so much is left. */
function chargeOf({ received }: Desk, { invoice, amount }: Payment): Received | undefined {
  return received.get(invoice)?.find(({ currency, left }) => left >= -amount && payable(-amount, currency) === -amount);
}

/** Money goes back by the card that it came from. Where there is none, or not enough, only billing knows of it. */
function giveBack(desk: Desk, payment: Payment, instant: number): void {
  const { books, random } = desk;
  const from = chargeOf(desk, payment);
  if (!from || payment.status === "failed") return;
  const [amount, when, metadata] = [-payment.amount, desk.at(instant, from.charge), { payment_id: payment.id }];
  if (payment.purpose === "dispute") {
    from.left = 0;
    books.disputes.create({ charge: from.charge, amount, reason: random.pick(DISPUTES), metadata }, when);
    return;
  }
  from.left -= amount;
  const isSlow = payment.status === "pending";
  const status = isSlow ? "pending" : "succeeded";
  const { id } = books.refunds.create({ charge: from.charge, amount, status, metadata }, when);
  if (isSlow) desk.returning.set(payment.id, id);
}

/** What a payment is at Stripe: a charge, a refund or a dispute of one, or nothing. */
export function beginPayment(desk: Desk, payment: Payment): void {
  const hour = desk.hour() % 24;
  const isCalm = hour >= CALM.from && hour < CALM.until;
  if (payment.purpose === "payment") charge(desk, payment);
  else if (isCalm) desk.later(CALM.until - hour, (then) => giveBack(then, payment, then.sometime()));
  else giveBack(desk, payment, payment.createdAt);
}

/** A refund that was on its way arrives. */
export function changePayment(desk: Desk, { id: name, status }: Payment): void {
  const id = desk.returning.get(name);
  if (id === undefined || status !== "succeeded") return;
  desk.returning.delete(name);
  desk.books.refunds.settle(id, desk.at(desk.sometime(), id));
}
