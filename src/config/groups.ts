import type { Feed, GateLimits, Group, Model, Pipeline, Tie } from "./pipeline.ts";

/** The feeds of a group, parents first. */
export function feedsOf(pipeline: Pipeline, group: Group): Feed[] {
  return group.feeds.flatMap((id) => pipeline.feeds.get(id) ?? []);
}

/** The curated tables of a group, parents first. */
export function modelsOf(pipeline: Pipeline, group: Group): Model[] {
  return group.models.flatMap((table) => pipeline.models.get(table) ?? []);
}

/** The ties over what a group publishes. */
export function tiesOf(pipeline: Pipeline, group: Group): Tie[] {
  return [...pipeline.ties.values()].filter((tie) => tie.group === group.name);
}

/** The limits of a feed's gates: its own over its group's. A currency for which the feed has no limit keeps the group's. */
export function gateLimits({ gates }: Pick<Group, "gates">, feed: Pick<Feed, "gates">): GateLimits {
  const quarantinedMinor = { ...gates.quarantinedMinor, ...feed.gates.quarantinedMinor };
  return { ...gates, ...feed.gates, quarantinedMinor };
}

/** Whether a feed with so many published rows may be read whole without anybody's decision. */
export function isReadFreely({ environment }: Pick<Pipeline, "environment">, publishedRows = 0n): boolean {
  const limit = environment.fullRefreshRows;
  return limit === undefined || publishedRows <= BigInt(limit);
}
