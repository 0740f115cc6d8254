import type { ProofResult } from "../reconcile/proof.ts";
import type { Rolled, RolledDay } from "../reconcile/rolled-up.ts";

interface RolledDocument {
  readonly made: number;
  readonly results: Readonly<Record<ProofResult, number>>;
  /** SHA-256 in hex of everything that is kept of them. */
  readonly sha256: string;
}

/** `reconcile proofs --json`. */
export interface RolledUpDocument {
  /** The first day, ISO 8601 in UTC. */
  readonly since: string;
  readonly days: readonly (RolledDocument & {
    readonly day: string;
    readonly subjects: readonly (RolledDocument & { readonly of: string })[];
  })[];
}

const rolled = ({ made, results, sha256 }: Rolled): RolledDocument => ({ made, results, sha256 });

/** Kept comparisons by day and by what they compare. */
export function rolledUpDocument(since: string, days: readonly RolledDay[]): RolledUpDocument {
  return {
    since,
    days: days.map(({ day, subjects, ...all }) => ({
      day,
      ...rolled(all),
      subjects: subjects.map(({ of, ...own }) => ({ of, ...rolled(own) })),
    })),
  };
}
