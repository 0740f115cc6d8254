import { Command } from "commander";
import { explainDocument } from "../documents/breaks.ts";
import { readingIn } from "../ports/reading.ts";
import type { BreakDecision } from "../reconcile/break-events.ts";
import { decideBreak } from "../reconcile/decide-break.ts";
import { readBreak } from "../reconcile/kept-breaks.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";
import { explainedBreak } from "./explained-break.ts";
import { futureDayArgument } from "./instant-arguments.ts";
import { untilStopped } from "./stop-signal.ts";
import { tellStanding } from "./tell-standing.ts";

interface DecideOptions extends DecisionOptions {
  readonly until?: Date;
  readonly to?: string;
}

interface Decide {
  readonly does: BreakDecision;
  readonly about: string;
  readonly example: string;
  readonly more: (command: Command) => Command;
  readonly says: string;
}

const EXAMPLE = "brk_0a1b2c3d4e";

const DECIDE: Readonly<Record<string, Decide>> = {
  accept: {
    does: "accepted",
    about: "let a break stand until a day, as long as both sides are what they are now; recorded",
    example: `--until 2026-12-31 --reason "written off, FIN-307"`,
    more: (command) => command.requiredOption("--until <day>", "the day on which it lapses", futureDayArgument),
    says: "accepted",
  },
  reopen: {
    does: "reopened",
    about: "take the acceptance of a break back; recorded",
    example: `--reason "the partner pays after all"`,
    more: (command) => command,
    says: "open again",
  },
  assign: {
    does: "assigned",
    about: "say who looks after a break; recorded",
    example: `--to finance --reason "their booking"`,
    more: (command) => command.requiredOption("--to <name>", "who has it from now on"),
    says: "assigned",
  },
  comment: {
    does: "commented",
    about: "say something of a break that stays beside it; recorded",
    example: `--reason "asked the bank on Monday"`,
    more: (command) => command,
    says: "noted",
  },
};

/** `ledgerloop reconcile accept`, `reopen`, `assign` and `comment` */
export function reconcileDecisionCommands(context: CommandContext): Command[] {
  return Object.entries(DECIDE).map(([name, { does, about, example, more, says }]) => {
    const command = more(new Command(name).description(about).argument("<break>", "its id, as `reconcile breaks` lists it"));
    const examples = [`reconcile ${name} ${EXAMPLE} ${example}`, `reconcile ${name} ${EXAMPLE} ${example} --json`] as const;
    return withDecisionOptions(command, examples).action(async (id: string, options: DecideOptions) => {
      const pipeline = await pipelineOf(context, options);
      await readingIn(context.app, pipeline, (session, dialect) => readBreak(session, dialect, id));
      const tools = await context.app.look.provingTools(pipeline);
      const request = { id, does, until: options.until ?? null, to: options.to ?? null, ...decisionOf(options) };
      await untilStopped((signal) => decideBreak(tools, request, signal));
      await tellStanding(context, pipeline);
      if (options.json) {
        const { story, next } = await explainedBreak(context, pipeline, id);
        return printJson(context, explainDocument(story, next));
      }
      context.out(`${id}: ${says}; \`ledgerloop reconcile explain ${id}\` shows all that was told of it\n`);
    });
  });
}
