import type { Json } from "../kernel/json.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText, or } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** A line of an adapter's own state, as a publication wrote it. */
export interface StateLine {
  readonly feed: string;
  readonly key: string;
  readonly value: Json;
  readonly publicationId: string;
  /** Of the publication in its group. */
  readonly number: bigint;
  /** When it was published, ISO 8601 in UTC. */
  readonly at: string;
  /** Object key of the manifest of what was landed with it; null where it came without an extract. */
  readonly manifest: string | null;
}

interface FeedOfGroup {
  readonly group: string;
  readonly id: string;
}

function columnsOf(dialect: Dialect): string {
  const at = dialect.landedText("p.published_at", { kind: "timestamp" });
  return `n.feed, n.state_key, n.state_value, n.publication_id, ${asText("n.number")} AS number, ${at} AS published_at`;
}

/** The lines in force of some feeds, each with the publication that wrote it. */
export function partsNow(dialect: Dialect, feeds: readonly FeedOfGroup[]): Statement {
  const isOf = feeds.map(({ group, id }) => `(s.run_group = ${dialect.literal(group)} AND s.feed = ${dialect.literal(id)})`);
  return {
    name: "parts.now",
    sql: `SELECT ${columnsOf(dialect)}, NULL AS manifest FROM (
  SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.feed, s.state_key ORDER BY s.number DESC) AS nth
  FROM ${ops(dialect, "adapter_state")} s WHERE ${or(isOf)}
) n
JOIN ${ops(dialect, "publication")} p ON p.publication_id = n.publication_id
WHERE n.nth = 1 AND n.state_value IS NOT NULL`,
  };
}

/** All lines that were ever written of one key, the oldest first, under each of the names that its feed has had. */
export function partOverTime(
  dialect: Dialect,
  { group, feeds, key }: { group: string; feeds: readonly string[]; key: string },
): Statement {
  return {
    name: "parts.over-time",
    sql: `SELECT ${columnsOf(dialect)}, b.manifest FROM ${ops(dialect, "adapter_state")} n
JOIN ${ops(dialect, "publication")} p ON p.publication_id = n.publication_id
LEFT JOIN ${ops(dialect, "batch")} b ON b.publication_id = n.publication_id AND b.feed = n.feed
WHERE n.run_group = ${dialect.literal(group)} AND n.feed IN (${feeds.map((feed) => dialect.literal(feed)).join(", ")})
  AND n.state_key = ${dialect.literal(key)} AND n.state_value IS NOT NULL
ORDER BY n.number`,
  };
}

/** Reads a line of either. */
export function stateLine(row: TextRow): StateLine {
  return {
    feed: row["feed"] ?? "",
    key: row["state_key"] ?? "",
    value: JSON.parse(row["state_value"] ?? "null") as Json,
    publicationId: row["publication_id"] ?? "",
    number: BigInt(row["number"] ?? "0"),
    at: isoInstant(row["published_at"]) ?? "",
    manifest: row["manifest"] ?? null,
  };
}
