import { createHash } from "node:crypto";
import { columnNames, type FeedId, type Row } from "./billing/tables.ts";

/** Names one content of one row: a hash of all its column texts. */
export function rowVersion(feed: FeedId, row: Row): string {
  const texts = columnNames(feed).map((name) => row[name] ?? null);
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
