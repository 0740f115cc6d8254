import { Command } from "commander";
import { cleanDocument } from "../documents/upkeep.ts";
import { megabytes } from "../kernel/megabytes.ts";
import { type CleanResult, clean } from "../upkeep/clean.ts";
import type { Finding } from "../upkeep/retention.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { renderTable } from "./table.ts";

interface CleanOptions extends DecisionOptions {
  readonly dryRun?: boolean;
  readonly expired?: boolean;
}

function table(findings: readonly Finding[]): string {
  return renderTable(
    findings.map((f) => ({
      kind: f.kind,
      what: f.subject,
      files: f.files.toString(),
      MB: megabytes(f.bytes),
      days: f.ageDays?.toString() ?? "",
      why: f.reason,
    })),
  );
}

function render(context: CommandContext, { dryRun, findings }: CleanResult): void {
  const [going, staying] = [findings.filter((f) => f.action === "remove"), findings.filter((f) => f.action === "keep")];
  const verb = dryRun ? "would go" : "removed";
  context.out(going.length === 0 ? `nothing ${dryRun ? "would go" : "was removed"}\n` : `${verb}:\n${table(going)}`);
  if (staying.length > 0) context.out(`\nkept:\n${table(staying)}`);
  if (dryRun && going.length > 0) context.out("\nnext: `ledgerloop clean` with the same options removes it\n");
}

/** `ledgerloop clean` */
export function cleanCommand(context: CommandContext): Command {
  const command = new Command("clean")
    .description("remove what is past its age in pipeline.yaml and needed by nothing; each thing kept is listed with its reason")
    .option("--dry-run", "only list what would go and what is kept")
    .option("--expired", "also remove landed evidence beyond its retention; needs --reason")
    .option("--reason <text>", "why; recorded with what is removed")
    .option("--ticket <id>", "ticket of the decision; recorded");
  return withCommonOptions(command, ["clean --dry-run", 'clean --expired --reason "retention ended" --ticket FIN-204']).action(
    async (options: CleanOptions) => {
      const pipeline = await pipelineOf(context, options);
      const request = {
        dryRun: options.dryRun ?? false,
        expired: options.expired ?? false,
        ...decisionOf(options),
      };
      const emit = (line: string) => context.err(`${line}\n`);
      const result = await context.app.upkeep.withUpkeep(pipeline, emit, (engine) => clean(engine, request));
      if (options.json) printJson(context, cleanDocument(result));
      else render(context, result);
    },
  );
}
