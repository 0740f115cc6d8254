import { instantText, type MirroredFeed } from "../beside/mirror.ts";
import type { Cell, FeedId, Row } from "../feed.ts";
import { isObject, type Json, type JsonObject, objectIn } from "../stripe/json.ts";
import type { Kind } from "../stripe/kinds.ts";
import type { Stored } from "../stripe/store.ts";

/** How a value of an object reads in the warehouse. */
type Form = "text" | "upper" | "money" | "flag" | "instant" | "day";

/** A column: its name, where in the object its value stands, and how it reads. */
type Column = readonly [name: string, at: string, form: Form];

/** A kind of objects that the pipeline loads. */
export interface ObjectFeed {
  readonly id: FeedId;
  readonly kind: Kind;
  readonly columns: readonly Column[];
}

/** Feeds whose contracts accept certain currencies, and these. */
const PAYING: ReadonlySet<FeedId> = new Set(["charges", "refunds", "disputes"].map((name) => `stripe.${name}`));
const ACCEPTED = new Set(["USD", "EUR", "GBP", "JPY", "KWD", "CHF", "SEK", "ISK", "HUF"]);

/** Stripe sends hundredths of these, which have no smaller unit than one. */
const SENT_IN_HUNDREDTHS = new Set(["ISK", "UGX"]);

const CHARGES: readonly Column[] = [
  ["id", "id", "text"],
  ["customer_id", "customer", "text"],
  ["payment_ref", "metadata.payment_id", "text"],
  ["payment_intent_id", "payment_intent", "text"],
  ["balance_transaction_id", "balance_transaction", "text"],
  ["status", "status", "text"],
  ["currency", "currency", "upper"],
  ["amount_minor", "amount", "money"],
  ["amount_captured_minor", "amount_captured", "money"],
  ["amount_refunded_minor", "amount_refunded", "money"],
  ["captured", "captured", "flag"],
  ["refunded", "refunded", "flag"],
  ["disputed", "disputed", "flag"],
  ["failure_code", "failure_code", "text"],
  ["description", "description", "text"],
  ["card_last4", "payment_method_details.card.last4", "text"],
  ["created_at", "created", "instant"],
];

const REFUNDS: readonly Column[] = [
  ["id", "id", "text"],
  ["charge_id", "charge", "text"],
  ["payment_ref", "metadata.payment_id", "text"],
  ["payment_intent_id", "payment_intent", "text"],
  ["balance_transaction_id", "balance_transaction", "text"],
  ["status", "status", "text"],
  ["reason", "reason", "text"],
  ["currency", "currency", "upper"],
  ["amount_minor", "amount", "money"],
  ["created_at", "created", "instant"],
];

const CUSTOMERS: readonly Column[] = [
  ["id", "id", "text"],
  ["customer_ref", "metadata.customer_id", "text"],
  ["name", "name", "text"],
  ["email", "email", "text"],
  ["created_at", "created", "instant"],
];

const SUBSCRIPTIONS: readonly Column[] = [
  ["id", "id", "text"],
  ["subscription_ref", "metadata.subscription_id", "text"],
  ["customer_id", "customer", "text"],
  ["status", "status", "text"],
  ["created_at", "created", "instant"],
];

const DISPUTES: readonly Column[] = [
  ["id", "id", "text"],
  ["charge_id", "charge", "text"],
  ["payment_ref", "metadata.payment_id", "text"],
  ["balance_transaction_id", "balance_transactions.0.id", "text"],
  ["status", "status", "text"],
  ["reason", "reason", "text"],
  ["currency", "currency", "upper"],
  ["amount_minor", "amount", "money"],
  ["created_at", "created", "instant"],
];

const BALANCE_TRANSACTIONS: readonly Column[] = [
  ["id", "id", "text"],
  ["source_id", "source", "text"],
  ["type", "type", "text"],
  ["currency", "currency", "upper"],
  ["amount_minor", "amount", "money"],
  ["fee_minor", "fee", "money"],
  ["net_minor", "net", "money"],
  ["available_at", "available_on", "instant"],
  ["created_at", "created", "instant"],
];

const PAYOUTS: readonly Column[] = [
  ["id", "id", "text"],
  ["balance_transaction_id", "balance_transaction", "text"],
  ["status", "status", "text"],
  ["automatic", "automatic", "flag"],
  ["currency", "currency", "upper"],
  ["amount_minor", "amount", "money"],
  ["arrival_date", "arrival_date", "day"],
  ["created_at", "created", "instant"],
];

