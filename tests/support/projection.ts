import type { House } from "./engine.ts";

/** What a reader can tell of a house's warehouse, without ids and times. */
export async function projectionOf(house: Pick<House, "query">): Promise<unknown> {
  const queries = [
    "select entry_id, account_id, amount, currency, memo, deleted_at is null as live from curated.entry__rows order by all",
    "select account_id, name, deleted_at is null as live from curated.account__rows order by all",
    "select feed, kind, source_key, reasons, copies from ops.open_quarantine order by all",
    "select feed, currency, class, sum(row_count) as n, sum(minor) as m from ops.flow where class not in ('extracted', 'unchanged', 'closing_stock') group by all order by all",
  ];
  const found: unknown[] = [];
  for (const sql of queries) found.push(await house.query(sql));
  return found;
}
