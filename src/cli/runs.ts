import { Command, InvalidArgumentError } from "commander";
import { type RunDocument, runDocument } from "../documents/run.ts";
import { Failure } from "../kernel/problem.ts";
import { listRuns } from "../store/operations/list-runs.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { paintVerdict } from "./paint.ts";
import { groupUnknown } from "./problems.ts";
import { renderTable } from "./table.ts";

const MOST = 1000;

/** A number of lines, as `--limit` takes it. */
export function limitArgument(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MOST) throw new InvalidArgumentError(`a limit is a whole number from 1 to ${MOST}`);
  return limit;
}

function line(context: CommandContext, run: RunDocument): Record<string, string> {
  return {
    run: run.run_id,
    group: run.group,
    kind: run.kind,
    window: run.window ?? "",
    outcome: paintVerdict(context.paint, run.outcome ?? run.status),
    exit: String(run.exit_code ?? ""),
    seconds: run.seconds === null ? "" : run.seconds.toFixed(1),
    actor: run.actor,
    publication: `${run.publication_id ?? ""}${run.undone_by ? " (undone)" : ""}`,
  };
}

/** `ledgerloop runs` */
export function runsCommand(context: CommandContext): Command {
  const command = new Command("runs")
    .description("list runs, newest first, from the journal in the control store")
    .option("--group <name>", "only runs of this group")
    .option("--limit <n>", "how many", limitArgument, 20);
  return withCommonOptions(command, ["runs --limit 5", "runs --group company --json"]).action(
    async (options: CommonOptions & { group?: string; limit: number }) => {
      const { group, limit } = options;
      const pipeline = await pipelineOf(context, options);
      const known = [...pipeline.groups.keys()];
      if (group !== undefined && !known.includes(group)) throw new Failure("usage", groupUnknown(group, known));
      const rows = await context.app.look.withStore(pipeline, (store) =>
        listRuns(store, group === undefined ? { limit } : { group, limit }),
      );
      const runs = rows.map(runDocument);
      if (options.json) return printJson(context, { runs });
      if (runs.length === 0) return context.out("no runs yet\nnext: `ledgerloop run`\n");
      context.out(renderTable(runs.map((run) => line(context, run))));
      context.out(`next: \`ledgerloop show ${runs[0]?.run_id}\`\n`);
    },
  );
}
