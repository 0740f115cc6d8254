import { Command, Option } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { termsDocument } from "../documents/terms.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { TERMS, type Term, type TermKey } from "../proofs/terms.ts";
import { type FeedTerms, feedTerms, type ListedTerm } from "../reconcile/feed-terms.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { requireKnown } from "./known-subject.ts";
import { limitArgument } from "./limit-argument.ts";
import { equationLines, keyText, progressOf, sideMoney, TERM_WORDS } from "./reconcile-text.ts";
import { untilStopped } from "./stop-signal.ts";
import { renderTable } from "./table.ts";

/** Keys of a term that are listed unasked, and at most: they are held in memory. */
const [USUAL, MOST] = [20, 999_999];

interface TermsOptions extends CommonOptions {
  readonly term?: readonly Term[];
  readonly limit: number;
}

function keyLine({ currencies }: Pipeline, key: TermKey) {
  return { key: keyText(key), source: sideMoney(key.source, currencies), published: sideMoney(key.live, currencies) };
}

function termText(pipeline: Pipeline, { term, all, keys }: ListedTerm): string {
  const more = all - BigInt(keys.length);
  const rest = more > 0n ? `and ${more} more: --limit ${all}\n` : "";
  const shown = keys.length === 0 ? "none\n" : renderTable(keys.map((key) => keyLine(pipeline, key)));
  return `\n${TERM_WORDS[term]}: ${all} keys\n${shown}${rest}`;
}

function render(context: CommandContext, pipeline: Pipeline, { proof, listed }: FeedTerms): void {
  const { equation } = proof;
  if (!equation) {
    context.out(`${proof.of} was not compared: ${proof.notProven ?? ""}\n`);
    return;
  }
  context.out(`${proof.of} beside its source, as of ${equation.asOf ?? "no reading"}\n`);
  for (const line of [...equationLines(equation.terms, pipeline.currencies), ...proof.says]) context.out(`  ${line}\n`);
  for (const term of listed) context.out(termText(pipeline, term));
}

/** `ledgerloop reconcile terms FEED` */
export function reconcileTermsCommand(context: CommandContext): Command {
  const command = new Command("terms")
    .description(
      "list what became of a feed's rows beside its source, key by key: what waits, is in flight, is gone or is a break",
    )
    .argument("<feed>", "id of a feed")
    .addOption(new Option("--term <terms...>", "only these terms; all but equal without it").choices(TERMS))
    .option("--limit <n>", "keys of each term", limitArgument(MOST), USUAL);
  return withCommonOptions(command, [
    "reconcile terms billing.invoices",
    "reconcile terms billing.invoices --term in_flight --json",
  ]).action(async (feed: string, options: TermsOptions) => {
    const pipeline = await pipelineOf(context, options);
    requireKnown(feed, [...pipeline.feeds.keys()]);
    const terms = options.term ?? TERMS.filter((term) => term !== "equal");
    const tools = await context.app.look.provingTools(pipeline);
    const { clear, ...progress } = progressOf(context);
    const found = await untilStopped((signal) =>
      feedTerms(tools, { feed, terms, limit: options.limit, signal, ...progress }).finally(clear),
    );
    context.exitCode = found.proof.notProven === null ? 0 : EXIT_CODES.incomplete;
    if (options.json) return printJson(context, termsDocument(found));
    render(context, pipeline, found);
  });
}
