import { Command } from "commander";
import { renameDocument } from "../documents/upkeep.ts";
import { type RenameResult, renameFeed } from "../upkeep/rename.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";

interface RenameOptions extends DecisionOptions {
  readonly was: string;
}

const EXAMPLES = [
  'feed rename billing.bills --was billing.invoices --reason "called so at the source" --ticket FIN-302',
  'feed rename billing.bills --was billing.invoices --reason "called so at the source" --json',
] as const;

function render({ feed, was, group, outcome, publicationId, rows, waiting }: RenameResult): string {
  const next = "next: `ledgerloop plan`, then `ledgerloop run` goes on from the same cursor\n";
  if (outcome === "already") return `feed ${was} was renamed ${feed} before in group ${group}, by ${publicationId}\n${next}`;
  return `feed ${was} is ${feed} now in group ${group}: ${rows} published and ${waiting} waiting rows, publication ${publicationId}\n${next}`;
}

/** `ledgerloop feed rename` */
export function renameCommand(context: CommandContext): Command {
  const made = new Command("rename")
    .description(
      "give the published rows of a feed that left the configuration to one that has another name now: staging rows, waiting rows and cursor move in one publication, and nothing is read again",
    )
    .argument("<feed>", "feed id of the configuration, as in billing.bills")
    .requiredOption("--was <feed>", "the name under which its rows were published, as in billing.invoices");
  return withDecisionOptions(made, [...EXAMPLES]).action(async (feed: string, options: RenameOptions) => {
    const pipeline = await pipelineOf(context, options);
    const request = { feed, was: options.was, ...decisionOf(options) };
    const emit = (line: string) => context.err(`${line}\n`);
    const result = await context.app.upkeep.withUpkeep(pipeline, emit, (engine) => renameFeed(engine, request));
    if (!options.json) return context.out(render(result));
    printJson(context, renameDocument(result));
  });
}
