import { Command } from "commander";
import { minuteOf } from "../kernel/clock.ts";
import type { Lived, LivedHour, SystemName } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SteeringOptions, SYSTEM_WORDS, systemsThere, wholeNumber, withSteeringOptions } from "./sandbox-options.ts";

/** Thirty days: more than that an account's events do not reach back. */
const LONGEST = 720;

function hourLine({ from, until, happened }: LivedHour): string {
  const told = happened.map(({ what, times }) => `${times} ${what}`).join(", ");
  return `${minuteOf(from)} to ${until.slice(11, 16)}  ${told === "" ? "nothing" : told}\n`;
}

async function advance(context: CommandContext, hours: number, options: SteeringOptions): Promise<void> {
  const { state } = options;
  const systems = await systemsThere(context, options);
  const simulators: (Lived & { system: SystemName })[] = [];
  for (const system of systems) {
    const lived = await context.app.sandbox.advance({ system, state }, hours);
    simulators.push({ system, ...lived });
    if (options.json) continue;
    if (systems.length > 1) context.out(`${SYSTEM_WORDS[system].name}:\n`);
    for (const hour of lived.hours) context.out(hourLine(hour));
    context.out(`the clock shows ${lived.clock}\n`);
  }
  if (options.json) printJson(context, { simulators });
}

/** `ledgerloop sandbox advance` */
export function sandboxAdvanceCommand(context: CommandContext): Command {
  const command = new Command("advance")
    .description(
      "let what is simulated live on: customers come and go, deals are closed, money goes back; the clock goes with it",
    )
    .argument("[hours]", `whole hours, at most ${LONGEST} (default: 1)`, wholeNumber(1, LONGEST));
  return withSteeringOptions(command, ["sandbox advance", "sandbox advance 24 --json"]).action(
    (hours: number | undefined, options: SteeringOptions) => advance(context, hours ?? 1, options),
  );
}
