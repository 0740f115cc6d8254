import type { Judgement } from "../checks/judge.ts";
import { ENTERS, isOneOf } from "../checks/row-class.ts";
import { modelsOf } from "../config/groups.ts";
import type { Model } from "../config/pipeline.ts";
import { feedOf, rowsOfView, viewOfRows } from "../schema/curated-views.ts";
import { isRecomputed } from "../schema/recompute.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { keepOfView } from "./curated.ts";
import type { PublicationPlan } from "./publication.ts";
import { type FeedChange, replacedRows } from "./staging.ts";
import { touchedModels } from "./touched.ts";

/** What the judged rows do to each feed's published ones. */
export function feedChanges({ feeds, tally, vanished }: Judgement): FeedChange[] {
  return feeds.map(({ input }) => ({
    input,
    hasUpdated: tally.some((line) => line.feed === input.feed.id && line.class === "updated"),
    hasVanished: vanished.some((line) => line.feed === input.feed.id),
  }));
}

/** Whether the judged rows change any data; an hour without changes publishes its ledger rows alone. */
function changesData(judgement: Judgement): boolean {
  return judgement.vanished.length > 0 || judgement.tally.some((line) => isOneOf(ENTERS, line.class));
}

/** The models of a group that a publication writes: those that changed rows reach, and those that are computed whole. */
export function writtenModels({ pipeline, group, judgement, recompute, named }: PublicationPlan): Model[] {
  const models = modelsOf(pipeline, group);
  const reached = touchedModels(models, changesData(judgement) ? feedChanges(judgement) : [], named);
  return models.filter((model) => reached.includes(model) || isRecomputed(recompute, model));
}

/** The models that a publication writes by writing staging. */
function writtenViews(plan: PublicationPlan): Model[] {
  return writtenModels(plan).filter(({ table }) => plan.views.has(table));
}

/** What the rows of a view are made by. */
function madeBy({ recorded, baseHead: head }: PublicationPlan, { table }: Model) {
  return { eras: recorded.eras.get(table) ?? [], head };
}

/**
 * Makes the views that are to be others from this publication on: of its SELECT where it is the first, with its version of the contract, and where
 * rows are named, whatever the view says that it was made of.
 */
export function viewsAnew(dialect: Dialect, plan: PublicationPlan): Statement[] {
  const { pipeline, views, named } = plan;
  const markOf = ({ table }: Model) => (named.some((keys) => keys.table === table) ? null : views.get(table));
  return writtenViews(plan).flatMap((model) =>
    viewOfRows(dialect, model, { ...madeBy(plan, model), feed: feedOf(model, pipeline), marked: markOf(model) }),
  );
}

/** What keeps the rows of views that a publication replaces; before staging is written. */
export function historyOfViews(dialect: Dialect, plan: PublicationPlan): Statement[] {
  const { pipeline, writing } = plan;
  const changes = feedChanges(plan.judgement);
  return writtenViews(plan).flatMap((model) => {
    const { id } = feedOf(model, pipeline);
    const change = changes.find(({ input }) => input.feed.id === id);
    const replaced = change ? replacedRows(dialect, change, "s.*") : null;
    if (replaced === null) return [];
    const rows = rowsOfView(dialect, model, { ...madeBy(plan, model), from: `(\n${replaced}\n)` });
    return [keepOfView(dialect, model, { rows, writing })];
  });
}
