import { cellsOf, type Mirror, readMirror, textColumn } from "../beside/mirror.ts";
import type { Row } from "../feed.ts";
import type { Product } from "../product.ts";
import { SALES_ORDER } from "./orders.ts";
import { RECORD_FEEDS } from "./records.ts";

/** What stands of the org in the warehouse. */
export interface PublishedOrg extends Mirror {
  readonly orders: readonly Row[];
}

const ORDERS = `SELECT ${SALES_ORDER.map(([name]) => textColumn(name)).join(", ")} FROM curated.sales_order`;

/** Reads what the product has published of the org. */
export async function readPublishedOrg(product: Pick<Product, "queries">): Promise<PublishedOrg> {
  const { answers, ...mirror } = await readMirror(product, { group: "salesforce", feeds: RECORD_FEEDS, more: [ORDERS] });
  return { ...mirror, orders: (answers[0] ?? []).map((found) => cellsOf(SALES_ORDER, found)) };
}
