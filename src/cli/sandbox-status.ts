import { Command } from "commander";
import type { Simulator, SimulatorStatus, SystemName } from "../ports/sandbox.ts";
import { type CommandContext, printJson } from "./context.ts";

import { faultLine } from "./sandbox-fault.ts";
import { type SteeringOptions, SYSTEM_WORDS, systemsMeant, systemWords, withSteeringOptions } from "./sandbox-options.ts";
import { startAny, startCommand } from "./sandbox-problems.ts";
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

type Shown = Simulator & SimulatorStatus & { readonly system: SystemName };

function render(simulator: Shown): string {
  const { system, url, pid, account, seed, clock, objects } = simulator;
  const words = SYSTEM_WORDS[system];
  const counts = objects.map((one) => ({ kind: one.kind, objects: String(one.objects) }));
  return [
    `a simulator of ${words.name} runs at ${url} (process ${pid}); what is in it is in memory: stopping forgets it\n`,
    `${words.account} ${account}, seed ${seed}\nclock: ${clock}\n\n`,
    `${renderTable(counts)}\n`,
    faultsText(simulator),
    requestsText(simulator),
  ].join("");
}

async function status(context: CommandContext, options: SteeringOptions): Promise<void> {
  const { sandbox } = context.app;
  const { state } = options;
  const { folder } = await sandbox.running(state);
  const simulators: Shown[] = [];
  for (const system of await systemsMeant(context, options)) {
    const simulator = await sandbox.status({ system, state });
    if (simulator) simulators.push({ system, ...simulator });
  }
  if (options.json) return printJson(context, { folder, simulators });
  if (simulators.length === 0) {
    const of = options.system === undefined ? "" : ` of ${SYSTEM_WORDS[options.system].name}`;
    context.out(
      `no simulator${of} runs here (${folder})\nnext: ${options.system === undefined ? startAny : startCommand(options.system)}\n`,
    );
    return;
  }
  context.out(simulators.map(render).join("\n"));
  const starts = simulators.map(({ system }) => startCommand(system));
  context.out(
    `next: \`ledgerloop sandbox advance${systemWords(options)}\`; ${starts.join(" and ")} ${starts.length > 1 ? "say" : "says"} again what to export\n`,
  );
}

/** `ledgerloop sandbox status` */
export function sandboxStatusCommand(context: CommandContext): Command {
  const command = new Command("status").description(
    "a simulator's clock, what is in its account or org, which faults are on, and what was asked of it",
  );
  return withSteeringOptions(command, ["sandbox status", "sandbox status --json"]).action((options: SteeringOptions) =>
    status(context, options),
  );
}
