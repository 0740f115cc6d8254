import type { Judgement } from "../checks/judge.ts";
import type { SampleRow } from "../checks/samples.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Batch } from "../landing/manifest.ts";
import type { AuditEntry } from "../ledger/audit-trail.ts";
import type { Head } from "../ledger/head.ts";
import type { FeedInstants } from "../lineage/as-of.ts";
import type { Account } from "../publish/accounts.ts";
import type { Gate } from "../publish/gate.ts";
import type { Before } from "../publish/publication.ts";
import type { RuleVerdict } from "../publish/rule-verdicts.ts";
import type { Recompute } from "../schema/recompute.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** How a run ended before or at its last stage. */
export interface RunEnding {
  readonly outcome: "published" | "already_published" | "nothing_to_do" | "blocked";
  readonly publicationId: string | null;
  readonly message: string | null;
}

/** What a run tells people, whether it published or not. */
export interface Findings {
  readonly gates: readonly Gate[];
  readonly verdicts: readonly RuleVerdict[];
  readonly accounts: readonly Account[];
  /** Masked rows by feed, taken while the work tables are there. */
  readonly samples: ReadonlyMap<string, readonly SampleRow[]>;
}

/** The run has the lead: head and cursors are those that its publication builds on. */
export interface Begun {
  readonly head: Head;
  /** Feeds of the group that this run extracts. */
  readonly feeds: readonly Feed[];
  /** Curated tables that the publication computes again, those that others read first. */
  readonly recompute: readonly Recompute[];
  /** What is declared of tables with this publication: derived columns that no earlier one had. */
  readonly declares: readonly AuditEntry[];
  /** Curated table → published columns that its contract does not name any more, whose loss was accepted. */
  readonly retired: ReadonlyMap<string, readonly string[]>;
  /** What was found so far: nothing yet. */
  readonly gates: readonly Gate[];
}

/** The bytes of every feed that is extracted are landed; feeds that were left out are not among `feeds` any more. */
export interface Landed extends Begun {
  readonly batches: readonly Batch[];
  /** Ids of batches whose bytes an earlier attempt landed. */
  readonly reused: readonly string[];
  /** Optional feeds that this run goes on without. */
  readonly leftOut: readonly string[];
  /** Of nets: what was published of their feeds while they read. */
  readonly since: readonly Batch[];
}

/** Every row has its class; rows and classes stand in work tables of `session`. */
export interface Judged extends Landed {
  readonly session: Session;
  readonly judgement: Judgement;
  readonly before: Before;
  /** Seconds by part of the judgement. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Every gate that can be known before the publish transaction has spoken, and none of them blocks. */
export interface Audited extends Judged, Findings {}

/** The transaction is durable. */
export interface Published extends Findings {
  readonly publicationId: string;
  /** As of when the feeds of the group are with it. */
  readonly instants: FeedInstants;
}

/** The run ends here, with what it has found so far. */
export interface Ended extends Partial<Findings> {
  readonly ending: RunEnding;
  readonly instants?: FeedInstants;
}

/** Whether a stage ended the run. */
export function isEnded<T extends object>(step: T | Ended): step is Ended {
  return "ending" in step;
}
