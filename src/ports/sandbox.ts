/** What a fault may be told besides where and how often it strikes. */
export const FAULT_WORDS = ["id", "field", "object", "value", "seconds", "missing", "keep", "html"] as const;

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
  readonly times: number | null;
  readonly after: number;
  readonly chance: number;
  readonly with: FaultAsked["more"];
  /** How many answers it struck. */
  readonly hits: number;
  /** It struck as often as it was to. */
  readonly over: boolean;
}

/** A simulator of Stripe in a process of its own. */
export interface Simulator {
  readonly pid: number;
  readonly url: string;
  readonly folder: string;
}

/** What stands in the account, and what was asked of it. */
export interface SimulatorStatus {
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

/** A simulator that runs now. */
export interface Started extends Simulator {
  /** Whether it was started just now. */
  readonly isNew: boolean;
  readonly key: string;
  /** The pipeline over Stripe that the program brings. */
  readonly example: string;
}

/** Starts and steers a simulator of Stripe. `state` is the folder that was named; the environment's or a temporary one without it. */
export interface SandboxPort {
  start(state: string | undefined, asked: { seed: number; port: number | null }): Promise<Started>;
  status(state: string | undefined): Promise<{ folder: string; simulator: (Simulator & SimulatorStatus) | null }>;
  advance(state: string | undefined, hours: number): Promise<{ hours: readonly LivedHour[]; clock: string }>;
  knownFaults(): Promise<readonly KnownFault[]>;
  switchOn(state: string | undefined, asked: FaultAsked): Promise<readonly SwitchedFault[]>;
  /** Switches faults off: those of a name, or all. */
  switchOff(state: string | undefined, name: string | null): Promise<readonly SwitchedFault[]>;
  /** Gives whether one ran. */
  stop(state: string | undefined): Promise<boolean>;
}
