import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { AsOf } from "../lineage/as-of.ts";
import { type DifferingKey, isEqual, type Leg, type Proof } from "../reconcile/proof.ts";
import type { ProvenGroup } from "../reconcile/prove.ts";

/** One comparison as `reconcile run --json` prints it. */
interface ProofDocument {
  readonly leg: Leg;
  readonly of: string;
  readonly compares: string;
  readonly result: "equal" | "different" | "not_proven";
  readonly rows: JsonAmount;
  readonly differing: JsonAmount;
  readonly keys: readonly DifferingKey[];
  readonly says: readonly string[];
  readonly seconds: number;
}

/** The whole document. */
export interface ReconcileDocument {
  readonly ok: boolean;
  readonly groups: readonly {
    readonly group: string;
    readonly publication: JsonAmount;
    readonly proofs: readonly ProofDocument[];
  }[];
  readonly as_of: AsOf;
}

/** How a comparison ended. */
export function resultOf(proof: Proof): ProofDocument["result"] {
  if (proof.notProven !== null) return "not_proven";
  return isEqual(proof) ? "equal" : "different";
}

function proofDocument(proof: Proof): ProofDocument {
  const { leg, of, compares, rows, differing, keys, says, notProven, seconds } = proof;
  const told = [...says, ...(notProven === null ? [] : [notProven])];
  return {
    ...{ leg, of, compares, result: resultOf(proof), rows: jsonAmount(rows), differing: jsonAmount(differing) },
    ...{ keys, says: told, seconds },
  };
}

/** What `reconcile run` found. */
export function reconcileDocument(groups: readonly ProvenGroup[], asOf: AsOf): ReconcileDocument {
  return {
    ok: groups.every(({ proofs }) => proofs.every(isEqual)),
    groups: groups.map(({ group, number, proofs }) => ({
      group,
      publication: jsonAmount(number),
      proofs: proofs.map(proofDocument),
    })),
    as_of: asOf,
  };
}
