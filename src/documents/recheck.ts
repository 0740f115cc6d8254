import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { ProofResult } from "../reconcile/proof.ts";
import type { Moved, Rechecked } from "../reconcile/recheck.ts";
import { type ProofDocument, proofDocument } from "./proof.ts";

/** `reconcile recheck --json`. */
export interface RecheckDocument {
  /** The comparison that was made again. */
  readonly before: {
    readonly proof_id: string;
    readonly result: ProofResult;
    readonly publication: JsonAmount;
    readonly rows: JsonAmount;
    readonly differing: JsonAmount;
    readonly proved_at: string;
  };
  readonly now: ProofDocument;
  readonly publication: JsonAmount;
  /** Whether the rows of each side that are compared are those of before. */
  readonly source: Moved;
  readonly published: Moved;
}

/** A comparison that was made again, beside the one that was kept. */
export function recheckDocument({ kept, now, number, source, published }: Rechecked): RecheckDocument {
  return {
    before: {
      proof_id: kept.id,
      result: kept.result,
      publication: jsonAmount(kept.number),
      rows: jsonAmount(kept.rows),
      differing: jsonAmount(kept.differing),
      proved_at: kept.provedAt,
    },
    now: proofDocument(now),
    publication: jsonAmount(number),
    source,
    published,
  };
}
