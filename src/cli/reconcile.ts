import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { reconcileBreaksCommand } from "./reconcile-breaks.ts";
import { reconcileDecisionCommands } from "./reconcile-decide.ts";
import { reconcileExplainCommand } from "./reconcile-explain.ts";
import { reconcileHealCommand } from "./reconcile-heal.ts";
import { reconcileProofsCommand } from "./reconcile-proofs.ts";
import { reconcileRecheckCommand } from "./reconcile-recheck.ts";
import { reconcileReportCommand } from "./reconcile-report.ts";
import { reconcileRunCommand } from "./reconcile-run.ts";
import { reconcileShowCommand } from "./reconcile-show.ts";
import { reconcileTermsCommand } from "./reconcile-terms.ts";
import { reconcileTiesCommand } from "./reconcile-ties.ts";

/** `ledgerloop reconcile` */
export function reconcileCommand(context: CommandContext): Command {
  const command = new Command("reconcile")
    .description("prove by content that what is published is what it should be")
    .addCommand(reconcileRunCommand(context))
    .addCommand(reconcileBreaksCommand(context))
    .addCommand(reconcileExplainCommand(context))
    .addCommand(reconcileHealCommand(context))
    .addCommand(reconcileRecheckCommand(context))
    .addCommand(reconcileTermsCommand(context))
    .addCommand(reconcileTiesCommand(context))
    .addCommand(reconcileShowCommand(context))
    .addCommand(reconcileProofsCommand(context))
    .addCommand(reconcileReportCommand(context));
  for (const decision of reconcileDecisionCommands(context)) command.addCommand(decision);
  return command;
}
