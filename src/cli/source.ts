import { Command } from "commander";
import { type StandingDocument, standingOf } from "../documents/standing.ts";
import { Failure } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { sourceTellsNothing, sourceUnknown } from "./problems.ts";
import { renderTable } from "./table.ts";

/** Instants of nets are midnights, or say how far back a night has come: their days are enough. */
function netsText({ days, history }: StandingDocument["feeds"][number]["nets"]): string {
  const parts = [
    ...(days === null ? [] : [`days before ${days.slice(0, 10)}`]),
    ...(history === null ? [] : [`history down to ${history.slice(0, 10)}`]),
  ];
  return parts.length === 0 ? "none yet" : parts.join(", ");
}

function feedLine({ feed, reads, from, nets }: StandingDocument["feeds"][number]) {
  const again = { "read again by nets": netsText(nets) };
  if (reads === "changes") return { feed, reads: "changes", from: `since ${from}`, ...again };
  const left = from === null ? "not begun" : `still to come: what was created before ${from}`;
  return { feed, reads: "first load", from: left, ...again };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function budgetText({ requests, seconds }: StandingDocument["budget"]): string {
  const parts = [...(requests === null ? [] : [`${requests} requests`]), ...(seconds === null ? [] : [`${seconds} s`])];
  return parts.length === 0 ? "none" : `${parts.join(", ")} a run`;
}

function render(document: StandingDocument): string {
  const { source, of, now, horizon, backlog, estimate, rate_per_second: rate } = document;
  const speed = estimate.seconds === null ? "" : `, ${duration(estimate.seconds)} at ${rate} a second`;
  const events = `${backlog.events}${backlog.more ? " or more" : ""}`;
  return [
    `${source} is ${of}. Its clock shows ${now}; a run reads up to ${horizon}.\n`,
    renderTable(document.feeds.map(feedLine)),
    `backlog: ${events} events since the feed that is furthest behind was read`,
    `next run: some ${estimate.requests} requests${speed}; budget: ${budgetText(document.budget)}`,
    ...estimate.basis.map((basis) => `  ${basis}`),
    "next: `ledgerloop run`\n",
  ].join("\n");
}

/** `ledgerloop source show` */
function showCommand(context: CommandContext): Command {
  const command = new Command("show")
    .description("how far the reads of a source have come, what has happened since, and what the next run takes; asks the source")
    .argument("<source>", "id of a source that is an API");
  return withCommonOptions(command, ["source show stripe", "source show stripe --json"]).action(
    async (id: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const source = pipeline.sources.get(id);
      if (!source) throw new Failure("usage", sourceUnknown(id, [...pipeline.sources.keys()]));
      const document = await standingOf(context.app, pipeline, source);
      if (!document) throw new Failure("usage", sourceTellsNothing(source));
      if (options.json) return printJson(context, document);
      context.out(render(document));
    },
  );
}

/** `ledgerloop source` */
export function sourceCommand(context: CommandContext): Command {
  return new Command("source").description("sources that are APIs").addCommand(showCommand(context));
}
