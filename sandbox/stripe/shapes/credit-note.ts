import { type JsonObject, nulls } from "../json.ts";

/** What is known of a credit note. Amounts are minor units. */
export interface CreditNoteFields {
  readonly amount: number;
  readonly number: string;
  readonly reason: string | null;
  readonly memo: string | null;
  /** Whether the invoice was paid before: then money or credit goes back, else less has to be paid. */
  readonly afterPayment: boolean;
  readonly refunds: readonly { readonly refund: string; readonly amount: number }[];
  readonly at: number;
  readonly account: string;
  readonly id: string;
}

/** A credit note of an invoice as the newest version has it; its lines are embedded when it is answered. */
export function creditNoteShape(invoice: JsonObject, fields: CreditNoteFields): JsonObject {
  const { amount } = fields;
  return {
    object: "credit_note",
    ...nulls("customer_account", "customer_balance_transaction", "out_of_band_amount", "shipping_cost", "voided_at"),
    amount,
    amount_shipping: 0,
    currency: invoice["currency"] ?? null,
    customer: invoice["customer"] ?? null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: fields.at,
    invoice: invoice["id"] ?? null,
    memo: fields.memo,
    metadata: {},
    number: fields.number,
    pdf: `https://pay.stripe.com/credit_notes/${fields.account}/${fields.id}/pdf`,
    post_payment_amount: fields.afterPayment ? amount : 0,
    pre_payment_amount: fields.afterPayment ? 0 : amount,
    pretax_credit_amounts: [],
    reason: fields.reason,
    refunds: fields.refunds.map((of) => ({
      amount_refunded: of.amount,
      payment_record_refund: null,
      refund: of.refund,
      type: "refund",
    })),
    status: "issued",
    subtotal: amount,
    subtotal_excluding_tax: amount,
    total: amount,
    total_excluding_tax: amount,
    total_taxes: [],
    type: fields.afterPayment ? "post_payment" : "pre_payment",
  };
}

/** A line of a credit note. */
export interface CreditLineFields {
  readonly amount: number;
  readonly description?: string | null;
  readonly quantity?: number;
  /** The line of the invoice that is given back. */
  readonly invoiceLine?: string;
}

/** A line of a credit note as the newest version has it. */
export function creditLineShape(line: CreditLineFields, livemode: boolean): JsonObject {
  const ofInvoice = line.invoiceLine !== undefined;
  const each = line.quantity === undefined ? line.amount : line.amount / line.quantity;
  return {
    object: "credit_note_line_item",
    amount: line.amount,
    description: line.description ?? null,
    discount_amount: 0,
    discount_amounts: [],
    ...(ofInvoice ? { invoice_line_item: line.invoiceLine } : {}),
    livemode,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: line.quantity ?? 1,
    tax_rates: [],
    taxes: [],
    type: ofInvoice ? "invoice_line_item" : "custom_line_item",
    unit_amount: ofInvoice ? null : Math.round(each),
    unit_amount_decimal: ofInvoice ? null : String(each),
  };
}
