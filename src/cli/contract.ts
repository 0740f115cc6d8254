import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { contractDiffCommand } from "./contract-diff.ts";
import { contractLintCommand } from "./contract-lint.ts";
import { contractShowCommand } from "./contract-show.ts";

/** `ledgerloop contract` */
export function contractCommand(context: CommandContext): Command {
  return new Command("contract")
    .description("check, show and compare contracts")
    .addCommand(contractLintCommand(context))
    .addCommand(contractShowCommand(context))
    .addCommand(contractDiffCommand(context));
}
