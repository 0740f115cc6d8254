import { insertOps } from "../ledger/insert-ops.ts";
import { termLineDocument } from "../proofs/terms.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { baseText, extentText } from "./extent.ts";
import { type Proof, resultOf } from "./proof.ts";
import type { ProvenGroup } from "./prove.ts";
import type { ProvingTools } from "./tools.ts";

/** What is kept of a comparison beside its counts: the first keys, masked, what was told, and the terms. */
function detailOf(reason: string | null, { keys, says, notProven, equation, seconds }: Proof): string {
  return JSON.stringify({
    keys,
    says,
    not_proven: notProven,
    seconds,
    ...(reason !== null && { reason }),
    ...(equation && { terms: equation.terms.map(termLineDocument) }),
  });
}

/**
 * Appends the comparisons of one feed or table to the ledger, in one transaction. Nothing else is written: the head of no group moves.
 */
export async function keepProofs(
  session: Session,
  dialect: Dialect,
  {
    tools,
    id,
    subject,
    found,
    reason,
  }: {
    tools: Pick<ProvingTools, "clock" | "codeVersion" | "actor">;
    id: string;
    subject: string;
    found: ProvenGroup;
    reason: string | null;
  },
): Promise<void> {
  const proved_at = tools.clock.now().toISOString();
  const rows = found.proofs.map((proof, i) => ({
    proof_id: `${id}/${subject}/${i + 1}`,
    reconcile_id: id,
    run_group: found.group,
    number: found.number,
    leg: proof.leg,
    subject: proof.of,
    compares: proof.compares,
    tier: proof.chosen.tier,
    extent: extentText(proof.chosen.extent),
    base: baseText(proof.base ?? { publication: found.number, cursor: null }),
    result: resultOf(proof),
    row_count: proof.rows,
    differing: proof.differing,
    detail: detailOf(reason, proof),
    source_as_of: proof.equation?.asOf ?? null,
    code_version: tools.codeVersion,
    actor: tools.actor,
    proved_at,
  }));
  await session.transaction(async () => {
    for (const statement of insertOps(dialect, "proof", rows)) await session.run(statement);
  });
}
