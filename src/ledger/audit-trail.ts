import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { insertOps } from "./insert-ops.ts";

/** Something that people or upkeep did beside publishing. */
export interface AuditEntry {
  readonly event: string;
  /** What it was done to; with event and origin it tells the entry from all others. */
  readonly subject: string;
  readonly detail: string | null;
}

/** Who did it, by what, and why. */
export interface AuditOrigin {
  /** The run or the piece of upkeep. */
  readonly id: string;
  /** Null for what concerns no group alone. */
  readonly group: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly codeVersion: string;
  readonly at: Date;
}

/** Appends to the warehouse's audit trail; belongs inside the transaction of what it records. Nothing else writes there. */
export function recordAudit(dialect: Dialect, origin: AuditOrigin, entries: readonly AuditEntry[]): Statement[] {
  const rows = entries.map(({ event, subject, detail }) => ({
    event_id: `${origin.id}/${event}/${subject}`,
    event,
    subject,
    run_group: origin.group,
    detail,
    actor: origin.actor,
    reason: origin.reason,
    ticket: origin.ticket,
    code_version: origin.codeVersion,
    happened_at: origin.at.toISOString(),
  }));
  return insertOps(dialect, "audit_event", rows);
}
