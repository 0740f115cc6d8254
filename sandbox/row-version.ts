import { createHash } from "node:crypto";
import type { Feed, Row } from "./feed.ts";
import { BYTES } from "./world/sent-file.ts";

/** Names one content of one row: a hash of all its column texts, or of the bytes that no reader could take apart. */
export function rowVersion(feed: Feed, row: Row): string {
  const texts = [...feed.columns, BYTES].map((name) => row[name] ?? null);
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
