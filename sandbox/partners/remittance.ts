import type { Row } from "../feed.ts";

/** What a partner collected for an invoice. Amounts are hundredths of the currency's major unit, days ISO 8601. */
export interface Remittance {
  readonly id: string;
  readonly invoice: string;
  readonly customer: string;
  readonly currency: string;
  readonly amount: number;
  readonly paidOn: string;
  readonly note: string | null;
}

/** An amount in major units, with a point. */
export function major(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}

/** A remittance as the feed's row. */
export function remittanceRow(remittance: Remittance): Row {
  return {
    remittance_id: remittance.id,
    invoice_id: remittance.invoice,
    customer_id: remittance.customer,
    amount: major(remittance.amount),
    currency: remittance.currency,
    paid_on: remittance.paidOn,
    note: remittance.note,
  };
}
