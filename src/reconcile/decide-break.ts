import { Failure } from "../kernel/problem.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import { tellOfBreaks } from "../ledger/told-breaks.ts";
import type { BreakDecision } from "./break-events.ts";
import { readBreak } from "./kept-breaks.ts";
import { breakCleared, decisionWithoutReason } from "./problems.ts";
import type { ProvingTools } from "./tools.ts";

/** What somebody decides about a break. */
export interface BreakRequest {
  readonly id: string;
  readonly does: BreakDecision;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Of an acceptance: the instant at which it lapses. */
  readonly until: Date | null;
  /** Of an assignment: who has it from now on. */
  readonly to: string | null;
}

/**
 * Records what somebody decided about a break, beside its events and in the audit trail, in one transaction. Nothing that is published changes,
 * and no comparison ends otherwise by it.
 * @throws Failure `usage` for a break that is not there or is not open any more, and without a reason.
 */
export async function decideBreak(tools: ProvingTools, request: BreakRequest, signal: AbortSignal): Promise<void> {
  const { id, does, reason, ticket, until, to } = request;
  if (reason === null) throw new Failure("usage", decisionWithoutReason(id));
  const { warehouse, clock, ids, actor, codeVersion } = tools;
  const { dialect } = warehouse;
  const session = await warehouse.open({ purpose: `break ${does}`, readOnly: false, signal });
  try {
    const { broken } = await readBreak(session, dialect, id);
    if (!broken.isOpen) throw new Failure("usage", breakCleared(id));
    const at = clock.now();
    const detail = JSON.stringify({ reason, until: until?.toISOString() ?? null, to });
    const { leg, of: subject, compares, keyText: break_key, class: is, number } = broken;
    const row = { break_id: id, event: does, leg, subject, compares, break_key, class: is, extent: null, number, detail, actor };
    const origin = { id: ids.next("decision"), group: null, actor, reason, ticket, codeVersion, at };
    const statements = [
      ...tellOfBreaks(dialect, [{ ...row, happened_at: at.toISOString() }]),
      ...recordAudit(dialect, origin, [{ event: `break.${does}`, subject: id, detail }]),
    ];
    await session.transaction(async () => {
      for (const statement of statements) await session.run(statement);
    });
  } finally {
    await session.close();
  }
}
