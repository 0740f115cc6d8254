import type { Command } from "commander";
import type { App } from "./app-interface.ts";

/** What a command works with: the program, where it writes, and how it ends. */
export interface CommandContext {
  readonly app: App;
  exitCode: number;
  /** Standard output: the command's answer and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress, warnings and failures. */
  readonly err: (text: string) => void;
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

/** Prints a document as JSON. */
export function printJson(context: CommandContext, document: unknown): void {
  context.out(`${JSON.stringify(document, null, 2)}\n`);
}
