import { type JsonObject, nulls } from "../json.ts";
import type { Period } from "./subscription.ts";

/** What is known of a draft. Amounts are minor units. */
export interface InvoiceFields {
  readonly customer: JsonObject;
  readonly currency: string;
  readonly subscription: string | null;
  readonly reason: string;
  readonly collection: "charge_automatically" | "send_invoice";
  readonly period: Period;
  readonly dueDate: number | null;
  readonly description: string | null;
  readonly metadata: JsonObject;
  readonly account: { readonly country: string; readonly name: string };
}

const UNSET = nulls(
  ...["account_tax_ids", "application", "automatically_finalizes_at", "confirmation_secret", "custom_fields"],
  ...["customer_account", "customer_shipping", "default_payment_method", "default_source", "effective_at", "ending_balance"],
  ...["footer", "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error", "latest_revision"],
  ...["next_payment_attempt", "number", "on_behalf_of", "receipt_number", "rendering", "shipping_cost", "shipping_details"],
  ...["statement_descriptor", "test_clock", "webhooks_delivered_at"],
);

const ZERO: JsonObject = Object.fromEntries(
  ["amount_due", "amount_overpaid", "amount_paid", "amount_paid_off_stripe", "amount_remaining", "amount_shipping"]
    .concat(["attempt_count", "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount", "starting_balance"])
    .map((field) => [field, 0]),
);

function parentOf(subscription: string | null, metadata: JsonObject): JsonObject | null {
  if (subscription === null) return null;
  return { quote_details: null, subscription_details: { metadata, subscription }, type: "subscription_details" };
}

/** A draft without lines as the newest version has it; lines are embedded when it is answered. */
export function invoiceShape(fields: InvoiceFields): JsonObject {
  const { customer } = fields;
  return {
    object: "invoice",
    ...UNSET,
    ...ZERO,
    ...invoiceTotals([]),
    account_country: fields.account.country,
    account_name: fields.account.name,
    attempted: false,
    auto_advance: fields.subscription !== null,
    automatic_tax: { ...nulls("disabled_reason", "liability", "provider", "status"), enabled: false },
    billing_reason: fields.reason,
    collection_method: fields.collection,
    currency: fields.currency,
    customer: customer["id"] ?? null,
    customer_address: customer["address"] ?? null,
    customer_email: customer["email"] ?? null,
    customer_name: customer["name"] ?? null,
    customer_phone: customer["phone"] ?? null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_tax_rates: [],
    description: fields.description,
    discounts: [],
    due_date: fields.dueDate,
    issuer: { type: "self" },
    metadata: fields.metadata,
    parent: parentOf(fields.subscription, fields.metadata),
    payment_settings: nulls("default_mandate", "payment_method_options", "payment_method_types"),
    period_end: fields.period.end,
    period_start: fields.period.start,
    status: "draft",
    status_transitions: nulls("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at"),
    total_discount_amounts: [],
    total_pretax_credit_amounts: [],
  };
}

/** A line to be written. `amount` and `tax` are minor units, tax not contained in the amount. */
export interface LineFields {
  readonly amount: number;
  readonly description?: string | null;
  readonly quantity?: number;
  /** Minor units of one piece, with at most 12 decimals. */
  readonly unitAmountDecimal?: string;
  readonly tax?: number;
  readonly price?: string;
  readonly product?: string;
  readonly subscriptionItem?: string;
  readonly proration?: boolean;
  readonly metadata?: JsonObject;
}

function taxShape(amount: number, taxable: number): JsonObject {
  return {
    amount,
    tax_behavior: "exclusive",
    tax_rate_details: { tax_rate: "txr_1StandardRateOfTheSeller" },
    taxability_reason: "standard_rated",
    taxable_amount: taxable,
    type: "tax_rate_details",
  };
}

/** The amounts of an invoice that follow from its lines. */
export function invoiceTotals(lines: readonly Pick<LineFields, "amount" | "tax">[]): JsonObject {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const tax = lines.reduce((sum, line) => sum + (line.tax ?? 0), 0);
  return {
    subtotal,
    subtotal_excluding_tax: subtotal,
    total: subtotal + tax,
    total_excluding_tax: subtotal,
    total_taxes: tax === 0 ? [] : [taxShape(tax, subtotal)],
    amount_due: Math.max(0, subtotal + tax),
    amount_remaining: Math.max(0, subtotal + tax),
  };
}

/** What a line takes from the invoice that it stands in, and the names that only it has. */
export interface LinePlace {
  readonly invoice: string;
  readonly currency: string;
  readonly livemode: boolean;
  readonly subscription: string | null;
  readonly period: Period;
  readonly invoiceItem: string;
  readonly price: string;
  readonly product: string;
}

function lineParent(line: LineFields, place: LinePlace): JsonObject {
  const shared = { proration: line.proration ?? false, proration_details: null, subscription: place.subscription };
  if (line.subscriptionItem === undefined) {
    const details = { ...shared, invoice_item: place.invoiceItem };
    return { invoice_item_details: details, subscription_item_details: null, type: "invoice_item_details" };
  }
  const details = { ...shared, invoice_item: null, subscription_item: line.subscriptionItem };
  return { invoice_item_details: null, subscription_item_details: details, type: "subscription_item_details" };
}

/** What one piece costs as text, where nothing else is said: the amount shared out, cut to 12 decimals. */
function unitAmount(line: LineFields): string {
  const exact = line.amount / (line.quantity ?? 1);
  return Number.isInteger(exact) ? String(exact) : exact.toFixed(12).replace(/0+$/, "");
}

/** A line of an invoice as the newest version has it. */
export function lineShape(line: LineFields, place: LinePlace): JsonObject {
  return {
    object: "line_item",
    amount: line.amount,
    currency: place.currency,
    description: line.description ?? null,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: place.invoice,
    livemode: place.livemode,
    metadata: line.metadata ?? {},
    parent: lineParent(line, place),
    period: { end: place.period.end, start: place.period.start },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: place.price, product: place.product },
      type: "price_details",
      unit_amount_decimal: line.unitAmountDecimal ?? unitAmount(line),
    },
    quantity: line.quantity ?? 1,
    quantity_decimal: String(line.quantity ?? 1),
    subscription: place.subscription,
    subtotal: line.amount,
    taxes: line.tax ? [taxShape(line.tax, line.amount)] : [],
  };
}
