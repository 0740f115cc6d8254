import { Command } from "commander";
import { clusterDocument } from "../documents/cluster.ts";
import { journalDocument } from "../documents/upkeep.ts";
import { mendedText } from "../projector/mended.ts";
import type { ProjectedAll } from "../projector/project-all.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";

/** Publications after which a line of progress is shown. */
const STEP = 500n;

function journalText(journal: ProjectedAll): string[] {
  if (!("untold" in journal)) return journal.groups.flatMap(mendedText);
  return [`the journal was not compared with the ledger, the next run does it: ${journal.untold.says}`];
}

/** `ledgerloop up` */
export function upCommand(context: CommandContext): Command {
  const command = new Command("up").description(
    "start the embedded PostgreSQL clusters, prepare the control store and tell it of publications that it does not know",
  );
  return withCommonOptions(command, ["up", "up --pipeline my-pipeline --json"]).action(async (options: CommonOptions) => {
    const onProgress = (group: string, number: bigint) => {
      if (number % STEP === 0n) context.err(`journal of ${group}: told of ${number} publications\n`);
    };
    const { clusters, migrations, journal } = await context.app.upkeep.up(await pipelineOf(context, options), onProgress);
    if (options.json) {
      return printJson(context, { clusters: clusters.map(clusterDocument), migrations, journal: journalDocument(journal) });
    }
    for (const c of clusters) context.out(`${c.name}: running on port ${c.port}\n`);
    context.out(migrations.length > 0 ? `control store: applied ${migrations.join(", ")}\n` : "control store: up to date\n");
    for (const line of journalText(journal)) context.out(`${line}\n`);
    context.out("next: `ledgerloop plan`, then `ledgerloop run`\n");
  });
}
