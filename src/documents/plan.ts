import type { DriftAction, Feed, Group, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { formatWindow } from "../kernel/window.ts";
import { findDrift } from "../publish/drift.ts";
import { feedsRead, planRun } from "../run/plan.ts";
import { kindText, type RunRequest, readsOf, windowOf } from "../run/request.ts";
import type { PendingParts } from "../sources/pending.ts";
import type { SourceColumn } from "../sources/source.ts";
import { pendingDocument } from "./pending.ts";
import type { PublishedChanges } from "./published-changes.ts";
import type { EstimateDocument } from "./standing.ts";

/** What plan cannot know without opening the warehouse. */
const OPEN_QUESTIONS = [
  "whether the window is published already, and for which feeds: the ledger in the warehouse says so when the run begins",
  "where each cursor stands: it is read in the transaction that raises the fence",
  "retyped and new columns of the source: they are compared with the last published extract when the run extracts",
];

interface PlannedFeed {
  readonly feed: string;
  readonly origin: string;
  readonly how: string;
  /** Files that the run would look at or leave; null for a feed without files, and where that cannot be said now. */
  readonly pending: readonly ReturnType<typeof pendingDocument>[] | null;
  /** Null when the source cannot be reached now. */
  readonly differences: readonly { column: string; says: string; action: DriftAction | "none" }[] | null;
}

function differences(pipeline: Pipeline, feed: Feed, columns: readonly SourceColumn[]): PlannedFeed["differences"] {
  const known = new Set(feed.contract.columns.map((c) => c.name));
  const beside = columns.filter((c) => !known.has(c.name) && !feed.needs.includes(c.name));
  return [
    ...findDrift(feed, columns, null).map(({ kind, column, says }) => ({ column, says, action: pipeline.drift[kind] })),
    ...beside.map((c) => ({
      column: c.name,
      says: `${c.name} ${c.type} is not in the contract and not loaded`,
      action: "none" as const,
    })),
  ];
}

type Now = Map<string, SourceColumn[]> | Failure;
type Pending = ReadonlyMap<string, PendingParts[]> | null;

function plannedFeeds(
  pipeline: Pipeline,
  feeds: readonly Feed[],
  { request, now, pending }: { request: RunRequest; now: Now; pending: Pending },
): PlannedFeed[] {
  return feeds.map((feed) => ({
    feed: feed.id,
    origin: feed.origin,
    how: readsOf(request) === "slice" ? (feed.nets?.says.join("; ") ?? "") : feed.how,
    pending: pending?.get(feed.id)?.map(pendingDocument) ?? null,
    differences: now instanceof Failure ? null : differences(pipeline, feed, now.get(feed.id) ?? []),
  }));
}

/** What a run would do, as `plan` shows it. */
export function planDocument(planned: {
  published: PublishedChanges;
  group: Group;
  request: RunRequest;
  pipeline: Pipeline;
  now: Now;
  pending: Pending;
  requests: readonly EstimateDocument[];
}) {
  const { group, request, pipeline, now, published, pending, requests } = planned;
  const feeds = feedsRead(pipeline, group, request);
  const window = windowOf(request);
  return {
    group: group.name,
    kind: kindText(request),
    window: window && formatWindow(window),
    schedule: group.schedule ?? null,
    source_problem: now instanceof Failure ? (now.problems[0]?.says ?? null) : null,
    feeds: plannedFeeds(pipeline, feeds, { request, now, pending }),
    stages: planRun(pipeline, group, request),
    requests,
    warehouse: published,
    open_questions: OPEN_QUESTIONS,
  };
}

export type PlanDocument = ReturnType<typeof planDocument>;
