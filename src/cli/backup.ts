import { Command } from "commander";
import { backupDocument } from "../documents/upkeep.ts";
import { backup } from "../upkeep/backup.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";

/** `ledgerloop backup` */
export function backupCommand(context: CommandContext): Command {
  const command = new Command("backup")
    .description(
      "copy warehouse file, landed objects and control store into a new folder, all of one moment, with a SHA-256 of each file",
    )
    .argument("<folder>", "folder that does not exist yet");
  return withCommonOptions(command, ["backup /backups/2026-11-23", "backup /backups/2026-11-23 --json"]).action(
    async (folder: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const emit = (line: string) => context.err(`${line}\n`);
      const manifest = await context.app.upkeep.withUpkeep(pipeline, emit, (engine) => backup(engine, folder));
      const document = backupDocument(folder, manifest);
      if (options.json) return printJson(context, document);
      const heads = manifest.heads.map(({ group, number }) => `${group}-${number}`).join(", ") || "no publication";
      context.out(`${folder}: ${document.files} files, ${(document.bytes / 1_000_000).toFixed(1)} MB, at ${heads}\n`);
      context.out(`next: \`ledgerloop restore ${folder}\` where it is needed\n`);
    },
  );
}
