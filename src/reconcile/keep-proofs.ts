import { chunks } from "../kernel/chunks.ts";
import { jsonAmount } from "../kernel/json.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import type { SideTotal } from "../proofs/sides.ts";
import { termLineDocument } from "../proofs/terms.ts";
import { tieLineDocument } from "../proofs/ties.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { baseText, extentText } from "./extent.ts";
import { keepBreaks } from "./kept-breaks.ts";
import { type MadeProof, resultOf, type Sides } from "./proof.ts";
import type { ProvenGroup } from "./prove.ts";
import type { ProvingTools } from "./tools.ts";

/** Rows of one INSERT: a first comparison of years of history has tens of thousands. */
const DIGESTS_AT_ONCE = 2_000;

/** What a side was, as it is kept: the same text for the same rows. */
export interface SideTexts {
  readonly source: string | null;
  readonly published: string;
}

/** Rows, money, lanes and keys of both sides as they are kept. */
export function sideTexts({ source, published }: Sides): SideTexts {
  const text = (totals: readonly SideTotal[]) =>
    JSON.stringify(
      totals
        .map(
          ({ currency, rows, minor, lanes, firstKey, lastKey }) =>
            [currency, jsonAmount(rows), jsonAmount(minor), ...lanes.map(String), firstKey, lastKey] as const,
        )
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return { source: source && text(source), published: text(published) };
}

/** What is kept of a comparison beside its counts: the first keys, masked, what was told, the terms, and what its sides were. */
function detailOf(reason: string | null, proof: MadeProof): string {
  const { keys, says, notProven, equation, tie, seconds, spec, statements } = proof;
  return JSON.stringify({
    ...(spec && { spec }),
    ...(statements && { statements }),
    keys,
    says,
    not_proven: notProven,
    seconds,
    ...(reason !== null && { reason }),
    ...(tie && { tie: tie.map(tieLineDocument) }),
    ...(equation && { terms: equation.terms.map(termLineDocument), sides: sideTexts(equation.sides) }),
  });
}

/**
 * Appends the comparisons of one feed or table to the ledger, in one transaction. Nothing else is written: the head of no group moves.
 * @returns them with their ids.
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
    tools: Pick<ProvingTools, "clock" | "codeVersion" | "actor" | "pipeline">;
    id: string;
    subject: string;
    found: ProvenGroup;
    reason: string | null;
  },
): Promise<MadeProof[]> {
  const proved_at = tools.clock.now().toISOString();
  const proofs = found.proofs.map((proof, i) => ({ ...proof, keptAs: `${id}/${subject}/${i + 1}` }));
  const rows = proofs.map((proof) => ({
    proof_id: proof.keptAs,
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
  const digests = proofs.flatMap(({ keptAs, of, digests: own = [] }) =>
    own.map(({ number, rows: row_count, digest }) => {
      return { subject: of, number, row_count, digest: String(digest), proof_id: keptAs, proved_at };
    }),
  );
  const kept = { number: found.number, actor: tools.actor, at: proved_at };
  const breaks = await keepBreaks(session, dialect, { proofs, kept, feeds: tools.pipeline.feeds });
  await session.transaction(async () => {
    for (const statement of [...insertOps(dialect, "proof", rows), ...breaks]) await session.run(statement);
    for (const some of chunks(digests, DIGESTS_AT_ONCE)) {
      for (const statement of insertOps(dialect, "history_digest", some)) await session.run(statement);
    }
  });
  return proofs;
}
