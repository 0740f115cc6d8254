/** Instants are milliseconds since 1970, amounts whole minor units of the fact's currency. */
interface Fact {
  /** Which one of its kind it is, from 1. */
  readonly ordinal: number;
  /** What finance calls it; all systems know it by this name. */
  readonly id: string;
  readonly currency: string;
  readonly createdAt: number;
}

/** Someone who buys from the company. */
export interface Customer extends Fact {
  readonly legalName: string;
  readonly displayName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly country: string;
  readonly taxExempt: boolean | null;
  readonly address: string;
  readonly vatNumber: string | null;
  /** What the company owes the customer; negative when it is the other way round. */
  readonly balance: number;
  readonly delinquent: boolean;
  readonly segment: "self_serve" | "smb" | "mid_market" | "enterprise" | null;
  readonly changedAt: number;
}

/** What a customer has agreed to pay regularly. */
export interface Subscription extends Fact {
  /** Id of the customer. */
  readonly customer: string;
  readonly plan: string;
  readonly status: "trialing" | "active" | "past_due" | "canceled";
  /** Price of one, per interval. */
  readonly amount: number;
  readonly quantity: number;
  readonly interval: "month" | "quarter" | "year";
  readonly collection: "charge_automatically" | "send_invoice" | null;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly trialEnd: number | null;
  readonly startedAt: number;
  readonly canceledAt: number | null;
  readonly changedAt: number;
}

/** What a customer is asked to pay. */
export interface Invoice extends Fact {
  /** The number printed on it. */
  readonly number: string | null;
  /** Id of the customer. */
  readonly customer: string;
  /** Id of the subscription; null for a single sale. */
  readonly subscription: string | null;
  readonly status: "draft" | "open" | "paid" | "uncollectible" | "void";
  readonly reason: "subscription_cycle" | "subscription_create" | "subscription_update" | "manual";
  readonly subtotal: number;
  readonly tax: number;
  readonly due: number;
  readonly paid: number;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly issuedAt: number;
  readonly dueAt: number | null;
  readonly email: string | null;
  readonly description: string | null;
  readonly changedAt: number;
}

/** Money that came in for an invoice, or went back. */
export interface Payment extends Fact {
  /** Id of the invoice. */
  readonly invoice: string;
  /** Id of the customer. */
  readonly customer: string;
  readonly purpose: "payment" | "refund" | "dispute";
  readonly status: "succeeded" | "pending" | "failed";
  readonly method: "card" | "bank_transfer" | "direct_debit" | "wallet" | null;
  /** Negative when money goes back. */
  readonly amount: number;
  readonly fee: number | null;
  readonly receiptEmail: string | null;
  readonly cardLast4: string | null;
  readonly description: string | null;
  readonly receivedAt: number;
  readonly postedAt: number;
}

/** The kinds of facts that the company's life consists of. */
export interface Facts {
  readonly customer: Customer;
  readonly subscription: Subscription;
  readonly invoice: Invoice;
  readonly payment: Payment;
}
export type Kind = keyof Facts;

/** One fact of any kind. */
export interface Member<K extends Kind = Kind> {
  readonly kind: K;
  readonly fact: Facts[K];
}

/** Facts of one kind that begin, or that are changed. */
export type Deed = {
  [K in Kind]: { readonly does: "begin" | "change"; readonly kind: K; readonly facts: readonly Facts[K][] };
}[Kind];

/** Deeds that happen together, in order; a book writes them as one commit. */
export type Act = readonly Deed[];
