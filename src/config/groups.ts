import type { Feed, Group, Model, Pipeline } from "./pipeline.ts";

/** The feeds of a group, parents first. */
export function feedsOf(pipeline: Pipeline, group: Group): Feed[] {
  return group.feeds.flatMap((id) => pipeline.feeds.get(id) ?? []);
}

/** The curated tables of a group, parents first. */
export function modelsOf(pipeline: Pipeline, group: Group): Model[] {
  return group.models.flatMap((table) => pipeline.models.get(table) ?? []);
}
