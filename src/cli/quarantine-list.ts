import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { formatMoneyList } from "../documents/money.ts";
import { type FeedWaiting, feedWaitingDocument, type Waiting, waitingByFeed } from "../documents/waiting.ts";
import { askInstants, asOf } from "../lineage/as-of.ts";
import { reading } from "../ports/reading.ts";
import { listOpen, openLine } from "../quarantine/list-open.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { rowsOfFeed } from "./feed-rows.ts";
import { renderTable } from "./table.ts";

interface ListOptions extends CommonOptions {
  readonly feed?: string;
  readonly together?: boolean;
}

const SPREAD = "a row with several reasons stands under each of them and once in its feed's total\n";

function render(pipeline: Pipeline, feeds: readonly FeedWaiting[]): string {
  const money = (w: Waiting) => formatMoneyList(w.money, pipeline.currencies);
  const reasons = feeds.flatMap((f) =>
    f.reasons.map((r) => ({
      feed: f.feed,
      kind: r.kind,
      reason: r.reason,
      rows: r.rows.toString(),
      money: r.kind === "unreadable" ? "not readable" : money(r),
      oldest: r.oldest,
    })),
  );
  const totals = feeds.map((f) => ({ feed: f.feed, "rows in all": f.rows.toString(), money: money(f), oldest: f.oldest }));
  const gone = feeds.filter((f) => !pipeline.feeds.has(f.feed)).map((f) => f.feed);
  const note = gone.length === 0 ? "" : `not in the configuration any more, and judged by no run: ${gone.join(", ")}\n`;
  return `${renderTable(reasons)}\n${renderTable(totals)}${note}`;
}

/** `ledgerloop quarantine list` */
export function quarantineListCommand(context: CommandContext): Command {
  const command = new Command("list")
    .description("count the rows that wait, by feed, kind and reason, with their money and the oldest one")
    .option("--feed <id>", "only rows of this feed")
    .option("--together", "count rows by all their reasons together, each row once");
  return withCommonOptions(command, ["quarantine list", "quarantine list --feed billing.invoices --together"]).action(
    async (options: ListOptions) => {
      const pipeline = await pipelineOf(context, options);
      const { feed = null } = options;
      const instants = new Map<string, string | null>();
      const read = () =>
        reading(context.app, pipeline, async (ask, dialect) => {
          for (const [id, at] of await askInstants(pipeline, ask, dialect)) instants.set(id, at);
          return (await ask(listOpen(dialect, feed))).map(openLine);
        });
      const feeds = waitingByFeed(await rowsOfFeed(pipeline, feed, read), options.together ? "together" : "each");
      const named = { feeds: feeds.map((of) => of.feed), tables: [] };
      if (options.json)
        return printJson(context, { feeds: feeds.map(feedWaitingDocument), as_of: asOf(pipeline, instants, named) });
      if (feeds.length === 0) return context.out("no row waits\n");
      context.out(
        `${render(pipeline, feeds)}${options.together ? "" : SPREAD}next: \`ledgerloop quarantine show --feed ${feeds[0]?.feed}\`\n`,
      );
    },
  );
}
