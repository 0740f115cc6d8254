import { type JsonObject, nulls } from "../json.ts";

/** What is known of a movement of the balance. Amounts are minor units of the balance's currency. */
export interface MovementFields {
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly rate: number | null;
  readonly type: string;
  readonly category: string;
  /** Null where Stripe itself takes or gives money. */
  readonly source: string | null;
  readonly description: string | null;
  readonly availableOn: number;
}

/** A balance transaction; whether it is available follows from the clock when it is answered. */
export function movementShape(fields: MovementFields): JsonObject {
  const fee = {
    amount: fields.fee,
    application: null,
    currency: fields.currency,
    description: "Stripe processing fees",
    type: "stripe_fee",
  };
  return {
    object: "balance_transaction",
    amount: fields.amount,
    available_on: fields.availableOn,
    balance_type: "payments",
    currency: fields.currency,
    description: fields.description,
    exchange_rate: fields.rate,
    fee: fields.fee,
    fee_details: fields.fee === 0 ? [] : [fee],
    net: fields.amount - fields.fee,
    reporting_category: fields.category,
    source: fields.source,
    type: fields.type,
  };
}

/** What is known of a payout. */
export interface PayoutFields {
  readonly amount: number;
  readonly currency: string;
  readonly arrival: number;
  readonly automatic: boolean;
  readonly destination: string;
}

/** A payout on its way to the bank. */
export function payoutShape(fields: PayoutFields): JsonObject {
  return {
    object: "payout",
    ...nulls("application_fee", "application_fee_amount", "balance_transaction", "failure_balance_transaction", "failure_code"),
    ...nulls("failure_message", "original_payout", "payout_method", "reversed_by", "statement_descriptor"),
    amount: fields.amount,
    arrival_date: fields.arrival,
    automatic: fields.automatic,
    currency: fields.currency,
    description: "STRIPE PAYOUT",
    destination: fields.destination,
    metadata: {},
    method: "standard",
    reconciliation_status: fields.automatic ? "in_progress" : "not_applicable",
    source_type: "card",
    status: "in_transit",
    trace_id: { status: "pending", value: null },
    type: "bank_account",
  };
}
