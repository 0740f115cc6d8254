import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { formatWindow } from "../kernel/window.ts";
import { asksForKeys, feedsAsked, kindText, type RunRequest, readsOf, windowOf } from "./request.ts";

/** One step of a run: what it does, to which feeds or tables, and whether a repeated run does it again. */
export interface Stage {
  readonly stage: "look" | "begin" | "extract" | "verify" | "judge" | "audit" | "publish";
  readonly does: string;
  readonly on: readonly string[];
  readonly repeated: "always" | "unless landed before";
}

function howRead(request: RunRequest, feed: Pick<Feed, "id" | "reads" | "how" | "nets">): string {
  switch (request.kind) {
    case "recompute":
      return feed.id;
    case "replay":
      return `${feed.id} (batch ${request.batch})`;
    case "whole":
      return `${feed.id} (whole)`;
    case "heal":
      return `${feed.id} (${request.keys.find((one) => one.feed === feed.id)?.keys.length ?? 0} keys)`;
    case "slice":
      return `${feed.id} (${feed.nets?.says.join(", ") ?? "no net"})`;
    case "changes":
      return feed.reads === "whole" ? `${feed.id} (whole)` : `${feed.id} (from the published horizon, ${feed.how})`;
    default:
      return request satisfies never;
  }
}

/** The feeds that a run is asked to read, or to judge; nets are asked of those that have any. */
export function feedsRead(pipeline: Pipeline, group: Group, request: RunRequest): Feed[] {
  if (request.kind === "recompute") return [];
  const asked = feedsAsked(request);
  const feeds = feedsOf(pipeline, group).filter((feed) => asked === null || asked.includes(feed.id));
  return readsOf(request) === "slice" ? feeds.filter((feed) => feed.nets !== undefined) : feeds;
}

/** What is read of the sources, and proved to be whole. */
function readingStages(request: RunRequest, feeds: readonly Feed[]): Stage[] {
  const isSlice = readsOf(request) === "slice";
  return [
    {
      stage: "extract",
      does: isSlice
        ? "land what the nets read again; hourly runs go on"
        : `land bytes and control totals of each source${asksForKeys(request) ? ", with the complete key set" : ""}`,
      on: feeds.map((feed) => howRead(request, feed)),
      repeated: isSlice ? "always" : "unless landed before",
    },
    {
      stage: "verify",
      does: "read the landed bytes again against their manifests",
      on: feeds.map((feed) => feed.id),
      repeated: "always",
    },
  ];
}

function judgingStages(group: Group, request: RunRequest, feeds: readonly Feed[]): Stage[] {
  const ids = feeds.map((feed) => feed.id);
  const rules = feeds.reduce((sum, feed) => sum + feed.contract.rules.length, 0);
  return [
    {
      stage: "judge",
      does: `label every row with all broken rules (${rules} declared), then classes, claims and parents`,
      on: ids,
      repeated: "always",
    },
    { stage: "audit", does: "control totals, shares, quarantined money, vanished keys, rules", on: ids, repeated: "always" },
    {
      stage: "publish",
      does: `one transaction (${kindText(request)}): fence and head, staging, quarantine, curated, history, identities, ledger`,
      on: group.models,
      repeated: "always",
    },
  ];
}

function recomputing(group: Group, tables: readonly string[]): Stage[] {
  return [
    { stage: "judge", does: "count what is published; no row is judged", on: [], repeated: "always" },
    { stage: "audit", does: "nothing that is not in the transaction", on: [], repeated: "always" },
    {
      stage: "publish",
      does: `one transaction (recompute): fence and head, all rows of ${tables.join(", ")} and of tables that read them, history, ledger`,
      on: group.models,
      repeated: "always",
    },
  ];
}

/** The stages of a run, as values: `ledgerloop plan` prints them and the run executes them in this order. */
export function planRun(pipeline: Pipeline, group: Group, request: RunRequest): Stage[] {
  const feeds = feedsRead(pipeline, group, request);
  const named = windowOf(request);
  const window = named ? ` for ${formatWindow(named)}` : "";
  const lead: Stage = {
    stage: "begin",
    does: `take the lease, raise the fence, read head and cursors${window}`,
    on: [group.name],
    repeated: "always",
  };
  if (request.kind === "recompute") return [lead, ...recomputing(group, request.tables)];
  const [reading, judging] = [readingStages(request, feeds), judgingStages(group, request, feeds)];
  if (readsOf(request) !== "slice") return [lead, ...reading, ...judging];
  const look: Stage = { stage: "look", does: "read head and cursors; nobody waits", on: [group.name], repeated: "always" };
  return [look, ...reading, lead, ...judging];
}
