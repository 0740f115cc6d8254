import { decimal } from "../expectation/hand-rules.ts";
import type { Fault } from "../faults.ts";
import type { FeedId, Row } from "../feed.ts";
import type { Named } from "../units.ts";
import { rowsBy, type Staging, textIn } from "./staging.ts";

/** What one side says of a key. */
interface Said {
  readonly currency: string;
  readonly minor: bigint;
}

/** What one system says of things, by their keys. */
type Side = (staging: Staging) => ReadonlyMap<string, readonly Said[]>;

/** Rows of a feed that name something by a column, those of them that count, and what they say of it. */
interface Naming {
  readonly feed: FeedId;
  readonly key: string;
  readonly counts: (row: Row) => boolean;
  readonly says: (row: Row) => Said;
}

/** Two sides that name the same things; a key counts where the first one names it. */
interface Tied {
  readonly tie: string;
  /** What it means on the scoreboard that they do not say the same. */
  readonly fault: Fault;
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

const naming =
  ({ feed, key, counts, says }: Naming): Side =>
  (staging) =>
    new Map([...rowsBy(staging(feed).filter(counts), key)].map(([name, rows]) => [name, rows.map(says)]));

const isAutomatic = (row: Row) => row["automatic"] === "true";

/** A movement of the balance can be paid out when it has happened and is available. */
const readyAt = (movement: Row) =>
  [textIn(movement, "created_at"), textIn(movement, "available_at")].reduce((one, other) => (one > other ? one : other));

/** What automatic payouts took along: each the movements of its currency that none before it could. */
const takenAlong: Side = (staging) => {
  const payouts = staging("stripe.payouts").filter(isAutomatic);
  const inOrder = payouts.toSorted((a, b) => (textIn(a, "created_at") < textIn(b, "created_at") ? -1 : 1));
  const taken = new Map<string, Said[]>();
  for (const movement of staging("stripe.balance_transactions").filter(({ type }) => type !== "payout")) {
    const { currency, minor } = minorIn("net_minor")(movement);
    const ready = readyAt(movement);
    const payout = inOrder.find((one) => textIn(one, "currency") === currency && textIn(one, "created_at") >= ready);
    if (!payout) continue;
    const id = textIn(payout, "id");
    taken.set(id, [{ currency, minor: minor + (taken.get(id)?.[0]?.minor ?? 0n) }]);
  }
  return taken;
};

const TIED: readonly Tied[] = [
  {
    ...{ tie: "stripe_payments", fault: "untied" },
    one: naming({
      ...{ feed: "stripe.charges", key: "payment_ref", says: minorIn("amount_captured_minor") },
      counts: (row) => textIn(row, "status") === "succeeded" && row["captured"] === "true" && row["refunded"] !== "true",
    }),
    other: naming({ feed: "billing.payments", key: "payment_id", counts: billed("payment"), says: minorIn("amount_minor") }),
  },
  {
    ...{ tie: "stripe_refunds", fault: "untied" },
    one: naming({
      ...{ feed: "stripe.refunds", key: "payment_ref", says: minorIn("amount_minor") },
      counts: (row) => textIn(row, "status") === "succeeded",
    }),
    other: naming({
      ...{ feed: "billing.payments", key: "payment_id", counts: billed("refund") },
      says: absolute(minorIn("amount_minor")),
    }),
  },
  {
    ...{ tie: "payout_movements", fault: "untied" },
    one: naming({ feed: "stripe.payouts", key: "id", counts: always, says: minorIn("amount_minor") }),
    other: naming({
      ...{ feed: "stripe.balance_transactions", key: "source_id", says: absolute(minorIn("amount_minor")) },
      counts: ({ type }) => type === "payout",
    }),
  },
  {
    ...{ tie: "payout_contents", fault: "payout_short" },
    one: naming({ feed: "stripe.payouts", key: "id", counts: isAutomatic, says: minorIn("amount_minor") }),
    other: takenAlong,
  },
  {
    ...{ tie: "order_invoices", fault: "untied" },
    one: naming({
      ...{ feed: "salesforce.orders", key: "order_reference", counts: always },
      says: (row) => ({ currency: textIn(row, "currency"), minor: decimal(row["total_amount"]) ?? 0n }),
    }),
    other: naming({ feed: "billing.invoices", key: "invoice_id", counts: always, says: minorIn("subtotal_minor") }),
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
  const others = other(staging);
  return [...one(staging)].flatMap(([key, own]) => {
    const is = differs(own, others.get(key) ?? []);
    return is === null ? [] : [{ of: tie, key, class: is }];
  });
}

/** The keys of ties of the shipped pipeline that are not tied, as they follow from live rows; all of its others are. */
export function untied(staging: Staging): Named[] {
  return TIED.flatMap((tied) => untiedOf(staging, tied));
}

/** The fault that keys of a tie show which are not tied. */
export function faultOfTie({ of }: Pick<Named, "of">): Fault {
  return TIED.find(({ tie }) => tie === of)?.fault ?? "untied";
}
