import { type JsonObject, nulls } from "../json.ts";

/** A recurring price, as it stands in a subscription's item. */
export interface PriceFields {
  readonly id: string;
  readonly product: string;
  readonly currency: string;
  /** Minor units of one piece, with at most 12 decimals. */
  readonly unitAmountDecimal: string;
  readonly interval: "day" | "week" | "month" | "year";
  readonly created: number;
  readonly livemode: boolean;
}

/** A price; `unit_amount` is null where one piece costs no whole minor unit. */
export function priceShape(price: PriceFields): JsonObject {
  const whole = /^-?\d+$/.test(price.unitAmountDecimal);
  return {
    object: "price",
    ...nulls("custom_unit_amount", "lookup_key", "nickname", "tiers_mode", "transform_quantity"),
    id: price.id,
    active: true,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    livemode: price.livemode,
    metadata: {},
    product: price.product,
    recurring: { interval: price.interval, interval_count: 1, meter: null, usage_type: "licensed" },
    tax_behavior: "unspecified",
    type: "recurring",
    unit_amount: whole ? Number(price.unitAmountDecimal) : null,
    unit_amount_decimal: price.unitAmountDecimal,
  };
}

/** A period of whole seconds, the end excluded. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** An item of a subscription: the period stands here since 2025-03-31. */
export function subscriptionItemShape(subscription: string, price: JsonObject, more: { quantity: number } & Period): JsonObject {
  return {
    object: "subscription_item",
    billing_thresholds: null,
    current_period_end: more.end,
    current_period_start: more.start,
    discounts: [],
    metadata: {},
    price,
    quantity: more.quantity,
    subscription,
    tax_rates: [],
  };
}

/** What is known of a subscription. */
export interface SubscriptionFields {
  readonly customer: string;
  readonly currency: string;
  readonly status: string;
  readonly start: number;
  readonly collection: "charge_automatically" | "send_invoice";
  readonly trialEnd: number | null;
  readonly metadata: JsonObject;
}

const UNSET = nulls(
  ...["application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds", "cancel_at", "canceled_at"],
  ...["customer_account", "days_until_due", "default_payment_method", "default_source", "description", "ended_at"],
  ...["latest_invoice", "managed_payments", "next_pending_invoice_item_invoice", "on_behalf_of", "pause_collection"],
  ...["pending_invoice_item_interval", "pending_setup_intent", "pending_update", "schedule", "test_clock", "transfer_data"],
);

/** A subscription as the newest version has it; its items are embedded when it is answered. */
export function subscriptionShape(fields: SubscriptionFields): JsonObject {
  return {
    object: "subscription",
    ...UNSET,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: fields.start,
    billing_mode: { flexible: null, type: "classic" },
    billing_schedules: [],
    cancel_at_period_end: false,
    cancellation_details: nulls("comment", "feedback", "reason"),
    collection_method: fields.collection,
    currency: fields.currency,
    customer: fields.customer,
    default_tax_rates: [],
    discounts: [],
    invoice_settings: { account_tax_ids: null, issuer: { type: "self" } },
    metadata: fields.metadata,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: "off" },
    start_date: fields.start,
    status: fields.status,
    trial_end: fields.trialEnd,
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
    trial_start: fields.trialEnd === null ? null : fields.start,
  };
}
