import { feedsOf, modelsOf } from "../config/groups.ts";
import type { Feed, Group, Model, Pipeline } from "../config/pipeline.ts";
import type { Leg } from "./proof.ts";

/** What is compared in one go: a feed with all its comparisons, or a curated table. */
export type Subject = { readonly group: Group } & ({ readonly feed: Feed } | { readonly model: Model });

/** What is compared. */
export interface ProveScope {
  readonly pipeline: Pipeline;
  /** A feed or a curated table; null for all. */
  readonly only: string | null;
  readonly legs: ReadonlySet<Leg>;
}

/** The id of a feed, or the name of a table. */
export function subjectName(subject: Subject): string {
  return "feed" in subject ? subject.feed.id : subject.model.table;
}

/** The feeds and tables of a comparison, group by group: feeds first, tables that others read before these. */
export function subjectsOf({ pipeline, only, legs }: ProveScope): Subject[] {
  const hasFeeds = legs.has("R1") || legs.has("R4");
  const hasModels = legs.has("R2") || legs.has("R4");
  const all = [...pipeline.groups.values()].flatMap((group): Subject[] => [
    ...(hasFeeds ? feedsOf(pipeline, group).map((feed) => ({ group, feed })) : []),
    ...(hasModels ? modelsOf(pipeline, group).map((model) => ({ group, model })) : []),
  ]);
  return all.filter((subject) => only === null || only === subjectName(subject));
}
