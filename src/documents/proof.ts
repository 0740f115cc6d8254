import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { AsOf } from "../lineage/as-of.ts";
import { type TermLineDocument, termLineDocument } from "../proofs/terms.ts";
import type { Extent, Stretch, Tier } from "../reconcile/extent.ts";
import {
  type DifferingKey,
  isEqual,
  type Leg,
  type MadeProof,
  type Proof,
  type ProofResult,
  resultOf,
} from "../reconcile/proof.ts";
import type { Reconciled } from "../reconcile/reconcile.ts";

/** One comparison as `reconcile run --json` prints it. */
export interface ProofDocument {
  /** In `ops.proof`; null where it is not kept. */
  readonly proof_id: string | null;
  readonly leg: Leg;
  readonly of: string;
  readonly compares: string;
  /** Why that much was compared, and how much that is. */
  readonly tier: Tier;
  readonly extent: ExtentDocument;
  readonly result: ProofResult;
  readonly rows: JsonAmount;
  readonly differing: JsonAmount;
  readonly keys: readonly DifferingKey[];
  readonly says: readonly string[];
  readonly seconds: number;
  /** Of a comparison with a source, else null. */
  readonly equation: EquationDocument | null;
}

/** How much of a feed or table was compared; the second is null but for `touched`, the third but for `stretches`. */
interface ExtentDocument {
  readonly by: Extent["by"];
  readonly since_publication: JsonAmount | null;
  readonly stretches: readonly Stretch[] | null;
}

function extentDocument(extent: Extent): ExtentDocument {
  return {
    by: extent.by,
    since_publication: extent.by === "touched" ? jsonAmount(extent.since.publication) : null,
    stretches: extent.by === "stretches" ? extent.of : null,
  };
}

/** What became of every row of either side, by term and currency; the snapshot's instant in ISO 8601. */
interface EquationDocument {
  readonly as_of: string | null;
  readonly terms: readonly TermLineDocument[];
}

/** The whole document. */
export interface ReconcileDocument {
  readonly ok: boolean;
  readonly groups: readonly {
    readonly group: string;
    readonly publication: JsonAmount;
    readonly proofs: readonly ProofDocument[];
  }[];
  /** Feeds and tables that a budget did not reach. */
  readonly not_reached: readonly string[];
  readonly as_of: AsOf;
}

function equationDocument({ equation }: Proof): EquationDocument | null {
  return equation ? { as_of: equation.asOf, terms: equation.terms.map(termLineDocument) } : null;
}

/** A comparison as JSON. */
export function proofDocument(proof: MadeProof): ProofDocument {
  const { leg, of, compares, chosen, keptAs, rows, differing, keys, says, notProven, seconds } = proof;
  const told = [...says, ...(notProven === null ? [] : [notProven])];
  return {
    ...{
      proof_id: keptAs ?? null,
      leg,
      of,
      compares,
      tier: chosen.tier,
      extent: extentDocument(chosen.extent),
      result: resultOf(proof),
      rows: jsonAmount(rows),
      differing: jsonAmount(differing),
    },
    ...{ keys, says: told, seconds, equation: equationDocument(proof) },
  };
}

/** What `reconcile run` found. */
export function reconcileDocument({ groups, notReached }: Reconciled, asOf: AsOf): ReconcileDocument {
  return {
    ok: groups.every(({ proofs }) => proofs.every(isEqual)),
    groups: groups.map(({ group, number, proofs }) => ({
      group,
      publication: jsonAmount(number),
      proofs: proofs.map(proofDocument),
    })),
    not_reached: notReached,
    as_of: asOf,
  };
}
