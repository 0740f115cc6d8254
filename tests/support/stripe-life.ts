import { NotAllowed } from "../../sandbox/stripe/not-allowed.ts";
import type { Stripe } from "../../sandbox/stripe/start-stripe.ts";

/** What somebody does in an account; a number says to which of the objects that are there. */
type Doing = (of: Life, nth: number) => void;

/** An account's objects by kind, as far as something can be done to them. */
interface Life {
  readonly books: Stripe["books"];
  readonly ids: Record<
    "customer" | "subscription" | "draft" | "invoice" | "charge" | "refund" | "dispute" | "note" | "payout",
    string[]
  >;
}

const pick = (ids: readonly string[], nth: number) => ids[nth % Math.max(1, ids.length)] ?? "none";

const DOINGS = {
  customer: ({ books, ids }, nth) => void ids.customer.push(books.customers.create({ name: `c${nth}` }).id),
  customers: ({ books, ids }, nth) => void ids.customer.push(...books.manyCustomers(60 + (nth % 240))),
  rename: ({ books, ids }, nth) => void books.customers.update(pick(ids.customer, nth), { name: `renamed ${nth}` }),
  renameMany: ({ books, ids }, nth) => {
    for (let i = 0; i < 12; i += 1) books.customers.update(pick(ids.customer, nth + i * 7), { name: `many ${nth}` });
  },
  leave: ({ books, ids }, nth) => {
    const id = pick(ids.customer, nth);
    books.customers.remove(id);
    ids.customer = ids.customer.filter((one) => one !== id);
  },
  bill: ({ books, ids }, nth) => {
    const lines = [1, 3, 11, 14, 120][nth % 5] ?? 1;
    const made = books.bill({ lines, amount: 24_000, currency: ["eur", "jpy", "isk", "kwd"][nth % 4] ?? "eur" });
    ids.customer.push(made.customer);
    ids.subscription.push(made.subscription);
    ids.invoice.push(made.invoice);
    ids.charge.push(made.charge);
  },
  declined: ({ books, ids }) => void ids.invoice.push(books.bill({ failure: "card_declined" }).invoice),
  draft: ({ books, ids }, nth) => {
    const lines = Array.from({ length: nth % 13 }, (_, i) => ({ amount: 100 + i }));
    ids.draft.push(books.invoices.create({ customer: pick(ids.customer, nth), currency: "eur", lines }).id);
  },
  addLines: ({ books, ids }, nth) => {
    const lines = Array.from({ length: 1 + (nth % 105) }, (_, i) => ({ amount: 500 + i }));
    books.invoices.addLines(pick(ids.draft, nth), lines);
  },
  dropDraft: ({ books, ids }, nth) => {
    const id = pick(ids.draft, nth);
    books.invoices.remove(id);
    ids.draft = ids.draft.filter((one) => one !== id);
  },
  finalize: ({ books, ids }, nth) => {
    const id = pick(ids.draft, nth);
    ids.draft = ids.draft.filter((one) => one !== id);
    books.invoices.finalize(id);
    ids.invoice.push(id);
  },
  pay: ({ books, ids }, nth) => void books.invoices.pay(pick(ids.invoice, nth)),
  describe: ({ books, ids }, nth) => {
    for (let i = 0; i < 3; i += 1) books.invoices.update(pick(ids.invoice, nth + i), { description: `described ${nth}` });
  },
  subscribe: ({ books, ids }, nth) => void books.subscriptions.update(pick(ids.subscription, nth), { metadata: { n: `${nth}` } }),
  void: ({ books, ids }, nth) => void books.invoices.void(pick(ids.invoice, nth)),
  refund: ({ books, ids }, nth) => {
    const status = nth % 2 === 0 ? "succeeded" : "pending";
    ids.refund.push(books.refunds.create({ charge: pick(ids.charge, nth), amount: 100, status }).id);
  },
  settle: ({ books, ids }, nth) => void books.refunds.settle(pick(ids.refund, nth)),
  failRefund: ({ books, ids }, nth) => void books.refunds.fail(pick(ids.refund, nth)),
  dispute: ({ books, ids }, nth) => void ids.dispute.push(books.disputes.create({ charge: pick(ids.charge, nth) }).id),
  closeDispute: ({ books, ids }, nth) => void books.disputes.close(pick(ids.dispute, nth), nth % 2 === 0 ? "won" : "lost"),
  credit: ({ books, ids }, nth) => {
    ids.note.push(books.creditNotes.create({ invoice: pick(ids.invoice, nth), amount: 100 }).id);
  },
  voidNote: ({ books, ids }, nth) => void books.creditNotes.void(pick(ids.note, nth)),
  payout: ({ books, ids }) => void ids.payout.push(books.payouts.create({ amount: 100 }).id),
  payPayout: ({ books, ids }, nth) => void books.payouts.pay(pick(ids.payout, nth)),
  renew: ({ books, ids }, nth) => void books.subscriptions.renew(pick(ids.subscription, nth)),
  cancel: ({ books, ids }, nth) => void books.subscriptions.cancel(pick(ids.subscription, nth)),
} as const satisfies Readonly<Record<string, Doing>>;

/** The names of what can be done. */
export const DEEDS = Object.keys(DOINGS) as Deed[];
export type Deed = keyof typeof DOINGS;

/** Something that is done in an account, as data. */
export interface Act {
  readonly deed: Deed;
  readonly nth: number;
}

/** Does things in an account; what is not possible there, or of which there is none, is left. */
export function liveIn({ books }: Stripe): (act: Act) => void {
  const kinds = ["customer", "subscription", "draft", "invoice", "charge", "refund", "dispute", "note", "payout"] as const;
  const ids = Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Life["ids"];
  return ({ deed, nth }) => {
    try {
      DOINGS[deed]({ books, ids }, nth);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
    }
  };
}
