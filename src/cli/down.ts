import { Command } from "commander";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";

/** `ledgerloop down` */
export function downCommand(context: CommandContext): Command {
  const command = new Command("down").description("stop the embedded PostgreSQL clusters; nothing is deleted");
  return withCommonOptions(command, ["down", "down --json"]).action(async (options: CommonOptions) => {
    const { down } = context.app.upkeep;
    const stopped = await down(await context.app.environment({ directory: options.pipeline, environment: options.env }));
    if (options.json) return printJson(context, { stopped });
    context.out(stopped.length > 0 ? `stopped: ${stopped.join(", ")}\n` : "nothing was running\n");
  });
}
