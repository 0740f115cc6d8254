import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { formatWindow } from "../kernel/window.ts";
import { kindOf, type RunRequest } from "./engine.ts";

/** One step of a run: what it does, to which feeds or tables, and whether a repeated run does it again. */
export interface Stage {
  readonly stage: "begin" | "extract" | "verify" | "judge" | "audit" | "publish";
  readonly does: string;
  readonly on: readonly string[];
  readonly repeated: "always" | "unless landed before";
}

function howRead(request: RunRequest, feed: Pick<Feed, "id" | "reads" | "how">): string {
  if (request.replay !== null) return `${feed.id} (batch ${request.replay})`;
  if (request.full || feed.reads === "whole") return `${feed.id} (whole)`;
  return `${feed.id} (from the published horizon, ${feed.how})`;
}

/** The stages of a run, as values: `ledgerloop plan` prints them and the run executes them in this order. */
export function planRun(pipeline: Pipeline, group: Group, request: RunRequest): Stage[] {
  const feeds = feedsOf(pipeline, group).filter((feed) => request.feeds === null || request.feeds.includes(feed.id));
  const ids = feeds.map((feed) => feed.id);
  const rules = feeds.reduce((sum, feed) => sum + feed.contract.rules.length, 0);
  const window = request.window ? ` for ${formatWindow(request.window)}` : "";
  return [
    {
      stage: "begin",
      does: `take the lease, raise the fence, read head and cursors${window}`,
      on: [group.name],
      repeated: "always",
    },
    {
      stage: "extract",
      does: `land bytes and control totals from one snapshot${request.keys ? ", with the complete key set" : ""}`,
      on: feeds.map((feed) => howRead(request, feed)),
      repeated: "unless landed before",
    },
    { stage: "verify", does: "read the landed bytes again against their manifests", on: ids, repeated: "always" },
    {
      stage: "judge",
      does: `label every row with all broken rules (${rules} declared), then classes, claims and parents`,
      on: ids,
      repeated: "always",
    },
    { stage: "audit", does: "control totals, shares, quarantined money, vanished keys, rules", on: ids, repeated: "always" },
    {
      stage: "publish",
      does: `one transaction (${kindOf(request)}): fence and head, staging, quarantine, curated, history, identities, ledger`,
      on: group.models,
      repeated: "always",
    },
  ];
}