const INVOICES: readonly Column[] = [
  ["id", "id", "text"],
  ["invoice_ref", "metadata.invoice_id", "text"],
  ["number", "number", "text"],
  ["customer_id", "customer", "text"],
  ["subscription_id", "parent.subscription_details.subscription", "text"],
  ["status", "status", "text"],
  ["billing_reason", "billing_reason", "text"],
  ["currency", "currency", "upper"],
  ["subtotal_minor", "subtotal", "money"],
  ["total_minor", "total", "money"],
  ["amount_due_minor", "amount_due", "money"],
  ["amount_paid_minor", "amount_paid", "money"],
  ["amount_remaining_minor", "amount_remaining", "money"],
  ["period_start", "period_start", "instant"],
  ["period_end", "period_end", "instant"],
  ["due_date", "due_date", "instant"],
  ["finalized_at", "status_transitions.finalized_at", "instant"],
  ["paid_at", "status_transitions.paid_at", "instant"],
  ["created_at", "created", "instant"],
];

/** What the pipeline loads of the account. */
export const OBJECT_FEEDS: readonly ObjectFeed[] = [
  { id: "stripe.customers", kind: "customer", columns: CUSTOMERS },
  { id: "stripe.subscriptions", kind: "subscription", columns: SUBSCRIPTIONS },
  { id: "stripe.invoices", kind: "invoice", columns: INVOICES },
  { id: "stripe.charges", kind: "charge", columns: CHARGES },
  { id: "stripe.refunds", kind: "refund", columns: REFUNDS },
  { id: "stripe.disputes", kind: "dispute", columns: DISPUTES },
  { id: "stripe.balance_transactions", kind: "balance_transaction", columns: BALANCE_TRANSACTIONS },
  { id: "stripe.payouts", kind: "payout", columns: PAYOUTS },
];

/** How the columns of an object read in the warehouse. */
export const MIRRORED: readonly MirroredFeed[] = OBJECT_FEEDS.map(({ id, columns }) => ({
  id,
  columns: columns.map(([name, , form]) => [name, form === "flag" || form === "instant" ? form : "text"]),
}));

function moneyText(value: Json, currency: string): string {
  const amount = BigInt(String(value));
  if (!SENT_IN_HUNDREDTHS.has(currency)) return amount.toString();
  if (amount % 100n !== 0n) throw new Error(`${amount} is no whole ${currency}`);
  return (amount / 100n).toString();
}

function valueAt(object: JsonObject, at: string): Json {
  const step = (value: Json, name: string): Json => {
    if (Array.isArray(value)) return value[Number(name)] ?? null;
    return isObject(value) ? (value[name] ?? null) : null;
  };
  return at.split(".").reduce<Json>(step, object);
}

function cellOf(object: JsonObject, at: string, form: Form): Cell {
  const value = valueAt(object, at);
  if (value === null) return null;
  switch (form) {
    case "upper":
      return String(value).toUpperCase();
    case "money":
      return moneyText(value, String(object["currency"]).toUpperCase());
    case "instant":
      return instantText(Number(value) * 1000);
    case "day":
      return instantText(Number(value) * 1000).slice(0, 10);
    default:
      return String(value);
  }
}

/** An object as it is answered, as far as columns speak of it: a dispute shows its movements of the balance, the first one first. */
function answered({ kind, object, aside }: Pick<Stored, "kind" | "object" | "aside">): JsonObject {
  if (kind !== "dispute") return object;
  const ids = Object.keys(objectIn(aside, "movements"));
  return { ...object, balance_transactions: ids.map((id) => ({ id })) };
}

/** An object as a row of its feed. */
export function cellsOf({ columns }: ObjectFeed, stored: Pick<Stored, "kind" | "object" | "aside">): Row {
  const object = answered(stored);
  return Object.fromEntries(columns.map(([name, at, form]) => [name, cellOf(object, at, form)]));
}

/** Rules that a row breaks. */
export function brokenBy({ id }: ObjectFeed, cells: Row): readonly string[] {
  return PAYING.has(id) && !ACCEPTED.has(cells["currency"] ?? "") ? ["currency.accepted"] : [];
}
