import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { quarantineListCommand } from "./quarantine-list.ts";
import { quarantineShowCommand } from "./quarantine-show.ts";

/** `ledgerloop quarantine` */
export function quarantineCommand(context: CommandContext): Command {
  return new Command("quarantine")
    .description("rows that wait: by feed and reason, or one by one")
    .addCommand(quarantineListCommand(context))
    .addCommand(quarantineShowCommand(context));
}
