import { Command } from "commander";
import { SYSTEMS, type SystemName } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SteeringOptions, SYSTEM_WORDS, withSteeringOptions } from "./sandbox-options.ts";

async function stop(context: CommandContext, options: SteeringOptions): Promise<void> {
  const { state } = options;
  const stopped: SystemName[] = [];
  // Those that do not run are asked too: whoever starts one at this moment is waited for.
  for (const system of options.system === undefined ? SYSTEMS : [options.system]) {
    if (await context.app.sandbox.stop({ system, state })) stopped.push(system);
  }
  if (options.json) return printJson(context, { stopped: stopped.length > 0, systems: stopped });
  for (const system of stopped) {
    const { name, account } = SYSTEM_WORDS[system];
    context.out(`the simulator of ${name} is stopped, and its ${account} forgotten\n`);
  }
  if (stopped.length === 0) context.out("no simulator was running\n");
}

/** `ledgerloop sandbox stop` */
export function sandboxStopCommand(context: CommandContext): Command {
  const command = new Command("stop").description(
    "end the simulators that run, or one; what is in them is in memory and is forgotten",
  );
  return withSteeringOptions(command, ["sandbox stop", "sandbox stop --system salesforce --json"]).action(
    (options: SteeringOptions) => stop(context, options),
  );
}
