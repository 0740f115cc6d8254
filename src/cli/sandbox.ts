import { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { sandboxAdvanceCommand } from "./sandbox-advance.ts";
import { sandboxFaultCommand } from "./sandbox-fault.ts";
import { sandboxStartCommand } from "./sandbox-start.ts";
import { sandboxStatusCommand } from "./sandbox-status.ts";
import { sandboxStopCommand } from "./sandbox-stop.ts";

/** `ledgerloop sandbox …` */
export function sandboxCommand(context: CommandContext): Command {
  return new Command("sandbox")
    .description("a simulator of Stripe on this machine, to try the connector without an account; see docs/sandbox.md")
    .addCommand(sandboxStartCommand(context))
    .addCommand(sandboxAdvanceCommand(context))
    .addCommand(sandboxFaultCommand(context))
    .addCommand(sandboxStatusCommand(context))
    .addCommand(sandboxStopCommand(context));
}
