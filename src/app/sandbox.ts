import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { App } from "../ports/ports.ts";
import type { SandboxPort, SimulatorStatus, SwitchedFault } from "../ports/sandbox.ts";
import { ownPackage } from "./own-package.ts";
import { sandboxFolder } from "./places.ts";

const EXAMPLE = "examples/stripe";

/** The example as people type it: a clone has it where they are. */
function exampleFromHere(): string {
  return existsSync(join(EXAMPLE, "pipeline.yaml")) ? EXAMPLE : relative(process.cwd(), join(ownPackage().folder, EXAMPLE));
}

/** See `App.sandbox`. */
export function sandbox(env: App["env"]): SandboxPort {
  const folderOf = (state: string | undefined) => sandboxFolder(state ?? env["LEDGERLOOP_STATE"]);
  const simulators = () => import("../../sandbox/simulator/start-simulator.ts");
  const ask = async (folder: string, verb: string, body: object = {}) =>
    (await simulators()).askSimulator(folder, verb, body) as Promise<never>;
  const faultsAfter = async (folder: string, verb: string, body: object) =>
    ((await ask(folder, verb, body)) as { faults: readonly SwitchedFault[] }).faults;
  return {
    start: async (state, asked) => {
      const folder = folderOf(state);
      const { record, isNew } = await (await simulators()).startSimulator({ folder, ...asked });
      return { pid: record.pid, url: record.url, key: record.key, folder, isNew, example: exampleFromHere() };
    },
    status: async (state) => {
      const folder = folderOf(state);
      const record = await (await simulators()).runningSimulator(folder);
      if (record === null) return { folder, simulator: null };
      const status: SimulatorStatus = await ask(folder, "status");
      return { folder, simulator: { pid: record.pid, url: record.url, folder, ...status } };
    },
    advance: (state, hours) => ask(folderOf(state), "advance", { hours }),
    knownFaults: async () => {
      const { FAULT_WORDS } = await import("../../sandbox/stripe/fault-words.ts");
      return Object.entries(FAULT_WORDS).map(([name, words]) => ({ name, ...words }));
    },
    switchOn: (state, asked) => faultsAfter(folderOf(state), "fault", asked),
    switchOff: (state, name) => faultsAfter(folderOf(state), "off", { name }),
    stop: async (state) => (await simulators()).stopSimulator(folderOf(state)),
  };
}
