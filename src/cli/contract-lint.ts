import { Command } from "commander";
import { contractsOf } from "../documents/pii.ts";
import { problemDocument } from "../documents/problem.ts";
import { Failure, formatProblem, type Problem } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";

interface Linted {
  readonly problems: readonly Problem[];
  readonly says: string;
}

async function lint(context: CommandContext, options: CommonOptions): Promise<Linted> {
  try {
    const { pipeline, warnings } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    const contracts = contractsOf(pipeline);
    const rules = [...contracts.values()].reduce((sum, contract) => sum + contract.rules.length, 0);
    const says = `${contracts.size} contracts with ${rules} rules, ${pipeline.feeds.size} feeds, ${pipeline.models.size} models`;
    return { problems: warnings, says };
  } catch (error) {
    if (error instanceof Failure && error.kind === "usage")
      return { problems: error.problems, says: "the pipeline does not load" };
    throw error;
  }
}

/** `ledgerloop contract lint` */
export function contractLintCommand(context: CommandContext): Command {
  const command = new Command("lint").description(
    "check contracts, sources, models and pipeline.yaml, each finding with its position; exit code 2 when there are errors",
  );
  return withCommonOptions(command, ["contract lint", "contract lint --pipeline my-pipeline --json"]).action(
    async (options: CommonOptions) => {
      const { problems, says } = await lint(context, options);
      const errors = problems.filter((p) => p.severity === "error").length;
      const warnings = problems.length - errors;
      context.exitCode = errors > 0 ? 2 : 0;
      if (options.json)
        return printJson(context, { ok: errors === 0, errors, warnings, problems: problems.map(problemDocument) });
      for (const p of problems) {
        const word = p.severity === "error" ? context.paint.red("error") : context.paint.yellow("warning");
        context.out(`${word}: ${formatProblem(p)}\n`);
      }
      context.out(`${says}: ${errors} errors, ${warnings} warnings\n`);
    },
  );
}
