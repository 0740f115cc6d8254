import { Command, CommanderError } from "commander";
import type { App } from "./app-interface.ts";
import { downCommand, upCommand } from "./clusters.ts";
import type { CommandContext } from "./context.ts";
import { exitCodeOf, showFailure } from "./fail.ts";
import { queryCommand } from "./query.ts";
import { runCommand } from "./run.ts";

/** Every command of the program, in the order in which help lists them. */
const COMMANDS = [upCommand, downCommand, runCommand, queryCommand] as const;

/** Builds the program; parsing it runs a command. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command("ledgerloop")
    .description("Loads billing data so that nothing is published that was not audited.")
    .version(context.app.version)
    .showSuggestionAfterError(true)
    .showHelpAfterError("(add --help for options and examples)")
    .exitOverride();
  for (const command of COMMANDS) program.addCommand(command(context).exitOverride());
  return program;
}

/**
 * Runs one command line.
 * @returns the process exit code; see `docs/cli.md`.
 */
export async function main(app: App, args: readonly string[]): Promise<number> {
  const context: CommandContext = {
    app,
    exitCode: 0,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  };
  try {
    await buildProgram(context).parseAsync([...args], { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    showFailure(context, error);
    return exitCodeOf(error);
  }
}
