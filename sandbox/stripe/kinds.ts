/** Kinds of objects that the simulator keeps, by the name that stands in their field `object`. */
export const KINDS = [
  "customer",
  "subscription",
  "subscription_item",
  "invoice",
  "line_item",
  "invoice_payment",
  "charge",
  "refund",
  "dispute",
  "credit_note",
  "credit_note_line_item",
  "balance_transaction",
  "payout",
  "event",
] as const;

/** One kind of object. */
export type Kind = (typeof KINDS)[number];

/** What the ids of a kind begin with, and how many letters follow. */
const FORM: Readonly<Record<Kind, readonly [prefix: string, letters: number]>> = {
  customer: ["cus_", 14],
  subscription: ["sub_1", 23],
  subscription_item: ["si_", 14],
  invoice: ["in_1", 23],
  line_item: ["il_1", 23],
  invoice_payment: ["inpay_1", 23],
  charge: ["ch_3", 23],
  refund: ["re_3", 23],
  dispute: ["du_1", 23],
  credit_note: ["cn_1", 23],
  credit_note_line_item: ["cnli_1", 23],
  balance_transaction: ["txn_1", 23],
  payout: ["po_1", 23],
  event: ["evt_1", 23],
};

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Ids in Stripe's form, drawn from a stream: they say nothing about the order in which they were made. */
export interface Ids {
  of(kind: Kind): string;
  /** An id of something that the simulator only names: `pi_`, `pm_`, `prod_`, `price_`, `req_`. */
  named(prefix: string, letters: number): string;
}

/** The ids of a stream of floats in [0, 1). */
export function seededIds(next: () => number): Ids {
  const named = (prefix: string, letters: number) => {
    let id = prefix;
    for (let at = 0; at < letters; at++) id += LETTERS[Math.floor(next() * LETTERS.length)];
    return id;
  };
  return { named, of: (kind) => named(...FORM[kind]) };
}
