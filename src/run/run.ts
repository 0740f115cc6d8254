import type { Group } from "../config/pipeline.ts";
import { addUsage, NO_REQUESTS, type RequestUsage } from "../sources/request-usage.ts";
import type { Session, Usage } from "../warehouse/warehouse.ts";
import type { Engine, RunTools } from "./engine.ts";
import type { RunRequest } from "./request.ts";

/** One run of one group: what it was asked for and what it works with. What it finds is handed from stage to stage. */
export interface Run<Tools extends RunTools = Engine> {
  readonly engine: Tools;
  readonly request: RunRequest;
  readonly group: Group;
  readonly runId: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  /** The stage under way, and the publication that it writes: statements are tagged with both, and nothing else asks. */
  readonly at: { stage: string; publication: string | null };
  /** Every warehouse session of the run, for what they cost together; closed when the run ends. */
  readonly sessions: Session[];
  /** What was asked of sources that are APIs, by source. */
  readonly requests: Map<string, RequestUsage>;
}

/** Opens a warehouse session for one step of a run. */
export async function openSession(
  run: Run<RunTools>,
  step: string,
  options: { readOnly?: boolean; signal?: AbortSignal } = {},
): Promise<Session> {
  const { engine, runId, at } = run;
  const session = await engine.warehouse.open({
    purpose: `run ${runId}, ${step}`,
    readOnly: options.readOnly ?? false,
    signal: options.signal ?? run.signal,
    tag: () => ({
      run: runId,
      stage: at.stage,
      code: engine.codeVersion,
      ...(at.publication === null ? {} : { publication: at.publication }),
    }),
  });
  run.sessions.push(session);
  return session;
}

/** What the run has asked of the warehouse so far. */
export function usageOf({ sessions }: Pick<Run, "sessions">): Usage {
  const used = sessions.map((session) => session.usage());
  const bytes = used.flatMap((u) => u.bytes ?? []);
  return {
    statements: used.reduce((sum, u) => sum + u.statements, 0),
    bytes: bytes.length === 0 ? null : bytes.reduce((sum, n) => sum + n, 0),
  };
}

/** Counts what requests to a source took, beside what is counted already. */
export function countRequests({ requests }: Pick<Run, "requests">, source: string, usage: RequestUsage): void {
  requests.set(source, addUsage(requests.get(source) ?? NO_REQUESTS, usage));
}
