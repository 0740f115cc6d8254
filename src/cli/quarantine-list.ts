import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { jsonAmount } from "../kernel/json.ts";
import { listOpen, type OpenLine, openLine } from "../quarantine/list-open.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { rowsOfFeed } from "./feed-rows.ts";
import { formatMoneyList, type MinorByCurrency, moneyDocument } from "./money.ts";
import { reading } from "./reading.ts";
import { renderTable } from "./table.ts";

/** A total over some lines. */
interface Waiting {
  readonly rows: bigint;
  readonly money: MinorByCurrency;
  readonly oldest: string;
}

function total(lines: readonly OpenLine[]): Waiting {
  const money = new Map<string, bigint>();
  for (const { currency, minor } of lines) money.set(currency, (money.get(currency) ?? 0n) + minor);
  const oldest = lines.map((line) => line.oldest).sort()[0] ?? "";
  return { rows: lines.reduce((sum, line) => sum + line.rows, 0n), money, oldest };
}

interface FeedWaiting extends Waiting {
  readonly feed: string;
  /** A row with two reasons counts under both; the feed's total counts it once. */
  readonly reasons: readonly (Waiting & { readonly kind: string; readonly reason: string })[];
}

function byFeed(lines: readonly OpenLine[]): FeedWaiting[] {
  return [...grouped(lines, (line) => line.feed)].map(([feed, mine]) => {
    const spread = mine.flatMap((line) => line.reasons.map((reason) => ({ line, reason })));
    const reasons = [...grouped(spread, ({ line, reason }) => `${line.kind}\n${reason}`).values()].map((group) => ({
      kind: group[0]?.line.kind ?? "",
      reason: group[0]?.reason ?? "",
      ...total(group.map(({ line }) => line)),
    }));
    return { feed, ...total(mine), reasons };
  });
}

const waitingDocument = ({ rows, money, oldest }: Waiting) => ({ rows: jsonAmount(rows), money: moneyDocument(money), oldest });

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
  return `${renderTable(reasons)}\n${renderTable(totals)}${note}a row with several reasons stands under each of them and once in its feed's total\n`;
}

/** `ledgerloop quarantine list` */
export function quarantineListCommand(context: CommandContext): Command {
  const command = new Command("list")
    .description("count the rows that wait, by feed, kind and reason, with their money and the oldest one")
    .option("--feed <id>", "only rows of this feed");
  return withCommonOptions(command, ["quarantine list", "quarantine list --feed billing.invoices --json"]).action(
    async (options: CommonOptions & { feed?: string }) => {
      const pipeline = await pipelineOf(context, options);
      const { feed = null } = options;
      const read = () => reading(context, pipeline, async (ask, dialect) => (await ask(listOpen(dialect, feed))).map(openLine));
      const feeds = byFeed(await rowsOfFeed(pipeline, feed, read));
      if (options.json) {
        const documents = feeds.map((f) => ({
          feed: f.feed,
          ...waitingDocument(f),
          reasons: f.reasons.map((r) => ({ kind: r.kind, reason: r.reason, ...waitingDocument(r) })),
        }));
        return printJson(context, { feeds: documents });
      }
      if (feeds.length === 0) return context.out("no row waits\n");
      context.out(`${render(pipeline, feeds)}next: \`ledgerloop quarantine show --feed ${feeds[0]?.feed}\`\n`);
    },
  );
}
