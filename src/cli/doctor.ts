import { Command, InvalidArgumentError } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { Failure, formatProblem } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { type Check, checkClusters, checkFolder, checkNode, checkObjects, checkStore, checkWarehouse } from "./doctor-checks.ts";
import { checkDeep, type Deep } from "./doctor-deep.ts";
import { checkSources } from "./doctor-sources.ts";
import { paintVerdict } from "./paint.ts";
import { groupOf } from "./run.ts";

async function checkPipeline(context: CommandContext, options: CommonOptions): Promise<{ checks: Check[]; pipeline?: Pipeline }> {
  try {
    const { pipeline, warnings } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
    const says = `${pipeline.name}: ${pipeline.feeds.size} feeds, ${pipeline.models.size} models, ${warnings.length} warnings`;
    const next = warnings.length > 0 ? "`ledgerloop contract lint`" : null;
    return { pipeline, checks: [{ check: "pipeline", verdict: warnings.length > 0 ? "warn" : "ok", says, next }] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [first] = error.problems;
    const says = first ? (formatProblem(first).split("\n")[0] ?? "") : "does not load";
    const more = error.problems.length > 1 ? ` (and ${error.problems.length - 1} more)` : "";
    return {
      checks: [{ check: "pipeline", verdict: "fail", says: `${says}${more}`, next: "`ledgerloop contract lint` lists all" }],
    };
  }
}

interface DoctorOptions extends CommonOptions {
  readonly group?: string;
  readonly deep?: boolean;
  readonly deepLimit?: number;
}

function deepLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new InvalidArgumentError("a limit is a whole number of at least 1");
  return limit;
}

async function allChecks(context: CommandContext, options: DoctorOptions): Promise<Deep> {
  const { app } = context;
  const { pipeline, checks } = await checkPipeline(context, options);
  const node = checkNode(process.versions.node);
  if (!pipeline) return { checks: [node, ...checks], extracts: [] };
  const group = options.group === undefined ? pipeline.defaultGroup : groupOf(pipeline, options.group);
  const asked = options.deep || options.deepLimit !== undefined;
  const shallow = [
    node,
    ...checks,
    ...checkFolder(app.look.stateFolder(pipeline)),
    ...(await checkClusters(app, pipeline)),
    await checkStore(app, pipeline),
    await checkObjects(app, pipeline),
    await checkWarehouse(app, pipeline),
    ...(await checkSources(app, pipeline, group)),
  ];
  const deep = asked ? await checkDeep(context, pipeline, options.deepLimit ?? null) : { checks: [], extracts: [] };
  return { checks: [...shallow, ...deep.checks], extracts: deep.extracts };
}

function render(context: CommandContext, ok: boolean, checks: readonly Check[]): void {
  const width = Math.max(...checks.map((c) => c.check.length));
  for (const c of checks) {
    const verdict = paintVerdict(context.paint, c.verdict) + " ".repeat(4 - c.verdict.length);
    context.out(`${verdict}  ${c.check.padEnd(width)}  ${c.says}\n`);
    if (c.next) context.out(`${" ".repeat(width + 8)}next: ${c.next}\n`);
  }
  context.out(
    ok ? "everything that was checked is fit for a run\n" : "not all is as it should be; see what to type beside each failure\n",
  );
}

/** `ledgerloop doctor` */
export function doctorCommand(context: CommandContext): Command {
  const command = new Command("doctor")
    .description(
      "check what a run stands on: versions, configuration, clusters, disk, rights, stores, sources; exit code 1 if anything fails",
    )
    .option("--group <name>", "whose sources must be fit for a run; left out, as of `run`; those of other groups only warn")
    .option("--deep", "also read every landed byte of what is published again, and derive again what was derived from evidence")
    .option("--deep-limit <n>", "the same for the newest n published extracts only", deepLimit);
  const examples = ["doctor", "doctor --env production --group company --deep-limit 100"] as const;
  return withCommonOptions(command, examples).action(async (options: DoctorOptions) => {
    const { checks, extracts } = await allChecks(context, options);
    const ok = checks.every((check) => check.verdict !== "fail");
    context.exitCode = ok ? 0 : 1;
    if (options.json) return printJson(context, { ok, checks, extracts });
    render(context, ok, checks);
  });
}
