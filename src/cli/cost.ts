import { Command, InvalidArgumentError } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import type { CostLine } from "../warehouse/cost.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { costNotVisible, noCost } from "./problems.ts";
import { reading } from "./reading.ts";
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

/** Credits are attributed with nine decimals. */
function addCredits(credits: readonly (string | null)[]): number | null {
  const given = credits.flatMap((c) => (c === null ? [] : [Number(c)]));
  return given.length === 0 ? null : Number(given.reduce((sum, c) => sum + c, 0).toFixed(9));
}

interface Sum {
  readonly name: string;
  readonly statements: number;
  readonly seconds: number;
  readonly credits: number | null;
  readonly bytes_scanned: number;
}

function sumBy(lines: readonly CostLine[], key: (line: CostLine) => string): Sum[] {
  const names = [...new Set(lines.map(key))];
  return names
    .map((name) => {
      const mine = lines.filter((line) => key(line) === name);
      const sum = (pick: (line: CostLine) => number) => mine.reduce((total, line) => total + pick(line), 0);
      return {
        name,
        statements: sum((l) => l.statements),
        seconds: Math.round(sum((l) => l.seconds) * 1000) / 1000,
        credits: addCredits(mine.map((l) => l.credits)),
        bytes_scanned: sum((l) => l.bytesScanned),
      };
    })
    .sort((a, b) => (b.credits ?? 0) - (a.credits ?? 0) || b.seconds - a.seconds);
}

async function read(context: CommandContext, pipeline: Pipeline, days: number): Promise<CostLine[]> {
  const report = await context.app.look.costReport(pipeline);
  if (report === null) throw new Failure("usage", noCost({ environment: pipeline.environment.name }));
  try {
    return report.parse(await reading(context, pipeline, (ask) => ask(report.query(days))));
  } catch (error) {
    if (!(error instanceof Failure) || error.problems[0]?.code !== "snowflake.right_missing") throw error;
    throw new Failure("usage", costNotVisible(), { cause: error });
  }
}

function table(sums: readonly Sum[]): string {
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

const KEYS = {
  stage: (line: CostLine) => line.stage,
  feed: (line: CostLine) => line.table,
  rule: (line: CostLine) => (line.rule === "-" ? "all rules of one scan, and everything else" : `${line.table}/${line.rule}`),
  statement: (line: CostLine) => `${line.statement}${line.table === "-" ? "" : `.${line.table}`}`,
} as const;

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
      const [total] = sumBy(lines, () => "total");
      const by = Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, sumBy(lines, key)]));
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
