import { differing, rowDifferences, waitDifferences } from "../beside/differing.ts";
import type { Difference } from "../curated.ts";
import type { OrgState } from "./expectation.ts";
import { expectedOrders } from "./orders.ts";
import type { PublishedOrg } from "./published.ts";

/** Everything in which the warehouse is not what the org says, row by row. */
export function orgDifferences(state: OrgState, published: PublishedOrg): Difference[] {
  const orders = published.orders.map((row) => [row["order_id"] ?? "", row] as const);
  return [
    ...rowDifferences(state.rows, published),
    ...waitDifferences("salesforce", state.waiting, published),
    ...differing("sales_order", expectedOrders(state), orders),
  ];
}
