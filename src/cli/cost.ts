import { Command, InvalidArgumentError } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { type CostSum, costSums } from "../documents/cost.ts";
import { Failure } from "../kernel/problem.ts";
import { reading } from "../ports/reading.ts";
import type { CostLine } from "../warehouse/cost.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { costNotVisible, noCost } from "./problems.ts";
import { renderTable } from "./table.ts";

interface CostOptions extends CommonOptions {
  readonly days: number;
}

/** The account keeps 365 days. */
const MOST_DAYS = 365;

function daysArgument(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > MOST_DAYS)
    throw new InvalidArgumentError(`a whole number of days, 1 to ${MOST_DAYS}`);
  return days;
}

async function read(context: CommandContext, pipeline: Pipeline, days: number): Promise<CostLine[]> {
  const report = await context.app.look.costReport(pipeline);
  if (report === null) throw new Failure("usage", noCost({ environment: pipeline.environment.name }));
  try {
    return report.parse(await reading(context.app, pipeline, (ask) => ask(report.query(days))));
  } catch (error) {
    if (!(error instanceof Failure) || error.problems[0]?.code !== "snowflake.right_missing") throw error;
    throw new Failure("usage", costNotVisible(), { cause: error });
  }
}

function table(sums: readonly CostSum[]): string {
  return renderTable(
    sums.map((s) => ({
      name: s.name,
      statements: String(s.statements),
      seconds: s.seconds.toFixed(1),
      credits: s.credits === null ? "not attributed" : s.credits.toFixed(6),
      "GB scanned": (s.bytes_scanned / 1e9).toFixed(3),
    })),
  );
}

/** `ledgerloop cost` */
export function costCommand(context: CommandContext): Command {
  const command = new Command("cost")
    .description(
      "what runs have cost, by feed, stage and rule, from the account's query history; credits come hours late and without idle time",
    )
    .option("--days <n>", "how far back", daysArgument, 7);
  return withCommonOptions(command, ["cost --env production", "cost --env production --days 30 --json"]).action(
    async (options: CostOptions) => {
      const pipeline = await pipelineOf(context, options);
      const lines = await read(context, pipeline, options.days);
      const { total, by } = costSums(lines);
      if (options.json) {
        const { statements = 0, credits = null } = total ?? {};
        return printJson(context, { days: options.days, statements, credits, by });
      }
      if (!total) return context.out(`no statement of ledgerloop in the last ${options.days} days\n`);
      for (const [name, sums] of Object.entries(by)) context.out(`by ${name}\n${table(sums)}\n`);
      context.out(`${table([total])}idle time of the warehouse is not in these credits\n`);
    },
  );
}
