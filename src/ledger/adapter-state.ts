import type { Json } from "../kernel/json.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** The rows of an adapter's own state that are in force for a feed, as a query: the newest of each key, unless it removed the key. */
export function stateInForce(dialect: Dialect, { group, feed }: { group: string; feed: string }): string {
  return `SELECT n.state_key, n.state_value FROM (
  SELECT s.state_key, s.state_value, ROW_NUMBER() OVER (PARTITION BY s.state_key ORDER BY s.number DESC) AS nth
  FROM ${ops(dialect, "adapter_state")} s WHERE s.run_group = ${dialect.literal(group)} AND s.feed = ${dialect.literal(feed)}
) n WHERE n.nth = 1 AND n.state_value IS NOT NULL`;
}

/** Reads them, by key. */
export async function readAdapterState(
  session: Pick<Session, "rows">,
  dialect: Dialect,
  of: { group: string; feed: string },
): Promise<Map<string, Json>> {
  const rows = await session.rows({ name: "extract.adapter-state", sql: stateInForce(dialect, of) });
  return new Map(rows.map((row) => [row["state_key"] ?? "", JSON.parse(row["state_value"] ?? "null") as Json]));
}
