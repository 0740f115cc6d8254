import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { App } from "../ports/ports.ts";
import {
  type SandboxPort,
  type SimulatorAt,
  type SimulatorStatus,
  type SwitchedFault,
  SYSTEMS,
  type SystemName,
} from "../ports/sandbox.ts";
import { ownPackage } from "./own-package.ts";
import { sandboxFolder } from "./places.ts";

/** The example of a system as people type it: a clone has it where they are. */
function exampleFromHere(system: SystemName): string {
  const example = `examples/${system}`;
  return existsSync(join(example, "pipeline.yaml")) ? example : relative(process.cwd(), join(ownPackage().folder, example));
}

/** See `App.sandbox`. */
export function sandbox(env: App["env"]): SandboxPort {
  const folderOf = (state: string | undefined) => sandboxFolder(state ?? env["LEDGERLOOP_STATE"]);
  const seatOf = ({ system, state }: SimulatorAt) => ({ system, folder: folderOf(state) });
  const simulators = () => import("../../sandbox/simulator/start-simulator.ts");
  const ask = async (at: SimulatorAt, verb: string, body: object = {}) =>
    (await simulators()).askSimulator(seatOf(at), verb, body) as Promise<never>;
  const faultsAfter = async (at: SimulatorAt, verb: string, body: object) =>
    ((await ask(at, verb, body)) as { faults: readonly SwitchedFault[] }).faults;
  return {
    running: async (state) => {
      const folder = folderOf(state);
      const { runningSimulator } = await simulators();
      const records = await Promise.all(SYSTEMS.map((system) => runningSimulator({ system, folder })));
      return { folder, running: SYSTEMS.filter((_, i) => records[i] !== null) };
    },
    start: async (at, asked) => {
      const seat = seatOf(at);
      const { record, isNew } = await (await simulators()).startSimulator(seat, asked);
      const { pid, url } = record;
      return { pid, url, env: record.env, folder: seat.folder, isNew, example: exampleFromHere(at.system) };
    },
    status: async (at) => {
      const record = await (await simulators()).runningSimulator(seatOf(at));
      if (record === null) return null;
      const status: SimulatorStatus = await ask(at, "status");
      return { pid: record.pid, url: record.url, ...status };
    },
    advance: (at, hours) => ask(at, "advance", { hours }),
    knownFaults: async (system) => {
      const systems = (await import("../../sandbox/simulator/systems.ts")).SYSTEMS;
      const { FAULT_WORDS } = await systems[system].faults();
      return Object.entries(FAULT_WORDS).map(([name, words]) => ({ name, ...words }));
    },
    switchOn: (at, asked) => faultsAfter(at, "fault", asked),
    switchOff: (at, name) => faultsAfter(at, "off", { name }),
    stop: async (at) => (await simulators()).stopSimulator(seatOf(at)),
  };
}
