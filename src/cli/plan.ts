import { Command } from "commander";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { pendingFiles } from "../documents/pending.ts";
import { type PlanDocument, planDocument } from "../documents/plan.ts";
import { publishedChanges } from "../documents/published-changes.ts";
import { estimatesOf } from "../documents/standing.ts";
import { Failure } from "../kernel/problem.ts";
import { feedsRead } from "../run/plan.ts";
import type { SourceColumn } from "../sources/source.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { showWarnings } from "./fail.ts";
import { changesText } from "./published-changes-text.ts";
import { type RunOptions, requestOf, withRunOptions } from "./run.ts";
import { renderTable } from "./table.ts";

interface PlanOptions extends RunOptions {
  readonly data?: boolean;
}

/** Columns of feeds at their sources. No other source is asked: it may be away, or of a group that nobody set up. */
async function columnsNow(
  context: CommandContext,
  pipeline: Pipeline,
  feeds: readonly Feed[],
): Promise<Map<string, SourceColumn[]> | Failure> {
  const sources = new Map([...pipeline.sources].filter(([id]) => feeds.some((feed) => feed.source === id)));
  const asked = { ...pipeline, sources, feeds: new Map(feeds.map((feed) => [feed.id, feed])) };
  try {
    return await context.app.look.describeSources(asked);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function differencesText({ feeds, source_problem }: PlanDocument): string {
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

type Pending = NonNullable<PlanDocument["feeds"][number]["pending"]>[number];

const PENDING: Readonly<Record<Pending["is"], string>> = {
  new: "new",
  changed: "changed",
  again: "looked at again",
  unsettled: "left for the next run: written to just now",
  gone: "gone",
};

function pendingText({ feeds }: PlanDocument): string {
  const lines = feeds.flatMap(({ feed, pending }) => {
    if (pending === null) return [];
    if (pending.length === 0) return [`${feed}: no new file\n`];
    return pending.map(({ is, files, first }) => {
      const more = files > first.length ? [`${files - first.length} more`] : [];
      return `${feed}: ${files} ${PENDING[is]}: ${[...first, ...more].join(", ")}\n`;
    });
  });
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}

/** What a run would ask of sources that are APIs, and on what basis that is said. */
function requestsText({ requests }: PlanDocument): string {
  return requests
    .map(({ source, requests: count, seconds, basis, problem }) => {
      if (problem !== null) return `requests to ${source}: not known. ${problem}\n`;
      const time = seconds === null ? "" : `, ${seconds} s at its rate`;
      return [`requests to ${source}: some ${count}${time}`, ...basis.map((b) => `  ${b}`), ""].join("\n");
    })
    .join("");
}

function render(context: CommandContext, plan: PlanDocument): void {
  context.out(`${plan.kind} run of group ${plan.group}${plan.window ? ` for ${plan.window}` : ""}\n\n`);
  const stages = plan.stages.map((s) => ({ stage: s.stage, does: s.does, repeated: s.repeated }));
  context.out(renderTable(stages));
  context.out(`\n${renderTable(plan.feeds.map(({ feed, origin, how }) => ({ feed, origin, how })))}`);
  context.out(
    `${pendingText(plan)}\n${requestsText(plan)}${differencesText(plan)}${changesText(plan.warehouse)}\nnot known before the run:\n${plan.open_questions.map((q) => `  ${q}\n`).join("")}`,
  );
}

function nextAfter({ window, warehouse }: PlanDocument): string {
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
    const published = await publishedChanges(context.app, { pipeline, group, request, data: options.data ?? false });
    const feeds = feedsRead(pipeline, group, request);
    const pending = await pendingFiles(context.app, { pipeline, feeds, request });
    const requests = await estimatesOf(context.app, { pipeline, request, feeds });
    const now = await columnsNow(context, pipeline, feeds);
    const plan = planDocument({ group, request, pipeline, published, pending, requests, now });
    if (options.json) return printJson(context, plan);
    render(context, plan);
    context.out(`next: ${nextAfter(plan)}\n`);
  });
}
