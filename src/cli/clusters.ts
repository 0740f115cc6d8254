import { Command } from "commander";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";

/** `ledgerloop up` */
export function upCommand(context: CommandContext): Command {
  const command = new Command("up").description("start the embedded PostgreSQL clusters and prepare the control store");
  return withCommonOptions(command, ["up", "up --pipeline my-pipeline --json"]).action(async (options: CommonOptions) => {
    const { pipeline } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    const { clusters, migrations } = await context.app.up(pipeline);
    if (options.json) return printJson(context, { clusters, migrations });
    for (const c of clusters) context.out(`${c.name}: running on port ${c.port}\n`);
    context.out(migrations.length > 0 ? `control store: applied ${migrations.join(", ")}\n` : "control store: up to date\n");
  });
}

/** `ledgerloop down` */
export function downCommand(context: CommandContext): Command {
  const command = new Command("down").description("stop the embedded PostgreSQL clusters; nothing is deleted");
  return withCommonOptions(command, ["down", "down --json"]).action(async (options: CommonOptions) => {
    const { pipeline } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    const stopped = await context.app.down(pipeline);
    if (options.json) return printJson(context, { stopped });
    context.out(stopped.length > 0 ? `stopped: ${stopped.join(", ")}\n` : "nothing was running\n");
  });
}
