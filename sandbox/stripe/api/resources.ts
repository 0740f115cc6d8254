import { type Json, type JsonObject, objectIn } from "../json.ts";
import type { Kind } from "../kinds.ts";
import type { Stored } from "../store.ts";

/** A parameter by which a list is filtered. */
export interface Filter {
  /**
   * `equals` compares a text; `reference` too, and refuses an id that is of nothing; `range` compares whole seconds;
   * `one_of` refuses what is not among `values`; `nested` compares the fields that were sent.
   */
  readonly by: "equals" | "reference" | "range" | "one_of" | "nested";
  readonly of: (stored: Stored) => Json | undefined;
  readonly values?: readonly string[];
}

/** A resource that can be listed. */
export interface Resource {
  readonly kind: Kind;
  readonly filters: Readonly<Record<string, Filter>>;
  /** What is left out where a filter is not given. */
  readonly unasked?: Readonly<Record<string, (stored: Stored) => boolean>>;
}

const field = (name: string) => (stored: Stored) => stored.object[name];
const equals = (name: string): Filter => ({ by: "equals", of: field(name) });
const reference = (name: string): Filter => ({ by: "reference", of: field(name) });
const CREATED: Filter = { by: "range", of: ({ created }) => created };

const subscriptionOf = ({ object }: Stored): Json | undefined =>
  objectIn(objectIn(object, "parent"), "subscription_details")["subscription"];

const COLLECTION: Filter = {
  by: "one_of",
  of: field("collection_method"),
  values: ["charge_automatically", "send_invoice"],
};

const oneOf = (name: string, ...values: string[]): Filter => ({ by: "one_of", of: field(name), values });

const SUBSCRIPTION_STATUSES = ["active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due"].concat([
  ...["paused", "trialing", "unpaid"],
]);

/** Whether a subscription stands in a list that asks for a status: `all` is every one, `ended` what will not go on. */
export function hasStatus(object: JsonObject, asked: string): boolean {
  const status = String(object["status"]);
  if (asked === "all") return true;
  return asked === "ended" ? ["canceled", "incomplete_expired"].includes(status) : status === asked;
}

/** Resources by the name in their address. Events and parts of others are lists of their own. */
export const RESOURCES: Readonly<Record<string, Resource>> = {
  customers: { kind: "customer", filters: { created: CREATED, email: equals("email") } },
  subscriptions: {
    kind: "subscription",
    filters: {
      created: CREATED,
      customer: reference("customer"),
      collection_method: COLLECTION,
      status: { by: "one_of", of: field("status"), values: SUBSCRIPTION_STATUSES },
    },
    unasked: { status: ({ object }) => object["status"] !== "canceled" },
  },
  invoices: {
    kind: "invoice",
    filters: {
      created: CREATED,
      due_date: { by: "range", of: field("due_date") },
      customer: reference("customer"),
      subscription: { by: "reference", of: subscriptionOf },
      collection_method: COLLECTION,
      status: oneOf("status", "draft", "open", "paid", "uncollectible", "void"),
    },
  },
  invoice_payments: {
    kind: "invoice_payment",
    filters: {
      created: CREATED,
      invoice: reference("invoice"),
      payment: { by: "nested", of: field("payment") },
      status: oneOf("status", "canceled", "open", "paid"),
    },
  },
  charges: {
    kind: "charge",
    filters: { created: CREATED, customer: reference("customer"), payment_intent: equals("payment_intent") },
  },
  refunds: {
    kind: "refund",
    filters: { created: CREATED, charge: reference("charge"), payment_intent: equals("payment_intent") },
  },
  disputes: {
    kind: "dispute",
    filters: { created: CREATED, charge: reference("charge"), payment_intent: equals("payment_intent") },
  },
  credit_notes: {
    kind: "credit_note",
    filters: { created: CREATED, customer: reference("customer"), invoice: reference("invoice") },
  },
  balance_transactions: {
    kind: "balance_transaction",
    filters: {
      created: CREATED,
      currency: equals("currency"),
      payout: { by: "reference", of: ({ aside }) => aside["payout"] },
      source: reference("source"),
      type: equals("type"),
    },
  },
  payouts: {
    kind: "payout",
    filters: {
      created: CREATED,
      arrival_date: { by: "range", of: field("arrival_date") },
      destination: equals("destination"),
      status: equals("status"),
    },
  },
};
