import { Command, InvalidArgumentError, Option } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { parseWindow, type Window } from "../kernel/window.ts";
import { executeRun } from "../run/execute.ts";
import { type RunRequest, runRequest } from "../run/request.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { showWarnings } from "./fail.ts";
import { feedUnknown, groupUnknown, severalGroups } from "./problems.ts";
import { eventRenderer, type LogFormat } from "./render-events.ts";
import { renderReport } from "./render-report.ts";
import { untilStopped } from "./stop-signal.ts";

/** What `run` and `plan` take to say what is to be loaded. */
export interface RunOptions extends CommonOptions {
  readonly window?: Window;
  readonly group?: string;
  readonly feeds?: string[];
  readonly full?: boolean;
  readonly keys?: boolean;
  readonly nets?: boolean;
  readonly sameExtract?: boolean;
  readonly replay?: string;
  readonly acceptRemoved?: string[];
  readonly recompute?: string[];
  readonly allowCost?: boolean;
  readonly restate?: boolean;
  readonly reason?: string;
  readonly ticket?: string;
  readonly log?: LogFormat;
}

function windowArgument(text: string): Window {
  const window = parseWindow(text);
  if (typeof window === "string") throw new InvalidArgumentError(window);
  return window;
}

const listArgument = (text: string) => text.split(",").map((part) => part.trim());

/** Adds the options that say what is to be loaded. */
export function withRunOptions(command: Command): Command {
  return command
    .option("--window <start/end>", "UTC interval that names the run; a published window is not loaded again", windowArgument)
    .option("--group <name>", "publication group; left out, the pipeline's default_group or its only one")
    .option("--feeds <ids>", "comma-separated feeds of the group", listArgument)
    .option("--full", "read every feed whole")
    .option("--keys", "also read all source keys and mark vanished ones")
    .option("--nets", "read parts of history again, beside hourly runs, and find what they did not see (APIs)")
    .option("--same-extract", "use the landed extract of a blocked run again")
    .option("--recompute <tables>", "compute all rows of curated tables again, and of tables that read them", (text: string) =>
      listArgument(text).map((table) => table.replace(/^curated\./, "")),
    )
    .option("--replay <batch>", "judge a landed batch again on today's head")
    .option(
      "--accept-removed <columns>",
      "published columns that no contract names any more, e.g. curated.invoice.memo; needs --reason",
      listArgument,
    )
    .option(
      "--allow-cost",
      "a full refresh (--full, --recompute) over more rows than the environment declares is meant; needs --reason",
    )
    .option(
      "--restate",
      "published rows that another hand has changed are published again as the source has them (--full); needs --reason",
    )
    .option("--reason <text>", "why this run is done by hand; recorded")
    .option("--ticket <id>", "ticket of the decision; recorded");
}

/**
 * The group that a command line names, or the one that commands take by themselves.
 * @throws Failure `usage` where there is no such group, or several and none is named.
 */
export function groupOf(pipeline: Pipeline, name: string | undefined): string {
  const names = [...pipeline.groups.keys()];
  if (name !== undefined && !names.includes(name)) throw new Failure("usage", groupUnknown(name, names));
  const group = name ?? pipeline.defaultGroup;
  if (group === null) throw new Failure("usage", severalGroups(names));
  return group;
}

function feedsOption(pipeline: Pipeline, group: string, feeds: readonly string[] | undefined): readonly string[] | null {
  if (feeds === undefined) return null;
  const known = pipeline.groups.get(group)?.feeds ?? [];
  const problems = feeds.filter((id) => !known.includes(id)).map((id) => feedUnknown(id, known));
  if (problems.length > 0) throw new Failure("usage", problems);
  return feeds;
}

/**
 * The request that a command line makes of a pipeline.
 * @throws Failure `usage` for names that do not exist and options that contradict each other.
 */
export function requestOf(pipeline: Pipeline, { pipeline: _, env: __, ...options }: RunOptions): RunRequest {
  const group = groupOf(pipeline, options.group);
  return runRequest({ ...options, group, feeds: feedsOption(pipeline, group, options.feeds) });
}

/** `ledgerloop run` */
export function runCommand(context: CommandContext): Command {
  const command = withRunOptions(
    new Command("run").description("load one group: extract, land, judge, audit and publish"),
  ).addOption(new Option("--log <format>", "progress on standard error").choices(["tty", "plain", "json"]));
  return withCommonOptions(command, [
    "run --window 2026-11-23T09:00:00Z/2026-11-23T10:00:00Z",
    'run --full --reason "restored from backup" --ticket FIN-118',
  ]).action(async (options: RunOptions) => {
    await untilStopped(async (signal) => {
      const { pipeline, warnings } = await context.app.pipeline({ directory: options.pipeline, environment: options.env });
      showWarnings(context, warnings);
      const request = requestOf(pipeline, options);
      const emit = eventRenderer(context, options.log);
      const report = await context.app.run.withEngine(pipeline, emit, (engine) => executeRun(engine, request, signal));
      context.exitCode = report.exit_code;
      if (options.json) printJson(context, report);
      else context.out(renderReport(report, context.paint));
    });
  });
}
