import { Command } from "commander";
import { clusterDocument } from "./cluster-document.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";

/** `ledgerloop up` */
export function upCommand(context: CommandContext): Command {
  const command = new Command("up").description("start the embedded PostgreSQL clusters and prepare the control store");
  return withCommonOptions(command, ["up", "up --pipeline my-pipeline --json"]).action(async (options: CommonOptions) => {
    const { clusters, migrations } = await context.app.up(await pipelineOf(context, options));
    if (options.json) return printJson(context, { clusters: clusters.map(clusterDocument), migrations });
    for (const c of clusters) context.out(`${c.name}: running on port ${c.port}\n`);
    context.out(migrations.length > 0 ? `control store: applied ${migrations.join(", ")}\n` : "control store: up to date\n");
    context.out("next: `ledgerloop plan`, then `ledgerloop run`\n");
  });
}
