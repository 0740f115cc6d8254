import { decimal } from "../expectation/hand-rules.ts";
import type { Row } from "../feed.ts";
import { cellIn, rowBy, type Staging, textIn } from "./staging.ts";

/** What accounts have ordered, with the names that they have today, and what billing invoiced for it. */
export function salesOrders(staging: Staging): Row[] {
  const invoices = rowBy(staging("billing.invoices"), "invoice_id");
  const accounts = rowBy(staging("salesforce.accounts"), "id");
  return staging("salesforce.orders").map((order): Row => {
    const invoice = invoices.get(textIn(order, "order_reference"));
    const own = {
      order_id: cellIn(order, "id"),
      account_name: cellIn(accounts.get(textIn(order, "account_id")), "name"),
      amount_minor: String(decimal(order["total_amount"])),
      effective_on: cellIn(order, "effective_date"),
      invoice_id: cellIn(invoice, "invoice_id"),
      invoiced_minor: cellIn(invoice, "subtotal_minor"),
    };
    return { ...order, ...own };
  });
}
