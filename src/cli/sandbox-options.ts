import { type Command, InvalidArgumentError } from "commander";
import { Failure } from "../kernel/problem.ts";
import { SYSTEMS, type SystemName } from "../ports/sandbox.ts";
import type { CommandContext } from "./context.ts";
import { noSimulator, systemUnknown } from "./sandbox-problems.ts";

/** Options that every command of the sandbox takes; it is of no pipeline. */
export interface SandboxOptions {
  readonly state?: string;
  readonly json?: boolean;
}

/** Options of a command that is about a simulator that runs. */
export interface SteeringOptions extends SandboxOptions {
  readonly system?: SystemName;
}

/** How people call a system, and the account that is simulated. */
export const SYSTEM_WORDS: Readonly<Record<SystemName, { readonly name: string; readonly account: string }>> = {
  stripe: { name: "Stripe", account: "account" },
  salesforce: { name: "Salesforce", account: "org" },
};

/** Adds `--state` and `--json`, and two examples at the end of the help. */
export function withSandboxOptions(command: Command, examples: readonly [string, string]): Command {
  return command
    .option("--state <dir>", "state folder that remembers simulators; LEDGERLOOP_STATE, or a temporary one of this user")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExamples:\n${examples.map((e) => `  $ ledgerloop ${e}`).join("\n")}`);
}

/** Adds `--system` too, for a command that is about what runs where nobody says. */
export function withSteeringOptions(command: Command, examples: readonly [string, string]): Command {
  const named = systemNamed("--system salesforce");
  const steering = command.option("--system <name>", "stripe or salesforce; left out, what runs", named);
  return withSandboxOptions(steering, examples);
}

/** Reads the name of a system; `example` says how it is written. */
export function systemNamed(example: string): (text: string) => SystemName {
  return (text) => {
    const system = SYSTEMS.find((one) => one === text);
    if (system === undefined) throw new Failure("usage", systemUnknown(text, SYSTEMS, example));
    return system;
  };
}

/** The systems that a command is about: the one that is named, else those that run. */
export async function systemsMeant({ app }: CommandContext, { state, system }: SteeringOptions): Promise<readonly SystemName[]> {
  return system === undefined ? (await app.sandbox.running(state)).running : [system];
}

/** The same, of which there is one. @throws Failure `usage` where nobody says which, and none runs. */
export async function systemsThere(context: CommandContext, options: SteeringOptions): Promise<readonly SystemName[]> {
  const systems = await systemsMeant(context, options);
  if (systems.length > 0) return systems;
  const { folder } = await context.app.sandbox.running(options.state);
  throw new Failure("usage", noSimulator(folder));
}

/** What has to be added to a command that is meant for one of several. */
export function systemWords({ system }: SteeringOptions): string {
  return system === undefined ? "" : ` --system ${system}`;
}

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= low && number <= high)) throw new InvalidArgumentError(`a whole number from ${low} to ${high}`);
    return number;
  };
}
