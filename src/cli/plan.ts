import { Command } from "commander";
import { feedsOf } from "../config/groups.ts";
import type { DriftAction, Feed, Group, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { formatWindow } from "../kernel/window.ts";
import { findDrift } from "../publish/drift.ts";
import { planRun } from "../run/plan.ts";
import { feedsAsked, kindText, type RunRequest, windowOf } from "../run/request.ts";
import type { SourceColumn } from "../sources/source.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { showWarnings } from "./fail.ts";
import { changesText, type PublishedChanges, publishedChanges } from "./published-changes.ts";
import { type RunOptions, requestOf, withRunOptions } from "./run.ts";
import { renderTable } from "./table.ts";

/** What plan cannot know without opening the warehouse. */
const OPEN_QUESTIONS = [
  "whether the window is published already, and for which feeds: the ledger in the warehouse says so when the run begins",
  "where each cursor stands: it is read in the transaction that raises the fence",
  "retyped and new columns of the source: they are compared with the last published extract when the run extracts",
];

interface PlanOptions extends RunOptions {
  readonly data?: boolean;
}

interface PlannedFeed {
  readonly feed: string;
  readonly origin: string;
  readonly how: string;
  /** Null when the source cannot be reached now. */
  readonly differences: readonly { column: string; says: string; action: DriftAction | "none" }[] | null;
}

async function columnsNow(context: CommandContext, pipeline: Pipeline): Promise<Map<string, SourceColumn[]> | Failure> {
  try {
    return await context.app.look.describeSources(pipeline);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
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

function plannedFeeds(pipeline: Pipeline, feeds: readonly Feed[], now: Map<string, SourceColumn[]> | Failure): PlannedFeed[] {
  return feeds.map((feed) => ({
    feed: feed.id,
    origin: feed.origin,
    how: feed.how,
    differences: now instanceof Failure ? null : differences(pipeline, feed, now.get(feed.id) ?? []),
  }));
}

function documentOf(planned: {
  published: PublishedChanges;
  group: Group;
  request: RunRequest;
  pipeline: Pipeline;
  now: Map<string, SourceColumn[]> | Failure;
}) {
  const { group, request, pipeline, now, published } = planned;
  const asked = feedsAsked(request);
  const feeds = feedsOf(pipeline, group).filter((feed) => asked === null || asked.includes(feed.id));
  const window = windowOf(request);
  return {
    group: group.name,
    kind: kindText(request),
    window: window && formatWindow(window),
    schedule: group.schedule ?? null,
    source_problem: now instanceof Failure ? (now.problems[0]?.says ?? null) : null,
    feeds: plannedFeeds(pipeline, feeds, now),
    stages: planRun(pipeline, group, request),
    warehouse: published,
    open_questions: OPEN_QUESTIONS,
  };
}

function differencesText({ feeds, source_problem }: ReturnType<typeof documentOf>): string {
  if (source_problem !== null) return `source columns: not compared. ${source_problem}\n`;
  const lines = feeds.flatMap((f) =>
    (f.differences ?? []).map((d) => ({
      feed: f.feed,
      difference: d.says,
      "a run would": d.action === "none" ? "go on" : d.action,
    })),
  );
  return lines.length === 0 ? "source columns: as the contracts say\n" : renderTable(lines);
}

function render(context: CommandContext, plan: ReturnType<typeof documentOf>): void {
  context.out(`${plan.kind} run of group ${plan.group}${plan.window ? ` for ${plan.window}` : ""}\n\n`);
  const stages = plan.stages.map((s) => ({ stage: s.stage, does: s.does, repeated: s.repeated }));
  context.out(renderTable(stages));
  context.out(`\n${renderTable(plan.feeds.map(({ feed, origin, how }) => ({ feed, origin, how })))}`);
  context.out(
    `\n${differencesText(plan)}${changesText(plan.warehouse)}\nnot known before the run:\n${plan.open_questions.map((q) => `  ${q}\n`).join("")}`,
  );
}

function nextAfter({ window, warehouse }: ReturnType<typeof documentOf>): string {
  const stops = warehouse.stops.length;
  if (stops > 0)
    return `a run would stop at ${stops === 1 ? "what is" : `the ${stops} things`} named above, each with what to do`;
  return `\`ledgerloop run${window ? ` --window ${window}` : ""}\` with the same options`;
}

/** `ledgerloop plan` */
export function planCommand(context: CommandContext): Command {
  const command = withRunOptions(
    new Command("plan").description(
      "show what a run with the same options would do, and how the source differs from the contracts",
    ),
  );
  command.option(
    "--data",
    "count published rows that break rules which are new or changed; reads every published row of those feeds",
  );
  return withCommonOptions(command, [
    "plan --data",
    "plan --window 2026-11-23T09:00:00Z/2026-11-23T10:00:00Z --feeds billing.invoices --json",
  ]).action(async (options: PlanOptions & CommonOptions) => {
    const { pipeline, warnings } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    showWarnings(context, warnings);
    const request = requestOf(pipeline, options);
    const group = pipeline.groups.get(request.group);
    if (!group) throw new Error(`no group ${request.group}`);
    const published = await publishedChanges(context, { pipeline, group, request, data: options.data ?? false });
    const plan = documentOf({ group, request, pipeline, published, now: await columnsNow(context, pipeline) });
    if (options.json) return printJson(context, plan);
    render(context, plan);
    context.out(`next: ${nextAfter(plan)}\n`);
  });
}
