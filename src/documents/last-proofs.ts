import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { LastProof } from "../reconcile/kept-proofs.ts";
import type { ProofResult } from "../reconcile/proof.ts";
import { oldestLook } from "../reconcile/standing.ts";

/** `reconcile show --json`. */
export interface LastProofsDocument {
  /** When a night is due, as cron text. */
  readonly schedule: string | null;
  readonly proofs: readonly {
    readonly group: string;
    readonly leg: LastProof["leg"];
    readonly of: string;
    readonly compares: string;
    /** What all its comparisons come to: what differed stays so until it is compared again. */
    readonly result: ProofResult;
    /** The instant of the oldest comparison that something of it rests on, ISO 8601 in UTC; null where something was never compared. */
    readonly oldest: string | null;
    /** Every stretch of it, and how it was compared last. */
    readonly stretches: readonly {
      readonly from: string | null;
      readonly to: string | null;
      readonly result: ProofResult | null;
      readonly proved_at: string | null;
    }[];
    readonly last: {
      readonly proof_id: string;
      readonly result: ProofResult;
      readonly publication: JsonAmount;
      readonly rows: JsonAmount;
      readonly differing: JsonAmount;
      readonly proved_at: string;
      readonly source_as_of: string | null;
      readonly actor: string;
    } | null;
  }[];
  /** Comparisons of which something was never made. */
  readonly never: number;
}

/** When everything that can be compared was compared last. */
export function lastProofsDocument(proofs: readonly LastProof[], schedule: string | null): LastProofsDocument {
  return {
    schedule,
    proofs: proofs.map(({ group, leg, of, compares, standing, last }) => ({
      ...{ group, leg, of, compares, result: standing.result, oldest: oldestLook(standing) },
      stretches: standing.pieces.map(({ from, to, last: look }) => ({
        ...{ from, to, result: look?.result ?? null, proved_at: look?.provedAt ?? null },
      })),
      last: last && {
        ...{
          proof_id: last.id,
          result: last.result,
          publication: jsonAmount(last.number),
          rows: jsonAmount(last.rows),
          differing: jsonAmount(last.differing),
        },
        ...{ proved_at: last.provedAt, source_as_of: last.sourceAsOf, actor: last.actor },
      },
    })),
    never: proofs.filter(({ standing }) => oldestLook(standing) === null).length,
  };
}
