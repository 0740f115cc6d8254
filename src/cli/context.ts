import type { Command } from "commander";
import type { createColors } from "picocolors";
import type { Pipeline } from "../config/pipeline.ts";
import type { App } from "../ports/ports.ts";

/** Where a command writes, and whether a person looks at it. */
export interface Output {
  /** Standard output: the command's answer and nothing else. */
  readonly out: (text: string | Uint8Array) => void;
  /** Standard error: progress, warnings and failures. */
  readonly err: (text: string) => void;
  /** Colours of standard output; they do nothing unless it is a terminal. */
  readonly paint: ReturnType<typeof createColors>;
}

/** What a command works with: the program, where it writes, and how it ends. */
export interface CommandContext extends Output {
  readonly app: App;
  exitCode: number;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly pipeline: string;
  readonly env: string;
  readonly json?: boolean;
}

/** Adds `--pipeline`, `--env` and `--json`, and two examples at the end of the help. */
export function withCommonOptions(command: Command, examples: readonly [string, string]): Command {
  return command
    .option("--pipeline <dir>", "pipeline folder", "pipeline")
    .option("--env <name>", "environment of pipeline.yaml", "local")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExamples:\n${examples.map((e) => `  $ ledgerloop ${e}`).join("\n")}`);
}

/** What a command records with a decision. */
export interface DecisionOptions extends CommonOptions {
  readonly reason?: string;
  readonly ticket?: string;
}

/** Adds `--reason`, `--ticket` and the common options. */
export function withDecisionOptions(command: Command, examples: readonly [string, string]): Command {
  command.option("--reason <text>", "why; recorded").option("--ticket <id>", "ticket of the decision; recorded");
  return withCommonOptions(command, examples);
}

/** The decision as it is recorded; null for what was not said. */
export function decisionOf(options: DecisionOptions): { reason: string | null; ticket: string | null } {
  return { reason: options.reason ?? null, ticket: options.ticket ?? null };
}

/** The pipeline that a command was pointed at. */
export async function pipelineOf(context: CommandContext, options: CommonOptions): Promise<Pipeline> {
  return (await context.app.pipeline({ directory: options.pipeline, environment: options.env })).pipeline;
}

/** Prints a document as JSON. */
export function printJson(context: CommandContext, document: unknown): void {
  context.out(`${JSON.stringify(document, null, 2)}\n`);
}
