import { Command } from "commander";
import { type CommandContext, printJson } from "./context.ts";
import { type SandboxOptions, withSandboxOptions } from "./sandbox-options.ts";

/** `ledgerloop sandbox stop` */
export function sandboxStopCommand(context: CommandContext): Command {
  const command = new Command("stop").description("end the simulator; its account is in memory and is forgotten");
  return withSandboxOptions(command, ["sandbox stop", "sandbox stop --json"]).action(async (options: SandboxOptions) => {
    const stopped = await context.app.sandbox.stop(options.state);
    if (options.json) return printJson(context, { stopped });
    context.out(stopped ? "the simulator is stopped, and its account forgotten\n" : "no simulator was running\n");
  });
}
