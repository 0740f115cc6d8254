import type { Company } from "../../cast/company.ts";
import type { Customer, Subscription } from "../../cast/facts.ts";
import type { Random } from "../../random.ts";
import type { Books } from "../books/books.ts";
import type { Stripe } from "../start-stripe.ts";

/** What can happen in an hour, in the order in which it is told, and what several of it are called. */
export const HAPPENINGS = {
  "new customer": "new customers",
  "changed customer": "changed customers",
  "deleted customer": "deleted customers",
  bill: "bills",
  payment: "payments",
  "declined payment": "declined payments",
  "invoice sent": "invoices sent",
  "invoice given up": "invoices given up",
  "canceled subscription": "canceled subscriptions",
  refund: "refunds",
  "refund settled": "refunds settled",
  "credit note": "credit notes",
  dispute: "disputes",
  "dispute moved on": "disputes moved on",
  payout: "payouts",
} as const;

export type Happening = keyof typeof HAPPENINGS;

/** A customer of the cast, and its id at Stripe. */
export interface Guest {
  readonly id: string;
  readonly fact: Customer;
}

/** A subscription of the cast, as far as life goes on with it. */
export interface Subscribed {
  readonly id: string;
  readonly fact: Subscription;
  readonly guest: Guest;
  /** When its period, or its trial, is over: ms since 1970. */
  until: number;
}

/** Money that came in, and that can go back. */
export interface Received {
  readonly charge: string;
  /** Null for a charge without one. */
  readonly invoice: string | null;
  readonly amount: number;
  readonly currency: string;
}

/** What life goes on with. What becomes of something takes it off its list. */
export interface Stage {
  readonly guests: Guest[];
  readonly subscriptions: Subscribed[];
  /** Ids of invoices. */
  readonly drafts: string[];
  readonly open: string[];
  readonly received: Received[];
  /** Ids of refunds that have not arrived. */
  readonly returning: string[];
  /** Ids of disputes, and the status that each has. */
  readonly disputed: { readonly id: string; status: "needs_response" | "under_review" }[];
  /** Ids of payouts that have not arrived. */
  readonly paidOut: string[];
}

/** What acts work with. */
export interface Living {
  readonly books: Books;
  readonly store: Stripe["store"];
  readonly random: Random;
  readonly company: Company;
  readonly stage: Stage;
  tell(what: Happening): void;
}

/** Something that happens at an instant; it does nothing where nobody is there whom it could happen to. */
export type Act = (living: Living, at: Date) => void;

/** Draws one of a list and takes it off; undefined where the list is empty. */
export function taken<T>({ random }: Living, list: T[]): T | undefined {
  return list.splice(random.int(0, Math.max(0, list.length - 1)), 1)[0];
}

/** Draws one of a list that stays on it; undefined where the list is empty. */
export function drawn<T>({ random }: Living, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : random.pick(list);
}
