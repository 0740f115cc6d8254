import { Command } from "commander";
import { retireDocument } from "../documents/upkeep.ts";
import { type RetireRequest, type RetireResult, retire } from "../upkeep/retire.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";
import { renameCommand } from "./rename.ts";

type Kind = RetireRequest["kind"];
type Does = RetireRequest["does"];

const DESCRIPTIONS: Readonly<Record<Kind, Readonly<Record<Does, string>>>> = {
  feed: {
    retire:
      "record that a published feed has left the configuration: its rows stay as they are, also those that wait, and runs go on without it",
    return: "take a retired feed back that stands in the configuration again; runs go on from its last cursor",
  },
  table: {
    retire: "record that the model of a published curated table has left the configuration: its rows stay as they are",
    return: "take a retired table back that a model makes again; runs say how many rows may have missed changes meanwhile",
  },
};

const EXAMPLES: Readonly<Record<Kind, Readonly<Record<Does, readonly [string, string]>>>> = {
  feed: {
    retire: [
      'feed retire billing.coupons --reason "no longer sold" --ticket FIN-301',
      'feed retire billing.coupons --reason "no longer sold" --json',
    ],
    return: ['feed return billing.coupons --reason "sold again"', 'feed return billing.coupons --reason "sold again" --json'],
  },
  table: {
    retire: ['table retire coupon --reason "no longer sold" --ticket FIN-301', 'table retire coupon --reason "no reader" --json'],
    return: ['table return coupon --reason "needed again"', 'table return coupon --reason "needed again" --json'],
  },
};

function render({ kind, name, group, outcome, rows, waiting }: RetireResult): string {
  const what = kind === "feed" ? `feed ${name}` : `curated.${name}`;
  if (outcome === "returned") return `${what} is back in group ${group}\nnext: \`ledgerloop plan\`, then \`ledgerloop run\`\n`;
  const stays = rows === null ? "its rows stay as they are" : `${rows} published and ${waiting} waiting rows stay as they are`;
  return `${what} ${outcome === "already" ? "was retired before" : "is retired"} in group ${group}: ${stays}\nnext: \`ledgerloop run\` goes on without it\n`;
}

function command(context: CommandContext, kind: Kind, does: Does): Command {
  const made = new Command(does)
    .description(DESCRIPTIONS[kind][does])
    .argument(`<${kind}>`, kind === "feed" ? "feed id, as in billing.invoices" : "curated table, as in invoice");
  return withDecisionOptions(made, EXAMPLES[kind][does]).action(async (name: string, options: DecisionOptions) => {
    const pipeline = await pipelineOf(context, options);
    const request = { kind, name, does, ...decisionOf(options) };
    const emit = (line: string) => context.err(`${line}\n`);
    const result = await context.app.upkeep.withUpkeep(pipeline, emit, (engine) => retire(engine, request));
    if (!options.json) return context.out(render(result));
    printJson(context, retireDocument(result));
  });
}

/** `ledgerloop feed` */
export function feedCommand(context: CommandContext): Command {
  return new Command("feed")
    .description("feeds that leave the configuration, come back, or have another name")
    .addCommand(command(context, "feed", "retire"))
    .addCommand(command(context, "feed", "return"))
    .addCommand(renameCommand(context));
}

/** `ledgerloop table` */
export function tableCommand(context: CommandContext): Command {
  return new Command("table")
    .description("curated tables whose models leave the configuration and come back")
    .addCommand(command(context, "table", "retire"))
    .addCommand(command(context, "table", "return"));
}
