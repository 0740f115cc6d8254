import type { Dialect, Statement } from "./dialect.ts";

/** One row of a result, all values as text so that no number loses digits. */
export type TextRow = Readonly<Record<string, string | null>>;

/** A result with what its columns are, in their order; `type` is the engine's own name of one. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: TextRow[];
}

/** One landed file, wherever it lies. */
export interface RawFile {
  /** Object-store key. */
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  /** For an engine that reads the object store itself. */
  readonly url: string;
  /** For one that reads files of this machine; the session releases them when it ends. */
  readonly local: () => Promise<{ readonly path: string; release(): Promise<void> }>;
}

/** A landed file in a form that an engine loads, on this machine until it is released. */
export interface PackedFile {
  readonly path: string;
  release(): Promise<void>;
}

/** Landed files of one batch, for the engine's own reader. */
export interface RawBatch {
  readonly feed: string;
  /** Name of the raw relation. */
  readonly relation: string;
  readonly batchId: string;
  readonly columns: readonly string[];
  readonly files: readonly RawFile[];
}

/** What the statements of a session are done for; an engine that can keeps it in its own query log. */
export interface Tag {
  readonly run?: string;
  readonly publication?: string;
  readonly stage?: string;
  /** Version of this program. */
  readonly code?: string;
}

/** What a session has asked of the engine so far. */
export interface Usage {
  readonly statements: number;
  /** Bytes that the driver says it moved; null where it says nothing. */
  readonly bytes: number | null;
}

/** One open, guarded connection to the warehouse. */
export interface Session {
  /** Runs a statement; resolves to the number of rows it changed. */
  run(statement: Statement): Promise<bigint>;
  /** Runs a query and materialises its result as text. */
  rows(statement: Statement): Promise<TextRow[]>;
  /** The same with what its columns are. */
  answer(statement: Statement): Promise<Answer>;
  /**
   * Runs `work` in one transaction of DML and queries; an engine may run it again from the start when it could not get a lock.
   * When this resolves the changes are durable (checkpointed, where COMMIT alone is
   * not enough); when `work` or COMMIT throws, an explicit ROLLBACK was sent.
   * @throws Failure `internal` when `work` asks for anything else, before it is sent.
   * @throws UnknownOutcome when the answer to COMMIT was lost: look the batches up before doing anything else.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs DDL as one unit: all of it is durable when this resolves, or nothing of it happened.
   * @throws Failure `internal` where the engine commits each DDL statement by itself (`can.curatedViews`).
   */
  replace(statements: readonly Statement[]): Promise<void>;
  /** Makes a batch's landed files readable as text under its raw relation. */
  loadRaw(batch: RawBatch): Promise<void>;
  /** Takes away what `loadRaw` made; nothing happens where it is not there. */
  releaseRaw(relation: string): Promise<void>;
  usage(): Usage;
  /** Ends the session; closing it again does nothing. */
  close(): Promise<void>;
}

/** The answer to COMMIT was lost; whether the transaction happened is not known. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super("the answer to COMMIT was lost", { cause });
    this.name = "UnknownOutcome";
  }
}

export interface OpenOptions {
  readonly purpose: string;
  readonly readOnly?: boolean;
  readonly waitMs?: number;
  /** Asked before each statement. */
  readonly tag?: () => Tag;
  /** Running statements are cancelled when it aborts, where the engine can; a COMMIT never is. */
  readonly signal?: AbortSignal;
}

/** A warehouse: opens guarded sessions. At most one session per warehouse is open in a process. */
export interface Warehouse {
  readonly dialect: Dialect;
  /**
   * Opens a session for one step.
   * @throws Failure `retryable` when somebody else holds the warehouse for longer than `waitMs`.
   */
  open(options: OpenOptions): Promise<Session>;
}
