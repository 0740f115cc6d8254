import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Failure } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, printJson, withCommonOptions } from "./context.ts";
import { stateNotEmpty } from "./problems.ts";

interface DemoOptions extends CommonOptions {
  readonly hours: number;
  readonly seed: number;
  readonly scale: number;
  readonly keep?: boolean;
  readonly state?: string;
}

/** The past, a night's full read and key pass, a run that is killed, and an hour that finds what came late in the one before. */
const SHORTEST = 9;

/** A day and the next night's full read, which brings rows that a clock running behind had hidden. */
const USUAL = 28;

function hoursArgument(text: string): number {
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (hours < SHORTEST) throw new InvalidArgumentError(`a whole number of at least ${SHORTEST} hours`);
  return hours;
}

function seedArgument(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number of at most nine digits");
  return Number(text);
}

function scaleArgument(text: string): number {
  const scale = Number(text);
  if (!(scale > 0)) throw new InvalidArgumentError("a number above 0");
  return scale;
}

/** The demo removes what it made, so it never works in a folder that holds anything. */
function stateFolder(given: string | undefined): string {
  if (given === undefined) return mkdtempSync(join(tmpdir(), "ledgerloop-demo-"));
  const state = resolve(given);
  if (existsSync(state) && readdirSync(state).length > 0) throw new Failure("usage", stateNotEmpty(given));
  return state;
}

/** What somebody who has seen the scoreboard may want to see next. */
const LOOKS = ["status", "quarantine list", 'query "select * from curated.revenue_month order by month"'] as const;

function lookAround(state: string | null, environment: string): string {
  const at = state === null ? "" : `LEDGERLOOP_STATE=${state} `;
  const env = environment === "local" ? "" : ` --env ${environment}`;
  const pipeline = state === null ? env : ` --pipeline ${join(state, "pipeline")}${env}`;
  const commands = LOOKS.map((command) => `  ${at}npx ledgerloop ${command}${pipeline}\n`).join("");
  if (state !== null) return `look around:\n${commands}and stop its servers: ${at}npx ledgerloop down${pipeline}\n`;
  return `this company is gone; \`npm run demo -- --keep\` leaves the next one there to be asked:\n${commands}`;
}

async function play(context: CommandContext, options: DemoOptions, state: string): Promise<void> {
  const print = (line: string) => context.err(`${line}\n`);
  const { hours, seed, scale, keep = false } = options;
  const { ok, document, scoreboard } = await context.app.run.demo({
    pipeline: existsSync(join(options.pipeline, "pipeline.yaml")) ? resolve(options.pipeline) : null,
    environment: options.env,
    state,
    hours,
    seed,
    scale,
    keep,
    print,
  });
  context.exitCode = ok ? 0 : 1;
  if (options.json) printJson(context, document);
  else context.out(`${scoreboard.trimEnd()}\n`);
  context.err(`\n${lookAround(keep ? state : null, options.env)}`);
}

/** `ledgerloop demo` */
export function demoCommand(context: CommandContext): Command {
  const command = new Command("demo")
    .description(
      "a company in four systems with planted faults, loaded hour by hour; ends with a scoreboard and exit code 0 only if it is perfect",
    )
    .option("--hours <n>", "simulated hours, at least 9", hoursArgument, USUAL)
    .option("--seed <n>", "another company, other faults", seedArgument, 7)
    .option("--scale <x>", "1 is 400 customers and some 150 changed rows an hour", scaleArgument, 1)
    .option("--keep", "leave servers and data in place")
    .option("--state <dir>", "an empty folder for servers and data; by default a temporary one");
  return withCommonOptions(command, ["demo", "demo --hours 30 --seed 11 --keep --json"]).action(async (options: DemoOptions) => {
    const state = stateFolder(options.state);
    try {
      await play(context, options, state);
    } finally {
      if (!options.keep) rmSync(state, { recursive: true, force: true });
    }
  });
}
