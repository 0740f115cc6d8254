import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { LastProof } from "../reconcile/kept-proofs.ts";
import type { ProofResult } from "../reconcile/proof.ts";

/** `reconcile show --json`. */
export interface LastProofsDocument {
  readonly proofs: readonly {
    readonly group: string;
    readonly leg: LastProof["leg"];
    readonly of: string;
    readonly compares: string;
    readonly last: {
      readonly result: ProofResult;
      readonly publication: JsonAmount;
      readonly rows: JsonAmount;
      readonly differing: JsonAmount;
      readonly proved_at: string;
      readonly source_as_of: string | null;
      readonly actor: string;
    } | null;
  }[];
  readonly never: number;
}

/** When everything that can be compared was compared last. */
export function lastProofsDocument(proofs: readonly LastProof[]): LastProofsDocument {
  return {
    proofs: proofs.map(({ last, ...about }) => ({
      ...about,
      last: last && {
        ...{
          result: last.result,
          publication: jsonAmount(last.number),
          rows: jsonAmount(last.rows),
          differing: jsonAmount(last.differing),
        },
        ...{ proved_at: last.provedAt, source_as_of: last.sourceAsOf, actor: last.actor },
      },
    })),
    never: proofs.filter(({ last }) => last === null).length,
  };
}
