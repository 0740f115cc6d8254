import type { Random } from "../../random.ts";
import { numberIn, objectIn, textIn } from "../json.ts";
import { CURRENCIES, chargeable, payable } from "../money.ts";
import type { LineFields } from "../shapes/invoice.ts";
import type { When, Writing } from "../writing.ts";
import { type ChargeBook, chargeBook, type RefundBook, refundBook } from "./charges.ts";
import { type CreditNoteBook, creditNoteBook } from "./credit-notes.ts";
import { type CustomerBook, customerBook } from "./customers.ts";
import { type DisputeBook, disputeBook } from "./disputes.ts";
import { type InvoiceBook, invoiceBook } from "./invoices.ts";
import { move } from "./movements.ts";
import { type PayoutBook, payoutBook } from "./payouts.ts";
import { type SubscriptionBook, subscriptionBook } from "./subscriptions.ts";

/** What is to be billed; what is left out is drawn from the seed. */
export interface NewBill extends When {
  /** Left out: a new customer. */
  readonly customer?: string;
  /** Minor units of the whole invoice. */
  readonly amount?: number;
  readonly currency?: string;
  /** How many lines share the amount; 1 where nothing is said. */
  readonly lines?: number;
  /** The code of the card's bank: the invoice stays open. */
  readonly failure?: string;
}

/** Ids of what a bill is made of. */
export interface Bill {
  readonly customer: string;
  readonly subscription: string;
  readonly invoice: string;
  readonly invoicePayment: string;
  readonly charge: string;
  /** Null where the charge failed. */
  readonly balanceTransaction: string | null;
}

/** All that can be written into the account. Each act writes the events that Stripe writes. */
export interface Books {
  readonly customers: CustomerBook;
  readonly subscriptions: SubscriptionBook;
  readonly invoices: InvoiceBook;
  readonly charges: ChargeBook;
  readonly refunds: RefundBook;
  readonly disputes: DisputeBook;
  readonly creditNotes: CreditNoteBook;
  readonly payouts: PayoutBook;
  /** Stripe takes a fee of its own, in the balance's minor units: a movement without an object. Gives its id. */
  takeFee(amount: number, when?: When): string;
  /** A customer subscribes, is billed for the first period and pays. */
  bill(fields?: NewBill): Bill;
  /** Bills the items of a subscription and charges what is due. Gives the invoice's id. */
  billFirst(subscription: string, when?: When & { readonly failure?: string }): string;
  /** `count` customers of one instant, by id in the order in which they were written. */
  manyCustomers(count: number, when?: When): string[];
  /** `count` bills of one instant. */
  manyBills(count: number, fields?: NewBill): Bill[];
}

/** The amount in shares that add up to it, none of them a part of the smallest that is charged. */
function shares(amount: number, count: number, currency: string): number[] {
  const each = payable(Math.floor(amount / count), currency);
  return Array.from({ length: count }, (_, at) => (at === 0 ? amount - each * (count - 1) : each));
}

const NAMES = ["Anders", "Beatriz", "Chidi", "Dorota", "Eero", "Fumiko", "Gabor", "Halla", "Ines", "Jasmin"];

/** The books of an account. */
export function openBooks(writing: Writing, random: Random): Books {
  const subscriptions = subscriptionBook(writing);
  const customers = customerBook(writing, (id, when) => subscriptions.cancel(id, when));
  const charges = chargeBook(writing);
  const invoices = invoiceBook(writing, charges);
  const refunds = refundBook(writing);

  const newCustomer = (currency: string | null, when: When) => {
    const name = `${random.pick(NAMES)} ${random.code(6)}`;
    const email = `${random.code(10)}@example.com`;
    return customers.create({ name, email, currency, country: "NL", metadata: { crm: random.code(8) } }, when).id;
  };

  const billFirst = (id: string, { failure, ...when }: When & { failure?: string } = {}) => {
    const { customer, currency } = writing.the("subscription", id).object;
    const lines = writing.store.parts(id, "subscription_item").map(({ id: subscriptionItem, object }, at): LineFields => {
      const quantity = numberIn(object, "quantity");
      const unitAmountDecimal = textIn(objectIn(object, "price"), "unit_amount_decimal");
      const amount = Math.round(Number(unitAmountDecimal) * quantity);
      return { amount, quantity, unitAmountDecimal, subscriptionItem, description: `Seat ${at + 1}` };
    });
    const fields = { customer: String(customer), currency: String(currency), lines, subscription: id };
    const invoice = invoices.create({ ...fields, reason: "subscription_create" }, when).id;
    invoices.pay(invoice, failure === undefined ? {} : { failure }, when);
    return invoice;
  };

  const bill = ({ failure, ...fields }: NewBill = {}): Bill => {
    const currency = fields.currency ?? random.pick(CURRENCIES);
    const amount = fields.amount ?? chargeable(random.int(500, 90_000), currency);
    const customer = fields.customer ?? newCustomer(currency, fields);
    const parts = shares(amount, fields.lines ?? 1, currency);
    const items = parts.map((part) => ({ unitAmountDecimal: String(part) }));
    const subscription = subscriptions.create({ customer, currency, items }, fields).id;
    const invoice = billFirst(subscription, { ...fields, ...(failure === undefined ? {} : { failure }) });
    const charge = String(writing.the("invoice", invoice).aside["charge"]);
    const movement = writing.the("charge", charge).object["balance_transaction"];
    const [payment] = writing.store.parts(invoice, "invoice_payment");
    return {
      customer,
      subscription,
      invoice,
      invoicePayment: payment?.id ?? "",
      charge,
      balanceTransaction: typeof movement === "string" ? movement : null,
    };
  };

  return {
    customers,
    subscriptions,
    invoices,
    charges,
    refunds,
    disputes: disputeBook(writing),
    creditNotes: creditNoteBook(writing, refunds),
    payouts: payoutBook(writing),
    takeFee: (amount, when = {}) => {
      const fee = {
        source: null,
        amount: -amount,
        currency: writing.settings.account.currency,
        type: "stripe_fee",
        category: "fee",
      };
      return move(writing, { ...fee, description: "Billing" }, writing.occasion(when)).id;
    },
    billFirst,
    bill,
    manyCustomers: (count, when = {}) => Array.from({ length: count }, () => newCustomer(null, when)),
    manyBills: (count, fields = {}) => Array.from({ length: count }, () => bill(fields)),
  };
}
