import type { Customer, Facts, Invoice, Kind, Member, Payment, Subscription } from "../cast/facts.ts";
import type { Row } from "../feed.ts";
import { day, instant } from "./instants.ts";
import type { BillingFeed } from "./tables.ts";

/** The table that a kind of facts is written to. */
export const FEED_OF: Readonly<Record<Kind, BillingFeed>> = {
  customer: "billing.customers",
  subscription: "billing.subscriptions",
  invoice: "billing.invoices",
  payment: "billing.payments",
};

/** The row id of a fact. */
export function rowId({ ordinal }: { readonly ordinal: number }): string {
  return String(ordinal);
}

function orNull<T>(value: T | null, word: (value: T) => string): string | null {
  return value === null ? null : word(value);
}

function flag(value: boolean): string {
  return value ? "t" : "f";
}

/** The first version of a customer's row. */
export function customerRow(customer: Customer): Row {
  return {
    id: rowId(customer),
    customer_id: customer.id,
    legal_name: customer.legalName,
    display_name: customer.displayName,
    email: customer.email,
    phone: customer.phone,
    country: customer.country,
    currency: customer.currency,
    tax_exempt: orNull(customer.taxExempt, flag),
    billing_address: customer.address,
    vat_number: customer.vatNumber,
    balance_minor: String(customer.balance),
    delinquent: flag(customer.delinquent),
    segment: customer.segment,
    row_version: "1",
    created_at: instant(customer.createdAt),
    updated_at: instant(customer.changedAt),
  };
}

/** A subscription's row. */
export function subscriptionRow(subscription: Subscription): Row {
  return {
    id: rowId(subscription),
    subscription_id: subscription.id,
    customer_id: subscription.customer,
    plan_id: subscription.plan,
    status: subscription.status,
    currency: subscription.currency,
    amount_minor: String(subscription.amount),
    quantity: String(subscription.quantity),
    billing_interval: subscription.interval,
    collection_method: subscription.collection,
    period_start: instant(subscription.periodStart),
    period_end: instant(subscription.periodEnd),
    trial_end: orNull(subscription.trialEnd, instant),
    started_on: day(subscription.startedAt),
    canceled_at: orNull(subscription.canceledAt, instant),
    created_at: instant(subscription.createdAt),
    updated_at: instant(subscription.changedAt),
  };
}

/** An invoice's row. */
export function invoiceRow(invoice: Invoice): Row {
  return {
    id: rowId(invoice),
    invoice_id: invoice.id,
    invoice_number: invoice.number,
    customer_id: invoice.customer,
    subscription_id: invoice.subscription,
    status: invoice.status,
    billing_reason: invoice.reason,
    currency: invoice.currency,
    subtotal_minor: String(invoice.subtotal),
    tax_minor: String(invoice.tax),
    amount_due_minor: String(invoice.due),
    amount_paid_minor: String(invoice.paid),
    period_start: instant(invoice.periodStart),
    period_end: instant(invoice.periodEnd),
    issued_on: day(invoice.issuedAt),
    due_on: orNull(invoice.dueAt, day),
    customer_email: invoice.email,
    description: invoice.description,
    created_at: instant(invoice.createdAt),
    updated_at: instant(invoice.changedAt),
  };
}

/** A payment's row. `updated_at` is left to the database. */
export function paymentRow(payment: Payment): Row {
  return {
    id: rowId(payment),
    payment_id: payment.id,
    invoice_id: payment.invoice,
    customer_id: payment.customer,
    kind: payment.purpose,
    status: payment.status,
    method: payment.method,
    currency: payment.currency,
    amount_minor: String(payment.amount),
    fee_minor: orNull(payment.fee, String),
    receipt_email: payment.receiptEmail,
    card_last4: payment.cardLast4,
    description: payment.description,
    received_at: instant(payment.receivedAt),
    posted_on: day(payment.postedAt),
    created_at: instant(payment.createdAt),
    updated_at: null,
  };
}

const ROW_OF: { readonly [K in Kind]: (fact: Facts[K]) => Row } = {
  customer: customerRow,
  subscription: subscriptionRow,
  invoice: invoiceRow,
  payment: paymentRow,
};

/** A new fact as its row. */
export function rowOf<K extends Kind>({ kind, fact }: Member<K>): Row {
  return ROW_OF[kind](fact);
}

/** The row of a changed fact, given the row that it had: a customer's counts its versions. */
export function changedRow(member: Member, before: Row): Row {
  const version = before["row_version"];
  return { ...rowOf(member), ...(version === undefined ? {} : { row_version: String(Number(version) + 1) }) };
}
