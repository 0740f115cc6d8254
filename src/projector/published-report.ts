import type { Pipeline } from "../config/pipeline.ts";
import { formatWindow, type Window } from "../kernel/window.ts";
import type { PublicationLine } from "../ledger/publications.ts";
import { asOf } from "../lineage/as-of.ts";
import { flowLines } from "../publish/flow-terms.ts";
import { summarizeRules } from "../publish/rule-verdicts.ts";
import type { VerdictRecord } from "../store/operations/record-verdicts.ts";
import { isoInstant } from "../warehouse/instants.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { feedReports, type RunReport, recordReport } from "./run-report.ts";

/** What the ledger says of one publication. */
export interface PublishedFacts {
  readonly group: string;
  readonly publication: PublicationLine;
  readonly window: Window | null;
  readonly verdicts: readonly VerdictRecord[];
  /** Rows of `ops.flow` and the feeds of its group. */
  readonly flow: readonly TextRow[];
  readonly feeds: readonly TextRow[];
}

/** Today's order of the feeds of then; those that left come last. */
function inOrder(order: readonly string[], feeds: readonly string[]): string[] {
  const place = (feed: string) => (order.includes(feed) ? order.indexOf(feed) : order.length);
  return [...feeds].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** The document of a run as the ledger tells it: without stages and costs, which its process alone knew. */
export function publishedReport(pipeline: Pipeline, facts: PublishedFacts): RunReport {
  const { group, publication, window, verdicts } = facts;
  const flow = flowLines(
    facts.flow.map((row) => ({
      feed: row["feed"] ?? "",
      currency: row["currency"] ?? "",
      class: row["class"] ?? "",
      amount: { rows: BigInt(row["row_count"] ?? "0"), minor: BigInt(row["minor"] ?? "0") },
    })),
  );
  // An earlier version noted no horizon for a replay.
  const named = [...facts.feeds, ...facts.flow].map((row) => row["feed"] ?? "");
  const feeds = inOrder(pipeline.groups.get(group)?.feeds ?? [], [...new Set(named)]);
  const instants = new Map(facts.feeds.map((row) => [row["feed"] ?? "", isoInstant(row["as_of"])]));
  return {
    run_id: publication.runId,
    group,
    window: window && formatWindow(window),
    publication_id: publication.publicationId,
    outcome: "published",
    exit_code: 0,
    message: null,
    feeds: feedReports(flow, feeds),
    gates: verdicts
      .filter(({ scope }) => scope === "gate")
      .map(recordReport)
      .sort((a, b) => (a.gate < b.gate ? -1 : 1)),
    rules: summarizeRules(verdicts.filter(({ scope }) => scope === "rule")),
    as_of: asOf(pipeline, instants, { feeds, tables: pipeline.groups.get(group)?.models ?? [] }),
    stages: [],
    warehouse: null,
  };
}
