import { Command, CommanderError } from "commander";
import picocolors from "picocolors";
import type { App } from "../ports/ports.ts";
import { backupCommand } from "./backup.ts";
import { cancelCommand } from "./cancel.ts";
import { checkCommand } from "./check.ts";
import { cleanCommand } from "./clean.ts";
import type { CommandContext, Output } from "./context.ts";
import { contractCommand } from "./contract.ts";
import { costCommand } from "./cost.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { downCommand } from "./down.ts";
import { showFailure } from "./fail.ts";
import { filesCommand } from "./files.ts";
import { planCommand } from "./plan.ts";
import { quarantineCommand } from "./quarantine.ts";
import { queryCommand } from "./query.ts";
import { reconcileCommand } from "./reconcile.ts";
import { restoreCommand } from "./restore.ts";
import { feedCommand, tableCommand } from "./retire.ts";
import { rulesCommand } from "./rules.ts";
import { runCommand } from "./run.ts";
import { runsCommand } from "./runs.ts";
import { sandboxCommand } from "./sandbox.ts";
import { showCommand } from "./show.ts";
import { sourceCommand } from "./source.ts";
import { statusCommand } from "./status.ts";
import { upCommand } from "./up.ts";
import { warehouseCommand } from "./warehouse.ts";

/** Every command of the program, in the order in which help lists them. */
const COMMANDS = [
  upCommand,
  downCommand,
  statusCommand,
  doctorCommand,
  planCommand,
  runCommand,
  runsCommand,
  showCommand,
  cancelCommand,
  checkCommand,
  contractCommand,
  rulesCommand,
  quarantineCommand,
  filesCommand,
  sourceCommand,
  feedCommand,
  tableCommand,
  reconcileCommand,
  queryCommand,
  warehouseCommand,
  costCommand,
  cleanCommand,
  backupCommand,
  restoreCommand,
  demoCommand,
  sandboxCommand,
] as const;

/** Commander copies settings only to commands that it creates itself. */
function inherit(command: Command): void {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command);
    inherit(sub);
  }
}

/** Builds the program; parsing it runs a command. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command("ledgerloop")
    .description("Loads billing data so that nothing is published that was not audited.")
    .version(context.app.version)
    .showSuggestionAfterError(true)
    // A command may take options and have commands of its own, each with theirs.
    .enablePositionalOptions()
    .showHelpAfterError("(add --help for options and examples)")
    .configureOutput({ writeOut: context.out, writeErr: context.err })
    .exitOverride();
  for (const command of COMMANDS) program.addCommand(command(context));
  inherit(program);
  return program;
}

function processOutput(): Output {
  // A reader such as `head` may leave before everything is written.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    paint: picocolors.createColors(process.stdout.isTTY === true && picocolors.isColorSupported),
  };
}

/**
 * Runs one command line.
 * @returns the process exit code; see `docs/cli.md`.
 */
export async function main(app: App, args: readonly string[], output: Output = processOutput()): Promise<number> {
  const context: CommandContext = { app, exitCode: 0, ...output };
  try {
    await buildProgram(context).parseAsync([...args], { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return showFailure(context, error);
  }
}
