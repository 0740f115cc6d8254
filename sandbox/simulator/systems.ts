import type { FaultWords } from "./fault-words.ts";
import type { Simulated, SimulatedAs } from "./simulated.ts";

/** A system that can be simulated in a process of its own. */
interface System {
  readonly name: string;
  /** Its simulator, which only that process loads. */
  simulator(): Promise<{ startSimulated(as: SimulatedAs): Promise<Simulated> }>;
  /** What can go wrong with its answers. */
  faults(): Promise<{ readonly FAULT_WORDS: Readonly<Record<string, FaultWords>> }>;
}

export type SystemName = "stripe" | "salesforce";

/** All such systems; what else lies in this folder names none. */
export const SYSTEMS: Readonly<Record<SystemName, System>> = {
  stripe: {
    name: "Stripe",
    simulator: () => import("../stripe/simulated.ts"),
    faults: () => import("../stripe/fault-words.ts"),
  },
  salesforce: {
    name: "Salesforce",
    simulator: () => import("../salesforce/simulated.ts"),
    faults: () => import("../salesforce/fault-words.ts"),
  },
};
