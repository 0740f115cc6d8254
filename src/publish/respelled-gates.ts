import type { InsertingFeed, RespelledKeys } from "../checks/respelled-keys.ts";
import type { TallyLine } from "../checks/tally.ts";
import { feedsOf, gateLimits } from "../config/groups.ts";
import type { Group, Pipeline } from "../config/pipeline.ts";
import { hasForms } from "../warehouse/key-form.ts";
import type { MeasuredLine } from "../warehouse/measured.ts";
import { type Gate, gate } from "./gate.ts";

/**
 * The feeds of a group that a run inserts rows into and whose keys have texts, but for those whose declared limits say that every spelling is a
 * key of its own.
 */
export function insertingFeeds(
  { pipeline, group }: { readonly pipeline: Pipeline; readonly group: Group },
  { tally, stockBefore }: { readonly tally: readonly TallyLine[]; readonly stockBefore: readonly MeasuredLine[] },
): InsertingFeed[] {
  return feedsOf(pipeline, group)
    .filter((feed) => gateLimits(group, feed).respelledKeys === "warn" && hasForms(feed))
    .filter(({ id }) => tally.some((line) => line.feed === id && line.class === "inserted"))
    .map((feed) => ({ feed, isFirst: !stockBefore.some((line) => line.feed === feed.id && line.rows > 0n) }));
}

/** Tells of inserted keys that are live under another spelling, too; never blocks. */
export function respelledGates(found: readonly RespelledKeys[]): Gate[] {
  return found.map(({ feed, keys, examples }) => {
    const named = examples.map(({ key, other }) => `${JSON.stringify(key)} beside ${JSON.stringify(other)}`);
    const rest = keys > BigInt(named.length) && named.length > 0 ? " and others" : "";
    const which = named.length > 0 ? ` (${named.join(", ")}${rest})` : "";
    const way =
      "a unique rule with `normalise` keeps such rows out, `gates: { respelled_keys: ignore }` says that they are keys of their own";
    const observed = keys === 0n ? "0 keys" : `${keys} inserted keys are other spellings of live ones${which}: ${way}`;
    return gate("respelled_keys", { feed }, { holds: keys === 0n, observed, limit: "0 keys; reported" });
  });
}
