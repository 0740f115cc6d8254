import { type Command, InvalidArgumentError } from "commander";

/** Options that every command of the sandbox takes; it is of no pipeline. */
export interface SandboxOptions {
  readonly state?: string;
  readonly json?: boolean;
}

/** Adds `--state` and `--json`, and two examples at the end of the help. */
export function withSandboxOptions(command: Command, examples: readonly [string, string]): Command {
  return command
    .option("--state <dir>", "state folder that remembers the simulator; LEDGERLOOP_STATE, or a temporary one of this user")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExamples:\n${examples.map((e) => `  $ ledgerloop ${e}`).join("\n")}`);
}

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= low && number <= high)) throw new InvalidArgumentError(`a whole number from ${low} to ${high}`);
    return number;
  };
}
