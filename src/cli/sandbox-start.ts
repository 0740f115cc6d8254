import { Command } from "commander";
import { shellWord } from "../kernel/shell-word.ts";
import type { Simulator, SimulatorStatus, Started, SystemName } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SandboxOptions, SYSTEM_WORDS, systemNamed, wholeNumber, withSandboxOptions } from "./sandbox-options.ts";

interface StartOptions extends SandboxOptions {
  readonly seed?: number;
  readonly port?: number;
}

/** The seed of a simulator that was given none. */
const USUAL_SEED = 7;

const COUNTS = ["no", "one", "two", "three"];

const exports = ({ env }: Started) =>
  `export ${Object.entries(env)
    .map(([name, value]) => `${name}=${shellWord(value)}`)
    .join(" ")}\n`;

function nextLines({ example }: Started, rest: string): string {
  const pipeline = `--pipeline ${shellWord(example)}`;
  const commands = [`up ${pipeline}`, `run ${pipeline}`, `sandbox advance${rest}`, `sandbox stop${rest}`];
  return `next:\n${commands.map((command) => `  ledgerloop ${command}\n`).join("")}`;
}

/** What was asked for and is not so, since one runs already. */
function otherwise(options: StartOptions, { url }: Started, more: { seed: number; rest: string }): string {
  const asked = [
    ...(options.seed === undefined || options.seed === more.seed ? [] : [`--seed ${options.seed}`]),
    ...(options.port === undefined || url.endsWith(`:${options.port}`) ? [] : [`--port ${options.port}`]),
  ];
  return asked.length === 0 ? "" : `${asked.join(" and ")} would be another one: \`ledgerloop sandbox stop${more.rest}\` first\n`;
}

interface Told {
  readonly system: SystemName;
  readonly started: Started;
  readonly simulator: (Simulator & SimulatorStatus) | null;
  /** What the commands that steer it need besides their names. */
  readonly rest: string;
}

function tell(context: CommandContext, options: StartOptions, told: Told): void {
  const { started, rest } = told;
  const { account: id = "", clock = "", seed = 0 } = told.simulator ?? {};
  const { name, account } = SYSTEM_WORDS[told.system];
  const runs = started.isNew ? "runs" : "runs already";
  const count = COUNTS[Object.keys(started.env).length];
  context.err(
    `a simulator of ${name} ${runs} at ${started.url} (process ${started.pid}), until \`ledgerloop sandbox stop${rest}\`\n`,
  );
  context.err(`${account} ${id}, seed ${seed}; its clock shows ${clock} and moves only when it is told to\n`);
  context.err(otherwise(options, started, { seed, rest }));
  context.err(`a pipeline over ${name} finds it by ${count} variables, which the shell has to have:\n`);
  context.out(exports(started));
  context.err(nextLines(started, rest));
}

async function start(context: CommandContext, system: SystemName, options: StartOptions): Promise<void> {
  const { sandbox } = context.app;
  const at = { system, state: options.state };
  const started = await sandbox.start(at, { seed: options.seed ?? USUAL_SEED, port: options.port ?? null });
  const simulator = await sandbox.status(at);
  if (options.json) {
    const { isNew, pid, folder, env, example } = started;
    const { account = "", clock = "", seed = 0 } = simulator ?? {};
    return printJson(context, { system, started: isNew, pid, folder, account, seed, clock, env, example });
  }
  const others = (await sandbox.running(options.state)).running.filter((one) => one !== system);
  const rest = [
    ...(others.length === 0 ? [] : [` --system ${system}`]),
    ...(options.state === undefined ? [] : [` --state ${shellWord(options.state)}`]),
  ].join("");
  tell(context, options, { system, started, simulator, rest });
}

/** `ledgerloop sandbox start` */
export function sandboxStartCommand(context: CommandContext): Command {
  const command = new Command("start")
    .description(
      "start a simulator, with an account or org that has weeks of life behind it; prints what to export, so that a shell may evaluate it",
    )
    .argument("[system]", "stripe or salesforce (default: stripe)", systemNamed("ledgerloop sandbox start salesforce"))
    .option("--seed <n>", `another account with other people (default: ${USUAL_SEED})`, wholeNumber(0, 999_999_999))
    .option("--port <n>", "port on 127.0.0.1; one that is free without it", wholeNumber(1, 65_535));
  return withSandboxOptions(command, ["sandbox start", "sandbox start salesforce --seed 11"]).action(
    (system: SystemName | undefined, options: StartOptions) => start(context, system ?? "stripe", options),
  );
}
