import { isObject, type Json, type JsonObject, nulls, objectIn, without } from "./json.ts";
import type { Kind } from "./kinds.ts";

/** What an object of the older shape asks of others. */
export interface Related {
  /** Ids of the parts of an object. */
  periods(subscription: string): JsonObject;
}

/** An object as versions before 2025-03-31 have it. `aside` is what only they tell. */
export type ToOlder = (object: JsonObject, aside: JsonObject, related: Related) => JsonObject;

const sumOf = (taxes: Json | undefined): number =>
  Array.isArray(taxes) ? taxes.reduce<number>((sum, tax) => sum + (isObject(tax) ? Number(tax["amount"]) : 0), 0) : 0;

function taxAmounts(taxes: Json | undefined): Json[] {
  const list = Array.isArray(taxes) ? taxes.filter((tax) => isObject(tax)) : [];
  return list.map((tax) => ({
    amount: tax["amount"] ?? null,
    inclusive: tax["tax_behavior"] === "inclusive",
    tax_rate: objectIn(tax, "tax_rate_details")["tax_rate"] ?? null,
    taxability_reason: tax["taxability_reason"] ?? null,
    taxable_amount: tax["taxable_amount"] ?? null,
  }));
}

const NEW_IN_INVOICES = [
  "amount_overpaid",
  "amount_paid_off_stripe",
  "confirmation_secret",
  "customer_account",
  "parent",
  "total_taxes",
];

const invoice: ToOlder = (object, aside) => {
  const details = objectIn(objectIn(object, "parent"), "subscription_details");
  const taxes = object["total_taxes"];
  return {
    ...without(object, NEW_IN_INVOICES),
    ...nulls("discount", "quote", "transfer_data", "application_fee_amount"),
    charge: aside["charge"] ?? null,
    paid: object["status"] === "paid",
    paid_out_of_band: aside["paid_out_of_band"] ?? false,
    payment_intent: aside["payment_intent"] ?? null,
    subscription: details["subscription"] ?? null,
    subscription_details: { metadata: details["metadata"] ?? null },
    tax: sumOf(taxes) === 0 ? null : sumOf(taxes),
    total_tax_amounts: taxAmounts(taxes),
  };
};

const NEW_IN_LINES = ["parent", "pricing", "quantity_decimal", "subtotal", "taxes"];

const line: ToOlder = (object, aside) => {
  const parent = objectIn(object, "parent");
  const item = objectIn(parent, "invoice_item_details");
  const subscribed = objectIn(parent, "subscription_item_details");
  const bySubscription = parent["type"] === "subscription_item_details";
  return {
    ...without(object, NEW_IN_LINES),
    amount_excluding_tax: object["amount"] ?? null,
    ...(bySubscription ? {} : { invoice_item: item["invoice_item"] ?? null }),
    plan: null,
    price: aside["price"] ?? null,
    proration: (bySubscription ? subscribed : item)["proration"] ?? false,
    proration_details: { credited_items: null },
    ...(bySubscription ? { subscription_item: subscribed["subscription_item"] ?? null } : {}),
    tax_amounts: taxAmounts(object["taxes"]),
    tax_rates: [],
    type: bySubscription ? "subscription" : "invoiceitem",
    unit_amount_excluding_tax: objectIn(object, "pricing")["unit_amount_decimal"] ?? null,
  };
};

const subscription: ToOlder = (object, _, related) => ({
  ...without(object, ["billing_mode", "billing_schedules", "customer_account", "managed_payments"]),
  ...related.periods(String(object["id"])),
  discount: null,
});

const subscriptionItem: ToOlder = (object) => without(object, ["current_period_end", "current_period_start"]);

const charge: ToOlder = (object, aside) => ({ ...object, invoice: aside["invoice"] ?? null });

const NEW_IN_CREDIT_NOTES = ["customer_account", "post_payment_amount", "pre_payment_amount", "refunds", "total_taxes"];

const creditNote: ToOlder = (object) => {
  const [first] = Array.isArray(object["refunds"]) ? object["refunds"] : [];
  return {
    ...without(object, NEW_IN_CREDIT_NOTES),
    refund: isObject(first) ? (first["refund"] ?? null) : null,
    tax_amounts: taxAmounts(object["total_taxes"]),
  };
};

const creditLine: ToOlder = (object) => ({
  ...without(object, ["metadata", "taxes"]),
  amount_excluding_tax: object["amount"] ?? null,
  tax_amounts: taxAmounts(object["taxes"]),
  unit_amount_excluding_tax: object["unit_amount_decimal"] ?? null,
});

const lacking =
  (...fields: string[]): ToOlder =>
  (object) =>
    without(object, fields);

/** Kinds whose shape changed, and how. */
export const TO_OLDER: Readonly<Partial<Record<Kind, ToOlder>>> = {
  customer: lacking("customer_account"),
  subscription,
  subscription_item: subscriptionItem,
  invoice,
  line_item: line,
  charge,
  refund: lacking("customer_account", "payment_method"),
  credit_note: creditNote,
  credit_note_line_item: creditLine,
  balance_transaction: lacking("balance_type"),
};
