import { Failure } from "../kernel/problem.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import type { BreakDecision } from "./break-events.ts";
import { type BreakStory, readBreak } from "./kept-breaks.ts";
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
 * @returns the break with the decision.
 * @throws Failure `usage` for a break that is not there or is not open any more, and without a reason.
 */
export async function decideBreak(tools: ProvingTools, request: BreakRequest, signal: AbortSignal): Promise<BreakStory> {
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
    const row = { break_id: id, event: does, leg, subject, compares, break_key, class: is, number, detail, actor };
    const rest = {
      source_currency: null,
      source_minor: null,
      live_currency: null,
      live_minor: null,
      extent: null,
      proof_id: null,
    };
    const origin = { id: ids.next("decision"), group: null, actor, reason, ticket, codeVersion, at };
    const statements = [
      ...insertOps(dialect, "break_event", [{ ...row, ...rest, happened_at: at.toISOString() }]),
      ...recordAudit(dialect, origin, [{ event: `break.${does}`, subject: id, detail }]),
    ];
    await session.transaction(async () => {
      for (const statement of statements) await session.run(statement);
    });
    return await readBreak(session, dialect, id);
  } finally {
    await session.close();
  }
}
