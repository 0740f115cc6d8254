/** Systems of which there are simulators. */
export const SYSTEMS = ["stripe", "salesforce"] as const;

export type SystemName = (typeof SYSTEMS)[number];

/** A simulator: of what, and the state folder that was named; the environment's or a temporary one without it. */
export interface SimulatorAt {
  readonly system: SystemName;
  readonly state: string | undefined;
}

/** What a fault may be told besides where and how often it strikes. */
export const FAULT_WORDS = ["id", "field", "object", "value", "seconds", "used", "missing", "agree", "keep", "html"] as const;

export type FaultWord = (typeof FAULT_WORDS)[number];

/** A fault that can be switched on. */
export interface KnownFault {
  readonly name: string;
  /** What becomes of an answer, in a phrase. */
  readonly says: string;
  readonly takes: readonly FaultWord[];
  /** Those of what it takes that it is nothing without. */
  readonly needs: readonly FaultWord[];
}

/** A fault to be switched on; null is "nothing said", and for `times` that it strikes until it is switched off. */
export interface FaultAsked {
  readonly name: string;
  /** The beginning of the path. */
  readonly match: string | null;
  /** The object of Salesforce that is asked for, in the path or in the SOQL. */
  readonly about: string | null;
  readonly times: number | null;
  /** Answers that it lets pass first. */
  readonly after: number;
  readonly chance: number;
  readonly more: Readonly<Partial<Record<FaultWord, string | number | boolean>>>;
}

/** A fault that was switched on. */
export interface SwitchedFault {
  readonly name: string;
  readonly match: string | null;
  readonly about: string | null;
  readonly times: number | null;
  readonly after: number;
  readonly chance: number;
  readonly with: FaultAsked["more"];
  /** How many answers it struck. */
  readonly hits: number;
  /** It struck as often as it was to. */
  readonly over: boolean;
}

/** A simulator in a process of its own. */
export interface Simulator {
  readonly pid: number;
  readonly url: string;
}

/** What stands in the account or org, and what was asked of it. */
export interface SimulatorStatus {
  /** Its id. */
  readonly account: string;
  readonly seed: number;
  readonly clock: string;
  /** Objects by kind; deleted ones are not counted. */
  readonly objects: readonly { readonly kind: string; readonly objects: number }[];
  readonly faults: readonly SwitchedFault[];
  /** Requests by the status of their answer; 0 where none came. */
  readonly requests: readonly { readonly status: number; readonly requests: number }[];
}

export interface LivedHour {
  readonly from: string;
  readonly until: string;
  readonly happened: readonly { readonly what: string; readonly times: number }[];
}

/** Hours that were lived, and what the clock shows now. */
export interface Lived {
  readonly hours: readonly LivedHour[];
  readonly clock: string;
}

/** A simulator that runs now. */
export interface Started extends Simulator {
  readonly folder: string;
  /** Whether it was started just now. */
  readonly isNew: boolean;
  /** Variables by which a pipeline finds it; secrets are among them. */
  readonly env: Readonly<Record<string, string>>;
  /** The pipeline over the system that the program brings. */
  readonly example: string;
}

/** Starts and steers simulators. */
export interface SandboxPort {
  /** Systems of which a simulator runs, and the folder where they are remembered. */
  running(state: string | undefined): Promise<{ folder: string; running: readonly SystemName[] }>;
  start(at: SimulatorAt, asked: { seed: number; port: number | null }): Promise<Started>;
  /** Null where it does not run. */
  status(at: SimulatorAt): Promise<(Simulator & SimulatorStatus) | null>;
  advance(at: SimulatorAt, hours: number): Promise<Lived>;
  knownFaults(system: SystemName): Promise<readonly KnownFault[]>;
  switchOn(at: SimulatorAt, asked: FaultAsked): Promise<readonly SwitchedFault[]>;
  /** Switches faults off: those of a name, or all. */
  switchOff(at: SimulatorAt, name: string | null): Promise<readonly SwitchedFault[]>;
  /** Gives whether it ran. */
  stop(at: SimulatorAt): Promise<boolean>;
}
