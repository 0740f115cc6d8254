import { decimal } from "../expectation/hand-rules.ts";
import type { FeedId, Row } from "../feed.ts";
import { rowsBy, type Staging, textIn } from "./staging.ts";

/** A key of a tie that the sides say otherwise of. */
export interface Untied {
  readonly tie: string;
  readonly key: string;
}

/** What one side says of a key. */
interface Said {
  readonly currency: string;
  readonly minor: bigint;
}

/** Rows of a feed that name something by a column, those of them that count, and what they say of it. */
interface Side {
  readonly feed: FeedId;
  readonly key: string;
  readonly counts: (row: Row) => boolean;
  readonly says: (row: Row) => Said;
}

/** Two feeds that name the same things; a key counts where the first one names it. */
interface Tied {
  readonly tie: string;
  readonly one: Side;
  readonly other: Side;
}

const minorIn = (column: string) => (row: Row) => ({
  currency: textIn(row, "currency"),
  minor: BigInt(textIn(row, column) || "0"),
});
const absolute = (says: (row: Row) => Said) => (row: Row) => {
  const { currency, minor } = says(row);
  return { currency, minor: minor < 0n ? -minor : minor };
};
const always = () => true;
const billed = (kind: string) => (row: Row) => textIn(row, "kind") === kind && textIn(row, "status") !== "failed";

const TIED: readonly Tied[] = [
  {
    tie: "stripe_payments",
    one: {
      ...{ feed: "stripe.charges", key: "payment_ref", says: minorIn("amount_captured_minor") },
      counts: (row) => textIn(row, "status") === "succeeded" && row["captured"] === "true" && row["refunded"] !== "true",
    },
    other: { feed: "billing.payments", key: "payment_id", counts: billed("payment"), says: minorIn("amount_minor") },
  },
  {
    tie: "stripe_refunds",
    one: {
      ...{ feed: "stripe.refunds", key: "payment_ref", says: minorIn("amount_minor") },
      counts: (row) => textIn(row, "status") === "succeeded",
    },
    other: { feed: "billing.payments", key: "payment_id", counts: billed("refund"), says: absolute(minorIn("amount_minor")) },
  },
  {
    tie: "order_invoices",
    one: {
      ...{ feed: "salesforce.orders", key: "order_reference", counts: always },
      says: (row) => ({ currency: textIn(row, "currency"), minor: decimal(row["total_amount"]) ?? 0n }),
    },
    other: { feed: "billing.invoices", key: "invoice_id", counts: always, says: minorIn("subtotal_minor") },
  },
];

function untiedOf(staging: Staging, { tie, one, other }: Tied): Untied[] {
  const rows = (side: Side) => rowsBy(staging(side.feed).filter(side.counts), side.key);
  const others = rows(other);
  return [...rows(one)].flatMap(([key, own]) => {
    const [first, ...more] = own.map(one.says);
    const [second, ...further] = (others.get(key) ?? []).map(other.says);
    const isTied = more.length + further.length === 0 && first?.minor === second?.minor && first?.currency === second?.currency;
    return isTied ? [] : [{ tie, key }];
  });
}

/** The keys of ties of the shipped pipeline that are not tied, as they follow from live rows; all of its others are. */
export function untied(staging: Staging): Untied[] {
  return TIED.flatMap((tied) => untiedOf(staging, tied));
}
