import { type JsonObject, nulls } from "../json.ts";
import { addressOf } from "./customer.ts";

/** What is known of a charge. Amounts are minor units. */
export interface ChargeFields {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly paymentIntent: string | null;
  readonly paymentMethod: string;
  readonly description: string | null;
  readonly metadata: JsonObject;
  /** The code of the card's bank where the charge failed. */
  readonly failure: string | null;
  /** False while the money is only held on the card. */
  readonly captured: boolean;
}

const CARD: JsonObject = {
  ...nulls("amount_authorized", "installments", "mandate", "network_token", "three_d_secure", "wallet"),
  brand: "visa",
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
  country: "US",
  exp_month: 8,
  exp_year: 2030,
  funding: "credit",
  last4: "4242",
  network: "visa",
};

function outcomeOf(failure: string | null): JsonObject {
  const declined = failure !== null;
  return {
    ...nulls("advice_code", "network_advice_code"),
    network_decline_code: declined ? "51" : null,
    network_status: declined ? "declined_by_network" : "approved_by_network",
    reason: failure,
    risk_level: "normal",
    seller_message: declined ? "The bank returned the decline code." : "Payment complete.",
    type: declined ? "issuer_declined" : "authorized",
  };
}

const UNSET = nulls(
  ...["application", "application_fee", "application_fee_amount", "balance_transaction", "calculated_statement_descriptor"],
  ...["failure_balance_transaction", "on_behalf_of", "receipt_email", "receipt_number", "receipt_url", "review", "shipping"],
  ...["source_transfer", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"],
);

/** A charge as the newest version has it; refunds are not embedded. */
export function chargeShape(fields: ChargeFields): JsonObject {
  const paid = fields.failure === null;
  return {
    object: "charge",
    ...UNSET,
    amount: fields.amount,
    amount_captured: paid && fields.captured ? fields.amount : 0,
    amount_refunded: 0,
    billing_details: { address: addressOf(null), ...nulls("email", "name", "phone", "tax_id") },
    captured: paid && fields.captured,
    currency: fields.currency,
    customer: fields.customer,
    description: fields.description,
    disputed: false,
    failure_code: fields.failure,
    failure_message: paid ? null : "Your card was declined.",
    fraud_details: {},
    metadata: fields.metadata,
    outcome: outcomeOf(fields.failure),
    paid,
    payment_intent: fields.paymentIntent,
    payment_method: fields.paymentMethod,
    payment_method_details: { card: CARD, type: "card" },
    refunded: false,
    status: paid ? "succeeded" : "failed",
  };
}

/** What is known of an invoice's payment, before it is paid. */
export interface InvoicePaymentFields {
  readonly invoice: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentIntent: string;
}

/** The payment that an open invoice asks for. */
export function invoicePaymentShape(fields: InvoicePaymentFields): JsonObject {
  return {
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: fields.amount,
    currency: fields.currency,
    invoice: fields.invoice,
    is_default: true,
    payment: { payment_intent: fields.paymentIntent, type: "payment_intent" },
    status: "open",
    status_transitions: nulls("canceled_at", "paid_at"),
  };
}

/** What is known of a refund. */
export interface RefundFields {
  readonly amount: number;
  readonly reason: string | null;
  readonly status: "succeeded" | "pending";
  readonly metadata: JsonObject;
}

/** A refund of a charge. */
export function refundShape(fields: RefundFields, charge: JsonObject): JsonObject {
  return {
    object: "refund",
    ...nulls("balance_transaction", "customer_account", "receipt_number", "source_transfer_reversal", "transfer_reversal"),
    amount: fields.amount,
    charge: charge["id"] ?? null,
    currency: charge["currency"] ?? null,
    customer: charge["customer"] ?? null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata: fields.metadata,
    payment_intent: charge["payment_intent"] ?? null,
    payment_method: charge["payment_method"] ?? null,
    reason: fields.reason,
    status: fields.status,
    ...(fields.status === "pending" ? { pending_reason: "processing" } : {}),
  };
}

const EVIDENCE = nulls(
  ...["access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal"],
  ...["customer_communication", "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature"],
  ...["duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt"],
  ...["refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date", "service_documentation"],
  ...["shipping_address", "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number"],
  ...["uncategorized_file", "uncategorized_text"],
);

/** A dispute of a charge, to be answered within ten days. */
export function disputeShape(
  charge: JsonObject,
  fields: { amount: number; reason: string; metadata: JsonObject; at: number },
): JsonObject {
  return {
    object: "dispute",
    amount: fields.amount,
    charge: charge["id"] ?? null,
    currency: charge["currency"] ?? null,
    enhanced_eligibility_types: [],
    evidence: { ...EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: fields.at + 10 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    metadata: fields.metadata,
    payment_intent: charge["payment_intent"] ?? null,
    payment_method_details: {
      card: { brand: "visa", case_type: "chargeback", network: "visa", network_reason_code: "10.4" },
      type: "card",
    },
    reason: fields.reason,
    status: "needs_response",
  };
}
