import { Failure } from "../kernel/problem.ts";
import type { LandingRun } from "../landing/land-extract.ts";
import type { Batch } from "../landing/manifest.ts";
import { type Gate, gate } from "../publish/gate.ts";
import { readsOf, windowOf } from "./request.ts";
import type { Run } from "./run.ts";
import type { Begun } from "./stages.ts";

/** A run that extracts: what it builds on, and the warnings it has met on the way. */
export interface Extracting {
  readonly run: Run;
  readonly begun: Begun;
  readonly gates: Gate[];
}

/** What a manifest says of the run that lands it. */
export function landingRun({ run, begun: { head } }: Extracting): LandingRun {
  return {
    runId: run.runId,
    group: run.group.name,
    window: windowOf(run.request),
    asked: readsOf(run.request) ?? "changes",
    baseHead: head.number.toString(),
    extractSeq: Number(head.token),
    startedAt: run.startedAt,
    codeVersion: run.engine.codeVersion,
  };
}

/** Whether an extract says that its rows are all there are; in the middle of a first load none does, whatever was asked for. */
export function bringsAll({ request, loading }: Batch["manifest"]["extract"]): boolean {
  return request.whole && loading === undefined;
}

/** Evidence that cannot be read any more is reported; what can be read again from the source does not need it. */
export async function orReported<T>({ gates }: Extracting, what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "incomplete") throw error;
    const observed = error.problems[0]?.says ?? "";
    gates.push(gate("evidence", { subject: what }, { holds: false, observed, limit: "landed bytes as their manifest says" }));
    return null;
  }
}
