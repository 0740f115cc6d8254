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
    .description(
      "simulators of Stripe and of Salesforce on this machine, to try the connectors without an account; see docs/sandbox.md",
    )
    .addCommand(sandboxStartCommand(context))
    .addCommand(sandboxAdvanceCommand(context))
    .addCommand(sandboxFaultCommand(context))
    .addCommand(sandboxStatusCommand(context))
    .addCommand(sandboxStopCommand(context));
}
