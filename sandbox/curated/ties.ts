import { decimal } from "../expectation/hand-rules.ts";
import type { FeedId, Row } from "../feed.ts";
import type { Named } from "../units.ts";
import { rowsBy, type Staging, textIn } from "./staging.ts";

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

/** What two sides that say something make of a key; null where it is the same. */
function differs(own: readonly Said[], others: readonly Said[]): string | null {
  if (own.length > 1 || others.length > 1) return "duplicate";
  const [[first], [second]] = [own, others];
  if (!(first && second)) return "missing_on_a_side";
  if (first.currency !== second.currency) return "currency";
  return first.minor === second.minor ? null : "amount";
}

function untiedOf(staging: Staging, { tie, one, other }: Tied): Named[] {
  const rows = (side: Side) => rowsBy(staging(side.feed).filter(side.counts), side.key);
  const others = rows(other);
  return [...rows(one)].flatMap(([key, own]) => {
    const is = differs(own.map(one.says), (others.get(key) ?? []).map(other.says));
    return is === null ? [] : [{ of: tie, key, class: is }];
  });
}

/** The keys of ties of the shipped pipeline that are not tied, as they follow from live rows; all of its others are. */
export function untied(staging: Staging): Named[] {
  return TIED.flatMap((tied) => untiedOf(staging, tied));
}
