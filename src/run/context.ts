import type { Feed, Group } from "../config/pipeline.ts";
import type { Batch } from "../landing/manifest.ts";
import type { Account } from "../publish/accounts.ts";
import type { Gate } from "../publish/gates.ts";
import type { Head } from "../publish/head.ts";
import type { Session, Usage } from "../warehouse/warehouse.ts";
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
  /** The stage under way, and the publication that it writes; statements are tagged with both. */
  stage: string;
  publicationId: string | null;
  /** Every warehouse session of the run, for what they cost together. */
  readonly sessions: Session[];
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

/** Opens a warehouse session for one step of a run; the caller closes it. */
export async function openSession(run: RunContext, step: string, readOnly = false): Promise<Session> {
  const { engine, runId, signal } = run;
  const session = await engine.warehouse.open({
    purpose: `run ${runId}, ${step}`,
    readOnly,
    signal,
    tag: () => ({
      run: runId,
      stage: run.stage,
      code: engine.codeVersion,
      ...(run.publicationId === null ? {} : { publication: run.publicationId }),
    }),
  });
  run.sessions.push(session);
  return session;
}

/** What the run has asked of the warehouse so far. */
export function usageOf({ sessions }: RunContext): Usage {
  const used = sessions.map((session) => session.usage());
  const bytes = used.flatMap((u) => u.bytes ?? []);
  return {
    statements: used.reduce((sum, u) => sum + u.statements, 0),
    bytes: bytes.length === 0 ? null : bytes.reduce((sum, n) => sum + n, 0),
  };
}
