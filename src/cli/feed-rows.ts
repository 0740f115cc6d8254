import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { feedUnknown } from "./problems.ts";

/**
 * Reads rows of a feed, or of all (null). A feed that left the configuration is known by the rows that it left.
 * @throws Failure `usage` for one that is neither configured nor has rows.
 */
export async function rowsOfFeed<T>(pipeline: Pipeline, feed: string | null, read: () => Promise<T[]>): Promise<T[]> {
  if (feed === null || pipeline.feeds.has(feed)) return read();
  const rows = await read().catch((error: unknown) => {
    // Where no warehouse is yet, no feed has left anything in it.
    if (error instanceof Failure && error.kind === "usage") return [];
    throw error;
  });
  if (rows.length === 0) throw new Failure("usage", feedUnknown(feed, [...pipeline.feeds.keys()]));
  return rows;
}
