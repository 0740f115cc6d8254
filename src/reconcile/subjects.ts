import { feedsOf, modelsOf, tiesOf } from "../config/groups.ts";
import type { Feed, Group, Model, Pipeline, Tie } from "../config/pipeline.ts";
import type { Leg } from "./proof.ts";

/** What is compared in one go: a feed with all its comparisons, a curated table, or a tie. */
export type Subject = { readonly group: Group } & ({ readonly feed: Feed } | { readonly model: Model } | { readonly tie: Tie });

/** What is compared. */
export interface ProveScope {
  readonly pipeline: Pipeline;
  /** A feed, a curated table or a tie; null for all. */
  readonly only: string | null;
  readonly legs: ReadonlySet<Leg>;
}

/** The id of a feed, or the name of a table or of a tie. */
export function subjectName(subject: Subject): string {
  if ("tie" in subject) return subject.tie.name;
  return "feed" in subject ? subject.feed.id : subject.model.table;
}

/** The feeds, tables and ties of a comparison, group by group: feeds first, tables that others read before these, then ties. */
export function subjectsOf({ pipeline, only, legs }: ProveScope): Subject[] {
  const hasFeeds = legs.has("R1") || legs.has("R4");
  const hasModels = legs.has("R2") || legs.has("R4");
  const all = [...pipeline.groups.values()].flatMap((group): Subject[] => [
    ...(hasFeeds ? feedsOf(pipeline, group).map((feed) => ({ group, feed })) : []),
    ...(hasModels ? modelsOf(pipeline, group).map((model) => ({ group, model })) : []),
    ...(legs.has("R3") ? tiesOf(pipeline, group).map((tie) => ({ group, tie })) : []),
  ]);
  return all.filter((subject) => only === null || only === subjectName(subject));
}
