import { Command } from "commander";
import { shellWord } from "../kernel/shell-word.ts";
import type { Started } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SandboxOptions, wholeNumber, withSandboxOptions } from "./sandbox-options.ts";

interface StartOptions extends SandboxOptions {
  readonly seed?: number;
  readonly port?: number;
}

/** The seed of a simulator that was given none. */
const USUAL_SEED = 7;

const exports = ({ url, key }: Started) => `export STRIPE_URL=${url} STRIPE_API_KEY=${key}\n`;

function nextLines({ example }: Started, state: string): string {
  const pipeline = `--pipeline ${shellWord(example)}`;
  const commands = [`up ${pipeline}`, `run ${pipeline}`, `sandbox advance${state}`, `sandbox stop${state}`];
  return `next:\n${commands.map((command) => `  ledgerloop ${command}\n`).join("")}`;
}

/** What was asked for and is not so, since one runs already. */
function otherwise(options: StartOptions, { url }: Started, seed: number): string {
  const asked = [
    ...(options.seed === undefined || options.seed === seed ? [] : [`--seed ${options.seed}`]),
    ...(options.port === undefined || url.endsWith(`:${options.port}`) ? [] : [`--port ${options.port}`]),
  ];
  return asked.length === 0 ? "" : `${asked.join(" and ")} would be another one: \`ledgerloop sandbox stop\` first\n`;
}

async function start(context: CommandContext, options: StartOptions): Promise<void> {
  const { sandbox } = context.app;
  const started = await sandbox.start(options.state, { seed: options.seed ?? USUAL_SEED, port: options.port ?? null });
  const { simulator } = await sandbox.status(options.state);
  const { account = "", clock = "", seed = 0 } = simulator ?? {};
  if (options.json) {
    const env = { STRIPE_URL: started.url, STRIPE_API_KEY: started.key };
    const { isNew, pid, folder, example } = started;
    return printJson(context, { started: isNew, pid, folder, account, seed, clock, env, example });
  }
  const state = options.state === undefined ? "" : ` --state ${shellWord(options.state)}`;
  const runs = started.isNew ? "runs" : "runs already";
  context.err(
    `a simulator of Stripe ${runs} at ${started.url} (process ${started.pid}), until \`ledgerloop sandbox stop${state}\`\n`,
  );
  context.err(`account ${account}, seed ${seed}; its clock shows ${clock} and moves only when it is told to\n`);
  context.err(otherwise(options, started, seed));
  context.err("a pipeline over Stripe finds it by two variables, which the shell has to have:\n");
  context.out(exports(started));
  context.err(nextLines(started, state));
}

/** `ledgerloop sandbox start` */
export function sandboxStartCommand(context: CommandContext): Command {
  const command = new Command("start")
    .description(
      "start the simulator, with an account that has five weeks of life behind it; prints what to export, so that a shell may evaluate it",
    )
    .option("--seed <n>", `another account with other people (default: ${USUAL_SEED})`, wholeNumber(0, 999_999_999))
    .option("--port <n>", "port on 127.0.0.1; one that is free without it", wholeNumber(1, 65_535));
  return withSandboxOptions(command, ["sandbox start", 'eval "$(ledgerloop sandbox start --seed 11)"']).action(
    (options: StartOptions) => start(context, options),
  );
}
