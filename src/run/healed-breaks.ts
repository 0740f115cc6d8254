import { recordAudit } from "../ledger/audit-trail.ts";
import { tellOfBreaks } from "../ledger/told-breaks.ts";
import type { Statement } from "../warehouse/dialect.ts";
import { originOf } from "./decisions.ts";
import type { RunTools } from "./engine.ts";
import type { Run } from "./run.ts";

/** The publication that heals. */
interface Healing {
  readonly number: bigint;
  readonly publicationId: string;
  readonly publishedAt: string;
}

/** What is told of the breaks that a publication heals, beside their other events and in the audit trail; nothing of a run that heals none. */
export function healedEvents(run: Run<RunTools>, { number, publicationId, publishedAt }: Healing): Statement[] {
  const { engine, request } = run;
  if (request.kind !== "heal") return [];
  const { dialect } = engine.warehouse;
  const detail = JSON.stringify({ reason: request.reason, publication: publicationId });
  const rows = request.breaks.map((broken) => {
    return { ...broken, event: "healed", detail, number, actor: engine.actor, happened_at: publishedAt };
  });
  const told = request.breaks.map(({ break_id: subject }) => ({ event: "break.healed", subject, detail }));
  return [...tellOfBreaks(dialect, rows), ...recordAudit(dialect, originOf(run), told)];
}
