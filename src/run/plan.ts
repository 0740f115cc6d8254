import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { formatWindow } from "../kernel/window.ts";
import { asksForKeys, feedsAsked, kindText, type RunRequest, windowOf } from "./request.ts";

/** One step of a run: what it does, to which feeds or tables, and whether a repeated run does it again. */
export interface Stage {
  readonly stage: "begin" | "extract" | "verify" | "judge" | "audit" | "publish";
  readonly does: string;
  readonly on: readonly string[];
  readonly repeated: "always" | "unless landed before";
}

function howRead(request: RunRequest, feed: Pick<Feed, "id" | "reads" | "how">): string {
  switch (request.kind) {
    case "replay":
      return `${feed.id} (batch ${request.batch})`;
    case "whole":
      return `${feed.id} (whole)`;
    case "changes":
      return feed.reads === "whole" ? `${feed.id} (whole)` : `${feed.id} (from the published horizon, ${feed.how})`;
    default:
      return request satisfies never;
  }
}

/** The stages of a run, as values: `ledgerloop plan` prints them and the run executes them in this order. */
export function planRun(pipeline: Pipeline, group: Group, request: RunRequest): Stage[] {
  const asked = feedsAsked(request);
  const feeds = feedsOf(pipeline, group).filter((feed) => asked === null || asked.includes(feed.id));
  const ids = feeds.map((feed) => feed.id);
  const rules = feeds.reduce((sum, feed) => sum + feed.contract.rules.length, 0);
  const named = windowOf(request);
  const window = named ? ` for ${formatWindow(named)}` : "";
  return [
    {
      stage: "begin",
      does: `take the lease, raise the fence, read head and cursors${window}`,
      on: [group.name],
      repeated: "always",
    },
    {
      stage: "extract",
      does: `land bytes and control totals of each source${asksForKeys(request) ? ", with the complete key set" : ""}`,
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
      does: `one transaction (${kindText(request)}): fence and head, staging, quarantine, curated, history, identities, ledger`,
      on: group.models,
      repeated: "always",
    },
  ];
}
