import { Command } from "commander";
import type { Simulator, SimulatorStatus } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";
import { faultLine } from "./sandbox-fault.ts";
import { type SandboxOptions, withSandboxOptions } from "./sandbox-options.ts";
import { renderTable } from "./table.ts";

function requestsText({ requests }: SimulatorStatus): string {
  if (requests.length === 0) return "requests since the start: none\n";
  const all = requests.reduce((sum, one) => sum + one.requests, 0);
  const told = requests.map((one) => `${one.requests} ${one.status === 0 ? "without an answer" : `answered with ${one.status}`}`);
  return `requests since the start: ${all}; ${told.join(", ")}\n`;
}

function faultsText({ faults }: SimulatorStatus): string {
  if (faults.length === 0) return "no fault is on\n";
  return `faults:\n${faults.map((fault) => `  ${faultLine(fault)}\n`).join("")}`;
}

function render(simulator: Simulator & SimulatorStatus): string {
  const { url, pid, account, seed, clock, objects } = simulator;
  const counts = objects.map((one) => ({ kind: one.kind, objects: String(one.objects) }));
  return [
    `a simulator of Stripe runs at ${url} (process ${pid}); what is in it is in memory: stopping forgets it\n`,
    `account ${account}, seed ${seed}\nclock: ${clock}\n\n`,
    `${renderTable(counts)}\n`,
    faultsText(simulator),
    requestsText(simulator),
    "next: `ledgerloop sandbox advance`; `ledgerloop sandbox start` says again what to export\n",
  ].join("");
}

/** `ledgerloop sandbox status` */
export function sandboxStatusCommand(context: CommandContext): Command {
  const command = new Command("status").description(
    "the simulator's clock, what is in its account, which faults are on, and what was asked of it",
  );
  return withSandboxOptions(command, ["sandbox status", "sandbox status --json"]).action(async (options: SandboxOptions) => {
    const { folder, simulator } = await context.app.sandbox.status(options.state);
    if (options.json) return printJson(context, { folder, simulator });
    context.out(
      simulator === null
        ? `no simulator of Stripe runs here (${folder})\nnext: \`ledgerloop sandbox start\`\n`
        : render(simulator),
    );
  });
}
