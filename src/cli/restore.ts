import { Command } from "commander";
import { backupDocument } from "../documents/upkeep.ts";
import { type RestoreResult, restore } from "../upkeep/restore.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";

interface RestoreOptions extends DecisionOptions {
  readonly force?: boolean;
}

function render(context: CommandContext, folder: string, { manifest, replaced }: RestoreResult): void {
  const heads = manifest.heads.map(({ group, number }) => `${group}-${number}`).join(", ") || "no publication";
  context.out(`restored ${folder} of ${manifest.created_at}: ${heads}\n`);
  for (const path of replaced) context.out(`replaced: ${path} (remove it when it is not needed any more)\n`);
  context.out("next: `ledgerloop run` loads what has changed since\n");
}

/** `ledgerloop restore` */
export function restoreCommand(context: CommandContext): Command {
  const command = new Command("restore")
    .description(
      "put a backup in the place of the state, after every byte was compared with its manifest; needs `ledgerloop up` first",
    )
    .argument("<folder>", "folder that `ledgerloop backup` has written")
    .option("--force", "replace a state that is not empty; what is replaced is kept beside it. Needs --reason");
  return withDecisionOptions(command, [
    "restore /backups/2026-11-23",
    'restore /backups/2026-11-23 --force --reason "disk lost" --ticket OPS-7',
  ]).action(async (folder: string, options: RestoreOptions) => {
    const pipeline = await pipelineOf(context, options);
    const request = { force: options.force ?? false, ...decisionOf(options) };
    const emit = (line: string) => context.err(`${line}\n`);
    const result = await context.app.upkeep.withUpkeep(pipeline, emit, (engine) => restore(engine, folder, request));
    if (!options.json) return render(context, folder, result);
    const { restoreId, manifest, replaced } = result;
    printJson(context, { restore_id: restoreId, backup: backupDocument(folder, manifest), replaced });
  });
}
