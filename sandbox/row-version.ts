import { createHash } from "node:crypto";
import type { Feed, Row } from "./feed.ts";

/** Names one content of one row: a hash of all its column texts. */
export function rowVersion(feed: Feed, row: Row): string {
  const texts = feed.columns.map((name) => row[name] ?? null);
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
