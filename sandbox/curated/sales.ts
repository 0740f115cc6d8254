import { decimal } from "../expectation/hand-rules.ts";
import type { Row } from "../feed.ts";
import { cellIn, rowBy, type Staging, textIn } from "./staging.ts";

/** What accounts have ordered, with the names that they have today. */
export function salesOrders(staging: Staging): Row[] {
  const accounts = rowBy(staging("salesforce.accounts"), "id");
  return staging("salesforce.orders").map((order): Row => {
    const own = {
      order_id: cellIn(order, "id"),
      account_name: cellIn(accounts.get(textIn(order, "account_id")), "name"),
      amount_minor: String(decimal(order["total_amount"])),
      effective_on: cellIn(order, "effective_date"),
    };
    return { ...order, ...own };
  });
}
