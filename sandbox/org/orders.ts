import type { MirroredFeed } from "../beside/mirror.ts";
import type { Row } from "../feed.ts";
import { type OrgState, rowsOf } from "./expectation.ts";
import { ACCOUNTS, ORDERS } from "./records.ts";

/** Columns of the curated table, and how they read. */
export const SALES_ORDER: MirroredFeed["columns"] = [
  ["order_id", "text"],
  ["order_number", "text"],
  ["account_id", "text"],
  ["account_name", "text"],
  ["status", "text"],
  ["currency", "text"],
  ["amount_minor", "text"],
  ["effective_on", "text"],
  ["created_at", "instant"],
];

/** Hundredths of an amount: all of the org's currencies have two decimals. */
function hundredths(amount: string): string {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(`${whole}${fraction.padEnd(2, "0")}`).toString();
}

/** The rows of `sales_order` that follow from what should be published, by order. */
export function expectedOrders(state: OrgState): ReadonlyMap<string, Row> {
  const accounts = rowsOf(state, ACCOUNTS);
  const live = [...rowsOf(state, ORDERS)].filter(([, { deleted }]) => !deleted);
  return new Map(
    live.map(([id, { cells }]) => {
      const account = accounts.get(cells["account_id"] ?? "");
      const own = {
        order_id: id,
        account_name: account && !account.deleted ? (account.cells["name"] ?? null) : null,
        amount_minor: hundredths(cells["total_amount"] ?? "0"),
        effective_on: cells["effective_date"] ?? null,
      };
      return [id, { ...Object.fromEntries(SALES_ORDER.map(([name]) => [name, cells[name] ?? null])), ...own }];
    }),
  );
}
