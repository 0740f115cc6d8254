import { projectionOf } from "../sql/projection.ts";
import { stagingName } from "./link-feeds.ts";
import type { Feed, Model } from "./pipeline.ts";

const isSame = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((name) => b.includes(name));

/** The feed whose staging table a model's query is a projection of; undefined where it is none. */
export function feedViewed(select: string, feeds: ReadonlyMap<string, Feed>): Feed | undefined {
  const found = projectionOf(select);
  if (typeof found === "string" || found.schema !== "staging") return undefined;
  return [...feeds.values()].find(({ id }) => stagingName(id) === found.relation);
}

/**
 * Why the rows of a model cannot be read from staging instead of being stored, as the end of the sentence "the query …": each has to be that of
 * one row of one feed, under its source key, and a key has to stay one row, live or a tombstone.
 * @returns undefined where they can.
 */
export function notAsView({ select, key, touches }: Model, feeds: ReadonlyMap<string, Feed>): string | undefined {
  const found = projectionOf(select);
  if (typeof found === "string") return found;
  const feed = feedViewed(select, feeds);
  if (!feed) return "reads no feed";
  const keys = key.map((name) => found.plain.get(name.toLowerCase()) ?? "");
  const sourceKey = feed.sourceKey.map((name) => name.toLowerCase());
  if (!isSame(keys, sourceKey) || !isSame(feed.sourceKey, feed.businessKey))
    return `has another key than the rows of ${feed.id} (source key ${feed.sourceKey.join(", ")}, business key ${feed.businessKey.join(", ")})`;
  const [touch] = touches;
  const isByKey = touches.length === 1 && touch && "columns" in touch && !touch.through;
  return isByKey && isSame(touch.columns, feed.sourceKey) ? undefined : "is touched by other columns than its key";
}
