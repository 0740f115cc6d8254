import type { Feed, Group } from "../config/pipeline.ts";
import type { Batch } from "../landing/manifest.ts";
import type { Account } from "../publish/accounts.ts";
import type { Gate } from "../publish/gates.ts";
import type { Head } from "../publish/head.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Engine, RunRequest } from "./engine.ts";
import type { Judgement } from "./judge.ts";
import type { Before } from "./publication.ts";
import type { RuleVerdict } from "./rule-verdicts.ts";
import type { SampleRow } from "./samples.ts";

/** How a run ended before or at its last stage. */
export interface RunEnding {
  readonly outcome: "published" | "already_published" | "nothing_to_do" | "blocked";
  readonly publicationId: string | null;
  readonly message: string | null;
}

/** What the stages of one run have found so far. Each stage fills its own part and reads earlier ones. */
export interface RunContext {
  readonly engine: Engine;
  readonly request: RunRequest;
  readonly group: Group;
  readonly runId: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  /** Feeds of the group that this run extracts; set by `begin`. */
  feeds: readonly Feed[];
  head: Head | null;
  /** Curated table → published columns that its contract does not name any more, whose loss was accepted. */
  retired: ReadonlyMap<string, readonly string[]>;
  batches: readonly Batch[];
  /** Whether landed bytes of an earlier attempt are used. */
  reused: boolean;
  /** The warehouse session from judgement to publication. */
  session: Session | null;
  judgement: Judgement | null;
  before: Before | null;
  verdicts: readonly RuleVerdict[];
  /** Masked rows by feed, taken while the work tables are there. */
  samples: ReadonlyMap<string, readonly SampleRow[]>;
  gates: Gate[];
  accounts: readonly Account[];
  readonly parts: Map<string, number>;
}

/** A part that an earlier stage must have filled. */
export function filled<T>(value: T | null, part: string): T {
  if (value === null) throw new Error(`the run reached a stage without its ${part}`);
  return value;
}
