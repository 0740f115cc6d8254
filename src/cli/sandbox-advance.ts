import { Command } from "commander";
import type { LivedHour } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { type SandboxOptions, wholeNumber, withSandboxOptions } from "./sandbox-options.ts";

/** Thirty days: more than that an account's events do not reach back. */
const LONGEST = 720;

const withoutSeconds = (instant: string) => instant.slice(0, 16).replace("T", " ");

function hourLine({ from, until, happened }: LivedHour): string {
  const told = happened.map(({ what, times }) => `${times} ${what}`).join(", ");
  return `${withoutSeconds(from)} to ${until.slice(11, 16)}  ${told === "" ? "nothing" : told}\n`;
}

/** `ledgerloop sandbox advance` */
export function sandboxAdvanceCommand(context: CommandContext): Command {
  const command = new Command("advance")
    .description("let the account live on: customers come and go, invoices are paid, money goes back; the clock goes with it")
    .argument("[hours]", `whole hours, at most ${LONGEST} (default: 1)`, wholeNumber(1, LONGEST));
  return withSandboxOptions(command, ["sandbox advance", "sandbox advance 24 --json"]).action(
    async (hours: number | undefined, options: SandboxOptions) => {
      const lived = await context.app.sandbox.advance(options.state, hours ?? 1);
      if (options.json) return printJson(context, lived);
      for (const hour of lived.hours) context.out(hourLine(hour));
      context.out(`the clock shows ${lived.clock}\n`);
    },
  );
}
