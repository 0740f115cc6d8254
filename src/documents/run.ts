import { formatInstant, formatWindow } from "../kernel/window.ts";
import type { RunRow } from "../store/operations/list-runs.ts";

/** A run of the journal as `runs` and `show` print it. */
export interface RunDocument {
  readonly run_id: string;
  readonly group: string;
  readonly kind: string;
  /** The complete key sets of the sources were asked for too. */
  readonly keys: boolean;
  readonly window: string | null;
  readonly status: "running" | "died" | "finished";
  readonly outcome: string | null;
  readonly exit_code: number | null;
  readonly publication_id: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly code_version: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly seconds: number | null;
  readonly cancel_requested_by: string | null;
  /** What set the ledger back behind the run's publication. */
  readonly undone_by: string | null;
}

const EARLIER_KINDS: Readonly<Record<string, string>> = { increment: "changes", keys: "changes", full: "whole" };

/** A journal line as a document; a run that is not finished and holds no lease has died. */
export function runDocument(row: RunRow): RunDocument {
  const { windowStart: start, windowEnd: end, startedAt, finishedAt } = row;
  return {
    run_id: row.runId,
    group: row.group,
    // Before `changes` and `whole` had these names they were called by what they are called with.
    kind: EARLIER_KINDS[row.kind] ?? row.kind,
    keys: row.kind === "keys" || row.keys,
    window: start && end ? formatWindow({ start, end }) : null,
    status: row.status === "running" && !row.alive ? "died" : row.status,
    outcome: row.outcome,
    exit_code: row.exitCode,
    publication_id: row.publicationId,
    actor: row.actor,
    reason: row.reason,
    ticket: row.ticket,
    code_version: row.codeVersion,
    started_at: formatInstant(startedAt),
    finished_at: finishedAt && formatInstant(finishedAt),
    seconds: finishedAt && (finishedAt.getTime() - startedAt.getTime()) / 1000,
    cancel_requested_by: row.cancelRequestedBy,
    undone_by: row.undoneBy,
  };
}
